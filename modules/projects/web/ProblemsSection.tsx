// SPDX-License-Identifier: Apache-2.0
import type { Finding, ListPage } from '@tongchou/api-client'
import { CivilDate, FindingList, QueryView, Section, StateWord, TimeLeft, useApi } from '@tongchou/ui'
import { Link } from 'react-router'
import { cureOf } from './cures.ts'
import { nextChecks } from './lifecycle.ts'
import type { OrgRef, Project } from './project-api.ts'

/** What stands in the way (存在问题): what the rules say of the next acts, and problems under rectification. */
export function ProblemsSection({ project }: { project: Project }) {
  const checks = nextChecks(project)
  return (
    <Section title="存在问题">
      {project.urgency === 'declared' && (
        <p>
          <StateWord text="待认定" tone="soon" /> 已申报紧急项目，由市大数据中心认定：{project.urgencyReason}
        </p>
      )}
      {project.governmentSystem === false && (
        <p>
          <StateWord text="不适用" /> 市大数据中心已认定本项目不属于政务信息系统。
        </p>
      )}
      {checks.map(({ act, title }) => (
        <Check key={act} project={project} act={act} title={title} />
      ))}
      <Rectifications project={project} />
    </Section>
  )
}

function Check({ project, act, title }: { project: Project; act: string; title: string }) {
  const query = useApi<{ findings: Finding[] }>(`/api/v1/projects/${project.id}/check`, { act })
  return (
    <div className="tc-check">
      <h3>{title}前预检</h3>
      <QueryView
        query={query}
        what={`${title}的预检`}
        lines={1}
        isEmpty={({ findings }) => findings.length === 0}
        empty={<p className="tc-muted">未发现不符合规定之处。</p>}
      >
        {({ findings }) => <FindingList findings={findings} cureOf={(finding) => cureOf(finding, project)} label={`${title}前预检`} />}
      </QueryView>
    </div>
  )
}

interface ProblemLine {
  id: string
  number: number
  kind: string
  responsible: OrgRef
  state: string
  failed: boolean
  foundOn: string
  dueOn: string
  paymentHeld: boolean
}

/** Kinds of problem (第二十条). */
const problemKinds: Readonly<Record<string, string>> = {
  'against-approval': '未按批复建设',
  'not-on-cloud': '未上云部署',
  'not-connected': '未接入城市大脑平台',
  'data-not-shared': '未按要求共享数据',
  'security-not-assured': '未落实安全保障',
  'against-other-rules': '违反其他规定',
}

function Rectifications({ project }: { project: Project }) {
  const query = useApi<ListPage<ProblemLine>>('/api/v1/supervision/problems', { projectId: project.id, limit: 50 })
  return (
    <div className="tc-check">
      <h3>监督整改</h3>
      <QueryView
        query={query}
        what="监督整改"
        lines={1}
        isEmpty={({ items }) => items.length === 0}
        empty={<p className="tc-muted">没有监督发现的问题。</p>}
      >
        {({ items }) => (
          <ul className="tc-plain-list">
            {items.map((one) => (
              <li key={one.id}>
                <Link to={`/problems/${one.id}`}>{problemKinds[one.kind] ?? `问题 ${one.number}`}</Link>，责任单位 {one.responsible.name}
                ，<CivilDate value={one.foundOn} /> 发现{' '}
                {one.state === 'confirmed' ? <StateWord text="已完成整改" tone="good" /> : <TimeLeft dueOn={one.dueOn} />}{' '}
                {one.failed && <StateWord text="逾期或未通过" tone="bad" />} {one.paymentHeld && <StateWord text="暂缓支付" tone="bad" />}
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </div>
  )
}
