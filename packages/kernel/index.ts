export {
  type AuditLine,
  type AuditOutcome,
  auditTrail,
  insertAudit,
  recordAudit,
  recordEvent,
  recordRead,
  recordRefusal,
  type Subject,
  type TrailPage,
  viewedAction,
} from './audit.ts'
export * from './audit-chain.ts'
export * from './calendar.store.ts'
export * from './calendar.ts'
export * from './civil-date.ts'
export * from './clock.ts'
export { type Actor, type Ctx, type DutyId, inTransaction, systemActor, tablesOf } from './context.ts'
export {
  applicationLogin,
  databaseOn,
  escapeOfLogin,
  openDatabase,
  openOwnerDatabase,
  openPool,
  plannedOnce,
  planOnce,
  sqlTypes,
} from './database.ts'
export * from './divisions.ts'
export { type Edited, requireVersion } from './editing.ts'
export { beginEpoch, type ConsumerPosition, consumerStanding, type StreamPosition, systemEpoch } from './epoch.ts'
export * from './errors.ts'
export * from './evidence.ts'
export * from './http.ts'
export * from './identifiers.ts'
export type { JobKind, Jobs, RunningJob, Schedule, Trigger } from './jobs/job.ts'
export { jobRoutes } from './jobs/jobs.routes.ts'
export { type JobRunner, jobRunner, type RunnerOptions, type RunningRunner } from './jobs/runner.ts'
export { type KeptAnswers, keptAnswers } from './kept-answers.ts'
export { readKeyFile, writeKeyFile } from './keys/key-file.ts'
export { fingerprintOf, type KeyPurpose, type KeyRing, keyRingOf, newKeys, publicKeyOf, withNewKey } from './keys/key-ring.ts'
export { forgetMissingKeys, openKeys, pruneKeys, type Reseal } from './keys/open-keys.ts'
export { carriedOn, isKnownDigest, personDigest } from './keys/person-digest.ts'
export { seal, sealedUnder, unseal } from './keys/sealing.ts'
export { fingerprintOfHex, publicKeyHex, signDigest, signerOf, softwareSigner, verifyDigest } from './keys/signing.ts'
export { kernelMeasures } from './measure.store.ts'
export {
  applicationRole,
  kernelMigrations,
  MigrationProblem,
  type MigrationSource,
  migrate,
  requireKnownMigrations,
  restoringSchema,
} from './migrate.ts'
export * from './money.ts'
export * from './notice-wishes.ts'
export * from './numbers/index.ts'
export * from './office-calendar.ts'
export * from './office-hours.ts'
export type * from './ports.ts'
export * from './postgres/index.ts'
export * from './reach.ts'
export * from './search.ts'
export * from './synthetic.ts'
export type * from './tables.ts'
