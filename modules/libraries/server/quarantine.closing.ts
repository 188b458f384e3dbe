import type { BadLine, PreparedBatch, ResourceDefinition } from '@tongchou/records'
import type pg from 'pg'
import { type ClosedByData, closeByData, type KeptLine, keepBadLines } from './record.store.ts'

interface Place {
  resource: string
  batchId: string
  at: Date
  /** As it was found under the lock. */
  isAnyOpen: boolean
}

/**
 * What a batch does to the quarantine (隔离区), in its own transaction and under the resource's lock: a good line of a key, or its deletion, closes what is
 * open about it; a later bad line takes the place of an earlier one; what is bad now is kept. Nothing is closed by guess: a line without any key stays until
 * somebody has looked. Answers with the bad lines.
 * @param refused good by themselves, but not taken
 */
export async function settleQuarantine(
  client: pg.ClientBase,
  place: Place,
  prepared: PreparedBatch,
  refused: readonly BadLine[],
  { items }: ResourceDefinition,
): Promise<readonly BadLine[]> {
  const { upserts, deletes } = prepared
  const untaken = new Set(refused.map(({ line }) => line))
  const good = (from: { keys: string[]; lines: number[] }) => from.keys.filter((_, i) => !untaken.has(from.lines[i] ?? 0))
  const bad = [...prepared.bad.map(withItems(prepared.items)), ...refused.map(withItems(items.map(({ id }) => id)))]
  let gone = new Set<string>()
  if (place.isAnyOpen) {
    await closeByData(client, place, 'resent', { keys: good(upserts) })
    await closeByData(client, place, 'removed', { keys: good(deletes) })
    // The source takes back a record whose key was never one: there is nothing else by which the two could be known to each other.
    gone = await closeByData(client, place, 'removed', {
      rawKeys: bad.flatMap(({ isDeletion, rawKey }) => (isDeletion && rawKey !== null ? [rawKey] : [])),
    })
    await closeByData(client, place, 'superseded', {
      keys: bad.flatMap(({ key }) => key ?? []),
      rawKeys: bad.flatMap(({ rawKey }) => rawKey ?? []),
    })
  }
  if (bad.length > 0) await keepBadLines(client, place, settledWithin(bad, prepared, untaken, gone))
  return bad
}

const withItems = (items: readonly string[]) => (line: BadLine) => ({ ...line, items })

/** Lines that a later line of the same batch settled; and deletions that did their work are done. */
function settledWithin(
  bad: readonly (BadLine & { items: readonly string[] })[],
  { upserts, deletes }: PreparedBatch,
  untaken: ReadonlySet<number>,
  gone: ReadonlySet<string>,
): KeptLine[] {
  const last = new Map<string, { line: number; state: ClosedByData }>()
  const note = (identity: string, line: number, state: ClosedByData) => {
    if ((last.get(identity)?.line ?? 0) < line) last.set(identity, { line, state })
  }
  for (const [i, key] of upserts.keys.entries()) if (!untaken.has(upserts.lines[i] ?? 0)) note(`k${key}`, upserts.lines[i] ?? 0, 'resent')
  for (const [i, key] of deletes.keys.entries()) if (!untaken.has(deletes.lines[i] ?? 0)) note(`k${key}`, deletes.lines[i] ?? 0, 'removed')
  for (const one of bad) {
    const identity = identityOf(one)
    if (identity !== null) note(identity, one.line, one.isDeletion && one.key === null ? 'removed' : 'superseded')
  }
  const met = new Set(gone)
  return bad.map((one): KeptLine => {
    const isTakingBack = one.isDeletion && one.rawKey !== null && met.has(one.rawKey)
    if (one.rawKey !== null) met.add(one.rawKey)
    const later = last.get(identityOf(one) ?? '')
    if (later && later.line > one.line) return { ...one, state: later.state }
    return { ...one, state: isTakingBack ? 'removed' : 'open' }
  })
}

const identityOf = ({ key, rawKey }: BadLine) => (key !== null ? `k${key}` : rawKey !== null ? `r${rawKey}` : null)
