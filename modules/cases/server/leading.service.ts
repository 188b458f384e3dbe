import type { Ctx } from '@tongchou/kernel'
import type { CasesPorts } from '../ports.ts'
import { runningCases } from './case.store.ts'
import { requireCase } from './case-reading.ts'

/** Running cases of the same procedure that the actor may read, the newest fifty: what a case can be merged into (并案). */
export async function readLeadingCases(ctx: Ctx, ports: CasesPorts, caseId: string) {
  const row = await requireCase(ctx, ports, caseId)
  const running = await runningCases(ctx, ports, row)
  const items = running.map((one) => ({
    id: one.id,
    title: one.title,
    applicant: one.applicant_org_name,
    openedAt: one.opened_at.toISOString(),
  }))
  return { items }
}
