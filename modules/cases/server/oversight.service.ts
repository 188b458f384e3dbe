import { addDays, type Ctx, decodeCursor, InvalidValue, type OfficeCalendar, todayInShanghai, toPage } from '@tongchou/kernel'
import type { Static } from 'typebox'
import type { CasesPorts } from '../ports.ts'
import { type Standing, unitWords } from '../words.ts'
import { readableCases } from './case.store.ts'
import type { OfficeStanding, OverseenTask, OversightFigures, Ranking } from './oversight.schema.ts'
import {
  countOverseen,
  countReasons,
  listOverseen,
  type OfficeRow,
  type OverseenRow,
  type OversightFilter,
  rankOffices,
  type SoleBearers,
} from './oversight.store.ts'
import { supervisingOffers } from './verb.view.ts'

export type OversightQuery = OversightFilter & { limit: number; cursor?: string | undefined }

/** Every running task of every kind of case that the actor oversees (电子监察), the longest overdue first. */
export async function readOverseen(ctx: Ctx, ports: CasesPorts, query: OversightQuery) {
  const { limit, cursor, ...filter } = query
  const bearers = await soleBearers(ctx, ports)
  const rows = await listOverseen(ctx, bearers, filter, limit, cursor)
  const calendar = await ports.calendar(ctx)
  const names = await officeNames(ctx, ports, rows)
  const readable = await readableCases(
    ctx,
    ports,
    rows.map((row) => row.case_id),
  )
  const offers = await supervisingOffers(ctx, [...readable])
  return toPage(
    rows,
    limit,
    (row) => [row.rank, row.since_at.toISOString(), row.case_id, row.task_id],
    (row) => ({
      ...taskView(ctx, ports, calendar, names, row),
      mayReadCase: readable.has(row.case_id),
      verbs: offers(row.case_id, row.task_id),
    }),
  )
}

/** The figures above the list; each of them is a filter of it. */
export async function readFigures(ctx: Ctx, ports: CasesPorts): Promise<Static<typeof OversightFigures>> {
  const counts = await countOverseen(ctx, await soleBearers(ctx, ports))
  const { red, unexplained, given } = await countReasons(ctx)
  const of = (standing: Standing) => counts.get(standing) ?? 0
  return {
    running: [...counts.values()].reduce((sum, count) => sum + count, 0),
    late: of('late'),
    soon: of('soon'),
    inTime: of('in-time'),
    paused: of('paused'),
    noLimit: of('no-limit'),
    redCards: red,
    unexplained,
    toReview: given,
  }
}

const USUAL_PERIOD_DAYS = 90

/** The ranking of offices in a period, the last ninety days unless told: by share closed in time, then by fewer late, then by days taken. */
export async function readRanking(
  ctx: Ctx,
  ports: CasesPorts,
  asked: { from?: string | undefined; to?: string | undefined; limit?: number | undefined; cursor?: string | undefined },
): Promise<Static<typeof Ranking>> {
  const to = asked.to ?? todayInShanghai(ctx.now())
  const from = asked.from ?? addDays(to, 1 - USUAL_PERIOD_DAYS)
  if (from > to)
    throw new InvalidValue('period.reversed', '统计期间的起始日期晚于截止日期，请改正。', [{ path: 'from', message: '晚于截止日期' }])
  const { days } = await ports.calendar(ctx)
  const rows = await rankOffices(ctx, await soleBearers(ctx, ports), days, { from, to })
  const names = await officeNames(ctx, ports, rows)
  const counted = rows.filter((row) => row.in_time + row.late + row.open_late + row.yellow + row.red > 0)
  const standings = ranked(counted, (row) => nameOf(ports, names, row)).map((standing, index) => ({ standing, place: index + 1 }))
  // Worked out as a whole, as a rank can only be; offices are some dozens.
  const [after = 0] = decodeCursor(asked.cursor, ['integer']) ?? []
  const page = toPage(
    standings.slice(after),
    asked.limit ?? 50,
    ({ place }) => [place],
    ({ standing }) => standing,
  )
  return { from, to, ...page }
}

/** Offices that closed nothing in the period have no rank; equal shares have the same. */
export function ranked(rows: readonly OfficeRow[], name: (row: OfficeRow) => string): Static<typeof OfficeStanding>[] {
  const share = (row: OfficeRow) => (row.in_time + row.late === 0 ? null : row.in_time / (row.in_time + row.late))
  const sorted = rows
    .map((row) => ({ row, share: share(row) }))
    .sort(
      (a, b) =>
        (b.share ?? -1) - (a.share ?? -1) ||
        a.row.late - b.row.late ||
        (a.row.average_days ?? 0) - (b.row.average_days ?? 0) ||
        name(a.row).localeCompare(name(b.row), 'zh'),
    )
  return sorted.map(({ row, share: own }) => ({
    rank: own === null ? null : sorted.findIndex((one) => one.share === own) + 1,
    orgId: row.office,
    orgName: name(row),
    doneInTime: row.in_time,
    doneLate: row.late,
    inTimePermille: own === null ? null : Math.round(own * 1000),
    averageDays: row.average_days === null ? null : Math.round(row.average_days * 10) / 10,
    lateNow: row.open_late,
    yellowCount: row.yellow,
    redCount: row.red,
  }))
}

/** What is left of a limit, or by how much it is overdue, in its own unit. */
export function leftText(
  calendar: OfficeCalendar,
  row: Pick<OverseenRow, 'due_at' | 'closed_at' | 'paused_ground' | 'limit_unit' | 'office' | 'standing'>,
  now: Date,
): string {
  if (row.standing === 'paused') return `计时暂停：${row.paused_ground}`
  if (row.due_at === null) return '无办理时限'
  const unit = row.limit_unit === 'month' || row.limit_unit === null ? 'work-day' : row.limit_unit
  const at = row.closed_at ?? now
  const left = calendar.left(at, row.due_at, unit, row.office)
  const late = at > row.due_at
  const amount = unit.endsWith('hour') ? Math.round(Math.abs(left) * 10) / 10 : Math.abs(left)
  const done = row.closed_at ? '办结时' : ''
  if (late) return `${done}逾期${amount === 0 ? '不足 1' : ` ${amount}`} ${unitWords[unit]}`
  return amount === 0 ? `${done}当日期满` : `${done}剩 ${amount} ${unitWords[unit]}`
}

function taskView(
  ctx: Ctx,
  ports: CasesPorts,
  calendar: OfficeCalendar,
  names: ReadonlyMap<string, string>,
  row: OverseenRow,
): Omit<Static<typeof OverseenTask>, 'mayReadCase' | 'verbs'> {
  return {
    caseId: row.case_id,
    taskId: row.task_id,
    title: row.title,
    procedure: row.procedure,
    procedureTitle: ports.definition(row.procedure)?.procedure.title ?? row.procedure,
    stepTitle: row.step_title,
    orgId: row.office,
    orgName: nameOf(ports, names, row),
    sinceAt: row.since_at.toISOString(),
    dueAt: row.due_at?.toISOString() ?? null,
    provisional: row.provisional,
    pausedGround: row.paused_ground,
    closedAt: row.closed_at?.toISOString() ?? null,
    standing: row.standing,
    leftText: leftText(calendar, row, ctx.now()),
    yellowCount: row.yellow,
    redCount: row.red,
    reason: row.reason,
  }
}

/** The office by name, or the duty where several bear it. */
export function nameOf(ports: CasesPorts, names: ReadonlyMap<string, string>, row: { office: string | null; duty: string }): string {
  return (row.office && names.get(row.office)) || (row.duty ? ports.dutyTitle(row.duty) : (row.office ?? ''))
}

export async function officeNames(ctx: Ctx, ports: CasesPorts, rows: readonly { office: string | null }[]): Promise<Map<string, string>> {
  const ids = [...new Set(rows.flatMap((row) => row.office ?? []))]
  const found = await ports.organisations.organisations(ctx, ids)
  return new Map([...found].map(([id, { name }]) => [id, name]))
}

/** Duties of the procedures in force that one office alone bears today. */
export async function soleBearers(ctx: Ctx, ports: CasesPorts): Promise<SoleBearers> {
  const found = new Map<string, string>()
  for (const duty of ports.stepDuties()) {
    const bearers = await ports.organisations.bearersOf(ctx, duty)
    const only = bearers[0]
    if (bearers.length === 1 && only) found.set(duty, only.id)
  }
  return found
}
