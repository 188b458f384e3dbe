import {
  type CivilDay,
  type Ctx,
  compareCivilDates,
  InvalidState,
  InvalidValue,
  inTransaction,
  NotPermitted,
  notFound,
  recordAudit,
  requireVersion,
  todayInShanghai,
} from '@tongchou/kernel'
import type { ProjectUnderSupervision, SupervisionPorts } from './ports.ts'
import { changeProblem, readProblem } from './problem.permissions.ts'
import type { NewProblem, Problem, ProblemChange } from './problem.schema.ts'
import { findProblem, insertProblem, lockProblem, updateProblem } from './problem.store.ts'
import type { ProblemRow } from './problem.tables.ts'
import { subjectKind, viewProblem } from './problem.view.ts'

/** Field of the procedure that the limit of the rectification is read from. */
export const dueField = 'rectification.dueOn'

/** The center proposes a problem (第二十条) and asks the DRC to countersign the order: opens the procedure. */
export async function proposeProblem(ctx: Ctx, ports: SupervisionPorts, input: NewProblem): Promise<Problem> {
  return inTransaction(ctx, async (tx) => {
    const project = await readableProject(tx, ports, input.projectId)
    checkDates(input, todayInShanghai(tx.now()))
    const row = await insertProblem(tx, {
      project_id: project.id,
      project_name: project.name,
      builder_org_id: project.builderOrgId,
      user_unit_org_id: project.userUnitOrgId,
      kind: input.kind,
      party: input.party,
      responsible_org_id: input.party === 'builder' ? project.builderOrgId : project.userUnitOrgId,
      description: input.description,
      demand: input.demand,
      found_on: input.foundOn,
      due_on: input.dueOn,
      // Until the case has opened nothing is proposed; the subject port moves it on in this same transaction.
      state: 'draft',
      ordered_at: null,
      reported_on: null,
      report: null,
      not_accepted_at: null,
      not_accepted_reason: null,
      confirmed_at: null,
      created_by: `${tx.actor.orgName} ${tx.actor.name}`,
      created_at: tx.now(),
      updated_by: `${tx.actor.orgName} ${tx.actor.name}`,
      updated_at: tx.now(),
    })
    await recordAudit(
      tx,
      'problem.proposed',
      { kind: subjectKind, id: row.id },
      { projectId: project.id, kind: row.kind, party: row.party },
    )
    await ports.cases.open(tx, {
      procedure: 'rectification',
      subject: { kind: subjectKind, id: row.id, version: row.version },
      title: `问题整改：${project.name}`,
      orgs: { responsible: row.responsible_org_id },
      act: { outcome: 'submit', opinion: null, form: {}, documents: [], choices: [], dates: { [dueField]: input.dueOn } },
    })
    return viewProblem(tx, ports, (await findProblem(tx, row.id)) ?? row)
  })
}

/** Corrects a proposal that the countersigning returned; it is handed in again in its case. */
export async function changeProposal(ctx: Ctx, ports: SupervisionPorts, id: string, input: ProblemChange): Promise<Problem> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockReadable(tx, id)
    if (!changeProblem.allows(tx.actor)) throw new NotPermitted('problem.not_finder', '问题由市大数据中心提出，当前岗位不能修改。')
    requireVersion(`“${row.project_name}”的问题`, row, input.version)
    if (row.state !== 'draft')
      throw new InvalidState('problem.not_open', '问题已提请会签或已下达整改，不能修改。需要修改的，由会签环节退回。')
    checkDates(input, todayInShanghai(tx.now()))
    const changed = await updateProblem(tx, id, {
      kind: input.kind,
      description: input.description,
      demand: input.demand,
      found_on: input.foundOn,
      due_on: input.dueOn,
    })
    await recordAudit(tx, 'problem.changed', { kind: subjectKind, id }, { version: changed.version })
    return viewProblem(tx, ports, changed)
  })
}

/** The row, locked; 404 for whoever may not read it. */
export async function lockReadable(tx: Ctx, id: string): Promise<ProblemRow> {
  const row = await lockProblem(tx, id)
  if (!row || !readProblem.allows(tx.actor, row)) throw notFound('问题')
  return row
}

export async function readableProject(tx: Ctx, ports: SupervisionPorts, id: string): Promise<ProjectUnderSupervision> {
  const project = await ports.projects.project(tx, id)
  if (!project)
    throw new InvalidValue('supervision.unknown_project', '项目不存在，或不在当前岗位可查看的范围内。', [
      { path: 'projectId', message: '项目不存在，或不在可查看的范围内' },
    ])
  return project
}

function checkDates({ foundOn, dueOn }: { foundOn: CivilDay; dueOn: CivilDay }, today: CivilDay): void {
  if (compareCivilDates(foundOn, today) > 0)
    throw new InvalidValue('problem.found_in_future', '发现日期不得晚于今天。', [{ path: 'foundOn', message: '不得晚于今天' }])
  if (compareCivilDates(dueOn, today) <= 0)
    throw new InvalidValue('problem.due_past', '整改期限须在今天之后。', [{ path: 'dueOn', message: '须在今天之后' }])
}
