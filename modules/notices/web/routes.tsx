import { lazyPage, type ModuleRoute } from '@tongchou/ui'

/** 消息, and what failed in the background. */
export const routes: readonly ModuleRoute[] = [
  {
    path: '/notices',
    title: '消息',
    menu: { duty: 'all', group: '我的工作', label: '消息', order: 10, outside: 'all' },
    element: lazyPage(async () => (await import('./NoticesPage.tsx')).NoticesPage),
  },
  {
    path: '/jobs',
    title: '后台任务',
    menu: { duty: ['system-admin'], group: '组织管理', label: '后台任务', order: 60 },
    element: lazyPage(async () => (await import('./FailedJobsPage.tsx')).FailedJobsPage),
  },
]
