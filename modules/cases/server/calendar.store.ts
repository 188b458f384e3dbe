import { type Ctx, type OfficeHours, shippedHolidayNotices } from '@tongchou/kernel'
import { sql } from 'kysely'
import type { LoadedNotice } from './calendar.service.ts'

/** Keeps a notice as the next version of its year. */
export async function addNotice(ctx: Ctx, { year, days, papers }: LoadedNotice): Promise<number> {
  // Two administrators who load one year at once get two versions, one after the other.
  await sql`select pg_advisory_xact_lock(hashtext('calendar.notice'))`.execute(ctx.db)
  const row = await ctx.db
    .insertInto('kernel.holiday_notice')
    .values((eb) => ({
      year,
      version: eb
        .selectFrom('kernel.holiday_notice')
        .where('year', '=', year)
        .select(sql<number>`coalesce(max(version), 0) + 1`.as('next')),
      days: JSON.stringify(days.map(({ name, date, isOffDay }) => ({ name, date, isOffDay }))),
      papers: JSON.stringify(papers),
      loaded_by: ctx.actor.name,
      loaded_at: ctx.now(),
    }))
    .returning('version')
    .executeTakeFirstOrThrow()
  return row.version
}

/** Known years, newest first: loaded ones with who and when, shipped ones without. */
export async function listNotices(ctx: Ctx) {
  const loaded = await ctx.db.selectFrom('kernel.holiday_notice').selectAll().orderBy('year').orderBy('version', 'desc').execute()
  const newest = new Map(loaded.toReversed().map((row) => [row.year, row]))
  const years = new Map(shippedHolidayNotices().map(({ year, days, papers }) => [year, { days, papers: [...(papers ?? [])] }]))
  for (const [year, row] of newest) years.set(year, { days: row.days, papers: row.papers })
  return [...years]
    .sort(([a], [b]) => b - a)
    .map(([year, { days, papers }]) => {
      const row = newest.get(year)
      return {
        year,
        papers,
        isPublished: days.length > 0,
        offDayCount: days.filter((day) => day.isOffDay).length,
        workedDayCount: days.filter((day) => !day.isOffDay).length,
        version: row?.version ?? 0,
        loadedBy: row?.loaded_by ?? null,
        loadedAt: row?.loaded_at.toISOString() ?? null,
        days,
      }
    })
}

export async function listHours(ctx: Ctx) {
  return ctx.db.selectFrom('kernel.office_hours').selectAll().orderBy('org_id').orderBy('valid_from', 'desc').execute()
}
export type HoursRow = Awaited<ReturnType<typeof listHours>>[number]

export async function findHours(ctx: Ctx, id: string): Promise<HoursRow | undefined> {
  return ctx.db.selectFrom('kernel.office_hours').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Other hours of the same owner that hold on a day of these. */
export async function overlappingHours(ctx: Ctx, hours: OfficeHours, except: string | null): Promise<HoursRow | undefined> {
  await sql`select pg_advisory_xact_lock(hashtext('calendar.hours'))`.execute(ctx.db)
  let query = ctx.db
    .selectFrom('kernel.office_hours')
    .selectAll()
    .where('org_id', 'is not distinct from', hours.orgId)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', hours.validFrom)]))
  if (hours.validTo !== null) query = query.where('valid_from', '<', hours.validTo)
  if (except !== null) query = query.where('id', '!=', except)
  return query.executeTakeFirst()
}

export async function insertHours(ctx: Ctx, id: string, hours: OfficeHours): Promise<HoursRow> {
  return ctx.db
    .insertInto('kernel.office_hours')
    .values({ id, version: 1, ...valuesOf(ctx, hours) })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function updateHours(ctx: Ctx, id: string, hours: OfficeHours): Promise<HoursRow> {
  return ctx.db
    .updateTable('kernel.office_hours')
    .set({ ...valuesOf(ctx, hours), version: sql`version + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

function valuesOf(ctx: Ctx, { orgId, validFrom, validTo, week }: OfficeHours) {
  return {
    org_id: orgId,
    valid_from: validFrom,
    valid_to: validTo,
    week: JSON.stringify(week),
    updated_by: ctx.actor.name,
    updated_at: ctx.now(),
  }
}
