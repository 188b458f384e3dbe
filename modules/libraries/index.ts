export { type Changes, changesAfter } from './server/change-log.store.ts'
export { type Installed, installResource } from './server/installer.ts'
export { type LibrariesDb, type LibraryTables, librariesDb, type Receipt } from './server/library.schema.ts'
export { type AlsoCommitted, type IncomingBatch, receiveBatch } from './server/receive.service.ts'
