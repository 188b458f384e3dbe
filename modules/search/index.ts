export { searchRoutes } from './server/search.routes.ts'
