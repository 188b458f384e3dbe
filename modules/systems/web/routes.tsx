import { lazyPage, type ModuleRoute } from '@tongchou/ui'
import { readers } from './system-api.ts'

/** Pages of the systems register (信息系统). */
export const routes: readonly ModuleRoute[] = [
  {
    path: '/systems',
    title: '信息系统',
    menu: {
      duty: readers,
      group: '资源系统',
      label: '信息系统',
      order: 10,
    },
    element: lazyPage(async () => (await import('./SystemsPage.tsx')).SystemsPage),
  },
  { path: '/systems/new', title: '登记信息系统', element: lazyPage(async () => (await import('./SystemForm.tsx')).RegisterSystemPage) },
  { path: '/systems/:id', title: '信息系统', element: lazyPage(async () => (await import('./SystemPage.tsx')).SystemPage) },
  {
    path: '/systems/:id/edit',
    title: '修改登记内容',
    element: lazyPage(async () => (await import('./SystemForm.tsx')).DescribeSystemPage),
  },
]
