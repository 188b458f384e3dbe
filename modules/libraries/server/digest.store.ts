import { type Ctx, InvalidState, inTransaction } from '@tongchou/kernel'
import type { ResourceDefinition } from '@tongchou/records'
import { type RawBuilder, sql } from 'kysely'
import { canonicalText, tableOf } from './install.plan.ts'
import { tableNumber } from './install.store.ts'
import { librariesDb } from './library.schema.ts'
import { structureOf } from './structure.store.ts'

/** What of a resource's copy is asked for: buckets by the first bits of a key's digest, all or those within some of the level above. */
export interface CopyAsked {
  /** By the hash that stands beside each record, or by one made anew of its values: what was altered without its hash is met by the latter alone. */
  by: 'hashes' | 'values'
  bits: 8 | 16
  /** Buckets of 8 bits for digests, of `bits` for rows; null for all. */
  within: readonly number[] | null
}

/** Where the copy stood when it was asked: one statement, one snapshot. */
export interface CopyAt {
  /** Position in the change log. */
  seq: number
  structure: number
}

/** Checksums of a copy's buckets (分桶摘要): the bucket, its records, and the digest over their keys and row hashes. */
export interface CopyDigests extends CopyAt {
  digests: [bucket: number, rows: number, digest: string][]
}

/**
 * The records of some buckets by key and row hash; none of their values. Whether each was corrected at the center, and whether the hash beside it is another
 * than its values make.
 */
export interface CopyRows extends CopyAt {
  rows: [key: string, hash: string, isCorrected: boolean, isStale: boolean][]
}

/** Ten million records take half a minute; a request of any other kind has to be quicker. */
const WITHIN_MS = '80000'

/**
 * Digests of a copy by buckets (对账摘要). By hashes they are made from what each record has beside it, and none of its values is read. The sender's number used
 * once goes into each, so that no answer of before is one of now.
 */
export async function copyDigests(ctx: Ctx, resource: string, nonce: string, asked: CopyAsked): Promise<CopyDigests> {
  return answered(ctx, resource, asked, async (tx, records) => {
    const { bits, within } = asked
    const wanted = within === null ? sql`true` : sql`get_byte(digest, 0) = any(${[...within]}::int[])`
    const { rows } = await sql<CopyDigests>`
      select l.last_seq::float8 as seq, l.structure, d.digests from libraries.head l cross join (
        select coalesce(json_agg(json_build_array(bucket, count, digest) order by bucket), '[]') as digests from (
          select ${bucket(bits)} as bucket, count(*)::int as count,
            encode(substring(sha256(decode(${nonce}, 'hex') || string_agg(digest || hash, ''::bytea order by digest)) for 16), 'hex') as digest
          from ${records} where ${wanted} group by 1) b) d
      where l.resource = ${resource}`.execute(tx.db)
    return rows[0]
  })
}

/** More rows than one answer has are asked for in parts. */
const mostCopyRows = 200_000

/** Keys and row hashes of the records in some buckets. @throws InvalidState where that is too much at once */
export async function copyRows(ctx: Ctx, resource: string, asked: CopyAsked): Promise<CopyRows> {
  const found = await answered(ctx, resource, asked, async (tx, records) => {
    const { rows } = await sql<CopyRows>`
      select l.last_seq::float8 as seq, l.structure, d.rows from libraries.head l cross join (
        select coalesce(json_agg(json_build_array(record_key, encode(hash, 'hex'), batch_id like 'correction/%', hash <> kept)), '[]') as rows
        from (select * from ${records} where ${bucket(asked.bits)} = any(${[...(asked.within ?? [])]}::int[]) limit ${mostCopyRows + 1}) r) d
      where l.resource = ${resource}`.execute(tx.db)
    return rows[0]
  })
  if (found.rows.length > mostCopyRows) throw new InvalidState('libraries.too_many_rows', '一次取回的对账明细过多，请分次索取。')
  return found
}

const bucket = (bits: 8 | 16) => (bits === 8 ? sql`get_byte(digest, 0)` : sql`get_byte(digest, 0) * 256 + get_byte(digest, 1)`)

/** Sixteen bytes of a key's digest, by which records spread evenly over buckets whatever their keys are like; the hash beside each, and the one that counts. */
const hashed = (table: string, hash: RawBuilder<unknown>) => sql`(
  select record_key, batch_id, uuid_send(record_hash) as kept, ${hash} as hash, substring(sha256(convert_to(record_key, 'UTF8')) for 16) as digest
  from ${sql.table(table)}) t`

/** The hash of a record as its values are (`rowReader`): ids and canonical texts of the items that have one, each with its length as JavaScript counts it. */
function hashOfValues({ items }: ResourceDefinition): RawBuilder<unknown> {
  const parts = items.map(({ id, type }) => {
    const text = canonicalText(id, type)
    const isFree = type.kind === 'text' || type.kind === 'note' || type.kind === 'code'
    const pairs = isFree
      ? ` + case when ${text} ~ '${ASTRAL}' then length(regexp_replace(${text}, '${NOT_ASTRAL}', '', 'g')) else 0 end`
      : ''
    return `coalesce('${id}:' || (length(${text})${pairs}) || ':' || ${text}, '')`
  })
  return sql`substring(sha256(convert_to(${sql.raw(parts.join(' || '))}, 'UTF8')) for 16)`
}

/** Characters that JavaScript counts twice. */
const ASTRAL = '[\\U00010000-\\U0010FFFF]'
const NOT_ASTRAL = '[^\\U00010000-\\U0010FFFF]'

async function answered<A>(
  ctx: Ctx,
  resource: string,
  { by }: CopyAsked,
  ask: (tx: Ctx, records: RawBuilder<unknown>) => Promise<A | undefined>,
): Promise<A> {
  return inTransaction(ctx, async (tx) => {
    const number = await tableNumber(tx, resource)
    const definition = await structureOf(librariesDb(tx), resource)
    await sql`select set_config('statement_timeout', ${WITHIN_MS}, true), set_config('jit', 'off', true)`.execute(tx.db)
    const hash = by === 'values' && definition ? hashOfValues(definition) : sql`uuid_send(record_hash)`
    const answer = number === undefined ? undefined : await ask(tx, hashed(tableOf(number), hash))
    if (answer === undefined) throw new InvalidState('libraries.not_built', '该资源尚未建库，没有可对账的数据。')
    return answer
  })
}
