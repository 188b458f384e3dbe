import { lazyPage, type ModuleRoute } from '@tongchou/ui'

/** Pages of identity: organisations and people (组织与人员), accounts, machine tokens. */
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
    path: '/tokens',
    title: '访问令牌',
    menu: { duty: 'all', group: '组织管理', label: '访问令牌', order: 30 },
    element: lazyPage(async () => (await import('./TokensPage.tsx')).TokensPage),
  },
]
