import type { JobsPort, KeyRing, Operation, Sealer } from '@tongchou/kernel'

/** What audit needs of the platform. */
export interface AuditPorts {
  jobs: JobsPort
  sealer: Sealer
  /** What packages are signed with. */
  keys: KeyRing
  /** Every operation, for the titles of what was refused. */
  operations: ReadonlyMap<string, Operation>
}
