import { type Ctx, toPage } from '@tongchou/kernel'
import type { CasesPorts } from '../ports.ts'
import { listMine, listTodo, type MineRow, type TodoRow } from './case.store.ts'

/** A work list of the actor: 待办, 已办 or 我发起. */
export async function readWorkList(
  ctx: Ctx,
  ports: CasesPorts,
  box: 'todo' | 'done' | 'started',
  limit: number,
  cursor: string | undefined,
) {
  if (box === 'todo') {
    const rows = await listTodo(ctx, ctx.actor, limit, cursor)
    return toPage(
      rows,
      limit,
      (r) => [r.rank, r.since_at.toISOString(), r.case_id, r.task_id],
      (r) => ({ ...line(ports, r), ...waiting(r) }),
    )
  }
  const rows = await listMine(ctx, ctx.actor, box, limit, cursor)
  return toPage(
    rows,
    limit,
    (r) => [r.updated_at.toISOString(), r.case_id],
    (r) => ({
      ...line(ports, r),
      taskId: null,
      stepTitle: null,
      fromName: null,
      cause: null,
      sinceAt: r.updated_at.toISOString(),
      dueAt: null,
      provisional: false,
    }),
  )
}

function line(ports: CasesPorts, r: MineRow) {
  return {
    caseId: r.case_id,
    title: r.title,
    procedure: r.procedure,
    procedureTitle: ports.definition(r.procedure)?.procedure.title ?? r.procedure,
    status: r.status,
    subject: { kind: r.subject_kind, id: r.subject_id },
    applicant: { name: r.applicant_name, organisation: r.applicant_org_name },
  }
}

function waiting(r: TodoRow) {
  return {
    taskId: r.task_id,
    stepTitle: r.step_title,
    fromName: r.from_name,
    cause: r.cause,
    sinceAt: r.since_at.toISOString(),
    dueAt: r.due_at?.toISOString() ?? null,
    provisional: r.provisional,
  }
}
