import { type Ctx, NotFound } from '@tongchou/kernel'
import type { CasesPorts } from '../ports.ts'
import { findCase, runningCases } from './case.store.ts'
import { mayReadCase } from './case-reading.ts'

/** Running cases of the same procedure that the actor may read: what a case can be merged into (并案). */
export async function readLeadingCases(ctx: Ctx, ports: CasesPorts, caseId: string) {
  const row = await findCase(ctx, caseId)
  if (!row || !(await mayReadCase(ctx, ports, row))) throw new NotFound('case.not_found', '办件不存在，或不在当前岗位可查看的范围内。')
  const items: { id: string; title: string; applicant: string; openedAt: string }[] = []
  for (const one of await runningCases(ctx, row.procedure, row.subject_kind, row.id)) {
    if (!(await mayReadCase(ctx, ports, one))) continue
    items.push({ id: one.id, title: one.title, applicant: one.applicant_org_name, openedAt: one.opened_at.toISOString() })
  }
  return { items }
}
