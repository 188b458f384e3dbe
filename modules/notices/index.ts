export { noticeJobs } from './server/delivery.jobs.ts'
export { inboxRoutes } from './server/inbox.routes.ts'
export { type NoticesPorts, noticesPort } from './server/notices.port.ts'
export type { OutgoingPort } from './server/outgoing.port.ts'
