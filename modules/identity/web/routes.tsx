import { lazyPage, type ModuleRoute } from '@tongchou/ui'

/** Pages of identity: organisations and people (组织与人员), accounts, sessions and tokens, the own settings, security. */
export const routes: readonly ModuleRoute[] = [
  {
    path: '/organisations',
    title: '组织与人员',
    menu: { duty: 'all', group: '组织管理', label: '组织与人员', order: 10 },
    element: lazyPage(async () => (await import('./OrganisationsPage.tsx')).OrganisationsPage),
  },
  {
    path: '/organisations/:id',
    title: '组织与人员',
    element: lazyPage(async () => (await import('./OrganisationsPage.tsx')).OrganisationsPage),
  },
  {
    path: '/people',
    title: '人员与账号',
    menu: { duty: ['system-admin'], group: '组织管理', label: '人员与账号', order: 20 },
    element: lazyPage(async () => (await import('./PeoplePage.tsx')).PeoplePage),
  },
  {
    path: '/relations',
    title: '外部经办人',
    menu: {
      duty: ['big-data-center', 'applicant', 'district', 'public-security', 'audit', 'supervisor', 'system-admin'],
      group: '组织管理',
      label: '外部经办人',
      order: 21,
    },
    element: lazyPage(async () => (await import('./RelationsPage.tsx')).RelationsPage),
  },
  {
    path: '/reorganisations',
    title: '组织调整',
    menu: { duty: ['system-admin', 'audit-admin'], group: '组织管理', label: '组织调整', order: 22 },
    element: lazyPage(async () => (await import('./ReorganisationsPage.tsx')).ReorganisationsPage),
  },
  {
    path: '/reorganisations/new',
    title: '办理组织调整',
    element: lazyPage(async () => (await import('./ReorganisationWizard.tsx')).ReorganisationWizard),
  },
  {
    path: '/reorganisations/:id',
    title: '组织调整',
    element: lazyPage(async () => (await import('./ReorganisationPage.tsx')).ReorganisationPage),
  },
  {
    path: '/superiors',
    title: '上级岗位',
    menu: { duty: ['system-admin'], group: '组织管理', label: '上级岗位', order: 24 },
    element: lazyPage(async () => (await import('./SuperiorsPage.tsx')).SuperiorsPage),
  },
  {
    path: '/delegations',
    title: '委托代理',
    menu: { duty: 'all', group: '组织管理', label: '委托代理', order: 26 },
    element: lazyPage(async () => (await import('./DelegationsPage.tsx')).DelegationsPage),
  },
  {
    path: '/tokens',
    title: '会话与令牌',
    menu: { duty: 'all', group: '组织管理', label: '会话与令牌', order: 30, outside: 'all' },
    element: lazyPage(async () => (await import('./TokensPage.tsx')).TokensPage),
  },
  {
    path: '/settings',
    title: '个人设置',
    element: lazyPage(async () => (await import('./SettingsPage.tsx')).SettingsPage),
  },
  {
    path: '/second-factor',
    title: '启用动态口令',
    element: lazyPage(async () => (await import('./SecondFactorPage.tsx')).SecondFactorPage),
  },
  {
    path: '/security',
    title: '安全管理',
    menu: { duty: ['security-admin', 'audit-admin'], group: '组织管理', label: '安全管理', order: 40 },
    element: lazyPage(async () => (await import('./SecurityPage.tsx')).SecurityPage),
  },
  {
    path: '/security/sessions',
    title: '在线会话',
    element: lazyPage(async () => (await import('./SecurityLists.tsx')).AllSessionsPage),
  },
  {
    path: '/security/tokens',
    title: '全部访问令牌',
    element: lazyPage(async () => (await import('./SecurityLists.tsx')).AllTokensPage),
  },
  {
    path: '/security/second-factors',
    title: '动态口令',
    element: lazyPage(async () => (await import('./SecurityLists.tsx')).SecondFactorsPage),
  },
]
