import { lazyPage, type ModuleRoute } from '@tongchou/ui'

/** 工作台 and the page of a case. */
export const routes: readonly ModuleRoute[] = [
  {
    path: '/',
    title: '工作台',
    menu: { duty: 'all', group: '我的工作', label: '待办', order: 1 },
    element: lazyPage(async () => (await import('./Workbench.tsx')).Todo),
  },
  {
    path: '/tasks/done',
    title: '已办',
    menu: { duty: 'all', group: '我的工作', label: '已办', order: 2 },
    element: lazyPage(async () => (await import('./Workbench.tsx')).Done),
  },
  {
    path: '/tasks/started',
    title: '我发起',
    menu: { duty: 'all', group: '我的工作', label: '我发起', order: 3 },
    element: lazyPage(async () => (await import('./Workbench.tsx')).Started),
  },
  {
    path: '/tasks/copied',
    title: '抄送',
    menu: { duty: 'all', group: '我的工作', label: '抄送', order: 4 },
    element: lazyPage(async () => (await import('./Workbench.tsx')).Copied),
  },
  {
    path: '/tasks/drafts',
    title: '草稿',
    menu: { duty: 'all', group: '我的工作', label: '草稿', order: 5 },
    element: lazyPage(async () => (await import('./Workbench.tsx')).Drafts),
  },
  {
    path: '/tasks/shelved',
    title: '挂账',
    menu: { duty: 'all', group: '我的工作', label: '挂账', order: 6 },
    element: lazyPage(async () => (await import('./Workbench.tsx')).Shelved),
  },
  {
    path: '/tasks/supervised',
    title: '督办',
    menu: { duty: 'all', group: '我的工作', label: '督办', order: 7 },
    element: lazyPage(async () => (await import('./Workbench.tsx')).Supervised),
  },
  {
    path: '/tasks/overseen',
    title: '我督办',
    menu: { duty: ['supervisor', 'vice-mayor'], group: '我的工作', label: '我督办', order: 8 },
    element: lazyPage(async () => (await import('./Workbench.tsx')).Overseen),
  },
  { path: '/cases/:id', title: '办件', element: lazyPage(async () => (await import('./CasePage.tsx')).CasePage) },
  { path: '/cases/:id/print', title: '打印办件', element: lazyPage(async () => (await import('./PaperPage.tsx')).CasePaperPage) },
  {
    path: '/cards',
    title: '我的黄红牌',
    menu: { duty: 'all', group: '我的工作', label: '我的黄红牌', order: 9 },
    element: lazyPage(async () => (await import('./CardsPage.tsx')).MyCardsPage),
  },
  {
    path: '/oversight',
    title: '电子监察',
    menu: { duty: ['supervisor', 'vice-mayor', 'audit', 'big-data-center'], group: '监督评价', label: '电子监察', order: 1 },
    element: lazyPage(async () => (await import('./OversightPage.tsx')).OversightPage),
  },
  {
    path: '/oversight/cards',
    title: '黄红牌',
    element: lazyPage(async () => (await import('./CardsPage.tsx')).OverseenCardsPage),
  },
  {
    path: '/oversight/offices',
    title: '单位办理时限排名',
    element: lazyPage(async () => (await import('./RankingPage.tsx')).RankingPage),
  },
  {
    path: '/calendar',
    title: '工作日历',
    menu: { duty: 'all', group: '制度查阅', label: '工作日历', order: 30 },
    element: lazyPage(async () => (await import('./CalendarPage.tsx')).CalendarPage),
  },
  {
    path: '/calendar/notices/new',
    title: '登记节假日安排',
    element: lazyPage(async () => (await import('./NoticeForm.tsx')).NewNoticePage),
  },
  {
    path: '/calendar/office-hours/new',
    title: '登记办公时间',
    element: lazyPage(async () => (await import('./OfficeHoursForm.tsx')).NewOfficeHoursPage),
  },
  {
    path: '/calendar/office-hours/:id',
    title: '更改办公时间',
    element: lazyPage(async () => (await import('./OfficeHoursForm.tsx')).ChangeOfficeHoursPage),
  },
  {
    path: '/calendar/recomputed',
    title: '重新计算的期限',
    element: lazyPage(async () => (await import('./RecomputedPage.tsx')).RecomputedPage),
  },
]
