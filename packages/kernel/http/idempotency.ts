import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ClaimedKey, Ctx } from '../context.ts'
import { InvalidState, InvalidValue, Malformed } from '../errors.ts'

/** A key still marked running after this long belongs to a request whose process died. */
const leaseMs = 60_000
const keepMs = 24 * 60 * 60 * 1000

declare module 'fastify' {
  interface FastifyRequest {
    /** Set while this request owns its Idempotency-Key. */
    ownsKey: boolean
  }
}

/**
 * Idempotency-Key (optional, scoped to the account): a repeated request gets the stored answer for 24 h, the same key
 * with another body is a 422, one still running a 409. Only answers of acts that took effect are stored: a refusal
 * changed nothing, so asking again judges again.
 */
export function registerIdempotency(app: FastifyInstance): void {
  app.decorateRequest('ownsKey', false)
  app.addHook('preHandler', (request, reply, done) => {
    const key = request.headers['idempotency-key']
    const ctx = request.signedIn
    if (key === undefined || !ctx || !isKept(request)) return done()
    return take(request, reply, ctx, key)
  })
  const take = async (request: FastifyRequest, reply: FastifyReply, ctx: Ctx, key: string | string[]) => {
    if (typeof key !== 'string' || key.length < 1 || key.length > 200 || !/^[\x21-\x7e]+$/.test(key))
      throw new Malformed('idempotency.bad_key', 'Idempotency-Key 应为 1 至 200 个可见 ASCII 字符。')
    const claimedAt = ctx.now()
    const stored = await claim(ctx, key, hashOf(request), claimedAt)
    if (stored) return replay(reply, stored)
    request.ownsKey = true
    ctx.idempotency = { accountId: ctx.actor.accountId, key, claimedAt }
    return undefined
  }
  app.addHook('onSend', (request, reply, payload, done) => {
    if (!request.ownsKey || !request.signedIn?.idempotency) return done(null, payload)
    return settle(request.signedIn.db, request.signedIn.idempotency, reply.statusCode, payload)
      .catch((failure) => {
        // The act stands or fell already, and its answer is the truth; only a retry of it will be told less.
        request.log.error({ err: failure }, 'answer could not be kept for its Idempotency-Key')
      })
      .then(() => payload)
  })
}

function isKept(request: FastifyRequest): boolean {
  const mutating = request.method !== 'GET' && request.method !== 'HEAD'
  const { ignoresIdempotencyKey, storesNothing } = request.routeOptions.config
  return mutating && !ignoresIdempotencyKey && !storesNothing
}

function hashOf(request: FastifyRequest): string {
  return createHash('sha256')
    .update(`${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`)
    .digest('hex')
}

async function claim(ctx: Ctx, key: string, hash: string, now: Date): Promise<{ status: number; answer: string } | undefined> {
  const account = ctx.actor.accountId
  // Everybody's, not only this account's: a kept answer is a copy of what was handed in.
  await ctx.db
    .deleteFrom('kernel.idempotency')
    .where('created_at', '<', new Date(now.getTime() - keepMs))
    .execute()
  const inserted = await ctx.db
    .insertInto('kernel.idempotency')
    .values({ account_id: account, key, request_hash: hash, status: null, answer: null, created_at: now })
    .onConflict((c) => c.columns(['account_id', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst()
  if (inserted) return undefined
  const row = await ctx.db
    .selectFrom('kernel.idempotency')
    .selectAll()
    .where('account_id', '=', account)
    .where('key', '=', key)
    .executeTakeFirst()
  if (row && row.request_hash !== hash)
    throw new InvalidValue('idempotency.other_body', '同一个 Idempotency-Key 已用于另一内容的请求，请更换后提交。')
  if (row?.status != null) return { status: row.status, answer: row.answer ?? '' }
  if (row?.applied && now.getTime() - row.created_at.getTime() > leaseMs)
    throw new InvalidState('idempotency.already_applied', '该请求已经办理，答复未能送达。请刷新后查看结果，不要重复提交。')
  if (row && now.getTime() - row.created_at.getTime() > leaseMs) return takeOver(ctx, key, row.created_at, now)
  throw new InvalidState('idempotency.running', '同一请求正在办理，请稍候查看结果。')
}

/** The process that held the key died before it committed anything: one retry takes the key over. Should it live after all, its commit fails. */
async function takeOver(ctx: Ctx, key: string, since: Date, now: Date): Promise<undefined> {
  const taken = await ctx.db
    .updateTable('kernel.idempotency')
    .set({ created_at: now })
    .where('account_id', '=', ctx.actor.accountId)
    .where('key', '=', key)
    .where('created_at', '=', since)
    .where('applied', '=', false)
    .returning('key')
    .executeTakeFirst()
  if (!taken) throw new InvalidState('idempotency.running', '同一请求正在办理，请稍候查看结果。')
  return undefined
}

async function settle(db: Ctx['db'], { accountId, key, claimedAt }: ClaimedKey, status: number, payload: unknown): Promise<void> {
  const done = status >= 200 && status < 300
  if (done)
    await db
      .updateTable('kernel.idempotency')
      .set({ status, answer: typeof payload === 'string' ? payload : '' })
      .where('account_id', '=', accountId)
      .where('key', '=', key)
      .where('created_at', '=', claimedAt)
      .execute()
  else
    await db
      .deleteFrom('kernel.idempotency')
      .where('account_id', '=', accountId)
      .where('key', '=', key)
      .where('created_at', '=', claimedAt)
      .where('applied', '=', false)
      .execute()
}

function replay(reply: FastifyReply, stored: { status: number; answer: string }): FastifyReply {
  reply.header('idempotency-replayed', 'true').status(stored.status)
  return stored.answer === ''
    ? reply.send()
    : reply
        .type('application/json; charset=utf-8')
        .serializer((text) => String(text))
        .send(stored.answer)
}
