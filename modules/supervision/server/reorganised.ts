import type { MovedThing, Reorganisation, ReorganisedPort } from '@tongchou/kernel'
import { problemsOfOrganisations, updateProblem, updateWithheld, withheldOfOrganisations } from './problem.store.ts'
import { subjectKind } from './problem.view.ts'
import { withheldKind } from './withheld.service.ts'

/** Problems and records go to whoever takes over from their parties: what was ordered must still be done, and who recorded it may still revoke it. */
export const supervisionReorganised: ReorganisedPort = {
  async onReorganised(ctx, reorganisation) {
    const moved: MovedThing[] = []
    for (const row of await problemsOfOrganisations(ctx, reorganisation.from)) {
      const next = successors(reorganisation, subjectKind, row)
      const set = {
        builder_org_id: next(row.builder_org_id),
        user_unit_org_id: next(row.user_unit_org_id),
        responsible_org_id: next(row.responsible_org_id),
      }
      const moves = movesOf({ kind: subjectKind, id: row.id, title: `${row.project_name}的问题` }, [
        ['建设单位', row.builder_org_id, set.builder_org_id],
        ['使用单位', row.user_unit_org_id, set.user_unit_org_id],
        ['责任单位', row.responsible_org_id, set.responsible_org_id],
      ])
      if (moves.length > 0) await updateProblem(ctx, row.id, set)
      moved.push(...moves)
    }
    for (const row of await withheldOfOrganisations(ctx, reorganisation.from)) {
      const next = successors(reorganisation, withheldKind, row)
      const set = {
        builder_org_id: next(row.builder_org_id),
        user_unit_org_id: next(row.user_unit_org_id),
        recorded_org_id: next(row.recorded_org_id),
      }
      const moves = movesOf({ kind: withheldKind, id: row.id, title: `${row.project_name}的隐瞒记录` }, [
        ['建设单位', row.builder_org_id, set.builder_org_id],
        ['使用单位', row.user_unit_org_id, set.user_unit_org_id],
        ['记录单位', row.recorded_org_id, set.recorded_org_id],
      ])
      if (moves.length > 0) await updateWithheld(ctx, row.id, set)
      moved.push(...moves)
    }
    return { moved, stays: [] }
  },
}

/** Who is in an organisation's place for this row, and for what it says of its project. */
function successors(to: Reorganisation, kind: string, row: { id: string; project_id: string }): (orgId: string) => string {
  const things = [
    { kind, id: row.id },
    { kind: 'project', id: row.project_id },
  ]
  return (orgId) => (to.from.includes(orgId) ? to.successorOf(orgId, ...things) : orgId)
}

function movesOf(
  thing: Pick<MovedThing, 'kind' | 'id' | 'title'>,
  sides: readonly (readonly [role: string, from: string, to: string])[],
): MovedThing[] {
  return sides.filter(([, from, to]) => from !== to).map(([role, from, to]) => ({ ...thing, role, from, to }))
}
