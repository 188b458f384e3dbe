import type { CivilDay, Ctx, OrganisationsPort } from '@tongchou/kernel'
import { hasFailed } from './problem.standing.ts'
import { heldProjectIds, listOpenProblems } from './problem.store.ts'

/** What stands badly in supervision (WH23-20), for those who answer for the whole; each counts what its reader may read. */
export function supervisionFigures(organisations: OrganisationsPort) {
  return {
    failed: async (ctx: Ctx, today: CivilDay, most: number) => {
      const failed = (await listOpenProblems(ctx)).filter((problem) => hasFailed(problem, today))
      const shown = failed.slice(0, most)
      const orgs = await organisations.organisations(
        ctx,
        shown.map((problem) => problem.responsible_org_id),
      )
      const items = shown.map((problem) => ({
        problemId: problem.id,
        projectName: problem.project_name,
        responsible: { id: problem.responsible_org_id, name: orgs.get(problem.responsible_org_id)?.name ?? problem.responsible_org_id },
        dueOn: problem.due_on,
      }))
      return { count: failed.length, items }
    },
    heldProjectIds,
  }
}
