export { receiptsAttested, receiptText } from './server/attest.ts'
export { type Changes, changePositions, changeStream, changesAfter } from './server/change-log.store.ts'
export { isCollected } from './server/collected.ts'
export { type CopyAsked, type CopyDigests, type CopyRows, copyDigests, copyRows } from './server/digest.store.ts'
export {
  type FeedPage,
  feedHead,
  openFeed,
  readFeed,
  readSnapshot,
  type SeenChange,
  type SeenStructure,
  type SnapshotPage,
} from './server/feed.ts'
export { installJobs, structureProblems } from './server/install.service.ts'
export { builtOfPacks } from './server/install.store.ts'
export { type Installed, installResource } from './server/installer.ts'
export { batchesOf, type Intake, intakeOf } from './server/intake.store.ts'
/** Introducing a resource of a pack, for what is performed without HTTP (the demo city). */
export { introduceResource } from './server/introduce.service.ts'
export { batchLeafKind } from './server/leaf-kind.ts'
export { libraryRoutes } from './server/library.routes.ts'
export { type LibrariesDb, type LibraryTables, librariesDb, type Receipt } from './server/library.schema.ts'
export { carryLooks } from './server/look.digest.ts'
export { passedShape } from './server/passing.service.ts'
export { personKind, personSubject } from './server/person.subject.ts'
export type { CatalogPort, LibrariesPorts, RegisteredEntry } from './server/ports.ts'
export { type AlsoCommitted, type IncomingBatch, receiveBatch } from './server/receive.service.ts'
export { openReceivers, type Receivers } from './server/receivers.ts'
export { type RecordsAsked, type RecordsShown, recordsForTask } from './server/records.service.ts'
export { recordsRelyOn } from './server/reliance.ts'
export { keysForList, lookAtKeys } from './server/shown-key.ts'
export { type CopiedTable, copyOut, recordKey, type WantedTable } from './server/snapshot.store.ts'
export { receiptOf, structureOf } from './server/structure.store.ts'
export { type LibraryWakeups, openWakeups } from './server/wakeups.ts'
