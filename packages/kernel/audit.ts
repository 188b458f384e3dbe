import { sql } from 'kysely'
import type { Actor, Ctx } from './context.ts'
import { decodeCursor, toPage } from './http/page.ts'

/** What an act was done to. */
export interface Subject {
  kind: string
  id: string
}

/** How it ended: done, refused, or only looked at (查阅). */
export type AuditOutcome = 'done' | 'refused' | 'looked'

/** A row of the log before it is written. */
export interface AuditRow {
  actor: Actor
  at: Date
  requestId: string
  action: string
  outcome: AuditOutcome
  subject: Subject
  detail: Record<string, unknown>
}

/** Writes the audit row of an act. Inside `inTransaction` it commits or rolls back with the act. */
export async function recordAudit(ctx: Ctx, action: string, subject: Subject, detail: Record<string, unknown> = {}): Promise<void> {
  await insertAudit(ctx, [{ ...byWhom(ctx), action, outcome: 'done', subject, detail }])
}

/** Writes the audit row of a refused attempt; called outside the act's transaction, which was rolled back. */
export async function recordRefusal(ctx: Ctx, action: string, subject: Subject, detail: Record<string, unknown>): Promise<void> {
  await insertAudit(ctx, [{ ...byWhom(ctx), action, outcome: 'refused', subject, detail }])
}

/**
 * Writes that the actor looked at a thing (查阅), before it is shown. Looking again soon is counted, not written (see `openAccessLog`),
 * so that reading is no load. A route says `config.recordsRead` instead of calling this.
 */
export async function recordRead(ctx: Ctx, subject: Subject, detail: Record<string, unknown> = {}): Promise<void> {
  const look = { action: viewedAction(subject.kind), outcome: 'looked', subject, detail } as const
  if (ctx.looks && !ctx.inside) await ctx.looks.look(ctx, look)
  else await insertAudit(ctx, [{ ...byWhom(ctx), ...look }])
}

/** The action of a look at a thing of this kind, also of a refused one. */
export function viewedAction(kind: string): string {
  return `${kind}.viewed`
}

function byWhom({ actor, now, requestId }: Ctx) {
  return { actor, at: now(), requestId }
}

/** The one statement that writes the log. */
export async function insertAudit(ctx: Pick<Ctx, 'db'>, rows: readonly AuditRow[]): Promise<void> {
  await ctx.db
    .insertInto('kernel.audit_event')
    .values(
      rows.map(({ actor, at, requestId, action, outcome, subject, detail }) => ({
        at,
        request_id: requestId,
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
        // Who stood in for somebody (受托) is kept with both names.
        detail: JSON.stringify(actor.onBehalfOf ? { ...detail, onBehalfOf: actor.onBehalfOf } : detail),
      })),
    )
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

/** A page of a trail: as many lines as asked, and the way to those before. */
export interface TrailPage {
  items: AuditLine[]
  nextCursor: string | null
}

/**
 * The trail of some subjects (办理记录), newest first: acts and refused acts. Who only looked is for the auditor.
 * The caller has checked that the actor may read the subjects.
 */
export async function auditTrail(
  ctx: Ctx,
  subjects: readonly Subject[],
  { limit = 50, cursor }: { limit?: number | undefined; cursor?: string | undefined } = {},
): Promise<TrailPage> {
  const before = decodeCursor(cursor, ['integer'])
  if (subjects.length === 0) return { items: [], nextCursor: null }
  const pairs = sql.join(subjects.map((s) => sql`(${s.kind}, ${s.id})`))
  const rows = await ctx.db
    .selectFrom('kernel.audit_event')
    .select(['seq', 'at', 'person_name', 'org_name', 'action', 'outcome', 'detail'])
    .where(sql<boolean>`(subject_kind, subject_id) in (${pairs})`)
    .where('outcome', 'in', ['done', 'refused'])
    .where('action', 'not like', viewedAction('%'))
    .$if(before !== undefined, (query) => query.where('seq', '<', before?.[0] ?? 0))
    .orderBy('seq', 'desc')
    .limit(limit + 1)
    .execute()
  return toPage(rows, limit, (row) => [row.seq], toLine)
}

function toLine(row: {
  seq: number
  at: Date
  person_name: string | null
  org_name: string | null
  action: string
  outcome: AuditOutcome
  detail: Record<string, unknown>
}): AuditLine {
  return {
    seq: row.seq,
    at: row.at.toISOString(),
    personName: row.person_name,
    orgName: row.org_name,
    action: row.action,
    outcome: row.outcome === 'refused' ? 'refused' : 'done',
    detail: row.detail,
  }
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
