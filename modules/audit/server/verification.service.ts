import {
  type ChainHead,
  type Ctx,
  countUnsealed,
  InvalidState,
  inTransaction,
  type Jobs,
  NotFound,
  recordAudit,
  verifyChain,
} from '@tongchou/kernel'
import { sql } from 'kysely'
import { auditDb, type VerificationRow } from './audit.tables.ts'
import type { Verification } from './event.schema.ts'
import type { AuditPorts } from './ports.ts'
import { endVerification, findRunning, findVerification, insertVerification, lastVerification, noteVerified } from './verification.store.ts'

const verifyJob = 'audit.verify'
const subjectOf = (id: string) => ({ kind: 'audit', id })

/** Begins a verification of the chain in the background (校验), compared with the heads that somebody else has held. */
export async function startVerification(ctx: Ctx, ports: AuditPorts, heads: readonly ChainHead[]): Promise<Verification> {
  await ports.sealer.sealNow()
  return inTransaction(ctx, async (tx) => {
    // Of two that begin at once, one.
    await sql`select pg_advisory_xact_lock(hashtext('tongchou.audit.verification'))`.execute(tx.db)
    if (await findRunning(tx)) throw new InvalidState('audit.verification_running', '正在校验审计日志，请待其完成或停止后再校验。')
    const row = await insertVerification(tx, heads)
    await recordAudit(tx, 'audit.verification_requested', subjectOf(row.id), { heads: heads.length })
    await ports.jobs.enqueue(tx, verifyJob, { verificationId: row.id })
    return viewVerification(row)
  })
}

/** Stops it (停止); what was verified so far is no result. */
export async function stopVerification(ctx: Ctx, id: string): Promise<Verification> {
  return inTransaction(ctx, async (tx) => {
    await readVerification(tx, id)
    const stopped = await endVerification(tx, id, 'stopped', null)
    if (!stopped) throw new InvalidState('audit.verification_ended', '校验已经结束。')
    await recordAudit(tx, 'audit.verification_stopped', subjectOf(id))
    return viewVerification(stopped)
  })
}

export async function readVerification(ctx: Ctx, id: string): Promise<Verification> {
  const row = await findVerification(ctx, id)
  if (!row) throw new NotFound('audit.verification_not_found', '没有这次校验。')
  return viewVerification(row)
}

/** The long work of verifying, for the job runner. Begun anew after a death, it verifies anew. */
export const auditJobs: Jobs = {
  kinds: [
    {
      kind: verifyJob,
      queue: 'long',
      work: (ctx, payload, { stopping }) => verify(ctx, (payload as { verificationId: string }).verificationId, stopping),
    },
  ],
}

class Stopped extends Error {}

async function verify(ctx: Ctx, id: string, stopping: AbortSignal): Promise<void> {
  const row = await findVerification(ctx, id)
  if (row?.state !== 'running') return
  try {
    const report = await verifyChain(ctx.db, {
      heads: row.heads,
      signal: stopping,
      onProgress: async (done, total) => {
        if (!(await noteVerified(ctx, id, done, total))) throw new Stopped()
      },
    })
    await inTransaction(ctx, async (tx) => {
      if (!(await endVerification(tx, id, report.ok ? 'holds' : 'broken', report))) return
      const { ok, verified, head, firstBad } = report
      await recordAudit(tx, 'audit.verified', subjectOf(id), { ok, verified, position: head?.position ?? 0, firstBad })
    })
  } catch (error) {
    if (error instanceof Stopped) return
    if (!stopping.aborted) await endVerification(ctx, id, 'failed', null)
    throw error
  }
}

/** How the chain stands now. */
export async function readChain(ctx: Ctx) {
  const db = auditDb(ctx)
  const head = await db.selectFrom('kernel.audit_head').selectAll().orderBy('position', 'desc').limit(1).executeTakeFirst()
  const seal = await db.selectFrom('kernel.audit_seal').select(['position', 'hash']).orderBy('position', 'desc').limit(1).executeTakeFirst()
  const cut = await db.selectFrom('kernel.audit_cut').selectAll().orderBy('position', 'desc').limit(1).executeTakeFirst()
  const last = await lastVerification(ctx)
  return {
    position: seal?.position ?? cut?.position ?? 0,
    hash: seal?.hash.toString('hex') ?? null,
    lastSealedAt: head?.sealed_at.toISOString() ?? null,
    unsealed: await countUnsealed(ctx.db, 'latest'),
    cut: cut ? { position: cut.position, digest: cut.package_digest } : null,
    lastVerification: last ? viewVerification(last) : null,
  }
}

function viewVerification(row: VerificationRow): Verification {
  return {
    id: row.id,
    state: row.state,
    doneCount: row.done,
    totalCount: row.total,
    headCount: row.heads.length,
    report: row.report,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  }
}
