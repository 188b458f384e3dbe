import { lazyPage, type ModuleRoute } from '@tongchou/ui'
import { readers } from './comparison-api.ts'

/** Pages of comparisons (专题比对). */
export const routes: readonly ModuleRoute[] = [
  {
    path: '/comparison-runs',
    title: '比对任务',
    menu: { duty: readers, group: '资源系统', label: '比对任务', order: 50 },
    element: lazyPage(async () => (await import('./RunsPage.tsx')).RunsPage),
  },
  {
    path: '/comparison-runs/:id',
    title: '比对任务',
    element: lazyPage(async () => (await import('./RunPage.tsx')).RunPage),
  },
  {
    path: '/comparison-findings',
    title: '比对结果',
    menu: { duty: readers, group: '资源系统', label: '比对结果', order: 51 },
    element: lazyPage(async () => (await import('./FindingsPage.tsx')).FindingsPage),
  },
  {
    path: '/comparison-findings/:id',
    title: '比对结果',
    element: lazyPage(async () => (await import('./FindingPage.tsx')).FindingPage),
  },
]
