import { lazyPage, type ModuleRoute } from '@tongchou/ui'
import { readers } from './supervision-api.ts'

/** Pages of supervision (监督整改). */
export const routes: readonly ModuleRoute[] = [
  {
    path: '/problems',
    title: '监督整改',
    menu: { duty: readers, group: '监督评价', label: '监督整改', order: 10 },
    element: lazyPage(async () => (await import('./ProblemsPage.tsx')).ProblemsPage),
  },
  { path: '/problems/new', title: '提出问题', element: lazyPage(async () => (await import('./ProblemForm.tsx')).NewProblemPage) },
  { path: '/problems/:id', title: '监督整改', element: lazyPage(async () => (await import('./ProblemPage.tsx')).ProblemPage) },
  {
    path: '/problems/:id/print',
    title: '打印整改通知',
    element: lazyPage(async () => (await import('./NoticePaperPage.tsx')).NoticePaperPage),
  },
  { path: '/problems/:id/edit', title: '修改问题', element: lazyPage(async () => (await import('./ProblemForm.tsx')).ChangeProblemPage) },
  {
    path: '/withheld-records',
    title: '资料提供情况记录',
    menu: { duty: readers, group: '监督评价', label: '资料提供情况记录', order: 20 },
    element: lazyPage(async () => (await import('./WithheldPages.tsx')).WithheldRecordsPage),
  },
  {
    path: '/withheld-records/new',
    title: '记录拒绝、隐匿、瞒报',
    element: lazyPage(async () => (await import('./WithheldPages.tsx')).NewWithheldPage),
  },
  {
    path: '/withheld-records/:id',
    title: '资料提供情况记录',
    element: lazyPage(async () => (await import('./WithheldPages.tsx')).WithheldRecordPage),
  },
]
