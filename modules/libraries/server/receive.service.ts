import { InvalidState, InvalidValue, NotFound } from '@tongchou/kernel'
import {
  type BadLine,
  BatchProblem,
  copyField,
  type PreparedBatch,
  prepareBatch,
  type ResourceDefinition,
  toChunks,
  withBefore,
} from '@tongchou/records'
import type pg from 'pg'
import { attest } from './attest.ts'
import type { Receipt } from './library.schema.ts'
import { inOneGo } from './one-go.ts'
import { settleQuarantine } from './quarantine.closing.ts'
import {
  type Begun,
  beginBatch,
  type Classified,
  classify,
  copyRecords,
  findTarget,
  finishBatch,
  knownBatch,
  removeRecords,
  type Target,
  takeOutdated,
} from './record.store.ts'

/** A batch as it comes: whose, which, and its lines. */
export interface IncomingBatch {
  resource: string
  /** Chosen by the sender, the same at every repetition. */
  batchId: string
  text: string
  /** SM3 of the text, where the caller has made it already. */
  digest?: string | undefined
  /** Who answers for it, for example a channel. */
  receivedBy: string
  receivedAt: Date
}

/** What else is to be committed with the batch, beside its audit row and its leaf of the evidence. */
export type AlsoCommitted = (client: pg.ClientBase, receipt: Receipt) => Promise<void>

export interface Receiving {
  also?: AlsoCommitted
  /** Asked under the resource's lock, before anything is written: what stands against it is thrown. */
  guard?: (client: pg.ClientBase, target: Target) => Promise<void>
  /** Lines are checked at once, and written only when this is through: the batch before it of the same sender. */
  turn?: Promise<void> | undefined
}

/**
 * The one way in which records are written (写入): checks every line, sets bad ones aside, writes what is new or other, numbers each change without a
 * gap and in the order of commits, and answers with a receipt once all of it is committed. The same batch again changes nothing and
 * has the same receipt.
 * @throws NotFound no such library; InvalidValue the batch cannot be read; InvalidState its id stands for something else
 */
export async function receiveBatch(
  pool: pg.Pool,
  batch: IncomingBatch,
  { also = async () => undefined, guard = async () => undefined, turn }: Receiving = {},
): Promise<Receipt> {
  if (!BATCH_ID.test(batch.batchId)) throw new InvalidValue('libraries.batch_id', '批次号应为 1 至 120 个可见的半角字符，不含空格。')
  const ready = await checkedByLast(pool, batch)
  // No connection is held while others write: those of whom this one waits may need it.
  await turn
  return connected(pool, async (client) => {
    const receipt = await written(client, batch, ready, { also, guard })
    if (receipt.structure !== ready.target.definition.version) targets.get(pool)?.delete(batch.resource)
    return receipt
  })
}

/** Where records of a resource went last. A version of a structure never changes, and whether it still is the one in force is asked under the lock. */
const targets = new WeakMap<pg.Pool, Map<string, Target>>()
const MOST_TARGETS = 200

async function checkedByLast(pool: pg.Pool, batch: IncomingBatch): Promise<Checked> {
  const last = targets.get(pool)?.get(batch.resource)
  if (last) {
    try {
      return checked(last, batch)
    } catch {
      // It may be a batch of the structure that has come into force since.
    }
  }
  return checked(keptTarget(pool, await connected(pool, (client) => findTarget(client, batch.resource))), batch)
}

function keptTarget(pool: pg.Pool, target: Target | undefined): Target | undefined {
  const kept = targets.get(pool) ?? new Map<string, Target>()
  targets.set(pool, kept)
  const [oldest] = kept.keys()
  if (kept.size >= MOST_TARGETS && oldest !== undefined) kept.delete(oldest)
  if (target) kept.set(target.resource, target)
  return target
}

async function connected<R>(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<R>): Promise<R> {
  const client = await pool.connect()
  let broken: Error | undefined
  const lost = (error: Error) => {
    broken = error
  }
  client.on('error', lost)
  try {
    return await work(client)
  } catch (error) {
    if (!(error instanceof InvalidState || error instanceof InvalidValue || error instanceof NotFound)) broken ??= error as Error
    throw error
  } finally {
    client.off('error', lost)
    client.release(broken)
  }
}

type Hooks = Required<Pick<Receiving, 'also' | 'guard'>>

/** So long that it stands in the log and in the evidence as it is. */
const BATCH_ID = /^[\x21-\x7e]{1,120}$/

/** A batch whose lines were checked against the structure that stood when they were. */
interface Checked {
  target: Target
  prepared: PreparedBatch
  /** Of each record that is to be put in what COPY takes, but for its number at the end. */
  lines: readonly string[]
}

function checked(target: Target | undefined, batch: IncomingBatch): Checked {
  if (!target) throw new NotFound('libraries.resource_not_found', '没有这个资源，或尚未建库。')
  const prepared = checkedLines(batch, target.definition)
  const { keys, hashes, copies } = prepared.upserts
  const end = `${batch.receivedAt.toISOString()}\t${copyField(batch.batchId)}\t`
  const lines = keys.map((key, i) => `${copies[i]}\t${copyField(key)}\t${hashes[i]}\t${end}`)
  return { target, prepared, lines }
}

function checkedLines({ text, digest }: IncomingBatch, definition: ResourceDefinition): PreparedBatch {
  try {
    return prepareBatch(text, definition, digest)
  } catch (error) {
    if (!(error instanceof BatchProblem)) throw error
    const where = error.line === undefined ? '' : `第 ${error.line} 行：`
    throw new InvalidValue(`libraries.batch_${error.code.replaceAll('-', '_')}`, `批次不能接收。${where}${error.message}。`)
  }
}

async function written(client: pg.ClientBase, batch: IncomingBatch, ready: Checked, { also, guard }: Hooks): Promise<Receipt> {
  try {
    const head = await beginBatch(client, { ...batch, digest: ready.prepared.digest })
    if (!head.isNew) {
      const known = await knownBatch(client, batch)
      await client.query('rollback')
      return repeated(batch, ready.prepared, known)
    }
    // The structure changed while the lines were checked, or since the last batch: once more, now that it stands still.
    const isStanding = head.structure === ready.target.definition.version
    const { target, prepared, lines } = isStanding ? ready : checked(await findTarget(client, batch.resource), batch)
    await guard(client, target)
    const receipt = await apply(client, { target, prepared, lines }, batch, head)
    await also(client, receipt)
    await client.query('commit')
    return receipt
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

function repeated({ batchId }: IncomingBatch, { digest }: PreparedBatch, known: { digest: string; receipt: Receipt }): Receipt {
  if (known.digest === digest) return known.receipt
  throw new InvalidState('libraries.batch_reused', `批次号 ${batchId} 已用于另一批内容，请换一个批次号发送。`)
}

async function apply(client: pg.ClientBase, ready: Checked, batch: IncomingBatch, head: Head): Promise<Receipt> {
  const { target, prepared, lines } = ready
  const { resource, batchId, receivedAt } = batch
  const { lastSeq } = head
  const changes =
    target.definition.kind === 'event'
      ? await newEvents(client, target, prepared, head)
      : await changedStates(client, target, prepared, head)
  const { taken, logs } = changes
  const at = receivedAt.toISOString()
  const first = lastSeq + logs.length - taken.length + 1
  // The log is packed while the database reads the records.
  const [chunks] = await Promise.all([
    toChunks(logs, lastSeq + 1, target.definition.version),
    copyRecords(
      client,
      target,
      taken.map((position, i) => `${lines[position]}${first + i}`),
    ),
  ])
  const place = { resource, batchId, at: receivedAt, isAnyOpen: head.isAnyOpen }
  const bad = await settleQuarantine(client, place, prepared, changes.refused, target.definition)
  const receipt: Receipt = {
    resource,
    batchId,
    digest: prepared.digest,
    structure: target.definition.version,
    rows: prepared.rows,
    ...changes.counts,
    superseded: prepared.superseded,
    bad: bad.length,
    seqFrom: logs.length === 0 ? null : lastSeq + 1,
    seqTo: logs.length === 0 ? null : lastSeq + logs.length,
    receivedAt: at,
  }
  await inOneGo(client, () => [...finishBatch(client, chunks, receivedAt, receipt), ...attest(client, batch, receipt)])
  return receipt
}

/** What the lock on the head tells. */
type Head = Pick<Begun, 'lastSeq' | 'keepsBefore' | 'isAnyOpen'>

/** What a batch changes, decided under the lock: which of its records are to be written, and the lines of the log in their order. */
interface Changes {
  taken: readonly number[]
  logs: readonly string[]
  refused: readonly BadLine[]
  counts: Pick<Receipt, 'inserted' | 'updated' | 'deleted' | 'unchanged' | 'absent'>
}

/** Which records are new or other than what is there. Of an empty library nobody need ask. */
async function different(client: pg.ClientBase, { table }: Target, { upserts }: PreparedBatch, lastSeq: number): Promise<Classified> {
  if (lastSeq === 0) return { fresh: upserts.keys.map((_, position) => position), known: [] }
  return classify(client, table, upserts.keys, upserts.hashes)
}

async function changedStates(client: pg.ClientBase, target: Target, prepared: PreparedBatch, head: Head): Promise<Changes> {
  const { upserts, deletes } = prepared
  const { lastSeq, keepsBefore } = head
  const gone = await removeRecords(client, target, deletes.keys, keepsBefore)
  // Gone and written anew: one COPY for all is cheaper than an update of each, and nothing refers to these tables.
  const isPlain = lastSeq > 0 && !keepsBefore
  const { fresh, known } = isPlain
    ? await takeOutdated(client, target.table, upserts.keys, upserts.hashes)
    : await different(client, target, prepared, lastSeq)
  const replaced = isPlain ? [] : known.map((position) => upserts.keys[position] ?? '')
  const before = await removeRecords(client, target, replaced, keepsBefore)
  const taken = inOrder(fresh, known)
  return {
    taken,
    logs: [
      ...deletes.logs.flatMap((log, i) => {
        const was = gone.get(deletes.keys[i] ?? '')
        return was === undefined ? [] : [keepsBefore ? withBefore(log, was) : log]
      }),
      ...taken.map((position) => {
        const log = upserts.logs[position] ?? ''
        return keepsBefore ? withBefore(log, before.get(upserts.keys[position] ?? '') ?? 'null') : log
      }),
    ],
    refused: [],
    counts: {
      inserted: fresh.length,
      updated: known.length,
      deleted: gone.size,
      unchanged: upserts.keys.length - taken.length,
      absent: deletes.keys.length - gone.size,
    },
  }
}

const inOrder = (...positions: (readonly number[])[]) => positions.flat().sort((a, b) => a - b)

/** What happened stays as it was told: another telling of it, and taking it back, are set aside for people to look at. */
async function newEvents(client: pg.ClientBase, target: Target, prepared: PreparedBatch, { lastSeq, keepsBefore }: Head): Promise<Changes> {
  const { upserts, deletes } = prepared
  const { fresh, known } = await different(client, target, prepared, lastSeq)
  const taken = inOrder(fresh)
  const told = (rule: string, message: string) => (from: { keys: string[]; logs: string[]; lines: number[] }, position: number) => {
    const [op, ...values] = JSON.parse(from.logs[position] ?? '[]') as string[]
    const isDeletion = op === 'd'
    return {
      ...{ line: from.lines[position] ?? 0, key: from.keys[position] ?? null, rawKey: null, isDeletion },
      text: JSON.stringify(isDeletion ? { delete: values } : values),
      problems: [{ item: '', rule, message }],
    }
  }
  const otherwise = told('event-changed', '这一事件已经记录，内容不同；事件只能追加，不能改动')
  const takenBack = told('event-deleted', '事件只能追加，不能删除')
  return {
    taken,
    logs: taken.map((position) => {
      const log = upserts.logs[position] ?? ''
      return keepsBefore ? withBefore(log, 'null') : log
    }),
    refused: [
      ...inOrder(known).map((position) => otherwise(upserts, position)),
      ...deletes.keys.map((_, position) => takenBack(deletes, position)),
    ],
    counts: { inserted: taken.length, updated: 0, deleted: 0, unchanged: upserts.keys.length - taken.length - known.length, absent: 0 },
  }
}
