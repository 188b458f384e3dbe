import { lazyPage, type ModuleRoute } from '@tongchou/ui'
import { readers, sides } from './sharing-api.ts'

/** Pages of requests and grants (资源超市、共享申请、授权). */
export const routes: readonly ModuleRoute[] = [
  {
    path: '/market',
    title: '资源超市',
    menu: { duty: readers, group: '资源系统', label: '资源超市', order: 10 },
    element: lazyPage(async () => (await import('./MarketPage.tsx')).MarketPage),
  },
  { path: '/market/:id', title: '申请共享', element: lazyPage(async () => (await import('./OfferPage.tsx')).OfferPage) },
  {
    path: '/sharing/mine',
    title: '我的申请',
    menu: { duty: sides, group: '资源系统', label: '我的申请', order: 11 },
    element: lazyPage(async () => (await import('./RequestsPage.tsx')).MyRequestsPage),
  },
  {
    path: '/sharing/ours',
    title: '待我授权',
    menu: { duty: sides, group: '资源系统', label: '待我授权', order: 12 },
    element: lazyPage(async () => (await import('./RequestsPage.tsx')).OurRequestsPage),
  },
  {
    path: '/sharing/requests',
    title: '供需对接清单',
    menu: { duty: readers, group: '资源系统', label: '供需对接清单', order: 23 },
    element: lazyPage(async () => (await import('./RequestsPage.tsx')).AllRequestsPage),
  },
  { path: '/sharing/requests/:id', title: '共享申请', element: lazyPage(async () => (await import('./RequestPage.tsx')).RequestPage) },
  {
    path: '/sharing/requests/:id/edit',
    title: '修改共享申请',
    element: lazyPage(async () => (await import('./OfferPage.tsx')).EditRequestPage),
  },
  {
    path: '/sharing/requests/:id/decision',
    title: '填写决定',
    element: lazyPage(async () => (await import('./DecisionPage.tsx')).DecisionPage),
  },
  {
    path: '/sharing/grants',
    title: '授权清单',
    menu: { duty: readers, group: '资源系统', label: '授权清单', order: 24 },
    element: lazyPage(async () => (await import('./GrantsPage.tsx')).GrantsPage),
  },
  { path: '/sharing/grants/:id', title: '授权', element: lazyPage(async () => (await import('./GrantPage.tsx')).GrantPage) },
]
