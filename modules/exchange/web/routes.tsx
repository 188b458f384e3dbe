import { lazyPage, type ModuleRoute } from '@tongchou/ui'
import { readers, watchers } from './exchange-api.ts'

/** Pages of the exchange (交换通道、通道监控). */
export const routes: readonly ModuleRoute[] = [
  {
    path: '/channels',
    title: '交换通道',
    menu: { duty: readers, group: '资源系统', label: '交换通道', order: 45 },
    element: lazyPage(async () => (await import('./ChannelsPage.tsx')).ChannelsPage),
  },
  { path: '/channels/new', title: '建立通道', element: lazyPage(async () => (await import('./NewChannelPage.tsx')).NewChannelPage) },
  { path: '/channels/:id', title: '交换通道', element: lazyPage(async () => (await import('./ChannelPage.tsx')).ChannelPage) },
  {
    path: '/channels/:id/reconciliations',
    title: '对账',
    element: lazyPage(async () => (await import('./ReconciliationsPage.tsx')).ReconciliationsPage),
  },
  {
    path: '/channels/:id/reconciliations/:reconciliation',
    title: '对账差异',
    element: lazyPage(async () => (await import('./DifferencesPage.tsx')).DifferencesPage),
  },
  {
    path: '/subscriptions',
    title: '数据订阅',
    menu: { duty: readers, group: '资源系统', label: '数据订阅', order: 47 },
    element: lazyPage(async () => (await import('./SubscriptionsPage.tsx')).SubscriptionsPage),
  },
  {
    path: '/channel-monitor',
    title: '通道监控',
    menu: { duty: watchers, group: '资源系统', label: '通道监控', order: 46 },
    element: lazyPage(async () => (await import('./MonitorPage.tsx')).MonitorPage),
  },
]
