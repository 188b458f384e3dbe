import type { Kysely, Transaction } from 'kysely'
import type { AccessLog } from './access-log.ts'
import { InvalidState } from './errors.ts'
import type { Presence } from './kept-answers.ts'
import type { KernelTables } from './tables.ts'

/** English id of a duty (职责) such as `applicant` or `big-data-center`; packs add others. */
export type DutyId = string

/** What a machine's token may be used for (权限范围): the kinds of operations by their tags, and whether to change anything. */
export interface TokenScope {
  access: 'read' | 'write'
  tags: readonly string[]
}

/** What a person outside the offices acts by (关系): a relation of a kind to a subject, such as 承建单位经办人 to an enterprise. */
export interface ActorRelation {
  id: string
  kind: string
  subject: { kind: string; id: string }
  /** It counts only for what this organisation has to do with the subject; null is all of it. */
  withinOrgId: string | null
}

/**
 * Who acts: a person in one post of one organisation, with that post's duties. Outside the offices there is no post: the relation stands in
 * its place, `postId` is its id, and `orgId` is the subject as `kind:id`, which is never the id of an organisation.
 */
export interface Actor {
  accountId: string
  personId: string
  name: string
  postId: string
  postTitle: string
  orgId: string
  orgName: string
  roles: ReadonlySet<DutyId>
  /** Duties that were given for an area (区域), each with the organisations that lie in it; a duty that is not here reaches everywhere. */
  within?: ReadonlyMap<DutyId, ReadonlySet<string>>
  /** Set when a person acts at a post that its holder has lent for a period (委托代理): in whose place. Both names stand in what is signed. */
  onBehalfOf?: { personId: string; name: string }
  /** Set when a token with a limited scope acts in the person's name. */
  scope?: TokenScope
  /** Set for a person outside the offices, whom being signed in opens nothing: an operation has to name them (`x-outside`) or their duty. */
  relation?: ActorRelation
}

/** What every service gets: the handle, who, when, and which request. `inside` tells that a transaction is open. */
export interface Ctx {
  db: Kysely<KernelTables>
  actor: Actor
  now: () => Date
  requestId: string
  inside: boolean
  /** What the database looked like when the request came, for answers that are kept; gone once the request has begun to change something. */
  presence?: Presence | undefined
  /** Set when the request carried an Idempotency-Key: the first commit marks the key as applied. */
  idempotency?: ClaimedKey
  /** Who looked at what lately in this process, so that looking again is not written again. */
  looks?: AccessLog
}

/** An Idempotency-Key that a request holds, and since when: a request that was given up for dead holds it no longer. */
export interface ClaimedKey {
  accountId: string
  key: string
  claimedAt: Date
}

/** The handle narrowed to a module's own tables: another module's table does not compile. */
export function tablesOf<T>(ctx: Ctx): Kysely<T & KernelTables> {
  return ctx.db as unknown as Kysely<T & KernelTables>
}

/**
 * Runs `work` in one transaction. Inside an open one it joins it, so that ports of several modules share
 * one commit: change, audit row and outbox row stand or fall together.
 */
export async function inTransaction<R>(ctx: Ctx, work: (tx: Ctx) => Promise<R>): Promise<R> {
  if (ctx.inside) return work(ctx)
  // From here on the request's own change is part of what it must see.
  ctx.presence = undefined
  return ctx.db.transaction().execute(async (trx: Transaction<KernelTables>) => {
    const result = await work({ ...ctx, db: trx, inside: true })
    // In the same commit: a crash between commit and answer must not let a retry apply the act twice.
    if (ctx.idempotency) {
      const held = await trx
        .updateTable('kernel.idempotency')
        .set({ applied: true })
        .where('account_id', '=', ctx.idempotency.accountId)
        .where('key', '=', ctx.idempotency.key)
        .where('created_at', '=', ctx.idempotency.claimedAt)
        .returning('key')
        .executeTakeFirst()
      if (!held) throw new InvalidState('idempotency.running', '同一请求正在办理，请稍候查看结果。')
    }
    return result
  })
}

/** The account of the platform itself: migrations, scheduled work, the demo's first rows. */
export const systemActor: Actor = {
  accountId: '00000000-0000-0000-0000-000000000000',
  personId: '00000000-0000-0000-0000-000000000000',
  name: '系统',
  postId: '00000000-0000-0000-0000-000000000000',
  postTitle: '系统',
  orgId: 'system',
  orgName: '系统',
  roles: new Set(),
}
