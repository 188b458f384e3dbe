import { lazyPage, type ModuleRoute } from '@tongchou/ui'
import { introducers, lookReaders, readers } from './libraries-api.ts'

/** Pages of resource packs and base libraries (资源包、基础库). */
export const routes: readonly ModuleRoute[] = [
  {
    path: '/libraries',
    title: '基础库',
    menu: { duty: readers, group: '资源系统', label: '基础库', order: 30 },
    element: lazyPage(async () => (await import('./LibrariesPage.tsx')).LibrariesPage),
  },
  {
    path: '/libraries/:id/batches',
    title: '接收批次',
    element: lazyPage(async () => (await import('./BatchesPage.tsx')).BatchesPage),
  },
  {
    path: '/libraries/:id/records',
    title: '数据查询',
    element: lazyPage(async () => (await import('./RecordsPage.tsx')).RecordsPage),
  },
  {
    path: '/quarantine',
    title: '隔离区',
    menu: { duty: readers, group: '资源系统', label: '隔离区', order: 35 },
    element: lazyPage(async () => (await import('./QuarantinePage.tsx')).QuarantinePage),
  },
  {
    path: '/quarantine/:id',
    title: '问题数据',
    element: lazyPage(async () => (await import('./QuarantineLinePage.tsx')).QuarantineLinePage),
  },
  {
    path: '/record-looks',
    title: '谁查看了个人数据',
    menu: { duty: lookReaders, group: '审计', label: '个人数据查阅', order: 40 },
    element: lazyPage(async () => (await import('./PersonLooksPage.tsx')).PersonLooksPage),
  },
  {
    path: '/own-looks',
    title: '谁查看了我的数据',
    menu: { duty: [], group: '我的工作', label: '谁查看了我的数据', order: 1, outside: ['citizen'] },
    element: lazyPage(async () => (await import('./OwnLooksPage.tsx')).OwnLooksPage),
  },
  {
    path: '/resource-packs',
    title: '资源包',
    menu: { duty: introducers, group: '资源系统', label: '资源包', order: 40 },
    element: lazyPage(async () => (await import('./ResourcePacksPage.tsx')).ResourcePacksPage),
  },
]
