// SPDX-License-Identifier: Apache-2.0
import {
  currentPost,
  fillPaper,
  formatWan,
  Page,
  Paper,
  type PaperSlots,
  PrintButton,
  paperFoot,
  paperMoment,
  paperMoney,
  QueryView,
  useAllPages,
  useApi,
  usePaper,
  useSession,
} from '@tongchou/ui'
import { useParams } from 'react-router'
import type { CityPlan, PlanEntry, Project } from './project-api.ts'
import {
  budgetCategoryWords,
  builderWords,
  cityPlanStateWords,
  deploymentWords,
  fundingWords,
  kindWords,
  reachWords,
  stageWords,
  useDeliverableWords,
} from './words.ts'

/** A project as a paper (项目情况表): what was proposed, how far it is, its money. */
export function ProjectPaperPage() {
  const { id = '' } = useParams()
  const query = useApi<Project>(`/api/v1/projects/${id}`)
  const nameOf = useDeliverableWords()
  return (
    <QueryView query={query} what="项目" page>
      {(project) => (
        <Page
          title={`打印：${project.name}`}
          breadcrumb={[{ label: '项目', href: '/projects' }, { label: project.name, href: `/projects/${id}` }, { label: '打印' }]}
          actions={<PrintButton />}
        >
          <Sheet paper="project-record" slots={projectSlots(project, project.deliverables.map(nameOf))} />
        </Page>
      )}
    </QueryView>
  )
}

/** A year's plan as a paper (年度计划表), all its entries with their sums. */
export function CityPlanPaperPage() {
  const { id = '' } = useParams()
  const query = useApi<CityPlan>(`/api/v1/city-plans/${id}`)
  const entries = useAllPages<PlanEntry>('/api/v1/plan-entries', { cityPlanId: id })
  return (
    <QueryView query={query} what="年度计划" page>
      {(plan) => (
        <Page
          title={`打印：${plan.title}`}
          breadcrumb={[{ label: '全市年度计划', href: '/city-plans' }, { label: plan.title, href: `/city-plans/${id}` }, { label: '打印' }]}
          actions={<PrintButton />}
        >
          <QueryView query={entries} what="列入项目">
            {(all) => <Sheet paper="city-plan-record" slots={planSlots(plan, all)} />}
          </QueryView>
        </Page>
      )}
    </QueryView>
  )
}

function Sheet({ paper, slots }: { paper: string; slots: PaperSlots }) {
  const session = useSession()
  const query = usePaper(paper)
  const foot = paperFoot(session.now, `${currentPost(session)?.organisation.name ?? ''} ${session.person.name}`)
  return (
    <QueryView query={query} what="文书格式">
      {(definition) => <Paper {...fillPaper(definition, slots)} foot={foot} />}
    </QueryView>
  )
}

function projectSlots(project: Project, deliverables: readonly string[]): PaperSlots {
  const { money } = project
  const day = (at: string | null, otherwise: string) => (at === null ? otherwise : paperMoment(at))
  return {
    words: { name: project.name },
    parts: {
      basics: {
        kind: 'lines',
        lines: [
          { label: '项目名称', value: project.name },
          { label: '项目类型', value: kindWords[project.kind] },
          { label: '申报单位', value: project.owner.name },
          { label: '建设单位', value: `${project.builderOrg.name}（${builderWords[project.builder]}）` },
          { label: '用户单位', value: project.userUnit.name },
          { label: '责任人', value: project.responsiblePerson },
          { label: '应用范围', value: reachWords[project.reach] },
          { label: '部署位置', value: deploymentWords[project.plannedDeployment] },
          { label: '资金来源', value: project.funding.map((one) => fundingWords[one]).join('、') },
          { label: '年运维费', value: paperMoney(project.omCostFen) },
        ],
      },
      budget: {
        kind: 'table',
        columns: [{ title: '名称' }, { title: '类别' }, { title: '金额', right: true }],
        rows: [
          ...project.budgetLines.map((line) => [line.title, budgetCategoryWords[line.category], paperMoney(line.amountFen)]),
          ['合计', '', paperMoney(project.budgetFen)],
        ],
      },
      content: {
        kind: 'lines',
        lines: [
          { label: '建设内容', value: deliverables.join('、') },
          { label: '内容和规模', value: project.summary },
          { label: '规划依据', value: project.planBasis },
          { label: '必要性', value: project.necessity },
        ],
      },
      systems: {
        kind: 'table',
        columns: [{ title: '系统名称' }, { title: '主要功能' }],
        rows: project.systems.map((system) => [system.name, system.functions]),
      },
      contracts: {
        kind: 'table',
        columns: [{ title: '合同编号' }, { title: '承建单位' }, { title: '合同金额', right: true }],
        rows: project.contracts.map((contract) => [contract.number, contract.supplier, paperMoney(contract.amountFen)]),
      },
      standing: {
        kind: 'lines',
        lines: [
          { label: '当前阶段', value: stageWords[project.stage].text },
          { label: '初审', value: day(project.reviewedAt, '未办理') },
          { label: '论证', value: day(project.arguedAt, '未办理') },
          { label: '立项', value: day(project.establishedAt, '未办理') },
          { label: '核定金额', value: paperMoney(money.approvedFen) },
          { label: '安排资金', value: paperMoney(money.fundedFen) },
          { label: '合同金额', value: paperMoney(money.contractedFen) },
          { label: '已支付', value: `${paperMoney(money.paidFen)}${money.held ? '（暂缓支付中）' : ''}` },
          { label: '验收', value: day(project.acceptedAt, '未办理') },
          { label: '交付使用', value: day(project.handedOverAt, '未办理') },
        ],
      },
    },
  }
}

function planSlots(plan: CityPlan, entries: readonly PlanEntry[]): PaperSlots {
  const sum = (of: (entry: PlanEntry) => number) => formatWan(entries.reduce((total, entry) => total + of(entry), 0))
  return {
    words: { title: plan.title },
    parts: {
      plan: {
        kind: 'lines',
        lines: [
          { label: '年度', value: `${plan.year}年` },
          { label: '编制', value: plan.compiledBy },
          { label: '状态', value: cityPlanStateWords[plan.state].text },
          { label: '列入项目', value: `${entries.length} 个` },
          { label: '联合审查', value: plan.jointReviewedAt === null ? '尚未完成' : paperMoment(plan.jointReviewedAt) },
          { label: '市政府批准', value: plan.approvedAt === null ? '尚未批准' : paperMoment(plan.approvedAt) },
        ],
      },
      entries: {
        kind: 'table',
        columns: [
          { title: '序号', right: true },
          { title: '项目名称' },
          { title: '类型' },
          { title: '申报单位' },
          { title: '申报投资（万元）', right: true },
          { title: '年运维费（万元）', right: true },
        ],
        rows: [
          ...entries.map((entry, index) => [
            String(index + 1),
            entry.project.name,
            kindWords[entry.project.kind],
            entry.owner.name,
            formatWan(entry.project.budgetFen),
            formatWan(entry.project.omCostFen),
          ]),
          ['', '合计', '', '', sum((entry) => entry.project.budgetFen), sum((entry) => entry.project.omCostFen)],
        ],
      },
      note: { kind: 'prose', paragraphs: [plan.note === '' ? '未填写。' : plan.note] },
    },
  }
}
