import { type HolidayNotice, workingDayCalendar } from './calendar.ts'
import type { Ctx } from './context.ts'
import { noticesWith, type OfficeCalendar, officeCalendar, usualCalendar } from './office-calendar.ts'
import type { OfficeHours } from './office-hours.ts'

/** The city's calendar as it is now: shipped notices, notices loaded since, and working hours. Read anew for every act. */
export async function calendarOf(ctx: Ctx): Promise<OfficeCalendar> {
  const [loaded, hours] = await Promise.all([loadedNotices(ctx), officeHours(ctx)])
  if (loaded.length === 0 && hours.length === 0) return usualCalendar
  return officeCalendar(workingDayCalendar(noticesWith(loaded)), hours)
}

/** The newest notice of each year that the city has loaded. */
export async function loadedNotices(ctx: Ctx): Promise<HolidayNotice[]> {
  return ctx.db
    .selectFrom('kernel.holiday_notice')
    .distinctOn('year')
    .select(['year', 'days'])
    .orderBy('year')
    .orderBy('version', 'desc')
    .execute()
}

async function officeHours(ctx: Ctx): Promise<OfficeHours[]> {
  const rows = await ctx.db.selectFrom('kernel.office_hours').select(['org_id', 'valid_from', 'valid_to', 'week']).execute()
  return rows.map((row) => ({ orgId: row.org_id, validFrom: row.valid_from, validTo: row.valid_to, week: row.week }))
}
