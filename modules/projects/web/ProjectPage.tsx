// SPDX-License-Identifier: Apache-2.0
import { AuditTrail, Figures, Page, QueryView, Section, type TrailLine, useApi } from '@tongchou/ui'
import { Button, Dropdown } from 'antd'
import { Link, useNavigate, useParams } from 'react-router'
import { BuildingSection } from './BuildingSection.tsx'
import { DescriptionSection } from './DescriptionSection.tsx'
import { LifePath } from './LifePath.tsx'
import { lifeStages, type ProjectCases } from './lifecycle.ts'
import { figuresOf, MoneySection } from './MoneySection.tsx'
import { FilesSection, OpinionsSection } from './OpinionsSection.tsx'
import { ProblemsSection } from './ProblemsSection.tsx'
import { actHref, actTitle, sortedActs } from './project-acts.ts'
import type { Project } from './project-api.ts'
import { ResourcesSection, SystemsSection } from './RegistersSection.tsx'
import { useProjectCases } from './useProjectCases.ts'
import { actionName, stageWords } from './words.ts'
import './projects.css'

/** The page of a project (项目详情), in the order a reader asks. */
export function ProjectView() {
  const { id = '' } = useParams()
  const query = useApi<Project>(`/api/v1/projects/${id}`)
  const project = query.data
  return (
    <Page
      title={project?.name ?? '项目'}
      state={project && stageWords[project.stage]}
      lead={project && <Owner project={project} />}
      breadcrumb={[{ label: '项目', href: '/projects' }, { label: project?.name ?? '详情' }]}
      actions={project && <Acts project={project} />}
    >
      <QueryView query={query} what="项目" lines={10}>
        {(read) => <Content project={read} />}
      </QueryView>
    </Page>
  )
}

function Owner({ project }: { project: Project }) {
  return (
    <>
      申报单位 <Link to={`/organisations/${project.owner.id}`}>{project.owner.name}</Link>，建设单位{' '}
      <Link to={`/organisations/${project.builderOrg.id}`}>{project.builderOrg.name}</Link>，责任人 {project.responsiblePerson}
    </>
  )
}

/** The next act stands alone; the others are one press away. */
function Acts({ project }: { project: Project }) {
  const navigate = useNavigate()
  const acts = sortedActs(project.acts)
  const [first, ...rest] = acts
  if (first === undefined) return null
  const shown = rest.length <= 2 ? rest : rest.slice(0, 1)
  const folded = rest.slice(shown.length)
  return (
    <>
      {[first, ...shown].map((act) => (
        <Button key={act} type={act === first ? 'primary' : 'default'} onClick={() => void navigate(actHref(project.id, act))}>
          {actTitle(act)}
        </Button>
      ))}
      {folded.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: folded.map((act) => ({ key: act, label: actTitle(act) })),
            onClick: ({ key }) => void navigate(actHref(project.id, key)),
          }}
        >
          <Button>更多办理</Button>
        </Dropdown>
      )}
    </>
  )
}

function Content({ project }: { project: Project }) {
  const cases = useProjectCases(project)
  return (
    <>
      <Figures items={figuresOf(project)} />
      <QueryView query={cases} what="办理进度" lines={4}>
        {(all) => <Standing project={project} all={all} />}
      </QueryView>
      <ProblemsSection project={project} />
      <DescriptionSection project={project} />
      <MoneySection project={project} />
      <BuildingSection project={project} />
      <SystemsSection project={project} />
      <ResourcesSection project={project} />
      {cases.data && (
        <>
          <FilesSection cases={cases.data.cases} />
          <OpinionsSection cases={cases.data.cases} />
        </>
      )}
      <Trail project={project} />
    </>
  )
}

function Standing({ project, all }: { project: Project; all: ProjectCases }) {
  const stages = lifeStages(project, all)
  const held = stages.flatMap((stage) => stage.holdings.map((one) => ({ stage, one })))
  const late = held.filter(({ one }) => one.overdue)
  return (
    <Section title="到哪一步">
      {held.length === 0 ? (
        <p className="tc-muted">现在没有在办的事项。</p>
      ) : (
        <p>
          {late.length > 0 ? '已逾期：' : '现由'}
          {(late.length > 0 ? late : held)
            .map(({ stage, one }) => `${one.organisation}办理“${stage.title}”的${one.step}`)
            .filter((text, index, texts) => texts.indexOf(text) === index)
            .join('；')}
          。
        </p>
      )}
      <LifePath stages={stages} />
    </Section>
  )
}

function Trail({ project }: { project: Project }) {
  const query = useApi<{ items: TrailLine[] }>(`/api/v1/projects/${project.id}/audit`)
  return (
    <Section title="操作记录">
      <QueryView query={query} what="操作记录" lines={4}>
        {({ items }) => <AuditTrail lines={items} actionName={actionName} detailOf={detailOf} />}
      </QueryView>
    </Section>
  )
}

function detailOf({ detail }: TrailLine) {
  if (typeof detail.caseId === 'string') return <Link to={`/cases/${detail.caseId}`}>查看办件</Link>
  if (typeof detail.reason === 'string') return detail.reason
  if (typeof detail.year === 'number') return `${detail.year}年度`
  if (typeof detail.detail === 'string') return detail.detail
  return undefined
}
