import { type ClockRules, type OfficeCalendar, type TimeUnit, todayInShanghai } from '@tongchou/kernel'
import { type Case, type Procedure, spokenFor, type Task } from '@tongchou/procedure'

/** 黄牌, 红牌, 报告上级, 暂定期限重算, 申请或督办未按时答复. */
export type DeadlineKind = 'yellow' | 'red' | 'escalation' | 'provisional-recompute' | 'ask-expiry'

/** What is to happen to a task, ask or demand of a case, and when; without `fireAt` once a calendar is published. */
export interface WantedDeadline {
  about: string
  kind: DeadlineKind
  /** The end that it belongs to. */
  dueAt: Date
  fireAt: Date | null
  /** What is left of a provisional limit, to be counted again once the calendar is published. */
  left?: { amount: number; unit: TimeUnit }
}

/** What a holder has asked for and nobody has answered, and what was demanded of one: kept by the engine since it knows them. */
interface Asking {
  asks?: readonly { id: string; since: string }[]
  demands?: readonly { id: string; until: string; reply: number | null }[]
}

/** Whether a case can have deadlines at all: most steps have no limit (未规定), and acts on those need not look. */
export function hasClocks({ tasks, asks = [], demands = [] }: Pick<Case, 'tasks'> & Asking): boolean {
  return tasks.some((task) => task.due !== null || task.paused !== null) || asks.length > 0 || demands.length > 0
}

/**
 * Every deadline that a case has as it stands: nothing for tasks without a limit, nor for those whose clock stands still, and one clock for
 * seats of one office of which one decides for all (或签).
 */
export function deadlinesWanted(
  procedure: Procedure,
  kase: Case & Asking,
  rules: ClockRules,
  calendar: OfficeCalendar,
  now: Date,
): WantedDeadline[] {
  const spoken = spokenFor(procedure, kase)
  return [
    ...kase.tasks.filter(({ id }) => !spoken.has(id)).flatMap((task) => ofTask(task, rules, calendar)),
    ...kase.tasks.flatMap((task) => ofProvisional(task, calendar, now)),
    ...ofAsks(kase, rules, calendar),
  ]
}

function ofTask(task: Task, rules: ClockRules, calendar: OfficeCalendar): WantedDeadline[] {
  if (task.due === null || task.paused !== null) return []
  const dueAt = new Date(task.due)
  const wanted: WantedDeadline[] = [
    { about: task.id, kind: 'red', dueAt, fireAt: overdueAt(dueAt) },
    { about: task.id, kind: 'escalation', dueAt, fireAt: openingAfter(dueAt, rules.escalationDays, task.orgId, calendar) },
  ]
  const yellowAt = yellowOf(task, dueAt, rules, calendar)
  // A limit so short that it would be yellow from its first moment has no yellow.
  if (yellowAt > new Date(task.since) && yellowAt < dueAt) wanted.push({ about: task.id, kind: 'yellow', dueAt, fireAt: yellowAt })
  return wanted
}

/** Begun anew now, what is left ends where the limit ends, however often it was paused or handed on: so it is what is counted again. */
function ofProvisional(task: Task, calendar: OfficeCalendar, now: Date): WantedDeadline[] {
  if (!task.provisional || task.due === null || task.paused !== null) return []
  const dueAt = new Date(task.due)
  const unit = task.limit?.unit ?? 'work-day'
  const amount = calendar.left(now, dueAt, unit, task.orgId)
  return amount < 0 ? [] : [{ about: task.id, kind: 'provisional-recompute', dueAt, fireAt: null, left: { amount, unit } }]
}

/** A limit ends with its last instant; it is overdue in the next one. */
export function overdueAt(dueAt: Date): Date {
  return new Date(dueAt.getTime() + 1)
}

/** When the office opens on the n-th working day after the end. */
function openingAfter(dueAt: Date, days: number, orgId: string | null, calendar: OfficeCalendar): Date {
  const end = calendar.due(dueAt, days, 'work-day', orgId).dueAt
  return calendar.before(end, 0, 'work-day', orgId)
}

/** A share of the limit is counted in its own unit, and in whole days in favour of an early card. */
function yellowOf(task: Task, dueAt: Date, { yellow }: ClockRules, calendar: OfficeCalendar): Date {
  if ('before' in yellow) return calendar.before(dueAt, yellow.before, 'work-day', task.orgId)
  const { amount, unit } = task.limit ?? counted(task, dueAt, calendar)
  const rest = amount * (1 - yellow.share)
  return calendar.before(dueAt, unit === 'work-day' || unit === 'day' ? Math.ceil(rest - 1e-9) : rest, unit, task.orgId)
}

/** A limit that is a date of the record (整改期限) is counted in working days from its beginning. */
function counted(task: Task, dueAt: Date, calendar: OfficeCalendar): { amount: number; unit: TimeUnit } {
  const { count } = calendar.days.countWorkingDays(todayInShanghai(new Date(task.since)), todayInShanghai(dueAt))
  return { amount: Math.max(0, count), unit: 'work-day' }
}

function ofAsks({ asks = [], demands = [] }: Asking, rules: ClockRules, calendar: OfficeCalendar): WantedDeadline[] {
  const asked = asks.map((ask) => {
    const { dueAt } = calendar.due(new Date(ask.since), rules.answerDays, 'work-day', null)
    return { about: ask.id, kind: 'ask-expiry' as const, dueAt, fireAt: overdueAt(dueAt) }
  })
  const demanded = demands
    .filter((demand) => demand.reply === null)
    .map((demand) => {
      const dueAt = new Date(demand.until)
      return { about: demand.id, kind: 'ask-expiry' as const, dueAt, fireAt: overdueAt(dueAt) }
    })
  return [...asked, ...demanded]
}
