import { type Ctx, decodeCursor, toPage } from '@tongchou/kernel'
import { sql } from 'kysely'
import { librariesDb, type Receipt } from './library.schema.ts'

/** What came in from one sender (接收情况), and what of it waits in the quarantine. */
export interface Intake {
  /** The last batch that brought a good record, or said that nothing has changed (确认批). */
  confirmedAt: Date | null
  batches: number
  rows: number
  bad: number
  openLines: number
  openSince: Date | null
}

/** Of each of these senders, whoever asks; batches, rows and bad lines since `since`. */
export async function intakeOf(ctx: Ctx, senders: readonly string[], since: Date): Promise<Map<string, Intake>> {
  if (senders.length === 0) return new Map()
  const { rows } = await sql<Intake & { sender: string }>`
    select s.sender, c.received_at as "confirmedAt", t.batches, t.rows, t.bad, q.count as "openLines", q.since as "openSince"
    from unnest(${senders}::text[]) as s (sender)
    left join lateral (
      select received_at from libraries.batch where received_by = s.sender and receipt is not null
        and ((receipt->>'rows')::int = 0 or (receipt->>'rows')::int > (receipt->>'bad')::int + (receipt->>'superseded')::int)
      order by received_at desc limit 1) c on true
    cross join lateral (
      select count(*)::int as batches, coalesce(sum((receipt->>'rows')::int), 0)::int as rows, coalesce(sum((receipt->>'bad')::int), 0)::int as bad
      from libraries.batch where received_by = s.sender and received_at >= ${since} and receipt is not null) t
    cross join lateral (
      select count(*)::int as count, min(b.at) as since from libraries.bad_line b
      join libraries.batch t on t.resource = b.resource and t.batch_id = b.batch_id
      where b.state = 'open' and t.received_by = s.sender) q`.execute(ctx.db)
  return new Map(rows.map(({ sender, ...intake }) => [sender, intake]))
}

/** Batches of one sender with their receipts, the last first. The caller has checked that the actor may see them. */
export async function batchesOf(ctx: Ctx, sender: string, query: { limit?: number | undefined; cursor?: string | undefined }) {
  const limit = query.limit ?? 20
  const before = decodeCursor(query.cursor, ['instant', 'text'])
  let rows = librariesDb(ctx)
    .selectFrom('libraries.batch')
    .select(['batch_id', 'received_at', 'receipt'])
    .where('received_by', '=', sender)
    .where('receipt', 'is not', null)
  if (before) rows = rows.where((eb) => eb(eb.refTuple('received_at', 'batch_id'), '<', eb.tuple(new Date(before[0]), before[1])))
  const found = await rows
    .orderBy('received_at', 'desc')
    .orderBy('batch_id', 'desc')
    .limit(limit + 1)
    .execute()
  return toPage(
    found,
    limit,
    (row) => [row.received_at.toISOString(), row.batch_id],
    (row) => row.receipt as Receipt,
  )
}
