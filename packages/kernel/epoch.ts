import { randomBytes } from 'node:crypto'
import type { Ctx } from './context.ts'

/** How far a stream that is read by position has come, such as the change log of a resource. */
export interface StreamPosition {
  /** Its name for good, the module first: `libraries/<resource>`. */
  stream: string
  position: number
}

/** Where a consumer says it stands: what it has applied, up to and with `position`, read under the epoch `epoch`. */
export interface ConsumerPosition extends StreamPosition {
  epoch: string
}

/**
 * The epoch of this system (系统任期), as `2-3f9a0c2b77de`: the same until the system is restored from a backup, then another. Whoever hands out positions of a
 * stream hands this out with them, and the consumer keeps both together.
 */
export async function systemEpoch(ctx: Pick<Ctx, 'db'>): Promise<string> {
  const { id } = await ctx.db.selectFrom('kernel.system_epoch').select('id').orderBy('number', 'desc').limit(1).executeTakeFirstOrThrow()
  return id
}

/**
 * Whether a consumer may go on from where it stands (消费方位置核对): `same` under the epoch that is; `earlier` where it read before a restore nothing but what the
 * backup holds too, so that it goes on under the new epoch; `ahead` where it has seen what this system has lost, or another system altogether: it must stop and say
 * so. A position beyond the stream's present end is the caller's to look at; under `same` it is a defect of the consumer.
 */
export async function consumerStanding(
  ctx: Pick<Ctx, 'db'>,
  { stream, epoch, position }: ConsumerPosition,
): Promise<'same' | 'earlier' | 'ahead'> {
  const known = await ctx.db.selectFrom('kernel.system_epoch').select('number').where('id', '=', epoch).executeTakeFirst()
  if (!known) return 'ahead'
  const since = await ctx.db
    .selectFrom('kernel.system_epoch as e')
    .leftJoin('kernel.epoch_position as p', (join) => join.onRef('p.number', '=', 'e.number').on('p.stream', '=', stream))
    .where('e.number', '>', known.number)
    .select((eb) => eb.fn.coalesce('p.position', eb.lit(0)).as('position'))
    .execute()
  if (since.length === 0) return 'same'
  // Of several restores, each has cut the stream where its backup ended.
  return since.every((cut) => position <= cut.position) ? 'earlier' : 'ahead'
}

/** Begins the epoch of a restored system, as the owner of the database and before anybody reads of it. */
export async function beginEpoch(
  ctx: Pick<Ctx, 'db' | 'now'>,
  restoredFrom: Record<string, unknown>,
  positions: readonly StreamPosition[],
): Promise<string> {
  const { number: last } = await ctx.db
    .selectFrom('kernel.system_epoch')
    .select('number')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  const number = last + 1
  const id = `${number}-${randomBytes(6).toString('hex')}`
  await ctx.db
    .insertInto('kernel.system_epoch')
    .values({ number, id, begun_at: ctx.now(), restored_from: JSON.stringify(restoredFrom) })
    .execute()
  for (const { stream, position } of positions)
    await ctx.db.insertInto('kernel.epoch_position').values({ number, stream, position }).execute()
  return id
}
