import { type CaseSummary, type Ctx, NotFound, type SubjectDescription } from '@tongchou/kernel'
import type { CasesPorts } from '../ports.ts'
import { requireCase } from './case-reading.ts'
import { casesPort } from './cases.port.ts'

/** All cases of one subject, for those who may read the subject. */
export async function readSubjectCases(ctx: Ctx, ports: CasesPorts, kind: string, subjectId: string): Promise<CaseSummary[]> {
  const subject = ports.subjects.get(kind)
  if (!subject || !(await subject.mayRead(ctx, subjectId)))
    throw new NotFound('case.subject_not_found', '事项不存在，或不在当前岗位可查看的范围内。')
  return casesPort(ports).casesOf(ctx, kind, subjectId)
}

/** What a case is about, for those who may read the case: who decides it sees its content, also without a page of their own. */
export async function readCaseSubject(ctx: Ctx, ports: CasesPorts, caseId: string): Promise<SubjectDescription> {
  const row = await requireCase(ctx, ports, caseId)
  const described = await ports.subjects.get(row.subject_kind)?.describe?.(ctx, row.subject_id)
  return described ?? { title: row.title, href: `/cases/${row.id}`, facts: [] }
}
