import { type Ctx, formatChineseDate, type NoticeTo, recordAudit, recordEvent, todayInShanghai } from '@tongchou/kernel'
import { type Case, type Procedure, spokenFor, type Task } from '@tongchou/procedure'
import type { CasesPorts } from '../ports.ts'
import { insertCard, markEscalated, redCardOf } from './card.store.ts'
import { definitionOf, saveCase } from './case.store.ts'
import type { CaseRow } from './case.tables.ts'
import { type DeadlineRow, insertDueChange, keepDeadlines, setTaskDue, waitOn } from './clock.store.ts'
import { deadlinesWanted } from './clock.ts'
import { fillText, noticeTexts } from './notice-text.ts'

/** What a deadline does when it fires. The case and the row are locked; everything here commits with `fired_at` or not at all. */
export async function fire(tx: Ctx, ports: CasesPorts, deadline: DeadlineRow, row: CaseRow): Promise<void> {
  const task = row.state.tasks.find((one) => one.id === deadline.about)
  if (deadline.kind === 'ask-expiry') return tellUnanswered(tx, ports, deadline, row)
  // Its task is decided, so an act has made it void: there is none such that is still open.
  if (!task) throw new Error(`deadline ${deadline.id} belongs to no open task`)
  const firing = { deadline, row, task }
  if (deadline.kind === 'provisional-recompute') return recompute(tx, ports, firing)
  if (deadline.kind === 'escalation') return escalate(tx, ports, firing)
  return issueCard(tx, ports, firing, deadline.kind)
}

interface Firing {
  deadline: DeadlineRow
  row: CaseRow
  task: Task
}

/** Whom a task waits for: the person it was handed to, else whoever holds the duty there. */
export function holdersOf(task: Task & { holder?: { personId: string } | null }): NoticeTo[] {
  return task.holder ? [{ personId: task.holder.personId }] : [{ duty: task.duty, orgId: task.orgId }]
}

/** 黄牌: the end is near. 红牌: it has passed, and the holder gives the reason (说明理由), at whichever seat of the office. */
async function issueCard(tx: Ctx, ports: CasesPorts, { deadline, row, task }: Firing, colour: 'yellow' | 'red'): Promise<void> {
  const calendar = await ports.calendar(tx)
  const orgId = task.orgId ?? (await soleBearer(tx, ports, task.duty))
  const explainBy = colour === 'red' ? calendar.due(tx.now(), ports.clocks().explanationDays, 'work-day', orgId).dueAt : null
  const { procedure } = await definitionOf(tx, row)
  const stepTitle = titleOf(procedure, task.step)
  const speakers = spokenFor(procedure, row.state)
  const spoken = row.state.tasks.filter(({ id }) => id === task.id || speakers.get(id) === task.id)
  await insertCard(tx, { deadline, task, colour, stepTitle, orgId, explainBy })
  const due = dayOf(deadline.due_at)
  const values = { title: row.title, step: stepTitle, due }
  const text = explainBy ? fillText(noticeTexts.red, { ...values, explainBy: dayOf(explainBy) }) : fillText(noticeTexts.yellow, values)
  await ports.notices.send(tx, {
    kind: `case.${colour}`,
    to: spoken.flatMap(holdersOf),
    subject: { kind: 'case', id: row.id },
    title: colour === 'yellow' ? '黄牌：办理时限将满' : '红牌：办理已逾期',
    body: text,
    href: `/cases/${row.id}`,
    onceKey: `card:${deadline.id}`,
  })
  await recordFiring(tx, row, `card.${colour}`, { caseId: row.id, step: task.step, dueAt: deadline.due_at.toISOString(), orgId })
}

/** Tells the named superior (上级岗位) of the office that is late; where none is named, the supervisors. */
async function escalate(tx: Ctx, ports: CasesPorts, { deadline, row, task }: Firing): Promise<void> {
  const orgId = task.orgId ?? (await soleBearer(tx, ports, task.duty))
  const superior = orgId === null ? undefined : await ports.organisations.superiorOf(tx, orgId)
  const office = (orgId && (await ports.organisations.organisation(tx, orgId))?.name) || ports.dutyTitle(task.duty)
  const stepTitle = titleOf((await definitionOf(tx, row)).procedure, task.step)
  await markEscalated(tx, row.id, task.id, deadline.due_at, superior)
  const card = await redCardOf(tx, row.id, task.id, deadline.due_at)
  const explained = card?.explained ? '承办单位已说明理由。' : '承办单位尚未说明理由。'
  await ports.notices.send(tx, {
    kind: 'case.escalated',
    to: superior ? [{ personId: superior.personId }] : [{ duty: 'supervisor', orgId: null }],
    subject: { kind: 'case', id: row.id },
    title: superior ? '逾期报告：请督促办理' : '逾期报告：承办单位未设上级岗位',
    body: fillText(noticeTexts.escalated, { office, title: row.title, step: stepTitle, due: dayOf(deadline.due_at), explained }),
    href: '/cards',
    onceKey: `escalation:${deadline.id}`,
  })
  await recordFiring(tx, row, 'case.escalated', { caseId: row.id, step: task.step, orgId, to: superior?.personId ?? null })
}

/** A provisional limit (暂定) is worked out by the calendar as it is now; the former end stays in the history, and the holder is told. */
async function recompute(tx: Ctx, ports: CasesPorts, { deadline, row, task }: Firing): Promise<void> {
  const calendar = await ports.calendar(tx)
  if (deadline.left_amount === null || deadline.left_unit === null) throw new Error(`deadline ${deadline.id} does not say what was left`)
  const { dueAt, provisional } = calendar.due(deadline.set_at, deadline.left_amount, deadline.left_unit, task.orgId)
  const now: Task = { ...task, due: dueAt.toISOString(), provisional }
  // A further year on its way is not published either, and nothing has moved.
  if (provisional && now.due === task.due) return waitOn(tx, deadline.id)
  const next: Case = { ...row.state, tasks: row.state.tasks.map((one) => (one.id === task.id ? now : one)) }
  const { procedure } = await definitionOf(tx, row)
  await saveCase(tx, next)
  await setTaskDue(tx, row.id, now)
  await insertDueChange(tx, row.id, task, now, 'recomputed')
  await keepDeadlines(tx, row.id, deadlinesWanted(procedure, next, ports.clocks(), calendar, tx.now()))
  const settled = provisional ? '仍为暂定' : '不再暂定'
  const moved = now.due === task.due ? `仍为${dayOf(dueAt)}` : `由${dayOf(deadline.due_at)}改为${dayOf(dueAt)}`
  await ports.notices.send(tx, {
    kind: 'case.recomputed',
    to: holdersOf(task),
    subject: { kind: 'case', id: row.id },
    title: '暂定期限已重新计算',
    body: fillText(noticeTexts.recomputed, { title: row.title, step: titleOf(procedure, task.step), moved, settled }),
    href: `/cases/${row.id}`,
    onceKey: `recomputed:${deadline.id}`,
  })
  await recordFiring(tx, row, 'case.due-recomputed', { caseId: row.id, taskId: task.id, was: task.due, due: now.due, provisional })
}

/** What was asked for, or demanded, has had no answer in time: who asked and who should answer are told. */
async function tellUnanswered(tx: Ctx, ports: CasesPorts, deadline: DeadlineRow, row: CaseRow): Promise<void> {
  const open = unansweredOf(row.state, deadline.about)
  if (!open) throw new Error(`deadline ${deadline.id} belongs to nothing that is unanswered`)
  await ports.notices.send(tx, {
    kind: 'case.unanswered',
    to: open.tell,
    subject: { kind: 'case', id: row.id },
    title: open.demand ? '督办事项逾期未回复' : '申请逾期未答复',
    body: fillText(open.demand ? noticeTexts.unansweredDemand : noticeTexts.unansweredAsk, {
      title: row.title,
      due: dayOf(deadline.due_at),
    }),
    href: `/cases/${row.id}`,
    onceKey: `unanswered:${deadline.id}`,
  })
  await recordFiring(tx, row, 'case.unanswered', { caseId: row.id, about: deadline.about })
}

interface Answerable {
  asks?: readonly { id: string; duty: string; by: { personId: string } }[]
  demands?: readonly { id: string; by: { personId: string } }[]
}

function unansweredOf(kase: Case & Answerable, about: string): { demand: boolean; tell: NoticeTo[] } | undefined {
  const ask = kase.asks?.find((one) => one.id === about)
  if (ask) return { demand: false, tell: [{ personId: ask.by.personId }, { duty: ask.duty, orgId: null }] }
  const demand = kase.demands?.find((one) => one.id === about)
  if (demand) return { demand: true, tell: [{ personId: demand.by.personId }, ...kase.tasks.flatMap(holdersOf)] }
  return undefined
}

/** The office of a task that is open to whichever bears the duty, where only one does. */
async function soleBearer(tx: Ctx, ports: CasesPorts, duty: string): Promise<string | null> {
  const bearers = await ports.organisations.bearersOf(tx, duty)
  return bearers.length === 1 ? (bearers[0]?.id ?? null) : null
}

/** What the step is called in the procedure that the case began under. */
function titleOf(procedure: Procedure, step: string): string {
  return procedure.steps.find((one) => one.id === step)?.title ?? step
}

function dayOf(instant: Date): string {
  return formatChineseDate(todayInShanghai(instant))
}

async function recordFiring(tx: Ctx, row: CaseRow, action: string, detail: Record<string, unknown>): Promise<void> {
  const subject = { kind: row.subject_kind, id: row.subject_id }
  await recordAudit(tx, action, subject, detail)
  await recordEvent(tx, action, subject, detail)
}
