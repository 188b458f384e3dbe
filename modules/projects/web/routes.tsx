// SPDX-License-Identifier: Apache-2.0
import { lazyPage, type ModuleRoute } from '@tongchou/ui'

const readers = [
  'applicant',
  'district',
  'user-unit',
  'department-head',
  'big-data-center',
  'drc',
  'finance',
  'audit',
  'supervisor',
  'vice-mayor',
  'city-government',
] as const

/** Pages of the projects module: projects, proposals, the annual plan. */
export const routes: readonly ModuleRoute[] = [
  {
    path: '/projects',
    title: '项目',
    menu: { duty: [...readers, 'tender-center', 'data-steward', 'secrecy-reviewer'], group: '申报建设', label: '项目', order: 1 },
    element: lazyPage(async () => (await import('./ProjectList.tsx')).ProjectListView),
  },
  {
    path: '/projects/new',
    title: '项目申报',
    menu: { duty: ['applicant', 'district'], group: '申报建设', label: '项目申报', order: 2 },
    element: lazyPage(async () => (await import('./ProposalPage.tsx')).NewProposalPage),
  },
  {
    path: '/projects/drafts/:id',
    title: '项目申报',
    element: lazyPage(async () => (await import('./ProposalPage.tsx')).DraftProposalPage),
  },
  {
    path: '/projects/:id/edit',
    title: '修改项目申报',
    element: lazyPage(async () => (await import('./ProposalPage.tsx')).EditProposalPage),
  },
  { path: '/projects/:id', title: '项目详情', element: lazyPage(async () => (await import('./ProjectPage.tsx')).ProjectView) },
  {
    path: '/projects/:id/print',
    title: '打印项目',
    element: lazyPage(async () => (await import('./PaperPages.tsx')).ProjectPaperPage),
  },
  {
    path: '/projects/:id/acts/:act',
    title: '项目办理',
    element: lazyPage(async () => (await import('./ProjectActPage.tsx')).ProjectActView),
  },
  {
    path: '/enterprises',
    title: '企业名录',
    menu: { duty: [...readers, 'tender-center'], group: '申报建设', label: '企业名录', order: 5 },
    element: lazyPage(async () => (await import('./EnterprisesPage.tsx')).EnterprisesPage),
  },
  { path: '/enterprises/:id', title: '企业', element: lazyPage(async () => (await import('./EnterprisePage.tsx')).EnterprisePage) },
  {
    path: '/supplier-contracts',
    title: '本企业的合同',
    menu: { duty: [], group: '我的工作', label: '本企业的合同', order: 1, outside: ['enterprise'] },
    element: lazyPage(async () => (await import('./SupplierContractsPage.tsx')).SupplierContractsPage),
  },
  {
    path: '/supplier-contracts/:id',
    title: '合同',
    element: lazyPage(async () => (await import('./SupplierContractPage.tsx')).SupplierContractPage),
  },
  {
    path: '/plans',
    title: '年度计划申报项目',
    menu: { duty: readers, group: '申报建设', label: '年度计划申报', order: 3 },
    element: lazyPage(async () => (await import('./PlanEntryList.tsx')).PlanEntryListView),
  },
  {
    path: '/city-plans',
    title: '全市年度计划',
    menu: { duty: readers, group: '申报建设', label: '全市年度计划', order: 4 },
    element: lazyPage(async () => (await import('./CityPlanList.tsx')).CityPlanListView),
  },
  {
    path: '/city-plans/new',
    title: '编制全市年度计划',
    element: lazyPage(async () => (await import('./CompilePlanPage.tsx')).CompilePlanView),
  },
  { path: '/city-plans/:id', title: '全市年度计划', element: lazyPage(async () => (await import('./CityPlanPage.tsx')).CityPlanView) },
  {
    path: '/city-plans/:id/print',
    title: '打印年度计划',
    element: lazyPage(async () => (await import('./PaperPages.tsx')).CityPlanPaperPage),
  },
  {
    path: '/city-plans/:id/edit',
    title: '修改年度计划',
    element: lazyPage(async () => (await import('./CompilePlanPage.tsx')).ChangePlanView),
  },
]
