import { lazyPage, type ModuleRoute } from '@tongchou/ui'
import { leaders } from './overview-api.ts'

/** 领导一页. */
export const routes: readonly ModuleRoute[] = [
  {
    path: '/overview',
    title: '领导一页',
    menu: { duty: leaders, group: '我的工作', label: '领导一页', order: 0 },
    element: lazyPage(async () => (await import('./LeadersPage.tsx')).LeadersPage),
  },
]
