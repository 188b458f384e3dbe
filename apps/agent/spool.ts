import { createHash, hash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { zstdCompressSync } from 'node:zlib'
import { AgentProblem } from './problem.ts'

/** A batch that waits to be sent, or for its receipt. */
export interface Waiting {
  number: number
  batchId: string
  digest: string
  rows: number
  /** Packed with zstd. */
  body: Buffer
}

/** What a reading found, to be kept in one go: the batch, what the source will be known to hold, and how far the reading has come. */
export interface Reading {
  /** Lines of the batch without its first. */
  lines: readonly string[]
  header: string
  /** Records that the center has once the batch is there. */
  held: readonly { key: string; hash: Buffer }[]
  gone: readonly string[]
  /** Where the source goes on from; undefined leaves it. */
  state?: unknown
  after?: unknown
}

/** What is kept of a batch that was taken. */
export interface Told {
  number: number
  at: string
  rows: number
  bad: number
  seqTo: number | null
}

/**
 * The durable spool of one lane (暂存库): what is in it survives the process, the machine's power and a full disk. A batch, what it makes
 * known and where the source goes on are one transaction, so that none is ever there without the others.
 */
export interface Spool {
  /** The first batch that waits behind this number. */
  waiting(after?: number): Waiting | undefined
  count(): { batches: number; bytes: number }
  keep(reading: Reading): void
  /** A whole reading met nothing new: a batch without a line says so (确认批), so that the center knows its copy to be as of now. */
  confirm(header: string): void
  /** The batch of this number is at the center. */
  acknowledge(number: number, told: Told): void
  hashOf(key: string): Buffer | undefined
  /** What is held of these keys is not what the center has (对账): the next whole reading sends them anew, or takes away those it does not meet. */
  doubt(keys: Iterable<{ key: string; isGone: boolean }>): void
  /** Begins to note which keys a whole reading meets. */
  beginScan(): void
  meet(key: string): boolean
  /** Keys that are held and were not met, and how many are held. */
  missed(): { keys: Iterable<string>; count: number; held: number }
  state<T>(): T | undefined
  /** What is to be done at the source for batches that still wait, and for those that are taken. */
  pendingAfter(): unknown[]
  /** Of batches that are taken: what the source may let go of, until it has. */
  owed(): { id: number; after: unknown }[]
  paid(id: number): void
  /** Forgets what waits and what is held: everything is read anew, and numbered from here. */
  startAnew(nextNumber: number): void
  remember(name: string, value: unknown): void
  recall<T>(name: string): T | undefined
  close(): void
}

/** Begins the key of what is held as no record: lines that were set aside. A record's key begins with a bracket. */
export const SPOILT = '!'

/** The hash of no record. */
const NOTHING = Buffer.alloc(16)

/** @param epoch of this start: no two starts give a batch the same name */
export function openSpool(file: string): Spool {
  const db = new DatabaseSync(file)
  // FULL: a commit is on the disk when it returns.
  db.exec('pragma busy_timeout = 2000; pragma journal_mode = wal; pragma synchronous = full; pragma temp_store = file')
  db.exec(`create table if not exists parcel (number integer primary key, batch_id text not null, digest text not null, rows integer not null,
      body blob not null, after_text text);
    create table if not exists held (key text primary key, hash blob not null) without rowid;
    create table if not exists owed (id integer primary key, after_text text not null);
    create table if not exists note (name text primary key, value text not null) without rowid;
    create temp table met (key text primary key) without rowid;`)
  const one = {
    insert: db.prepare('insert into parcel (number, batch_id, digest, rows, body, after_text) values (?, ?, ?, ?, ?, ?)'),
    first: db.prepare('select * from parcel where number > ? order by number limit 1'),
    count: db.prepare('select count(*) as batches, coalesce(sum(length(body)), 0) as bytes from parcel'),
    remove: db.prepare('delete from parcel where number <= ?'),
    hold: db.prepare('insert or replace into held (key, hash) values (?, ?)'),
    drop: db.prepare('delete from held where key = ?'),
    hash: db.prepare('select hash from held where key = ?'),
    note: db.prepare('insert or replace into note (name, value) values (?, ?)'),
    recall: db.prepare('select value from note where name = ?'),
    met: db.prepare('insert or ignore into met (key) values (?)'),
    missed: db.prepare('select key from held where key > ? and key not in (select key from met) order by key limit 5000'),
    missedCount: db.prepare(`select count(*) as count from held where key not in (select key from met) and key not like '${SPOILT}%'`),
    held: db.prepare(`select count(*) as count from held where key not like '${SPOILT}%'`),
    after: db.prepare('select after_text from parcel where after_text is not null union all select after_text from owed'),
    owe: db.prepare('insert into owed (after_text) select after_text from parcel where number <= ? and after_text is not null'),
    owed: db.prepare('select id, after_text from owed order by id'),
    paid: db.prepare('delete from owed where id = ?'),
  }
  const recall = <T>(name: string): T | undefined => {
    const row = one.recall.get(name)
    return row === undefined ? undefined : (JSON.parse(String(row.value)) as T)
  }
  const remember = (name: string, value: unknown) => void one.note.run(name, JSON.stringify(value))
  const together = (work: () => void) => {
    db.exec('begin immediate')
    try {
      work()
      db.exec('commit')
    } catch (error) {
      if (db.isTransaction) db.exec('rollback')
      throw error
    }
  }
  // What the center and the source know as well: should the power fail before it is on the disk, a batch is sent again and has the same receipt.
  const lightly = (work: () => void) => {
    db.exec('pragma synchronous = normal')
    try {
      work()
    } finally {
      db.exec('pragma synchronous = full')
    }
  }
  const insert = (text: string, rows: number, after: unknown) => {
    const number = recall<number>('next') ?? 1
    const batchId = `${recall<string>('name') ?? ''}-${number}`
    const body = zstdCompressSync(text, { params: { 100: 1 } })
    one.insert.run(number, batchId, hash('sm3', text, 'hex'), rows, body, after === undefined ? null : JSON.stringify(after))
    remember('next', number + 1)
  }
  return {
    waiting(after = 0) {
      const row = one.first.get(after)
      if (row === undefined) return undefined
      const { number, batch_id, digest, rows, body } = row
      return {
        number: Number(number),
        batchId: String(batch_id),
        digest: String(digest),
        rows: Number(rows),
        body: Buffer.from(body as Uint8Array),
      }
    },
    count() {
      const row = one.count.get()
      return { batches: Number(row?.batches), bytes: Number(row?.bytes) }
    },
    keep({ header, lines, held, gone, state, after }) {
      together(() => {
        for (const { key, hash: digestOfRow } of held) one.hold.run(key, digestOfRow)
        for (const key of gone) one.drop.run(key)
        if (state !== undefined) remember('state', state)
        if (lines.length > 0) insert([header, ...lines].join('\n'), lines.length, after)
      })
    },
    confirm(header) {
      together(() => insert(header, 0, undefined))
    },
    acknowledge(number, told) {
      lightly(() =>
        together(() => {
          one.owe.run(number)
          one.remove.run(number)
          remember('taken', told)
        }),
      )
    },
    hashOf(key) {
      const row = one.hash.get(key)
      return row === undefined ? undefined : Buffer.from(row.hash as Uint8Array)
    },
    doubt(keys) {
      together(() => {
        for (const { key, isGone } of keys) {
          if (isGone) one.hold.run(key, NOTHING)
          else one.drop.run(key)
        }
      })
    },
    beginScan: () => db.exec('delete from met'),
    meet: (key) => one.met.run(key).changes === 1,
    missed: () => ({
      keys: (function* () {
        // Page by page: what is held may be dropped meanwhile, and no list of all of them has to be in memory.
        for (let last = ''; ; ) {
          const rows = one.missed.all(last)
          if (rows.length === 0) return
          for (const row of rows) {
            last = String(row.key)
            yield last
          }
        }
      })(),
      count: Number(one.missedCount.get()?.count),
      held: Number(one.held.get()?.count),
    }),
    state: <T>() => recall<T>('state'),
    pendingAfter: () => one.after.all().map((row) => JSON.parse(String(row.after_text)) as unknown),
    owed: () => one.owed.all().map((row) => ({ id: Number(row.id), after: JSON.parse(String(row.after_text)) as unknown })),
    paid: (id) => lightly(() => void one.paid.run(id)),
    startAnew(nextNumber) {
      together(() => {
        db.exec("delete from parcel; delete from held; delete from note where name = 'state'")
        remember('next', nextNumber)
      })
    },
    remember,
    recall,
    close: () => db.close(),
  }
}

/** Names the file of a lane's spool. */
export function spoolFile(dataDir: string, channel: string, lane: string): string {
  mkdirSync(dataDir, { recursive: true })
  return join(dataDir, `${channel}-${lane}.spool`)
}

/**
 * Keeps a data folder to one process (目录锁): the lock is the operating system's, and ends with the process however that ends; a process that is only
 * stopped still has it.
 * @throws AgentProblem `agent.running`
 */
export function lockFolder(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true })
  const db = new DatabaseSync(join(dataDir, 'lock'))
  try {
    db.exec('pragma busy_timeout = 0; begin exclusive')
  } catch (cause) {
    db.close()
    throw new AgentProblem('agent.running', `数据目录“${dataDir}”正由另一个前置程序使用。`, '请先停止该程序，或为本程序另设数据目录。', {
      cause,
    })
  }
  return () => db.close()
}

/** What tells whether a record is as it was: of its values as they are sent. */
export function rowHash(line: string): Buffer {
  return createHash('sha256').update(line).digest().subarray(0, 16)
}
