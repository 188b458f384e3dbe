import { type Kysely, sql } from 'kysely'
import type { KernelTables } from '../tables.ts'
import { type ChainedRow, chainedColumns, genesis, isUnsealed, nextHash } from './canonical.ts'

/** An end of the chain (链头): whoever holds it can tell later that nothing before it was changed. */
export interface ChainHead {
  position: number
  /** SM3, hexadecimal. */
  hash: string
}

/** Gives the rows of the log their places in the chain, in the background. */
export interface Sealer {
  /** Seals what is there and keeps the head; for who is about to verify or to hand out a head. */
  sealNow(): Promise<void>
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
}

/**
 * A sealer of one process. Places are given when rows are sealed, under an advisory lock that no business transaction ever waits for:
 * a transaction that commits late gets a later place, so the chain never waits for a running one, and a number that was rolled back
 * leaves no gap. Several processes take turns.
 */
export function openSealer({ db, now, onError }: SealerOptions): Sealer {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> = Promise.resolve()
  let sweptAt = 0

  async function sealAll(keepHead: boolean): Promise<void> {
    const at = now().getTime()
    const sweep = Math.abs(at - sweptAt) > sweepMs
    let low = sweep ? 0 : (await highestSealed(db)) - lookBack
    for (;;) {
      const { count, lastSeq } = await sealBatch(db, low, now(), keepHead)
      if (count < batch) break
      // What was seen below is sealed now; what commits below it meanwhile is for the next pass.
      low = lastSeq
    }
    if (sweep) sweptAt = at
  }

  // One after the other: the lock would turn the second away.
  const seal = (keepHead: boolean) => {
    const next = running.then(() => sealAll(keepHead))
    running = next.catch(() => undefined)
    return next
  }
  return {
    sealNow: () => seal(true),
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

/** Seals up to a batch of rows numbered above `low`; a head is kept when the last one is older than a minute, or when asked for. */
async function sealBatch(db: Kysely<KernelTables>, low: number, now: Date, keepHead: boolean): Promise<{ count: number; lastSeq: number }> {
  return db.transaction().execute(async (trx) => {
    // Asked to keep a head, wait for who seals now; in the background, leave it to them.
    if (keepHead) await sql`select pg_advisory_xact_lock(hashtext('tongchou.audit.seal'))`.execute(trx)
    else if (!(await tryLock(trx))) return { count: 0, lastSeq: low }
    const end = await endOfChain(trx)
    const { rows } = await sql<ChainedRow>`select ${chainedColumns} from kernel.audit_event e
      where e.seq > ${low} and ${isUnsealed} order by e.seq limit ${batch}`.execute(trx)
    const sealed = chain(end, rows)
    if (sealed.length > 0) await insertSeals(trx, sealed)
    const last = sealed.at(-1)
    await keepHeadOf(trx, last ?? end, now, keepHead)
    return { count: rows.length, lastSeq: Number(rows.at(-1)?.seq ?? low) }
  })
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
