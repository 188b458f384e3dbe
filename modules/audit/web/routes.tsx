import { lazyPage, type ModuleRoute } from '@tongchou/ui'
import { readers } from './audit-api.ts'

/** Pages of the log (审计). */
export const routes: readonly ModuleRoute[] = [
  {
    path: '/audit',
    title: '审计日志',
    menu: { duty: readers, group: '审计', label: '审计日志', order: 10 },
    element: lazyPage(async () => (await import('./AuditPage.tsx')).AuditPage),
  },
  {
    path: '/audit/statistics',
    title: '审计统计',
    menu: { duty: readers, group: '审计', label: '审计统计', order: 20 },
    element: lazyPage(async () => (await import('./StatisticsPage.tsx')).StatisticsPage),
  },
  {
    path: '/audit/chain',
    title: '日志完整性',
    menu: { duty: readers, group: '审计', label: '日志完整性', order: 30 },
    element: lazyPage(async () => (await import('./ChainPage.tsx')).ChainPage),
  },
  {
    path: '/my-records',
    title: '我的操作记录',
    menu: { duty: 'all', group: '组织管理', label: '我的操作记录', order: 40 },
    element: lazyPage(async () => (await import('./OwnRecordsPage.tsx')).OwnRecordsPage),
  },
]
