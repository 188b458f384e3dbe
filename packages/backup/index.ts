export type { Manifest } from './manifest.ts'
export { BrokenBackup } from './problem.ts'
export { type CheckedBackup, checkBackup, type Restoring, restoreBackup } from './restore.ts'
/** How to make a table that no migration makes: for who copies one elsewhere. */
export { statementsFor } from './structure.store.ts'
export { type Taken, takeBackup } from './take.ts'
export { type Trial, tryBackup } from './trial.ts'
