import { randomUUID } from 'node:crypto'
import {
  type Ctx,
  type HolidayNotice,
  InvalidValue,
  inTransaction,
  NotFound,
  type OfficeHours,
  parseCivilDate,
  problemOfWeek,
  recordAudit,
  recordEvent,
  requireVersion,
} from '@tongchou/kernel'
import type { CasesPorts } from '../ports.ts'
import {
  addNotice,
  findHours,
  type HoursRow,
  insertHours,
  listHours,
  listNotices,
  overlappingHours,
  updateHours,
} from './calendar.store.ts'

/** A year's notice of the State Council as it is loaded, in the layout of holiday-cn. */
export interface LoadedNotice extends HolidayNotice {
  papers: string[]
}

/**
 * Loads the notice of a year (节假日安排). The event in its commit has every limit that waits for a calendar worked out again.
 * A notice that was loaded before stays; the newer one counts.
 */
export async function loadNotice(ctx: Ctx, notice: LoadedNotice): Promise<void> {
  requireNotice(notice)
  await inTransaction(ctx, async (tx) => {
    const version = await addNotice(tx, notice)
    const subject = { kind: 'calendar', id: String(notice.year) }
    await recordAudit(tx, 'calendar.published', subject, {
      year: notice.year,
      version,
      days: notice.days.length,
      papers: notice.papers,
    })
    await recordEvent(tx, 'calendar.published', subject, { year: notice.year, version })
  })
}

function requireNotice({ year, days, papers }: LoadedNotice): void {
  const wrong: { path: string; message: string }[] = []
  const seen = new Set<string>()
  days.forEach(({ date, isOffDay }, index) => {
    const path = `days/${index}/date`
    if (parseCivilDate(date) === undefined) wrong.push({ path, message: `“${date}”不是存在的日期` })
    // A notice may name the last days of the year before, and none further away.
    else if (date < `${year - 1}-12-01` || date > `${year}-12-31`) wrong.push({ path, message: `${date} 不属于 ${year} 年的安排` })
    else if (seen.has(date)) wrong.push({ path, message: `${date} 出现两次` })
    else if (!isOffDay && !isWeekend(date)) wrong.push({ path, message: `${date} 不是周六、周日，不能列为调休上班` })
    seen.add(date)
  })
  if (!days.some(({ date, isOffDay }) => isOffDay && date.startsWith(`${year}-`)))
    wrong.push({ path: 'days', message: `没有 ${year} 年的放假日` })
  papers.forEach((paper, index) => {
    if (!/^https:\/\/(www\.)?gov\.cn\//.test(paper)) wrong.push({ path: `papers/${index}`, message: '通知的网址应在 gov.cn' })
  })
  const first = wrong[0]
  if (first) throw new InvalidValue('calendar.invalid_notice', `${year} 年节假日安排有误：${first.message}。请改正后重新导入。`, wrong)
}

function isWeekend(date: string): boolean {
  return [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay())
}

/** Which years are known and from where, newest first. */
export async function readNotices(ctx: Ctx) {
  return listNotices(ctx)
}

/** Working hours of the city and of organisations (办公时间), past and future ones too. */
export async function readHours(ctx: Ctx, ports: Pick<CasesPorts, 'organisations'>): Promise<HoursView[]> {
  const rows = await listHours(ctx)
  const names = await ports.organisations.organisations(
    ctx,
    rows.flatMap(({ org_id }) => org_id ?? []),
  )
  return rows.map((row) => ({ ...hoursView(row), orgName: (row.org_id && names.get(row.org_id)?.name) || null }))
}

/** With the name of its organisation, as every answer shows it. */
async function namedHours(ctx: Ctx, ports: Pick<CasesPorts, 'organisations'>, row: HoursRow): Promise<HoursView> {
  const orgName = row.org_id === null ? undefined : (await ports.organisations.organisation(ctx, row.org_id))?.name
  return { ...hoursView(row), orgName: orgName ?? null }
}

export interface HoursView extends OfficeHours {
  id: string
  /** Null for the city's own hours. */
  orgName: string | null
  version: number
  updatedBy: string
  updatedAt: string
}

function hoursView(row: HoursRow): Omit<HoursView, 'orgName'> {
  const { id, org_id, valid_from, valid_to, week, version, updated_by, updated_at } = row
  return {
    id,
    orgId: org_id,
    validFrom: valid_from,
    validTo: valid_to,
    week,
    version,
    updatedBy: updated_by,
    updatedAt: updated_at.toISOString(),
  }
}

/** Enters working hours. Limits that run already keep their end; those that begin from now on are counted by them. */
export async function enterHours(ctx: Ctx, ports: Pick<CasesPorts, 'organisations'>, hours: OfficeHours): Promise<HoursView> {
  return inTransaction(ctx, async (tx) => {
    if (hours.orgId !== null && !(await ports.organisations.organisation(tx, hours.orgId)))
      throw new InvalidValue('office-hours.unknown_organisation', '没有这个机构，请从机构列表中选择。', [
        { path: 'orgId', message: '没有这个机构' },
      ])
    await requireHours(tx, hours, null)
    const row = await insertHours(tx, randomUUID(), hours)
    await recordAudit(tx, 'office-hours.entered', { kind: 'office-hours', id: row.id }, { ...hours })
    return namedHours(tx, ports, row)
  })
}

/** Changes working hours, or ends them with `validTo`. */
export async function changeHours(
  ctx: Ctx,
  ports: Pick<CasesPorts, 'organisations'>,
  id: string,
  hours: OfficeHours,
  version: number,
): Promise<HoursView> {
  return inTransaction(ctx, async (tx) => {
    const row = await findHours(tx, id)
    if (!row) throw new NotFound('office-hours.not_found', '没有这项办公时间。')
    requireVersion('办公时间', row, version)
    await requireHours(tx, hours, id)
    const changed = await updateHours(tx, id, hours)
    await recordAudit(tx, 'office-hours.changed', { kind: 'office-hours', id }, { was: hoursView(row), now: { ...hours } })
    return namedHours(tx, ports, changed)
  })
}

async function requireHours(tx: Ctx, hours: OfficeHours, except: string | null): Promise<void> {
  if (hours.validTo !== null && hours.validTo <= hours.validFrom)
    throw new InvalidValue('office-hours.ends_before_start', '办公时间的终止日期应晚于起始日期。', [
      { path: 'validTo', message: '应晚于起始日期' },
    ])
  const problem = problemOfWeek(hours.week)
  if (problem)
    throw new InvalidValue('office-hours.invalid_week', `办公时间有误：${problem.message}。`, [
      { path: `week/${problem.weekday}`, message: problem.message },
    ])
  const other = await overlappingHours(tx, hours, except)
  if (other)
    throw new InvalidValue('office-hours.overlap', `与${other.valid_from}起的办公时间重叠，请先为它填写终止日期。`, [
      { path: 'validFrom', message: '与已有的办公时间重叠' },
    ])
}
