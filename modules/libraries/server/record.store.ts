import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { BadLine, Chunk, ResourceDefinition } from '@tongchou/records'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { canonicalText, tableOf } from './install.plan.ts'
import type { Receipt } from './library.schema.ts'
import { inOneGo } from './one-go.ts'

// The write path works on a connection of its own and in SQL: COPY is not a statement that a query builder knows, and the tables of records
// have no types here. Names in SQL come from the registered number and from item ids, both checked; every value is a parameter or in COPY.

/** A resource as its records are written. */
export interface Target {
  resource: string
  table: string
  definition: ResourceDefinition
}

export async function findTarget(client: pg.ClientBase, resource: string): Promise<Target | undefined> {
  const { rows } = await client.query<{ number: number; definition: ResourceDefinition }>(
    `select r.number, s.definition from libraries.resource r
     join libraries.head h on h.resource = r.resource
     join libraries.structure s on s.resource = r.resource and s.version = h.structure
     where r.resource = $1`,
    [resource],
  )
  const [row] = rows
  return row && { resource, table: tableOf(row.number), definition: row.definition }
}

/** What a batch finds when it begins. */
export interface Begun {
  /** False where its id was claimed before. */
  isNew: boolean
  lastSeq: number
  structure: number
  keepsBefore: boolean
  /** Whether anything of the resource waits in the quarantine; most batches ask nothing more. */
  isAnyOpen: boolean
}

/**
 * Begins the transaction of a batch: claims its id (whoever sends it at the same moment waits for the first), and locks the head until the transaction ends.
 * The lock is a statement of its own: one that also read the table would see it as it was before the wait.
 */
export async function beginBatch(
  client: pg.ClientBase,
  {
    resource,
    batchId,
    digest,
    receivedAt,
    receivedBy,
  }: { resource: string; batchId: string; digest: string; receivedAt: Date; receivedBy: string },
): Promise<Begun> {
  const [, claimed, locked, open] = await inOneGo(client, () => [
    client.query('begin'),
    client.query({
      name: 'libraries.claim',
      text: `insert into libraries.batch (resource, batch_id, digest, received_at, received_by) values ($1, $2, $3, $4, $5)
        on conflict (resource, batch_id) do nothing`,
      values: [resource, batchId, digest, receivedAt, receivedBy],
    }),
    client.query<{ last_seq: number; structure: number; keeps_before: boolean }>({
      name: 'libraries.lock',
      text: 'select last_seq::float8 as last_seq, structure, keeps_before from libraries.head where resource = $1 for update',
      values: [resource],
    }),
    client.query({
      name: 'libraries.open',
      text: "select from libraries.bad_line where resource = $1 and state = 'open' limit 1",
      values: [resource],
    }),
  ])
  const [head] = locked.rows
  if (!head) throw new Error(`resource ${resource} has no head`)
  const { last_seq: lastSeq, structure, keeps_before: keepsBefore } = head
  return { isNew: claimed.rowCount === 1, lastSeq, structure, keepsBefore, isAnyOpen: open.rowCount === 1 }
}

/** What an id that was claimed before stands for. */
export async function knownBatch(
  client: pg.ClientBase,
  { resource, batchId }: { resource: string; batchId: string },
): Promise<{ digest: string; receipt: Receipt }> {
  const { rows } = await client.query<{ digest: string; receipt: Receipt }>(
    'select digest, receipt from libraries.batch where resource = $1 and batch_id = $2',
    [resource, batchId],
  )
  const [row] = rows
  if (!row) throw new Error(`batch ${batchId} is neither new nor there`)
  return row
}

/** Every receipt, in the order in which they were given. */
export async function givenReceipts(client: pg.ClientBase): Promise<Receipt[]> {
  const { rows } = await client.query<{ receipt: Receipt }>(
    'select receipt from libraries.batch where receipt is not null order by received_at, resource, batch_id',
  )
  return rows.map(({ receipt }) => receipt)
}

/** Records by their position in the batch: those that are not there yet, and those that are there otherwise. The rest is as it was. */
export interface Classified {
  fresh: number[]
  known: number[]
}

/** Which of the records are new or other than what is there. */
export async function classify(
  client: pg.ClientBase,
  table: string,
  keys: readonly string[],
  hashes: readonly string[],
): Promise<Classified> {
  const { rows } = await client.query<{ fresh: string | null; known: string | null }>({
    text: `with ${differing(table)} select ${positions} from differing`,
    values: [keys, hashes],
  })
  return classifiedOf(rows[0])
}

const differing = (table: string) => `differing as materialized (
    select u.n, r.ctid as place from rows from (unnest($1::text[]), unnest($2::uuid[])) with ordinality as u (k, h, n)
    left join ${table} r on r.record_key = u.k where r.record_hash is distinct from u.h)`

// One text each: as a row for each record, reading the answer took longer than finding it.
const positions = `string_agg(n::text, ',') filter (where place is null) as fresh, string_agg(n::text, ',') filter (where place is not null) as known`

const classifiedOf = (row: { fresh: string | null; known: string | null } | undefined): Classified => ({
  fresh: positionsIn(row?.fresh),
  known: positionsIn(row?.known),
})
const positionsIn = (text: string | null | undefined) => (text ? text.split(',').map((n) => Number(n) - 1) : [])

/**
 * Tells which of the records are new or other than what is there, and takes away what is there otherwise, so that one COPY writes both. One statement, by
 * the places where the records were found: under the resource's lock nobody else moves them.
 */
export async function takeOutdated(
  client: pg.ClientBase,
  table: string,
  keys: readonly string[],
  hashes: readonly string[],
): Promise<Classified> {
  const { rows } = await client.query<{ fresh: string | null; known: string | null }>({
    text: `with ${differing(table)}, gone as (
        delete from ${table} where ctid = any(array(select place from differing where place is not null)))
      select ${positions} from differing`,
    values: [keys, hashes],
  })
  return classifiedOf(rows[0])
}

/**
 * Removes records; gives the keys of those that were there, and what they were: the JSON array of their canonical texts, ready for the log, or an empty
 * text where nobody needs it.
 */
export async function removeRecords(
  client: pg.ClientBase,
  { table, definition }: Target,
  keys: readonly string[],
  keepsBefore: boolean,
): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map()
  const texts = definition.items.map(({ id, type }) => canonicalText(id, type))
  const before = keepsBefore ? `array_to_json(array[${texts.join(', ')}])::text` : `''`
  const { rows } = await client.query<{ record_key: string; before: string }>(
    `delete from ${table} where record_key = any($1) returning record_key, ${before} as before`,
    [keys],
  )
  return new Map(rows.map((row) => [row.record_key, row.before]))
}

/** @param lines in COPY's text format: as `recordLine` makes them, and the record's number at the end */
export async function copyRecords(client: pg.ClientBase, { table, definition }: Target, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return
  const columns = [...definition.items.map(({ id }) => id), 'record_key', 'record_hash', 'changed_at', 'batch_id', 'seq']
  const target = client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`))
  await pipeline(Readable.from(pieces(lines)), target)
}

/** Large enough that the number of writes does not matter, small enough that none of them holds up the process. */
function* pieces(lines: readonly string[]): Generator<string> {
  for (let at = 0; at < lines.length; at += 1000) yield `${lines.slice(at, at + 1000).join('\n')}\n`
}

/** What a batch leaves behind beside its records: the log, the last number and the receipt. Woken are those who wait for changes, after the commit. */
export function finishBatch(client: pg.ClientBase, chunks: readonly Chunk[], at: Date, receipt: Receipt): Promise<unknown>[] {
  const { resource, batchId, seqTo } = receipt
  const sent: Promise<unknown>[] = chunks.map(({ seqFrom, seqTo: last, schema, codec, bytes }) =>
    client.query({
      name: 'libraries.append',
      text: `insert into libraries.log_chunk (resource, seq_to, seq_from, structure, codec, bytes, at) values ($1, $2, $3, $4, $5, $6, $7)`,
      values: [resource, last, seqFrom, schema, codec, bytes, at],
    }),
  )
  if (seqTo !== null)
    sent.push(
      client.query({
        name: 'libraries.advance',
        text: 'update libraries.head set last_seq = $2 where resource = $1',
        values: [resource, seqTo],
      }),
      client.query({ name: 'libraries.tell', text: "select pg_notify('libraries', $1)", values: [JSON.stringify([resource, seqTo])] }),
    )
  sent.push(
    client.query({
      name: 'libraries.finish',
      text: 'update libraries.batch set receipt = $3 where resource = $1 and batch_id = $2',
      values: [resource, batchId, JSON.stringify(receipt)],
    }),
  )
  return sent
}

/** A bad line as it is kept: with the order of its values, and already closed where a later line of its batch settled it. */
export interface KeptLine extends BadLine {
  items: readonly string[]
  state: 'open' | ClosedByData
}

export async function keepBadLines(
  client: pg.ClientBase,
  { resource, batchId, at }: { resource: string; batchId: string; at: Date },
  bad: readonly KeptLine[],
): Promise<void> {
  if (bad.length === 0) return
  await client.query(
    `insert into libraries.bad_line (resource, batch_id, line, record_key, raw_key, is_deletion, text, items, problems, at, state, closed_at, closed_batch)
     select $1, $2, b.line, b.key, b."rawKey", b."isDeletion", b.text, b.items, b.problems, $4, b.state,
       case when b.state <> 'open' then $4::timestamptz end, case when b.state <> 'open' then $2::text end
     from jsonb_to_recordset($3::jsonb)
       as b (line integer, key text, "rawKey" text, "isDeletion" boolean, text text, items jsonb, problems jsonb, state text)`,
    [resource, batchId, JSON.stringify(bad.map(storable)), at],
  )
}

/** How a line leaves the quarantine by data alone: a good one came, its record is gone at the source, a later bad one came. */
export type ClosedByData = 'resent' | 'removed' | 'superseded'

/** Closes what is open about these keys, canonical or as the source has them. */
export async function closeByData(
  client: pg.ClientBase,
  { resource, batchId, at }: { resource: string; batchId: string; at: Date },
  state: ClosedByData,
  { keys = [], rawKeys = [] }: { keys?: readonly string[]; rawKeys?: readonly string[] },
): Promise<Set<string>> {
  if (keys.length + rawKeys.length === 0) return new Set()
  const { rows } = await client.query<{ raw_key: string | null }>(
    `update libraries.bad_line set state = $4, closed_at = $3, closed_batch = $2
     where resource = $1 and state = 'open' and (record_key = any($5) or raw_key = any($6)) returning raw_key`,
    [resource, batchId, at, state, keys, rawKeys],
  )
  return new Set(rows.flatMap(({ raw_key }) => raw_key ?? []))
}

/** PostgreSQL keeps no NUL in a text; where one stood is shown. */
const storable = (line: KeptLine): KeptLine => ({
  ...line,
  text: shownNul(line.text),
  rawKey: line.rawKey === null ? null : shownNul(line.rawKey),
})
const shownNul = (text: string) => text.toWellFormed().replaceAll('\0', '␀').replaceAll('\\u0000', '␀')
