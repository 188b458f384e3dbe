// SPDX-License-Identifier: Apache-2.0
import { lazyPage, type ModuleRoute } from '@tongchou/ui'

export const routes: readonly ModuleRoute[] = [
  { path: '/search', title: '搜索', element: lazyPage(async () => (await import('./SearchPage.tsx')).SearchPage) },
]
