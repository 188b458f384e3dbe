// SPDX-License-Identifier: Apache-2.0
import { lazyPage, type ModuleRoute } from '@tongchou/ui'

export const routes: readonly ModuleRoute[] = [
  {
    path: '/exports',
    title: '导出记录',
    menu: { duty: 'all', group: '我的工作', label: '导出记录', order: 80 },
    element: lazyPage(async () => (await import('./ExportsPage.tsx')).ExportsPage),
  },
]
