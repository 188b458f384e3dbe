// SPDX-License-Identifier: Apache-2.0
import { apiPost } from '@tongchou/api-client'
import { ActError, CivilDate, Facts, Moment, Section, Sideways, StateWord, TimeLeft, useAct, useSession } from '@tongchou/ui'
import { Button, DatePicker, Progress } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { Link } from 'react-router'
import { hasReached } from './lifecycle.ts'
import { actHref } from './project-acts.ts'
import type { Project } from './project-api.ts'

/** While it is built: milestones, progress reports; afterwards the evaluation. */
export function BuildingSection({ project }: { project: Project }) {
  if (!hasReached(project, 'building')) return null
  return (
    <>
      <Section
        title="里程碑"
        extra={project.acts.includes('set-milestones') && <Link to={actHref(project.id, 'set-milestones')}>设定里程碑</Link>}
      >
        {project.milestones.length === 0 ? (
          <p className="tc-muted">尚未设定里程碑。</p>
        ) : (
          <Sideways label="里程碑">
            <Milestones project={project} />
          </Sideways>
        )}
      </Section>
      <Section
        title="进展报告"
        extra={project.acts.includes('report-progress') && <Link to={actHref(project.id, 'report-progress')}>填报建设进展</Link>}
      >
        <Reports project={project} />
      </Section>
      {project.evaluation && <Evaluation evaluation={project.evaluation} />}
    </>
  )
}

type Milestone = Project['milestones'][number]

function Milestones({ project }: { project: Project }) {
  return (
    <table className="tc-table" aria-label="里程碑">
      <thead>
        <tr>
          <th scope="col">里程碑</th>
          <th scope="col">计划完成</th>
          <th scope="col">实际完成</th>
          <th scope="col">状态</th>
        </tr>
      </thead>
      <tbody>
        {project.milestones.map((one) => (
          <tr key={one.id}>
            <td>{one.title}</td>
            <td>
              <CivilDate value={one.dueOn} table />
            </td>
            <td>{one.doneOn === null ? <Reach project={project} milestone={one} /> : <CivilDate value={one.doneOn} table />}</td>
            <td>{one.doneOn === null ? <TimeLeft dueOn={one.dueOn} /> : <Reached milestone={one} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Reached({ milestone: { doneOn, dueOn } }: { milestone: Milestone }) {
  const late = doneOn !== null && doneOn > dueOn
  return <StateWord text={late ? '已完成，晚于计划' : '已完成'} tone={late ? 'soon' : 'good'} />
}

function Reach({ project, milestone }: { project: Project; milestone: Milestone }) {
  const { now } = useSession()
  const [on, setOn] = useState(now.slice(0, 10))
  const reach = useAct((doneOn: string, key) =>
    apiPost<Project>(`/api/v1/projects/${project.id}/milestones/${milestone.id}/reached`, { doneOn }, { idempotencyKey: key }),
  )
  if (!project.acts.includes('report-progress')) return <span className="tc-muted">未完成</span>
  return (
    <div className="tc-acts">
      <DatePicker
        size="small"
        aria-label={`${milestone.title}完成日期`}
        value={dayjs(on)}
        allowClear={false}
        onChange={(date) => date && setOn(date.format('YYYY-MM-DD'))}
      />
      <Button size="small" loading={reach.isPending} onClick={() => reach.mutate(on)} aria-label={`登记完成：${milestone.title}`}>
        登记完成
      </Button>
      <ActError error={reach.error} act="登记完成" />
    </div>
  )
}

function Reports({ project }: { project: Project }) {
  const last = project.progressReports.at(-1)
  if (!last) return <p className="tc-muted">尚无进展报告。建设期间由建设单位定期填报。</p>
  return (
    <>
      <Progress
        percent={Math.max(...project.progressReports.map((one) => one.percent))}
        style={{ maxWidth: 420 }}
        aria-label="建设进度"
        strokeColor="#1a56b4"
      />
      <ol className="tc-trail" aria-label="进展报告">
        {[...project.progressReports]
          .sort((a, b) => b.reportedAt.localeCompare(a.reportedAt))
          .map((report) => (
            <li key={report.id}>
              <Moment at={report.reportedAt} />
              <div>
                {report.period}，进度 {report.percent}%<span className="tc-muted">（{report.reportedBy}）</span>
                {report.text !== '' && <p>{report.text}</p>}
              </div>
            </li>
          ))}
      </ol>
    </>
  )
}

function Evaluation({ evaluation }: { evaluation: NonNullable<Project['evaluation']> }) {
  return (
    <Section title="绩效评价">
      <Facts
        items={[
          { label: '发起日期', value: <CivilDate value={evaluation.openedAt} /> },
          { label: '得分', value: evaluation.score ?? '未评定' },
          { label: '等次', value: evaluation.grade ?? '未评定' },
          { label: '评价要求', value: evaluation.requirement, wide: true },
          { label: '自评', value: evaluation.selfReport, wide: true },
          { label: '结论', value: evaluation.conclusion, wide: true },
        ]}
      />
    </Section>
  )
}
