import { type Ctx, NotFound } from '@tongchou/kernel'
import type { CasesPorts } from '../ports.ts'
import { awaits, findCase } from './case.store.ts'
import type { CaseRow } from './case.tables.ts'
import { isCopied } from './work-list.store.ts'

/** Who sees a case (`seesCase` says the same in SQL): who sees its subject, who began it, whom work of it waits for, who watches over it (督办), to whom it was copied (抄送). */
export async function mayReadCase(ctx: Ctx, ports: CasesPorts, row: CaseRow): Promise<boolean> {
  if (row.applicant_person_id === ctx.actor.personId && row.applicant_now_org_id === ctx.actor.orgId) return true
  if (await awaits(ctx, ctx.actor, row.id)) return true
  if (row.overseers.includes(ctx.actor.personId) || (await isCopied(ctx, ctx.actor, row.id))) return true
  const subject = ports.subjects.get(row.subject_kind)
  return (await subject?.mayRead(ctx, row.subject_id)) ?? false
}

/** The case, for who may read it; for anybody else there is none. */
export async function requireCase(ctx: Ctx, ports: CasesPorts, id: string): Promise<CaseRow> {
  const row = await findCase(ctx, id)
  if (!row || !(await mayReadCase(ctx, ports, row))) throw caseNotFound()
  return row
}

export function caseNotFound(): NotFound {
  return new NotFound('case.not_found', '办件不存在，或不在当前岗位可查看的范围内。')
}
