import type { FastifyInstance } from 'fastify'
import type { AccessLog } from '../access-log.ts'

/** An operation as its route declares it. */
export interface Operation {
  operationId: string
  method: string
  url: string
  /** The module it belongs to: its first tag. */
  tag: string
  summary: string
  recordsRead: RecordsRead | undefined
}

/** Whose look is recorded: the thing's kind, and its id where the path has no `{id}`. */
export interface RecordsRead {
  kind: string
  id?: string
  /** The handler writes the row of what it shows (a download is an act of its own); here only refusals are. */
  writtenByHandler?: true
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Reading this writes an access row (查阅记录): data of the route, so that a test can list the operations without it. */
    recordsRead?: RecordsRead
  }
  interface FastifyInstance {
    /** Every operation by its id, as far as registered. */
    operations: ReadonlyMap<string, Operation>
    /** Who looked at what lately. */
    looks: AccessLog
  }
}

/** Keeps what the routes declare, for the audit's titles and for tests that go through all operations. */
export function registerOperations(app: FastifyInstance): void {
  const operations = new Map<string, Operation>()
  app.decorate('operations', operations)
  app.addHook('onRoute', ({ method, url, schema, config }) => {
    const first = Array.isArray(method) ? method[0] : method
    if (!schema?.operationId || first === undefined || first === 'HEAD') return
    const { operationId, tags, summary } = schema
    operations.set(operationId, {
      operationId,
      method: first,
      url,
      tag: tags?.[0] ?? '',
      summary: summary ?? operationId,
      recordsRead: config?.recordsRead,
    })
  })
}
