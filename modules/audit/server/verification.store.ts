import type { ChainHead, ChainReport, Ctx } from '@tongchou/kernel'
import { auditDb, type VerificationRow } from './audit.tables.ts'

export async function insertVerification(ctx: Ctx, heads: readonly ChainHead[]): Promise<VerificationRow> {
  return auditDb(ctx)
    .insertInto('audit.verification')
    .values({
      state: 'running',
      heads: JSON.stringify(heads),
      report: null,
      requested_by: ctx.actor.name,
      requested_at: ctx.now(),
      finished_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function findVerification(ctx: Ctx, id: string): Promise<VerificationRow | undefined> {
  return auditDb(ctx).selectFrom('audit.verification').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function findRunning(ctx: Ctx): Promise<VerificationRow | undefined> {
  return auditDb(ctx).selectFrom('audit.verification').selectAll().where('state', '=', 'running').limit(1).executeTakeFirst()
}

/** The last one that came to a result. */
export async function lastVerification(ctx: Ctx): Promise<VerificationRow | undefined> {
  return auditDb(ctx).selectFrom('audit.verification').selectAll().orderBy('number', 'desc').limit(1).executeTakeFirst()
}

/** Notes how far it has come; false when somebody stopped it. */
export async function noteVerified(ctx: Ctx, id: string, done: number, total: number): Promise<boolean> {
  const row = await auditDb(ctx)
    .updateTable('audit.verification')
    .set({ done, total })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Ends a running one, once. */
export async function endVerification(
  ctx: Ctx,
  id: string,
  state: 'holds' | 'broken' | 'stopped' | 'failed',
  report: ChainReport | null,
): Promise<VerificationRow | undefined> {
  return auditDb(ctx)
    .updateTable('audit.verification')
    .set({ state, report: report && JSON.stringify(report), finished_at: ctx.now() })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .returningAll()
    .executeTakeFirst()
}
