import { type Kysely, sql } from 'kysely'
import { attestedTo, attestRows } from '../evidence/batch.ts'
import { highestPlaced, isUnplaced, placedAtOnce, placeLeaves } from '../evidence/place.ts'
import { type HeadKeeping, openHeadKeeper } from '../evidence/sign.ts'
import { openTroubles, type Troubles } from '../evidence/troubles.ts'
import type { KernelTables } from '../tables.ts'
import { type ChainedRow, chainedColumns, genesis, isUnsealed, nextHash } from './canonical.ts'

/** An end of the chain (链头): whoever holds it can tell later that nothing before it was changed. */
export interface ChainHead {
  position: number
  /** SM3, hexadecimal. */
  hash: string
}

/** Gives the rows of the log their places in the chain, and leaves of evidence theirs in the tree, in the background. */
export interface Sealer {
  /** Seals what is there and keeps the heads; for who is about to verify or to hand out a head. What is wrong with the tree or its signer does not make it fail. */
  sealNow(): Promise<void>
  /** What keeps leaves from their places and heads from being signed or written outside the database, in this process. */
  troubles(): Troubles
  start(): void
  /** Seals a last time. */
  stop(): Promise<void>
}

/** How long a row may stay outside the chain, and how far heads are apart at most while there is something to seal. */
export const sealEveryMs = 10_000
const headEveryMs = 60_000
const batch = 2000
/** A transaction that commits after so many later rows were sealed waits for the hourly look through all of them. */
export const lookBack = 20_000
const sweepMs = 60 * 60_000

interface SealerOptions {
  db: Kysely<KernelTables>
  now: () => Date
  onError: (error: unknown) => void
  /** Without it, leaves get their places and no head is signed. */
  heads?: HeadKeeping | undefined
}

/**
 * A sealer of one process. Places are given when rows are sealed, under an advisory lock that no business transaction ever waits for:
 * a transaction that commits late gets a later place, so neither the chain nor the tree ever waits for a running one, and a number that was
 * rolled back leaves no gap. A round gives rows their places in the chain, attests them by a leaf, gives leaves theirs in the tree, and signs
 * the new head, each in a transaction of its own. Several processes take turns.
 */
export function openSealer({ db, now, onError, heads }: SealerOptions): Sealer {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> = Promise.resolve()
  let sweptAt = 0
  const troubles = openTroubles(now, onError)
  const keepHeads = heads && openHeadKeeper(heads, troubles, now)

  async function sealAll(asked: boolean): Promise<void> {
    const at = now().getTime()
    const sweep = Math.abs(at - sweptAt) > sweepMs
    if (!asked && !sweep && !(await isPending(db))) return
    await inBatches(sweep ? 0 : (await highestSealed(db)) - lookBack, batch, (low) => sealBatch(db, low, now(), asked))
    await troubles.attempt('tree', () => growTree(asked, sweep))
    await keepHeads?.(db)
    if (sweep) sweptAt = at
  }

  async function growTree(asked: boolean, sweep: boolean): Promise<void> {
    for (let isMore: boolean | undefined = true; isMore; ) isMore = await underLock(db, asked, (trx) => attestRows(trx, now()))
    await inBatches(sweep ? 0 : (await highestPlaced(db)) - lookBack, placedAtOnce, async (low) => {
      return (await underLock(db, asked, (trx) => placeLeaves(trx, low))) ?? { count: 0, lastSeq: low }
    })
  }

  // One after the other: the lock would turn the second away.
  const seal = (asked: boolean) => {
    const next = running.then(() => sealAll(asked))
    running = next.catch(() => undefined)
    return next
  }
  return {
    sealNow: () => seal(true),
    troubles: troubles.all,
    start: () => {
      timer ??= setInterval(() => void seal(false).catch(onError), sealEveryMs).unref()
    },
    stop: async () => {
      if (!timer) return
      clearInterval(timer)
      timer = undefined
      await seal(true).catch(onError)
    },
  }
}

/** Whether a round has anything to do, in one statement: at night it is all that a sealer does. */
async function isPending(db: Kysely<KernelTables>): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`select
    exists (select from kernel.audit_event e
      where e.seq > coalesce((select max(seq) from kernel.audit_seal), 0) - ${lookBack} and ${isUnsealed})
    or exists (select from kernel.evidence_leaf l
      where l.seq > coalesce((select max(seq) from kernel.evidence_place), 0) - ${lookBack} and ${isUnplaced})
    or coalesce((select max(position) from kernel.audit_seal), 0) > ${attestedTo}
    or coalesce((select max(position) from kernel.audit_seal), 0) > coalesce((select max(position) from kernel.audit_head), 0)
    or coalesce((select max(position) from kernel.evidence_place), 0) > coalesce((select max(size) from kernel.evidence_head), 0) as is`.execute(
    db,
  )
  return rows[0]?.is === true
}

/** Batch after batch. What was seen below a batch has its place then; what commits below it meanwhile is for the next round. */
async function inBatches(from: number, full: number, act: (low: number) => Promise<{ count: number; lastSeq: number }>): Promise<void> {
  for (let low = from; ; ) {
    const { count, lastSeq } = await act(low)
    if (count < full) return
    low = lastSeq
  }
}

/** One step of a round in a transaction of its own. Asked for, it waits for who seals now; in the background it leaves the work to them. */
async function underLock<R>(
  db: Kysely<KernelTables>,
  asked: boolean,
  act: (trx: Kysely<KernelTables>) => Promise<R>,
): Promise<R | undefined> {
  return db.transaction().execute(async (trx) => {
    if (asked) await sql`select pg_advisory_xact_lock(hashtext('tongchou.audit.seal'))`.execute(trx)
    else if (!(await tryLock(trx))) return undefined
    return act(trx)
  })
}

/** Seals up to a batch of rows numbered above `low`; a head is kept when the last one is older than a minute, or when asked for. */
async function sealBatch(db: Kysely<KernelTables>, low: number, now: Date, asked: boolean): Promise<{ count: number; lastSeq: number }> {
  const sealed = await underLock(db, asked, async (trx) => {
    const end = await endOfChain(trx)
    const { rows } = await sql<ChainedRow>`select ${chainedColumns} from kernel.audit_event e
      where e.seq > ${low} and ${isUnsealed} order by e.seq limit ${batch}`.execute(trx)
    const seals = chain(end, rows)
    if (seals.length > 0) await insertSeals(trx, seals)
    await keepHeadOf(trx, seals.at(-1) ?? end, now, asked)
    return { count: rows.length, lastSeq: Number(rows.at(-1)?.seq ?? low) }
  })
  return sealed ?? { count: 0, lastSeq: low }
}

/** The number up to which rows were sealed, but for those that committed late. */
export async function highestSealed(db: Kysely<KernelTables>): Promise<number> {
  const row = await db.selectFrom('kernel.audit_seal').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  return row?.seq ?? 0
}

async function tryLock(trx: Kysely<KernelTables>): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`select pg_try_advisory_xact_lock(hashtext('tongchou.audit.seal')) as held`.execute(trx)
  return rows[0]?.held === true
}

interface End {
  position: number
  hash: Buffer
}

async function endOfChain(trx: Kysely<KernelTables>): Promise<End> {
  const seal = await trx
    .selectFrom('kernel.audit_seal')
    .select(['position', 'hash'])
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
  const cut = await trx.selectFrom('kernel.audit_cut').select(['position', 'hash']).orderBy('position', 'desc').limit(1).executeTakeFirst()
  return seal ?? cut ?? { position: 0, hash: genesis }
}

function chain(end: End, rows: readonly ChainedRow[]): (End & { seq: string })[] {
  let { position, hash } = end
  return rows.map((row) => {
    position += 1
    hash = nextHash(hash, position, row)
    return { position, hash, seq: row.seq }
  })
}

async function insertSeals(trx: Kysely<KernelTables>, seals: readonly (End & { seq: string })[]): Promise<void> {
  const positions = seals.map(({ position }) => position)
  const numbers = seals.map(({ seq }) => seq)
  const hashes = seals.map(({ hash }) => hash)
  await sql`insert into kernel.audit_seal (position, seq, hash)
    select * from unnest(${positions}::bigint[], ${numbers}::bigint[], ${hashes}::bytea[])`.execute(trx)
}

async function keepHeadOf(trx: Kysely<KernelTables>, { position, hash }: End, now: Date, asked: boolean): Promise<void> {
  if (position === 0) return
  const last = await trx
    .selectFrom('kernel.audit_head')
    .select(['position', 'sealed_at'])
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (last?.position === position) return
  if (last && !asked && Math.abs(now.getTime() - last.sealed_at.getTime()) < headEveryMs) return
  await trx.insertInto('kernel.audit_head').values({ position, hash, sealed_at: now }).execute()
}

/** Every head that was kept, oldest first, read batch by batch. */
export async function* chainHeads(db: Kysely<KernelTables>): AsyncGenerator<ChainHead & { sealedAt: string }> {
  for (let after = 0; ; ) {
    const rows = await db
      .selectFrom('kernel.audit_head')
      .selectAll()
      .where('position', '>', after)
      .orderBy('position')
      .limit(batch)
      .execute()
    for (const { position, hash, sealed_at } of rows) yield { position, hash: hash.toString('hex'), sealedAt: sealed_at.toISOString() }
    const last = rows.at(-1)
    if (!last || rows.length < batch) return
    after = last.position
  }
}
