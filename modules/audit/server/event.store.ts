import { type AuditEventTable, type Ctx, decodeCursor, endOfDayInShanghai, type KernelTables, startOfDayInShanghai } from '@tongchou/kernel'
import { type ExpressionBuilder, type ExpressionWrapper, type Selectable, type SqlBool, sql } from 'kysely'
import { auditDb } from './audit.tables.ts'
import type { EventQuery } from './event.schema.ts'

export type EventRow = Selectable<AuditEventTable>

/** What of the log an actor may read, as SQL. */
export type EventScope = (
  eb: ExpressionBuilder<KernelTables, 'kernel.audit_event'>,
) => ExpressionWrapper<KernelTables, 'kernel.audit_event', SqlBool>

/** Filters of the log; `actions` is what a module stands for. */
export type EventFilter = Omit<EventQuery, 'module' | 'limit'> & { actions?: readonly string[]; personId?: string; limit: number }

/** Newest first by (at, seq), `limit + 1` rows. */
export async function listEvents(ctx: Ctx, scope: EventScope, filter: EventFilter): Promise<EventRow[]> {
  const before = decodeCursor(filter.cursor, ['instant', 'integer'])
  let query = auditDb(ctx).selectFrom('kernel.audit_event').selectAll().where(scope)
  if (before) query = query.where(sql<boolean>`(at, seq) < (${before[0]}::timestamptz, ${before[1]}::bigint)`)
  if (filter.from) query = query.where('at', '>=', startOfDayInShanghai(filter.from))
  if (filter.to) query = query.where('at', '<=', endOfDayInShanghai(filter.to))
  if (filter.actions) query = query.where(sql<boolean>`action = any(${filter.actions}::text[])`)
  const equal = {
    person_name: filter.person?.trim(),
    person_id: filter.personId,
    org_id: filter.orgId,
    action: filter.action,
    outcome: filter.outcome,
    subject_kind: filter.subjectKind,
    subject_id: filter.subjectId?.trim(),
    request_id: filter.requestId?.trim(),
  } as const
  for (const [column, value] of Object.entries(equal))
    if (value !== undefined) query = query.where(column as keyof typeof equal, '=', value)
  return query
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc')
    .limit(filter.limit + 1)
    .execute()
}

export async function findEvent(ctx: Ctx, seq: number): Promise<EventRow | undefined> {
  return auditDb(ctx).selectFrom('kernel.audit_event').selectAll().where('seq', '=', seq).executeTakeFirst()
}

/** The place of a row in the chain; undefined while it has none. */
export async function sealOf(ctx: Ctx, seq: number): Promise<{ position: number; hash: string } | undefined> {
  const row = await auditDb(ctx).selectFrom('kernel.audit_seal').select(['position', 'hash']).where('seq', '=', seq).executeTakeFirst()
  return row && { position: row.position, hash: row.hash.toString('hex') }
}

/** Other rows of the same request, oldest first, at most twenty. */
export async function sameRequest(ctx: Ctx, scope: EventScope, { request_id, seq }: EventRow): Promise<EventRow[]> {
  return auditDb(ctx)
    .selectFrom('kernel.audit_event')
    .selectAll()
    .where(scope)
    .where('request_id', '=', request_id)
    .where('seq', '!=', seq)
    .orderBy('seq')
    .limit(20)
    .execute()
}
