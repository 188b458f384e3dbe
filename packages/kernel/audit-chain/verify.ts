import type { SignedHead } from '@tongchou/evidence'
import { type Kysely, sql } from 'kysely'
import { type BatchCheck, openBatchCheck } from '../evidence/verify-batches.ts'
import { type TreeBreak, type TreeReport, verifyTree } from '../evidence/verify-tree.ts'
import type { KernelTables } from '../tables.ts'
import { type ChainedRow, chainedColumns, genesis, isUnsealed, nextHash } from './canonical.ts'
import { type ChainHead, highestSealed, lookBack } from './seal.ts'

/** Why a position does not hold: in the chain, counted in rows of the log, or in the tree, counted in leaves (`TreeBreak`). */
export type ChainBreak =
  | 'missing-seal'
  | 'missing-row'
  | 'hash'
  | 'kept-head'
  | 'outside-head'
  | 'before-cut'
  | 'batch'
  | 'uncovered'
  | TreeBreak

/** What a verification found (校验结果). */
export interface ChainReport {
  ok: boolean
  /** Places looked at, and the last of them. */
  verified: number
  head: ChainHead | null
  /** The first position that does not hold. */
  firstBad: { position: number; reason: ChainBreak } | null
  /** Heads from outside that were compared; those before the cut can be compared with the package only. */
  outsideHeads: { compared: number; beforeCut: number }
  /** Where rows were taken out to a package. */
  cut: (ChainHead & { packageDigest: string }) | null
  /** Rows that have no place yet: written since the last sealing. */
  unsealed: number
  /** Rows that have a place and that no leaf attests yet. */
  unattested: number
  /** The tree over the batches; null where the chain did not hold already. */
  tree: TreeReport | null
  /** Rows that stand in the chain more than a quarter of an hour after what they say their time was: no break, but worth a look. */
  late: { count: number; firstPosition: number | null }
}

/** What a verification is given. */
export interface VerifyOptions {
  /** Heads of the chain that somebody else has held. */
  heads?: readonly ChainHead[]
  /** The same of the tree, signed. */
  signedHeads?: readonly SignedHead[]
  onProgress?: (done: number, total: number) => void | Promise<void>
  /** Asked between batches; a stopped verification throws what the signal says. */
  signal?: AbortSignal
}

const batch = 2000
const lateMs = 15 * 60_000

interface SealedRow extends ChainedRow {
  position: number
  hash: Buffer
}

/**
 * Recomputes the log: the chain from its beginning, or from the last cut, every batch of it against the leaf that attests it, then the tree from
 * its first leaf; compares both with the heads kept inside and outside. Changes nothing.
 */
export async function verifyChain(db: Kysely<KernelTables>, options: VerifyOptions = {}): Promise<ChainReport> {
  const cut = await db.selectFrom('kernel.audit_cut').selectAll().orderBy('position', 'desc').limit(1).executeTakeFirst()
  const begin = cut ?? { position: 0, hash: genesis }
  const total = await lastPosition(db)
  const kept = await db.selectFrom('kernel.audit_head').select(['position', 'hash']).where('position', '>', begin.position).execute()
  const outside = (options.heads ?? []).filter(({ position }) => position > begin.position)
  const batches = openBatchCheck(db, begin.position)
  const known = { kept: heads(kept.map(({ position, hash }) => ({ position, hash: hash.toString('hex') }))), outside: heads(outside) }
  const walk = startWalk(begin, known, batches)
  if (await hasRowsBefore(db, begin.position)) walk.stop(1, 'before-cut')
  while (!walk.bad()) {
    options.signal?.throwIfAborted()
    const rows = await sealedRows(db, walk.end().position)
    await batches.load(rows.at(-1)?.position ?? walk.end().position)
    for (const row of rows) if (!walk.step(row)) break
    await options.onProgress?.(walk.end().position - begin.position, total - begin.position)
    if (rows.length < batch) break
  }
  await batches.load(walk.end().position + 1)
  walk.finish()
  const { position, hash } = walk.end()
  const tree = walk.bad() ? null : await verifyTree(db, options.signedHeads ?? [], options.signal)
  const firstBad = walk.bad() ?? tree?.firstBad ?? null
  return {
    ok: firstBad === null,
    verified: position - begin.position,
    head: position === 0 ? null : { position, hash: hash.toString('hex') },
    firstBad,
    outsideHeads: { compared: outside.length, beforeCut: (options.heads ?? []).length - outside.length },
    cut: cut ? { position: cut.position, hash: cut.hash.toString('hex'), packageDigest: cut.package_digest } : null,
    unsealed: await countUnsealed(db),
    unattested: position - batches.attestedTo(),
    tree: tree?.report ?? null,
    late: walk.late(),
  }
}

/** One walk along the chain; it stops at the first place that does not hold. */
function startWalk(
  begin: { position: number; hash: Buffer },
  { kept, outside }: Record<'kept' | 'outside', ReadonlyMap<number, string>>,
  batches: BatchCheck,
) {
  let end = begin
  let bad: ChainReport['firstBad'] = null
  let newest = ''
  const late: ChainReport['late'] = { count: 0, firstPosition: null }
  const stop = (position: number, reason: ChainBreak) => {
    bad ??= { position, reason }
    return false
  }
  const step = (row: SealedRow): boolean => {
    const due = end.position + 1
    if (row.position !== due) return stop(due, 'missing-seal')
    if (row.seq === null) return stop(due, 'missing-row')
    const hash = nextHash(end.hash, due, row)
    if (!hash.equals(row.hash)) return stop(due, 'hash')
    const text = hash.toString('hex')
    if ((outside.get(due) ?? text) !== text) return stop(due, 'outside-head')
    if ((kept.get(due) ?? text) !== text) return stop(due, 'kept-head')
    const unlike = batches.step(due, row, hash)
    if (unlike) return stop(due, unlike)
    if (row.at > newest) newest = row.at
    else if (Date.parse(newest) - Date.parse(row.at) > lateMs) {
      late.count += 1
      late.firstPosition ??= due
    }
    end = { position: due, hash }
    return true
  }
  /** Heads that tell of places which are not there any more. */
  const finish = () => {
    if (bad) return
    const beyond = (known: ReadonlyMap<number, string>) => [...known.keys()].some((position) => position > end.position)
    if (beyond(outside)) stop(end.position + 1, 'outside-head')
    else if (beyond(kept)) stop(end.position + 1, 'kept-head')
    else if (batches.hasMore()) stop(end.position + 1, 'missing-seal')
  }
  return { end: () => end, bad: () => bad, late: () => late, stop, step, finish }
}

function heads(list: readonly ChainHead[]): ReadonlyMap<number, string> {
  return new Map(list.map(({ position, hash }) => [position, hash.toLowerCase()]))
}

async function sealedRows(db: Kysely<KernelTables>, after: number): Promise<SealedRow[]> {
  const { rows } = await sql<SealedRow>`
    select s.position, s.hash, ${chainedColumns}
    from kernel.audit_seal s left join kernel.audit_event e on e.seq = s.seq
    where s.position > ${after} order by s.position limit ${batch}`.execute(db)
  return rows
}

async function lastPosition(db: Kysely<KernelTables>): Promise<number> {
  const row = await db.selectFrom('kernel.audit_seal').select('position').orderBy('position', 'desc').limit(1).executeTakeFirst()
  return row?.position ?? 0
}

async function hasRowsBefore(db: Kysely<KernelTables>, position: number): Promise<boolean> {
  const row = await db.selectFrom('kernel.audit_seal').select('position').where('position', '<=', position).limit(1).executeTakeFirst()
  return row !== undefined
}

/** How many rows have no place in the chain yet, among all, or only among the latest: quick, as far as no row waits for the hourly look. */
export async function countUnsealed(db: Kysely<KernelTables>, among: 'all' | 'latest' = 'all'): Promise<number> {
  const low = among === 'all' ? 0 : (await highestSealed(db)) - lookBack
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from kernel.audit_event e
    where e.seq > ${low} and ${isUnsealed}`.execute(db)
  return rows[0]?.n ?? 0
}
