import type { CivilDay, Ctx } from '@tongchou/kernel'
import { type SelectQueryBuilder, sql } from 'kysely'
import { readProject } from './project.permissions.ts'
import { type ProjectsTables, projectsDb } from './project.tables.ts'

/** Years whose plan the city has approved (年度计划), newest first. */
export async function approvedPlanYears(ctx: Ctx): Promise<number[]> {
  const rows = await projectsDb(ctx)
    .selectFrom('projects.city_plan')
    .select('year')
    .distinct()
    .where('state', '=', 'approved')
    .orderBy('year', 'desc')
    .execute()
  return rows.map(({ year }) => year)
}

/** Handed in and readable, and listed in that year's plan when one is named. */
function counted(ctx: Ctx, year: number | null): SelectQueryBuilder<ProjectsTables, 'projects.project', object> {
  const query = projectsDb(ctx)
    .selectFrom('projects.project')
    .where('projects.project.submitted_at', 'is not', null)
    .where(readProject.where(ctx.actor)) as SelectQueryBuilder<ProjectsTables, 'projects.project', object>
  if (year === null) return query
  return query.where((eb) =>
    eb.exists(
      eb
        .selectFrom('projects.plan_entry as e')
        .select('e.id')
        .whereRef('e.project_id', '=', 'projects.project.id')
        .where('e.year', '=', year)
        .where('e.state', '=', 'listed'),
    ),
  )
}

const contracted = sql`(select coalesce(sum(c.amount_fen), 0) from projects.contract c where c.project_id = projects.project.id)`
const paid = sql`(select coalesce(sum(p.amount_fen), 0) from projects.payment p where p.project_id = projects.project.id and p.state = 'released')`
const total = (amount: unknown) => sql<number>`coalesce(sum(${amount}), 0)::bigint`

/** Money of the projects that the actor may read, in 分: from what was asked for to what was paid, and what is held of it. */
export async function moneyFigures(ctx: Ctx, year: number | null, heldProjectIds: readonly string[]) {
  const isHeld = sql`projects.project.id = any(${[...heldProjectIds]}::uuid[])`
  return counted(ctx, year)
    .select((eb) => [
      eb.fn.countAll<number>().as('projectCount'),
      total(sql.ref('budget_fen')).as('budgetFen'),
      total(sql.ref('approved_fen')).as('approvedFen'),
      total(sql.ref('funded_fen')).as('fundedFen'),
      total(contracted).as('contractedFen'),
      total(paid).as('paidFen'),
      total(sql`case when ${isHeld} then greatest(${contracted} - ${paid}, 0) else 0 end`).as('heldFen'),
    ])
    .executeTakeFirstOrThrow()
}

/** Projects not yet accepted that have missed a milestone, the one missed longest of each; the longest first. */
export async function projectsBehind(ctx: Ctx, today: CivilDay, most: number) {
  const rows = await counted(ctx, null)
    .innerJoin('projects.milestone as m', 'm.project_id', 'projects.project.id')
    .where('projects.project.accepted_at', 'is', null)
    .where('m.done_on', 'is', null)
    .where('m.due_on', '<', today)
    .distinctOn('projects.project.id')
    .select(['projects.project.id', 'projects.project.name', 'projects.project.builder_org_id', 'm.title as milestone', 'm.due_on'])
    .orderBy('projects.project.id')
    .orderBy('m.due_on')
    .execute()
  const longestFirst = rows.sort((a, b) => (a.due_on < b.due_on ? -1 : 1))
  return { count: rows.length, rows: longestFirst.slice(0, most) }
}
