import { type CaseSummary, type Ctx, NotFound } from '@tongchou/kernel'
import type { CasesPorts } from '../ports.ts'
import { casesPort } from './cases.port.ts'

/** All cases of one subject, for those who may read the subject. */
export async function readSubjectCases(ctx: Ctx, ports: CasesPorts, kind: string, subjectId: string): Promise<CaseSummary[]> {
  const subject = ports.subjects.get(kind)
  if (!subject || !(await subject.mayRead(ctx, subjectId)))
    throw new NotFound('case.subject_not_found', '事项不存在，或不在当前岗位可查看的范围内。')
  return casesPort(ports).casesOf(ctx, kind, subjectId)
}
