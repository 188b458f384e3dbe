import { listColumns, sortWords } from '@tongchou/kernel'
import { cityPlanStateNames, entryStateNames, kindNames, reportStateNames, stageNames } from '../words.ts'
import { Enterprise } from './enterprise.schema.ts'
import { CityPlan, PlanEntry } from './plan.schema.ts'
import { entrySortKeys } from './plan.store.ts'
import { ProjectLine } from './project.schema.ts'
import { SupplierContractLine, SupplierReport } from './supplier.schema.ts'

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

/** The register of enterprises. */
export const enterpriseColumns = listColumns(
  Enterprise,
  '企业名录',
  [
    { key: 'name', title: '企业名称', kind: 'text', read: (e) => e.name },
    { key: 'uscc', title: '统一社会信用代码', kind: 'text', read: (e) => e.uscc },
    { key: 'by', title: '登记人', kind: 'text', read: (e) => e.registeredBy },
    { key: 'at', title: '登记时间', kind: 'instant', read: (e) => e.registeredAt },
  ],
  { q: { title: '名称或代码' }, coded: { title: '统一社会信用代码', words: { yes: '已登记', no: '未登记' } } },
)

/** Contracts of one's own enterprise. */
export const supplierContractColumns = listColumns(
  SupplierContractLine,
  '本企业的合同',
  [
    { key: 'number', title: '合同编号', kind: 'text', read: (c) => c.number },
    { key: 'project', title: '项目名称', kind: 'text', read: (c) => c.project.name },
    { key: 'stage', title: '阶段', kind: 'text', read: (c) => stageNames[c.project.stage] },
    { key: 'builder', title: '建设单位', kind: 'reference', read: (c) => c.builder.name },
    { key: 'amount', title: '合同金额（元）', kind: 'money', read: (c) => c.amountFen },
    { key: 'paid', title: '已支付（元）', kind: 'money', read: (c) => c.paidFen },
    { key: 'signed', title: '签订日期', kind: 'date', read: (c) => c.signedOn },
    { key: 'returned', title: '退回待报送', kind: 'integer', read: (c) => c.returnedCount },
  ],
  { q: { title: '合同编号或项目名称' } },
)

/** What agents of enterprises handed in. */
export const supplierReportColumns = listColumns(
  SupplierReport,
  '承建单位报送的材料',
  [
    { key: 'about', title: '事项', kind: 'text', read: (r) => r.about },
    { key: 'project', title: '项目名称', kind: 'reference', read: (r) => r.project.name },
    { key: 'contract', title: '合同编号', kind: 'text', read: (r) => r.contract.number },
    { key: 'supplier', title: '承建单位', kind: 'text', read: (r) => r.contract.supplier },
    { key: 'state', title: '状态', kind: 'text', read: (r) => reportStateNames[r.state] },
    { key: 'submittedBy', title: '报送人', kind: 'text', read: (r) => r.submittedBy },
    { key: 'submitted', title: '报送时间', kind: 'instant', read: (r) => r.submittedAt },
    { key: 'decidedBy', title: '审核人', kind: 'text', read: (r) => r.decidedBy },
    { key: 'reason', title: '审核意见', kind: 'text', read: (r) => r.reason },
  ],
  { projectId: { title: '项目', reference: 'project' }, state: { title: '状态', words: reportStateNames } },
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
