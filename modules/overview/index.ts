export type { OverviewPorts } from './ports.ts'
export { overviewRoutes } from './server/overview.routes.ts'
