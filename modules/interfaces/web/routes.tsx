import { lazyPage, type ModuleRoute } from '@tongchou/ui'
import { doorReaders, readers } from './interfaces-api.ts'

/** Pages of departments' interfaces (部门接口、接口允许地址). */
export const routes: readonly ModuleRoute[] = [
  {
    path: '/interfaces',
    title: '部门接口',
    menu: { duty: readers, group: '资源系统', label: '部门接口', order: 47 },
    element: lazyPage(async () => (await import('./InterfacesPage.tsx')).InterfacesPage),
  },
  {
    path: '/interfaces/:id',
    title: '部门接口',
    element: lazyPage(async () => (await import('./InterfacePage.tsx')).InterfacePage),
  },
  {
    path: '/interfaces/:id/registration',
    title: '登记接口',
    element: lazyPage(async () => (await import('./RegistrationPage.tsx')).RegistrationPage),
  },
  {
    path: '/interface-addresses',
    title: '接口允许地址',
    menu: { duty: doorReaders, group: '资源系统', label: '接口允许地址', order: 48 },
    element: lazyPage(async () => (await import('./AddressesPage.tsx')).AddressesPage),
  },
]
