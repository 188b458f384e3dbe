import type { CivilDay, Ctx, OrganisationsPort } from '@tongchou/kernel'
import { approvedPlanYears, moneyFigures, projectsBehind } from './figures.store.ts'
import { named } from './project.view.ts'

/** Figures of projects for those who answer for the whole; each counts what its reader may read. */
export function projectFigures(organisations: OrganisationsPort) {
  return {
    planYears: approvedPlanYears,
    money: moneyFigures,
    behind: async (ctx: Ctx, today: CivilDay, most: number) => {
      const { count, rows } = await projectsBehind(ctx, today, most)
      const orgs = await organisations.organisations(
        ctx,
        rows.map((row) => row.builder_org_id),
      )
      const items = rows.map((row) => ({
        projectId: row.id,
        name: row.name,
        builder: named(orgs, row.builder_org_id),
        milestone: row.milestone,
        dueOn: row.due_on,
      }))
      return { count, items }
    },
  }
}
