import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { Ctx, DutyId } from '../context.ts'
import { Malformed, NotFound, NotSignedIn } from '../errors.ts'
import { type DutyDirectory, missingDuty, opensToAll, refuseBeyondScope } from './authz.ts'
import { refuseHostileText } from './json.ts'
import { serializerOf } from './serialization.ts'
import { compileSchema, fieldProblems } from './validation.ts'

/** What a column holds, which decides how a workbook shows it: `money` is 分, `date` a civil date, `instant` RFC 3339, `reference` a name. */
export type ListColumnKind = 'text' | 'money' | 'integer' | 'date' | 'instant' | 'reference'

/** One column of a list (列), for all that is made of lists outside a screen. */
export interface ListColumn<T = unknown> {
  /** The same key as the screen's column. */
  key: string
  title: string
  kind: ListColumnKind
  /** Its value in an item of the answer, in words where the answer has a code. Money in 分. */
  read: (item: T) => string | number | null
}

/** A filter of a list, in words: what it is called and what its values mean. */
export interface ListFilterWords {
  title: string
  words?: Readonly<Record<string, string>>
  /** Its values are ids of this register. */
  reference?: 'organisation' | 'project' | 'system'
}

/** What a list route says of itself in `config.listColumns`: everything in it can be exported as it is shown. */
export interface ListDescription {
  title: string
  columns: readonly ListColumn[]
  filters: Readonly<Record<string, ListFilterWords>>
}

declare module 'fastify' {
  interface FastifyContextConfig {
    listColumns?: ListDescription
  }
  interface FastifyInstance {
    /** The lists that can be asked for without HTTP, by operationId. */
    lists: ReadonlyMap<string, ListOperation>
  }
}

/** Columns of a list of `item`s; the compiler knows what `read` gets. */
export function listColumns<S extends TSchema>(
  _item: S,
  title: string,
  columns: readonly ListColumn<Static<S>>[],
  filters: Readonly<Record<string, ListFilterWords>> = {},
): ListDescription {
  return { title, columns: columns as readonly ListColumn[], filters }
}

/** Values of a query string, as an address has them. */
export type ListQuery = Readonly<Record<string, string>>

export interface ListAnswer {
  items: unknown[]
  nextCursor: string | null
  /** How many there are in all, where the list says it. */
  total: number | null
}

/** One list operation, asked by the same rules as over HTTP: duty, subject, query, answer cut to its schema. */
export interface ListOperation {
  operationId: string
  description: ListDescription
  /** Refuses as the route would; gives a page per call, of `limit` items, which may be more than an address may ask for. */
  open(
    ctx: Ctx,
    params: Readonly<Record<string, string>>,
    query: ListQuery,
  ): Promise<(ctx: Ctx, limit: number, cursor: string | null) => Promise<ListAnswer>>
}

/** Collects every route that declares `config.listColumns`. */
export function registerLists(app: FastifyInstance, directory: DutyDirectory): void {
  const lists = new Map<string, ListOperation>()
  app.decorate('lists', lists)
  app.addHook('onRoute', (route) => {
    const { listColumns: description } = route.config ?? {}
    if (!description || route.method === 'HEAD') return
    const operationId = route.schema?.operationId ?? ''
    // What a route asks before its handler would be skipped here, so a list asks nothing but duty, subject and query.
    if (route.preHandler ?? route.preValidation ?? route.onRequest) throw new Error(`list ${operationId} has hooks of its own`)
    // In the contract, so that who exports by program knows the keys.
    Object.assign(route.schema ?? {}, { 'x-list-columns': description.columns.map(({ key, title, kind }) => ({ key, title, kind })) })
    lists.set(operationId, { operationId, description, open: openerOf(route, directory) })
  })
}

function openerOf(route: RouteOptions, directory: DutyDirectory): ListOperation['open'] {
  const checkQuery = once(() => compileSchema((route.schema?.querystring ?? { type: 'object' }) as object, 'querystring'))
  const checkParams = once(() => compileSchema((route.schema?.params ?? { type: 'object' }) as object, 'params'))
  const answer = (route.schema?.response as Record<string, object> | undefined)?.['200'] ?? {}
  return async (ctx, params, query) => {
    const given: Record<string, unknown> = { ...query }
    refuseHostileText(given, '')
    const named = checkParams()(params)
    await requireCall(route, ctx, params, named, directory)
    if (!named) throw new NotFound('subject.not_found', '不存在，或不在当前岗位可查看的范围内。')
    const check = checkQuery()
    if (!check(given)) {
      const fields = fieldProblems(check.errors ?? [])
      throw new Malformed('request.invalid', fields[0] ? `${fields[0].path}：${fields[0].message}` : '筛选条件不符合要求', fields)
    }
    return async (within, limit, cursor) => {
      const asked = { ...given, limit, ...(cursor === null ? {} : { cursor }) }
      const request = { ctx: within, signedIn: within, query: asked, params } as unknown as FastifyRequest
      const sent = await (route.handler as ListHandler)(request, noReply)
      return toAnswer(JSON.parse(serializerOf(answer)(sent)))
    }
  }
}

type ListHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/** A list answers by what it returns; one that reaches for the reply is no list. */
const noReply = Object.freeze({}) as FastifyReply

async function requireCall(
  route: RouteOptions,
  ctx: Ctx,
  params: Readonly<Record<string, string>>,
  named: boolean,
  directory: DutyDirectory,
): Promise<void> {
  const authz = route.schema?.['x-authz'] ?? {}
  if (!ctx.actor) throw new NotSignedIn('session.required', '请先登录。')
  if (authz.public) return
  refuseBeyondScope(ctx, route.schema, true)
  if (opensToAll(route.schema, ctx.actor)) return
  const duties: DutyId[] = [...new Set(Object.values(authz).flat())]
  if (duties.some((duty) => ctx.actor.roles.has(duty))) return
  if (Object.keys(params).length > 0) {
    const mayRead = route.config?.mayRead
    if (ctx.actor.relation || !named || !mayRead || !(await mayRead(ctx, { ...params })))
      throw new NotFound('subject.not_found', '不存在，或不在当前岗位可查看的范围内。')
  }
  throw await missingDuty(ctx, duties, directory)
}

function toAnswer(sent: { items: unknown[]; nextCursor?: string | null; totals?: { count?: number } }): ListAnswer {
  return { items: sent.items, nextCursor: sent.nextCursor ?? null, total: sent.totals?.count ?? null }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
