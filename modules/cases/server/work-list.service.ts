import { type Ctx, InvalidValue, toPage } from '@tongchou/kernel'
import type { CasesPorts } from '../ports.ts'
import { type LineRow, listCopied, listOpen, listOwn, type OpenRow, type OwnBox, type WorkFilter } from './work-list.store.ts'

/** The boxes of a work list: 待办, 已办, 我发起, 抄送, 草稿, 挂账, 督办 (of mine), 我督办. */
export const workBoxes = ['todo', 'done', 'started', 'copied', 'drafts', 'shelved', 'supervised', 'overseen'] as const
export type WorkBox = (typeof workBoxes)[number]

/** One box of the actor's work list, page by page. */
export async function readWorkList(
  ctx: Ctx,
  ports: CasesPorts,
  box: WorkBox,
  { limit = 50, cursor, ...filter }: WorkFilter & { limit?: number; cursor?: string },
) {
  if (box === 'todo' || box === 'shelved' || box === 'supervised') {
    const rows = await listOpen(ctx, ctx.actor, box, limit, cursor, filter)
    const key = (r: OpenRow) => [r.due_rank.toISOString(), r.since_at.toISOString(), r.case_id, r.task_id]
    return toPage(rows, limit, key, (r) => ({ ...line(ports, r), ...waiting(r) }))
  }
  if (filter.due !== undefined)
    throw new InvalidValue('task.no_limit', '已办、抄送等没有本岗位的时限，不能按时限筛选。', [
      { path: 'due', message: '只有待办可按时限筛选' },
    ])
  if (box === 'copied') return readCopied(ctx, ports, limit, cursor, filter)
  const own: OwnBox = box
  const rows = await listOwn(ctx, ctx.actor, own, limit, cursor, filter)
  return toPage(
    rows,
    limit,
    (r) => [r.updated_at.toISOString(), r.case_id],
    (r) => ({ ...line(ports, r), ...still, sinceAt: r.updated_at.toISOString(), supervised: box === 'overseen' }),
  )
}

async function readCopied(ctx: Ctx, ports: CasesPorts, limit: number, cursor: string | undefined, filter: WorkFilter) {
  const rows = await listCopied(ctx, ctx.actor, limit, cursor, filter)
  return toPage(
    rows,
    limit,
    (r) => [r.sent_at.toISOString(), r.copy_id],
    (r) => ({ ...line(ports, r), ...still, fromName: r.from_name, sinceAt: r.sent_at.toISOString(), unread: r.read_at === null }),
  )
}

/** A line that waits for nothing. */
const still = {
  taskId: null,
  stepTitle: null,
  fromName: null,
  cause: null,
  dueAt: null,
  provisional: false,
  shelvedUntil: null,
  supervised: false,
  paused: false,
  unread: false,
}

function line(ports: CasesPorts, r: LineRow) {
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

function waiting(r: OpenRow) {
  return {
    taskId: r.task_id,
    stepTitle: r.step_title,
    fromName: r.from_name,
    cause: r.cause,
    sinceAt: r.since_at.toISOString(),
    dueAt: r.due_at?.toISOString() ?? null,
    provisional: r.provisional,
    shelvedUntil: r.shelved_until?.toISOString() ?? null,
    supervised: r.supervised,
    paused: r.paused_ground !== null,
    unread: false,
  }
}
