// SPDX-License-Identifier: Apache-2.0
import { ActLink, ArticleChip, Figures, Page, QueryView, type TrailLine, TrailSection, useApi } from '@tongchou/ui'
import { Button, Dropdown } from 'antd'
import { Link, useNavigate, useParams } from 'react-router'
import { BuildingSection } from './BuildingSection.tsx'
import { DescriptionSection } from './DescriptionSection.tsx'
import { LifePath } from './LifePath.tsx'
import { lifeStages } from './lifecycle.ts'
import { figuresOf, MoneySection } from './MoneySection.tsx'
import { FilesSection, OpinionsSection } from './OpinionsSection.tsx'
import { ProblemsSection } from './ProblemsSection.tsx'
import { actHref, actTitle, isForward, procedureActs, sortedActs } from './project-acts.ts'
import type { Project } from './project-api.ts'
import { ResourcesSection, SystemsSection } from './RegistersSection.tsx'
import { StandingSection } from './StandingSection.tsx'
import { SupplierReportsSection } from './SupplierReports.tsx'
import { useProjectCases } from './useProjectCases.ts'
import { actionName, procedureWords, stageWords } from './words.ts'
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
  const cases = useProjectCases(project)
  const running = new Set(cases.data?.cases.filter((one) => one.status === 'running').map((one) => one.procedure))
  const acts = sortedActs(project.acts).filter((act) => !running.has(procedureActs[act]?.procedure ?? ''))
  const [first, ...rest] = acts
  const printing = <ActLink to={`/projects/${project.id}/print`}>打印</ActLink>
  if (first === undefined) return printing
  const forward = isForward(first)
  const shown = rest.length <= 2 ? rest : rest.slice(0, 1)
  const folded = rest.slice(shown.length)
  return (
    <>
      {[first, ...shown].map((act) => (
        <Button key={act} type={act === first && forward ? 'primary' : 'default'} onClick={() => void navigate(actHref(project.id, act))}>
          {actTitle(act)}
        </Button>
      ))}
      {folded.length > 0 && (
        <Dropdown
          trigger={['click']}
          // From the keyboard the first line has it, otherwise nothing but a mouse gets into the menu.
          autoFocus
          menu={{
            items: folded.map((act) => ({ key: act, label: actTitle(act) })),
            onClick: ({ key }) => void navigate(actHref(project.id, key)),
          }}
        >
          <Button>更多办理</Button>
        </Dropdown>
      )}
      {printing}
    </>
  )
}

function Content({ project }: { project: Project }) {
  const cases = useProjectCases(project)
  return (
    <>
      <Figures items={figuresOf(project)} />
      <section className="tc-section" aria-label="建设程序">
        <QueryView query={cases} what="建设程序" lines={4}>
          {(all) => <LifePath stages={lifeStages(project, all)} />}
        </QueryView>
      </section>
      <DescriptionSection project={project} />
      {cases.data && <StandingSection project={project} stages={lifeStages(project, cases.data)} />}
      <ProblemsSection project={project} />
      <MoneySection project={project} />
      <BuildingSection project={project} />
      <SupplierReportsSection project={project} />
      {cases.data && <FilesSection cases={cases.data.cases} />}
      <SystemsSection project={project} />
      <ResourcesSection project={project} />
      {cases.data && <OpinionsSection cases={cases.data.cases} />}
      <TrailSection path={`/api/v1/projects/${project.id}/audit`} title="操作记录" actionName={actionName} detailOf={detailOf} />
    </>
  )
}

function detailOf({ detail }: TrailLine) {
  const procedure = typeof detail.procedure === 'string' ? procedureWords[detail.procedure] : undefined
  if (typeof detail.caseId === 'string') return <Link to={`/cases/${detail.caseId}`}>{procedure ?? '查看办件'}</Link>
  if (typeof detail.reason === 'string') return detail.reason
  if (typeof detail.year === 'number') return `${detail.year}年度`
  if (Array.isArray(detail.rules) && detail.rules.length > 0) return <Articles rules={detail.rules} />
  return undefined
}

/** Articles that stopped a refused attempt, each once. */
function Articles({ rules }: { rules: readonly unknown[] }) {
  const articles = [...new Set(rules.map((rule) => String(rule).split('/')[0] ?? ''))]
  return (
    <>
      {articles.map((article) => (
        <ArticleChip key={article} article={article} />
      ))}
    </>
  )
}
