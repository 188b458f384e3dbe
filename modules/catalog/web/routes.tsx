import { lazyPage, type ModuleRoute } from '@tongchou/ui'
import { readers } from './catalog-api.ts'

/** Pages of the resource catalog (资源目录). */
export const routes: readonly ModuleRoute[] = [
  {
    path: '/catalog',
    title: '资源目录',
    menu: {
      duty: readers,
      group: '资源系统',
      label: '资源目录',
      order: 20,
    },
    element: lazyPage(async () => (await import('./CatalogPage.tsx')).CatalogPage),
  },
  {
    path: '/catalog/responsibilities',
    title: '责任清单',
    menu: { duty: readers, group: '资源系统', label: '责任清单', order: 21 },
    element: lazyPage(async () => (await import('./ListsPages.tsx')).ResponsibilitiesPage),
  },
  {
    path: '/catalog/unshared',
    title: '共享负面清单',
    menu: { duty: readers, group: '资源系统', label: '共享负面清单', order: 22 },
    element: lazyPage(async () => (await import('./ListsPages.tsx')).UnsharedPage),
  },
  {
    path: '/catalog/classes',
    title: '信息资源分类',
    element: lazyPage(async () => (await import('./ClassesPage.tsx')).ClassesPage),
  },
  { path: '/catalog/imports', title: '导入目录', element: lazyPage(async () => (await import('./ImportsPage.tsx')).ImportsPage) },
  { path: '/catalog/imports/:id', title: '导入目录', element: lazyPage(async () => (await import('./ImportPage.tsx')).ImportPage) },
  {
    path: '/catalog/search',
    title: '查找目录',
    element: lazyPage(async () => (await import('./SearchCatalogPage.tsx')).SearchCatalogPage),
  },
  { path: '/catalog/new', title: '编制资源目录', element: lazyPage(async () => (await import('./ResourceForm.tsx')).NewResourcePage) },
  {
    path: '/catalog/amendments',
    title: '目录变更和撤销',
    element: lazyPage(async () => (await import('./AmendmentsPage.tsx')).AmendmentsPage),
  },
  {
    path: '/catalog/amendments/:id',
    title: '目录变更和撤销',
    element: lazyPage(async () => (await import('./AmendmentPage.tsx')).AmendmentPage),
  },
  {
    path: '/catalog/amendments/:id/edit',
    title: '修改目录变更或撤销',
    element: lazyPage(async () => (await import('./EditAmendmentPage.tsx')).EditAmendmentPage),
  },
  {
    path: '/catalog/:id/change',
    title: '变更资源目录',
    element: lazyPage(async () => (await import('./BeginAmendment.tsx')).BeginChangePage),
  },
  {
    path: '/catalog/:id/withdrawal',
    title: '申请撤销资源目录',
    element: lazyPage(async () => (await import('./BeginAmendment.tsx')).BeginWithdrawalPage),
  },
  { path: '/catalog/:id', title: '资源目录', element: lazyPage(async () => (await import('./ResourcePage.tsx')).ResourcePage) },
  {
    path: '/catalog/:id/edit',
    title: '修改资源目录',
    element: lazyPage(async () => (await import('./ResourceForm.tsx')).ChangeResourcePage),
  },
]
