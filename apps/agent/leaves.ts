import { DatabaseSync } from 'node:sqlite'
import { bucketOf, keyDigest, openDigest } from '@tongchou/wire'
import type { DifferenceKind } from './center.ts'

/** A record that the two sides do not have alike, with the key as the center writes it and as the source does. */
export interface Difference {
  kind: DifferenceKind
  key: string | null
  raw: string
  source: Uint8Array | null
  center: Uint8Array | null
  /** The center keeps another hash than its values make: it would take what is sent for what it has. */
  stale: number
}

/**
 * The source's records by digests of key and values (对账明细), in a file that goes with the process: of any number of records as much memory as one page of
 * it takes. In the order of the key's digest, by which both sides deal records into buckets.
 */
export interface Leaves {
  /** Begins a reading: what was there is forgotten. */
  begin(): void
  put(key: string, raw: string, hash: Buffer): void
  /** What is no record: with its key where it has one, and whether the center has been told of it. */
  bad(id: string, hash: Buffer, key: string | null, isSent: boolean): void
  end(): void
  count(): { good: number; badSent: number }
  digests(nonce: string, bits: 8 | 16, within: readonly number[] | null): Map<number, string>
  /** Holds the records of some buckets against the center's, and notes what differs in this round; how many stand there as corrected and here not at all. */
  compare(round: number, bits: 8 | 16, buckets: readonly number[], rows: readonly CenterRow[], countsGone: boolean): number
  /** Begins to note which records were met otherwise than they stand here, or were sent: they move, and are no difference. */
  beginSettling(): void
  /** @param hash null for one that is gone or no record */
  meet(key: string, hash: Buffer | null, isSent: boolean): void
  /** The same of what has no key, or is no record. */
  meetBad(id: string, isSent: boolean): void
  /** Notes as different what the center was never told of. */
  noteUntold(round: number): void
  /** How many differ in a round, and how many of them differed in the round before in the same way and have not moved since. */
  standing(round: number): { all: number; same: Record<DifferenceKind, number> }
  /** Those that stand, by kind and key. */
  differences(round: number): Iterable<Difference>
  close(): void
}

export type CenterRow = readonly [key: string, hash: string, isCorrected: boolean, isStale: boolean]

export function openLeaves(): Leaves {
  // A name of nothing: a file of SQLite's own that is gone when it is closed, however that happens.
  const db = new DatabaseSync('')
  db.exec('pragma journal_mode = off; pragma synchronous = off; pragma temp_store = file; pragma cache_size = -16384')
  db.exec(`create table leaf (digest blob primary key, hash blob, key text not null, raw text) without rowid;
    create table bad (id text primary key, digest blob not null, hash blob not null, key text, sent integer not null) without rowid;
    create table moved (digest blob primary key) without rowid;
    create table difference (round integer, digest blob, kind text not null, key text, raw text not null, source blob, center blob,
      stale integer not null default 0, primary key (round, digest)) without rowid;`)
  const one = {
    put: db.prepare('insert or replace into leaf (digest, hash, key, raw) values (?, ?, ?, ?)'),
    bad: db.prepare('insert or replace into bad (id, digest, hash, key, sent) values (?, ?, ?, ?, ?)'),
    good: db.prepare('select count(*) as n from leaf where hash is not null'),
    badSent: db.prepare('select count(*) as n from bad where sent = 1'),
    leaf: db.prepare('select hash from leaf where digest = ?'),
    move: db.prepare('insert or ignore into moved (digest) values (?)'),
    all: db.prepare('select digest, hash from leaf where hash is not null order by digest'),
    range: db.prepare('select digest, hash, key, raw from leaf where digest between ? and ? order by digest'),
    note: db.prepare(
      'insert or replace into difference (round, digest, kind, key, raw, source, center, stale) values (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    untold: db.prepare(`insert or replace into difference (round, digest, kind, key, raw, source, center)
      select ?, digest, 'only-source', key, id, hash, null from bad where sent = 0`),
    countAll: db.prepare('select count(*) as n from difference where round = ?'),
    countSame: db.prepare(
      `select a.kind, count(*) as n from ${SAME} where a.round = ? and a.digest not in (select digest from moved) group by a.kind`,
    ),
    same: db.prepare(`select a.kind, a.key, a.raw, a.source, a.center, a.stale from ${SAME}
      where a.round = ? and a.digest not in (select digest from moved) order by a.kind, a.key`),
  }
  const move = (digest: Buffer) => void one.move.run(digest)
  const number = (row: Record<string, unknown> | undefined) => Number(row?.n ?? 0)
  const within = function* (bits: 8 | 16, buckets: readonly number[]) {
    for (const bucket of buckets) {
      const from = bits === 8 ? Buffer.from([bucket]) : Buffer.from([bucket >> 8, bucket & 255])
      for (const row of one.range.iterate(from, Buffer.concat([from, LAST]))) yield { bucket, ...leafOf(row) }
    }
  }
  return {
    begin() {
      db.exec('begin; delete from leaf; delete from bad')
    },
    put: (key, raw, hash) => void one.put.run(keyDigest(key), hash, key, raw === rawKey(key) ? null : raw),
    bad(id, hash, key, isSent) {
      one.bad.run(id, keyDigest(`${BAD}${id}`), hash, key, isSent ? 1 : 0)
      // The center may have the record as it was before it was spoilt: neither the same nor another.
      if (key !== null) one.put.run(keyDigest(key), null, key, id)
    },
    end: () => db.exec('commit'),
    count: () => ({ good: number(one.good.get()), badSent: number(one.badSent.get()) }),
    digests(nonce, bits, parents) {
      const found = new Map<number, string>()
      let bucket = -1
      let open: ReturnType<typeof openDigest> | undefined
      // One record at a time: a bucket of a large table is no list that should be held.
      const take = (digest: Uint8Array, hash: Uint8Array) => {
        const next = bucketOf(digest, bits)
        if (next !== bucket) {
          if (open) found.set(bucket, open.end())
          bucket = next
          open = openDigest(nonce)
        }
        open?.add(digest, hash)
      }
      if (parents === null) for (const row of one.all.iterate()) take(row.digest as Uint8Array, row.hash as Uint8Array)
      else for (const { digest, hash } of within(8, parents)) if (hash !== null) take(digest, hash)
      if (open) found.set(bucket, open.end())
      return found
    },
    compare(round, bits, buckets, rows, countsGone) {
      const theirs = new Map(
        rows.map(([key, hash, isCorrected, isStale]) => [keyDigest(key).toString('hex'), { key, hash, isCorrected, isStale }]),
      )
      db.exec('begin')
      for (const { digest, hash, key, raw } of within(bits, buckets)) {
        const name = Buffer.from(digest).toString('hex')
        const other = theirs.get(name)
        theirs.delete(name)
        if (hash === null) continue
        if (!other) one.note.run(round, digest, 'only-source', key, raw, hash, null, 0)
        else if (other.hash !== Buffer.from(hash).toString('hex'))
          one.note.run(round, digest, 'different', key, raw, hash, Buffer.from(other.hash, 'hex'), other.isStale ? 1 : 0)
      }
      let corrected = 0
      for (const { key, hash, isCorrected } of theirs.values()) {
        if (isCorrected) corrected += 1
        else if (countsGone) one.note.run(round, keyDigest(key), 'only-center', key, rawKey(key), null, Buffer.from(hash, 'hex'), 0)
      }
      db.exec('commit')
      return corrected
    },
    beginSettling: () => db.exec('delete from moved'),
    meet(key, hash, isSent) {
      const digest = keyDigest(key)
      const row = one.leaf.get(digest)
      const known = row?.hash as Uint8Array | null | undefined
      const isSame = hash === null ? !known : known !== null && known !== undefined && hash.equals(known)
      if (isSent || !isSame) move(digest)
    },
    meetBad(id, isSent) {
      if (isSent) move(keyDigest(`${BAD}${id}`))
    },
    noteUntold: (round) => void one.untold.run(round),
    standing(round) {
      const same: Record<DifferenceKind, number> = { 'only-source': 0, 'only-center': 0, different: 0 }
      for (const { kind, n } of one.countSame.all(round)) same[kind as DifferenceKind] = Number(n)
      return { all: number(one.countAll.get(round)), same }
    },
    *differences(round) {
      for (const row of one.same.iterate(round)) yield row as unknown as Difference
    },
    close: () => db.close(),
  }
}

/** What differed in one round and the one before, both sides being as they were. */
const SAME = `difference a join difference b on b.round = a.round - 1 and b.digest = a.digest and b.source is a.source and b.center is a.center`
const LAST = Buffer.alloc(17, 255)
const BAD = 'bad '

/** A key of the center as the source's own would be written where it needs no canonical form. */
const rawKey = (key: string): string => (key.startsWith('[') && isList(key) ? key : JSON.stringify([key]))

function isList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text))
  } catch {
    return false
  }
}

function leafOf(row: Record<string, unknown>): { digest: Uint8Array; hash: Uint8Array | null; key: string; raw: string } {
  const key = String(row.key)
  return {
    digest: row.digest as Uint8Array,
    hash: row.hash as Uint8Array | null,
    key,
    raw: row.raw === null ? rawKey(key) : String(row.raw),
  }
}
