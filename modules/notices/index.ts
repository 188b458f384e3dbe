export { type NoticesPorts, noticesPort } from './server/notices.port.ts'
