/** Why the platform cannot start, in words for whoever runs it: what is wrong (`message`) and what cures it (`cure`). */
export class StartupProblem extends Error {
  readonly code: string
  readonly cure: string

  /** @param code stable dotted id; @param message and @param cure Chinese, printed as they are */
  constructor(code: string, message: string, cure: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.cure = cure
  }
}

/** The `code` of a failed system call, such as `ENOSPC`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
