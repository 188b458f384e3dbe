import { sql } from 'kysely'
import type { Ctx } from './context.ts'

/** What an act was done to. */
export interface Subject {
  kind: string
  id: string
}

/** Writes the audit row of an act. Inside `inTransaction` it commits or rolls back with the act. */
export async function recordAudit(ctx: Ctx, action: string, subject: Subject, detail: Record<string, unknown> = {}): Promise<void> {
  await insertAudit(ctx, action, 'done', subject, detail)
}

/** Writes the audit row of a refused attempt; called outside the act's transaction, which was rolled back. */
export async function recordRefusal(ctx: Ctx, action: string, subject: Subject, detail: Record<string, unknown>): Promise<void> {
  await insertAudit(ctx, action, 'refused', subject, detail)
}

async function insertAudit(ctx: Ctx, action: string, outcome: 'done' | 'refused', subject: Subject, detail: Record<string, unknown>) {
  const { actor } = ctx
  await ctx.db
    .insertInto('kernel.audit_event')
    .values({
      at: ctx.now(),
      request_id: ctx.requestId,
      account_id: actor.accountId,
      person_id: actor.personId,
      person_name: actor.name,
      post_id: actor.postId,
      org_id: actor.orgId,
      org_name: actor.orgName,
      action,
      outcome,
      subject_kind: subject.kind,
      subject_id: subject.id,
      detail: JSON.stringify(detail),
    })
    .execute()
}

/** One line of an audit trail as screens show it. */
export interface AuditLine {
  seq: number
  at: string
  personName: string | null
  orgName: string | null
  action: string
  outcome: 'done' | 'refused'
  detail: Record<string, unknown>
}

/** The trail of some subjects, newest first. The caller has checked that the actor may read them. */
export async function auditTrail(ctx: Ctx, subjects: readonly Subject[], limit = 200): Promise<AuditLine[]> {
  if (subjects.length === 0) return []
  const pairs = sql.join(subjects.map((s) => sql`(${s.kind}, ${s.id})`))
  const rows = await ctx.db
    .selectFrom('kernel.audit_event')
    .select(['seq', 'at', 'person_name', 'org_name', 'action', 'outcome', 'detail'])
    .where(sql<boolean>`(subject_kind, subject_id) in (${pairs})`)
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    seq: row.seq,
    at: row.at.toISOString(),
    personName: row.person_name,
    orgName: row.org_name,
    action: row.action,
    outcome: row.outcome,
    detail: row.detail,
  }))
}

/** Event for others (outbox), written in the act's transaction. */
export async function recordEvent(ctx: Ctx, event: string, subject: Subject, payload: Record<string, unknown>): Promise<void> {
  await ctx.db
    .insertInto('kernel.outbox')
    .values({
      at: ctx.now(),
      event,
      subject_kind: subject.kind,
      subject_id: subject.id,
      payload: JSON.stringify(payload),
      delivered_at: null,
    })
    .execute()
}
