import { listColumns, sortWords } from '@tongchou/kernel'
import { cityPlanStateNames, entryStateNames, kindNames, stageNames } from '../words.ts'
import { CityPlan, PlanEntry } from './plan.schema.ts'
import { entrySortKeys } from './plan.store.ts'
import { ProjectLine } from './project.schema.ts'

/** The project list, column by column as its screen. */
export const projectColumns = listColumns(
  ProjectLine,
  '项目列表',
  [
    { key: 'name', title: '项目名称', kind: 'text', read: (p) => p.name },
    { key: 'kind', title: '类型', kind: 'text', read: (p) => kindNames[p.kind] },
    { key: 'owner', title: '申报单位', kind: 'reference', read: (p) => p.owner.name },
    { key: 'builder', title: '建设单位', kind: 'reference', read: (p) => p.builder.name },
    { key: 'stage', title: '阶段', kind: 'text', read: (p) => stageNames[p.stage] },
    { key: 'budget', title: '申报投资（元）', kind: 'money', read: (p) => p.budgetFen },
    { key: 'approved', title: '批复概算（元）', kind: 'money', read: (p) => p.approvedFen },
    { key: 'updated', title: '更新时间', kind: 'instant', read: (p) => p.updatedAt },
  ],
  {
    q: { title: '项目名称' },
    stage: { title: '阶段', words: stageNames },
    kind: { title: '类型', words: kindNames },
    ownerOrgId: { title: '申报单位', reference: 'organisation' },
    sort: {
      title: '排序',
      words: { '-updated': '更新时间从近到远', updated: '更新时间从远到近', '-budget': '申报投资从大到小', budget: '申报投资从小到大' },
    },
  },
)

/** Projects filed into a year's plan. */
export const planEntryColumns = listColumns(
  PlanEntry,
  '年度计划申报项目',
  [
    { key: 'name', title: '项目名称', kind: 'text', read: (e) => e.project.name },
    { key: 'year', title: '年度', kind: 'integer', read: (e) => e.year },
    { key: 'kind', title: '类型', kind: 'text', read: (e) => kindNames[e.project.kind] },
    { key: 'owner', title: '申报单位', kind: 'reference', read: (e) => e.owner.name },
    { key: 'state', title: '状态', kind: 'text', read: (e) => entryStateNames[e.state] },
    { key: 'budget', title: '申报投资（元）', kind: 'money', read: (e) => e.project.budgetFen },
    { key: 'om', title: '年运维费（元）', kind: 'money', read: (e) => e.project.omCostFen },
    { key: 'plan', title: '全市计划', kind: 'text', read: (e) => (e.cityPlanId === null ? '未列入' : '已列入') },
    { key: 'filedBy', title: '报送人', kind: 'text', read: (e) => e.filedBy },
    { key: 'filed', title: '报送时间', kind: 'instant', read: (e) => e.filedAt },
  ],
  {
    year: { title: '年度' },
    state: { title: '状态', words: entryStateNames },
    ownerOrgId: { title: '申报单位', reference: 'organisation' },
    sort: { title: '排序', words: sortWords(entrySortKeys) },
    projectId: { title: '项目', reference: 'project' },
    cityPlanId: { title: '全市计划' },
  },
)

/** The city's plans. */
export const cityPlanColumns = listColumns(
  CityPlan,
  '全市年度计划',
  [
    { key: 'title', title: '计划名称', kind: 'text', read: (p) => p.title },
    { key: 'year', title: '年度', kind: 'integer', read: (p) => p.year },
    { key: 'state', title: '状态', kind: 'text', read: (p) => cityPlanStateNames[p.state] },
    { key: 'count', title: '项目数', kind: 'integer', read: (p) => p.entryCount },
    { key: 'budget', title: '申报投资（元）', kind: 'money', read: (p) => p.budgetFen },
    { key: 'by', title: '编制人', kind: 'text', read: (p) => p.compiledBy },
    { key: 'joint', title: '联合审查时间', kind: 'instant', read: (p) => p.jointReviewedAt },
    { key: 'approved', title: '市政府批准时间', kind: 'instant', read: (p) => p.approvedAt },
  ],
  { year: { title: '年度' } },
)
