// SPDX-License-Identifier: Apache-2.0
import { lazyPage, type ModuleRoute } from '@tongchou/ui'

/** Pages of the policy module: the reading room (制度库). */
export const routes: readonly ModuleRoute[] = [
  {
    path: '/policy',
    title: '制度库',
    menu: { duty: 'all', group: '制度查阅', label: '制度库', order: 10 },
    element: lazyPage(async () => (await import('./PolicyPackList.tsx')).PolicyPackList),
  },
  {
    path: '/policy/:pack/:article?',
    title: '制度阅读',
    element: lazyPage(async () => (await import('./PolicyReader.tsx')).PolicyReader),
  },
]
