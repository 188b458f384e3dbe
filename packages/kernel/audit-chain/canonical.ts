import { createHash } from 'node:crypto'
import { type SqlBool, sql } from 'kysely'

/** A row of the log as the chain sees it: every column as PostgreSQL writes it as text, so that no reader rounds or reorders anything. */
export interface ChainedRow {
  seq: string
  at: string
  request_id: string
  account_id: string | null
  person_id: string | null
  person_name: string | null
  post_id: string | null
  org_id: string | null
  org_name: string | null
  action: string
  outcome: string
  subject_kind: string
  subject_id: string
  detail: string
}

/** The columns of `kernel.audit_event` (as `e`) in the order of the encoding, each as text. `at` in UTC to the microsecond. */
export const chainedColumns = sql<ChainedRow>`
  e.seq::text as seq, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, e.request_id, e.account_id, e.person_id,
  e.person_name, e.post_id, e.org_id, e.org_name, e.action, e.outcome, e.subject_kind, e.subject_id, e.detail::text as detail`

/** Whether a row of the log (as `e`) has no place in the chain yet. */
export const isUnsealed = sql<SqlBool>`not exists (select from kernel.audit_seal s where s.seq = e.seq)`

const version = 'tongchou-audit-1'

/** What the chain begins with. */
export const genesis = createHash('sm3').update(version).digest()

/**
 * The canonical encoding of a row at its place: a JSON array of texts and nulls in a fixed order. Such an array has exactly one
 * form, which any language can make again.
 */
export function canonical(position: number, row: ChainedRow): string {
  return JSON.stringify([
    version,
    String(position),
    row.seq,
    row.at,
    row.request_id,
    row.account_id,
    row.person_id,
    row.person_name,
    row.post_id,
    row.org_id,
    row.org_name,
    row.action,
    row.outcome,
    row.subject_kind,
    row.subject_id,
    row.detail,
  ])
}

/** h[n] = SM3(h[n-1] ‖ canonical row n). */
export function nextHash(previous: Buffer, position: number, row: ChainedRow): Buffer {
  return createHash('sm3').update(previous).update(canonical(position, row)).digest()
}
