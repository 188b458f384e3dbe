import { lazyPage, type ModuleRoute } from '@tongchou/ui'
import { readers } from './evidence-api.ts'

/** Pages of the evidence log (存证). Who does not read the log finds the page from 我的操作记录. */
export const routes: readonly ModuleRoute[] = [
  {
    path: '/evidence',
    title: '存证',
    menu: { duty: readers, group: '审计', label: '存证', order: 35 },
    element: lazyPage(async () => (await import('./EvidencePage.tsx')).EvidencePage),
  },
]
