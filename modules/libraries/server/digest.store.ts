import { type Ctx, InvalidState, inTransaction } from '@tongchou/kernel'
import { sql } from 'kysely'
import { tableOf } from './install.plan.ts'
import { tableNumber } from './install.store.ts'

/** What of a resource's copy is asked for: buckets by the first bits of a key's digest, all or those within some of the level above. */
export interface CopyAsked {
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

/** The records of some buckets by key and row hash, and whether each was corrected at the center; none of their values. */
export interface CopyRows extends CopyAt {
  rows: [key: string, hash: string, isCorrected: boolean][]
}

/** Ten million records take half a minute; a request of any other kind has to be quicker. */
const WITHIN_MS = '80000'

/**
 * Digests of a copy by buckets (对账摘要). They are made from the hashes that each record has beside it, none of its values is read. The sender's number used
 * once goes into each, so that no answer of before is one of now.
 */
export async function copyDigests(ctx: Ctx, resource: string, nonce: string, { bits, within }: CopyAsked): Promise<CopyDigests> {
  return answered(ctx, resource, async (tx, table) => {
    const bucket = bits === 8 ? sql`get_byte(h, 0)` : sql`get_byte(h, 0) * 256 + get_byte(h, 1)`
    const wanted = within === null ? sql`true` : sql`get_byte(h, 0) = any(${[...within]}::int[])`
    const { rows } = await sql<CopyDigests>`
      select l.last_seq::float8 as seq, l.structure, d.digests from libraries.head l cross join (
        select coalesce(json_agg(json_build_array(bucket, count, digest) order by bucket), '[]') as digests from (
          select ${bucket} as bucket, count(*)::int as count,
            encode(substring(sha256(decode(${nonce}, 'hex') || string_agg(h || uuid_send(record_hash), ''::bytea order by h)) for 16), 'hex') as digest
          from ${hashed(table)} where ${wanted} group by 1) b) d
      where l.resource = ${resource}`.execute(tx.db)
    return rows[0]
  })
}

/** More rows than one answer has are asked for in parts. */
const mostCopyRows = 200_000

/** Keys and row hashes of the records in some buckets. @throws InvalidState where that is too much at once */
export async function copyRows(ctx: Ctx, resource: string, { bits, within }: CopyAsked): Promise<CopyRows> {
  const found = await answered(ctx, resource, async (tx, table) => {
    const bucket = bits === 8 ? sql`get_byte(h, 0)` : sql`get_byte(h, 0) * 256 + get_byte(h, 1)`
    const { rows } = await sql<CopyRows>`
      select l.last_seq::float8 as seq, l.structure, d.rows from libraries.head l cross join (
        select coalesce(json_agg(json_build_array(record_key, encode(uuid_send(record_hash), 'hex'), corrected)), '[]') as rows from (
          select record_key, record_hash, batch_id like 'correction/%' as corrected
          from ${hashed(table)} where ${bucket} = any(${[...(within ?? [])]}::int[]) limit ${mostCopyRows + 1}) r) d
      where l.resource = ${resource}`.execute(tx.db)
    return rows[0]
  })
  if (found.rows.length > mostCopyRows) throw new InvalidState('libraries.too_many_rows', '一次取回的对账明细过多，请分次索取。')
  return found
}

/** Sixteen bytes of a key's digest: records spread evenly over buckets, whatever their keys are like. */
const hashed = (table: string) => sql`(
  select record_key, record_hash, batch_id, substring(sha256(convert_to(record_key, 'UTF8')) for 16) as h from ${sql.table(table)}) t`

async function answered<A>(ctx: Ctx, resource: string, ask: (tx: Ctx, table: string) => Promise<A | undefined>): Promise<A> {
  return inTransaction(ctx, async (tx) => {
    const number = await tableNumber(tx, resource)
    await sql`select set_config('statement_timeout', ${WITHIN_MS}, true), set_config('jit', 'off', true)`.execute(tx.db)
    const answer = number === undefined ? undefined : await ask(tx, tableOf(number))
    if (answer === undefined) throw new InvalidState('libraries.not_built', '该资源尚未建库，没有可对账的数据。')
    return answer
  })
}
