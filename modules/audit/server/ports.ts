import type { JobsPort, Operation, Sealer } from '@tongchou/kernel'

/** What audit needs of the platform. */
export interface AuditPorts {
  jobs: JobsPort
  sealer: Sealer
  /** Every operation, for the titles of what was refused. */
  operations: ReadonlyMap<string, Operation>
}
