import type { FastifyRequest } from 'fastify'

/** What of a request may stand in the log: never its body, never its query string (a draft may turn out to be what must not be kept, WH23-21). */
export function loggedRequest(request: FastifyRequest): Record<string, unknown> {
  return { method: request.method, path: request.url.split('?')[0], id: request.id }
}

/** An error as a log line holds it. */
export interface LoggedError {
  type: string
  message: string
  stack: string
  [place: string]: unknown
}

/**
 * What of an error may stand in the log. PostgreSQL, JSON.parse and the answer's serializer quote the value that they could not take,
 * which is what somebody typed; of their errors only the place is kept.
 */
export function loggedError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: '', stack: '' }
  const fields = error as Error & Partial<Record<(typeof places)[number], unknown>>
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  return {
    type: error.constructor.name,
    message: quotesValues(error) ? '' : error.message,
    ...Object.fromEntries(places.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]])),
    stack: frames.join('\n'),
    ...(error.cause === undefined ? {} : { cause: loggedError(error.cause) }),
  }
}

const places = ['code', 'syscall', 'severity', 'schema', 'table', 'column', 'constraint', 'routine'] as const

function quotesValues(error: Error): boolean {
  return error instanceof SyntaxError || 'severity' in error || 'serialization' in error || /^FST_ERR_(REP|BAD)/.test(codeOf(error))
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : ''
}
