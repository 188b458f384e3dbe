import type { FastifyInstance, FastifyRequest, FastifySchema, RouteOptions } from 'fastify'
import type { Actor, Ctx, DutyId } from '../context.ts'
import { type DutyHolder, NotFound, NotPermitted, NotSignedIn } from '../errors.ts'
import type { Presence } from '../kept-answers.ts'

/** Who may call an operation: relation → duties. `public` and `signed-in` carry an empty list. */
export type Authz = Partial<Record<'public' | 'signed-in' | 'own' | 'granted' | 'any', readonly DutyId[]>>

declare module 'fastify' {
  interface FastifySchema {
    operationId?: string
    tags?: readonly string[]
    summary?: string
    description?: string
    'x-authz'?: Authz
    /** What is open to everybody who is signed in is open to people outside the offices (by a relation) only where this is set: to all, or by duty. */
    'x-outside'?: boolean | readonly DutyId[]
    /** Left out of the published contract. */
    hide?: boolean
  }
  interface FastifyContextConfig {
    /**
     * For an operation on one thing: may the actor read it? Asked only when the actor has none of the duties,
     * to tell 403 (may read, may not do) from 404 (may not know).
     */
    mayRead?: (ctx: Ctx, params: Record<string, string>) => Promise<boolean>
    /** Comes so often, and with a change each time, that nothing that is kept for it would hold until the next. */
    asksAnew?: boolean
    /** Answers are not stored for an Idempotency-Key (sessions, tokens, evaluate). */
    ignoresIdempotencyKey?: boolean
    /** Asked by a page on its own, not by a person: it does not keep a session from ending for want of use. */
    asksByItself?: boolean
    /** A pure question (evaluate, dry runs): stores nothing, not even that it was refused. */
    storesNothing?: boolean
  }
  interface FastifyRequest {
    /** The context of the signed-in actor; null without a session. */
    signedIn: Ctx | null
    /** The same, for handlers behind sign-in; reading it without a session is a 401. */
    ctx: Ctx
    /** What the database looked like when the request came; only for requests that bring a credential. */
    presence: Presence | undefined
  }
}

/**
 * An operation without `x-authz` does not start: deny by default. Only what is hidden from the contract (health, the web
 * application's files) goes without, and nothing under `/api/` can be hidden. The HEAD that comes with a GET carries the GET's schema.
 */
export function requireAuthz({ method, url, schema }: RouteOptions): void {
  if (schema?.hide === true && !url.startsWith('/api/')) return
  const operation = `operation ${String(method)} ${url}`
  if (Object.keys(schema?.['x-authz'] ?? {}).length === 0) throw new Error(`${operation} declares no x-authz`)
  if (!schema?.operationId || !schema.tags?.length) throw new Error(`${operation} declares no operationId or tags`)
}

/** Registers the coarse gate: session and duty. Whose thing it is, is decided by the noun's own permission. */
export function registerAuthz(app: FastifyInstance, directory: DutyDirectory = namelessDuties): void {
  app.addHook('onRoute', requireAuthz)
  app.addHook('preValidation', (request, _reply, done) => {
    const authz = request.routeOptions.schema?.['x-authz']
    if (!authz || authz.public) return done()
    const ctx = request.signedIn
    if (!ctx) throw new NotSignedIn('session.required', '请先登录。')
    const { method, routeOptions } = request
    const reads = method === 'GET' || method === 'HEAD' || routeOptions.config.storesNothing === true
    refuseBeyondScope(ctx, routeOptions.schema, reads)
    if (opensToAll(routeOptions.schema, ctx.actor)) return done()
    const duties = new Set(Object.values(authz).flat())
    if ([...ctx.actor.roles].some((role) => duties.has(role))) return done()
    return denied(request, ctx, [...duties], directory).then((refusal) => {
      throw refusal
    })
  })
}

/** Whether being signed in is enough: for people at posts where the operation says so, for people outside the offices where it names them too. */
export function opensToAll(schema: FastifySchema | undefined, actor: Actor): boolean {
  if (schema?.['x-authz']?.['signed-in'] === undefined) return false
  const outside = schema['x-outside'] ?? false
  return actor.relation === undefined || (typeof outside === 'boolean' ? outside : outside.some((duty) => actor.roles.has(duty)))
}

/** A token opens what it was issued for and nothing else, whatever its holder may do. */
export function refuseBeyondScope({ actor: { scope } }: Ctx, schema: FastifySchema | undefined, reads: boolean): void {
  if (!scope) return
  const { tags = [], summary, operationId } = schema ?? {}
  if (tags.every((tag) => scope.tags.includes(tag)) && (reads || scope.access === 'write')) return
  throw new NotPermitted('token.scope_missing', `该令牌的权限范围不包括“${summary ?? operationId}”。请使用权限范围相符的令牌。`)
}

/** Names for refusals: what a duty is called, and who holds it today. */
export interface DutyDirectory {
  title(duty: DutyId): string
  holders(ctx: Ctx, duties: readonly DutyId[]): Promise<readonly DutyHolder[]>
}

/** For applications that know no names, as in tests. */
export const namelessDuties: DutyDirectory = { title: (duty) => duty, holders: async () => [] }

async function denied(
  request: FastifyRequest,
  ctx: Ctx,
  duties: readonly DutyId[],
  directory: DutyDirectory,
): Promise<NotFound | NotPermitted> {
  const params = request.params as Record<string, string>
  const onOneThing = Object.keys(params).length > 0
  if (onOneThing) {
    const mayRead = request.routeOptions.config.mayRead
    // Asked before the request is validated, so an id may still be no id, which a database must not be asked for.
    const named = !request.routeOptions.schema?.params || request.validateInput(params, 'params')
    // Outside the offices what is not open is not there: nobody is told which things the offices have.
    if (ctx.actor.relation || !named || !mayRead || !(await mayRead(ctx, params)))
      return new NotFound('subject.not_found', '不存在，或不在当前岗位可查看的范围内。')
  }
  return missingDuty(ctx, duties, directory)
}

/** The refusal of who has none of the duties: names them, and who holds them. Outside the offices nobody is told how the offices are made up. */
export async function missingDuty(ctx: Ctx, duties: readonly DutyId[], directory: DutyDirectory): Promise<NotPermitted> {
  if (ctx.actor.relation) return new NotPermitted('relation.not_open', '该事项由政务部门办理，不对外部经办人开放。')
  return new NotPermitted('duty.missing', `当前岗位无此职责。需要的职责：${duties.map((duty) => directory.title(duty)).join('、')}。`, [], {
    duties,
    holders: await directory.holders(ctx, duties),
  })
}
