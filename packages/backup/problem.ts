import { StartupProblem } from '@tongchou/kernel'

/** A backup does not hold: a file is missing, was changed, or is not what the manifest says (备份不成立). `file` is the one to look at. */
export class BrokenBackup extends Error {
  readonly file: string
  constructor(file: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.file = file
  }
}

/** Why a backup cannot be taken or put back, with its cure. */
export const backupProblem = (code: string, message: string, cure: string, cause?: unknown) =>
  new StartupProblem(`backup.${code}`, message, cure, cause === undefined ? undefined : { cause })
