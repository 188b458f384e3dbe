import type { Ctx, MovedThing, OrganisationsPort, Reorganisation, ReorganisedPort, Thing } from '@tongchou/kernel'
import { changesNaming, updateAmendment } from './amendment.store.ts'
import { contentOf } from './amendment.view.ts'
import { findByName, resourcesOfOrganisations, takeTurn, updateResource } from './resource.store.ts'
import type { ResourceRow } from './resource.tables.ts'
import { subjectKind } from './resource.view.ts'

/** Catalog entries go to whoever takes over from the units that answer for them and use them. */
export function catalogReorganised({ organisations }: { organisations: OrganisationsPort }): ReorganisedPort {
  return {
    async onReorganised(ctx, reorganisation) {
      const moved: MovedThing[] = []
      for (const resource of await resourcesOfOrganisations(ctx, reorganisation.from))
        moved.push(...(await hand(ctx, organisations, reorganisation, resource)))
      await handChanges(ctx, reorganisation)
      return { moved, stays: [] }
    },
  }
}

async function hand(ctx: Ctx, organisations: OrganisationsPort, to: Reorganisation, resource: ResourceRow): Promise<MovedThing[]> {
  const thing = { kind: subjectKind, id: resource.id }
  const project = resource.project_id === null ? [] : [{ kind: 'project', id: resource.project_id }]
  const next = (orgId: string) => (to.from.includes(orgId) ? to.successorOf(orgId, thing, ...project) : orgId)
  const owner = next(resource.org_id)
  const user = resource.user_unit_org_id === null ? null : next(resource.user_unit_org_id)
  const duties = dutiesAfter(resource.duties, next)
  const named = JSON.stringify(duties) !== JSON.stringify(resource.duties)
  if (owner === resource.org_id && user === resource.user_unit_org_id && !named) return []
  const name = owner === resource.org_id ? resource.name : await nameAt(ctx, organisations, to, resource, owner)
  await updateResource(ctx, resource.id, { org_id: owner, user_unit_org_id: user, name, duties: JSON.stringify(duties) })
  const title = name === resource.name ? name : `${resource.name}，更名为${name}`
  const moves: MovedThing[] = []
  if (owner !== resource.org_id) moves.push({ ...thing, title, role: '提供单位', from: resource.org_id, to: owner })
  if (resource.user_unit_org_id !== null && user !== null && user !== resource.user_unit_org_id)
    moves.push({ ...thing, title, role: '使用单位', from: resource.user_unit_org_id, to: user })
  if (moves.length === 0) moves.push(...dutyMove(thing, title, resource, next))
  return moves
}

/** A change that is under way names the offices that take over: else it would bring back the old ones when it is published. */
async function handChanges(ctx: Ctx, to: Reorganisation): Promise<void> {
  for (const change of await changesNaming(ctx, to.from)) {
    const next = (orgId: string) => (to.from.includes(orgId) ? to.successorOf(orgId, { kind: subjectKind, id: change.resource_id }) : orgId)
    const content = contentOf(change)
    await updateAmendment(ctx, change.id, { content: JSON.stringify({ ...content, duties: dutiesAfter(content.duties, next) }) })
  }
}

/** Which office handles, uses, manages and answers for the data (职责分工), by whoever takes over. */
function dutiesAfter(duties: ResourceRow['duties'], next: (orgId: string) => string): ResourceRow['duties'] {
  const after = Object.entries(duties).map(([duty, unit]) => [duty, unit ? { ...unit, orgId: next(unit.orgId) } : unit])
  return Object.fromEntries(after) as ResourceRow['duties']
}

function dutyMove(thing: Thing, title: string, resource: ResourceRow, next: (orgId: string) => string): MovedThing[] {
  const unit = Object.values(resource.duties).find((one) => one && next(one.orgId) !== one.orgId)
  return unit ? [{ ...thing, title, role: '职责分工', from: unit.orgId, to: next(unit.orgId) }] : []
}

/** Two offices that become one may each have an entry of the same name: the one that comes says where it is from. */
async function nameAt(
  ctx: Ctx,
  organisations: OrganisationsPort,
  to: Reorganisation,
  resource: ResourceRow,
  owner: string,
): Promise<string> {
  await takeTurn(ctx, owner)
  if (!(await findByName(ctx, owner, resource.name))) return resource.name
  const before = await organisations.organisationAsOf(ctx, resource.org_id, to.effectiveOn)
  const named = `${resource.name}（原${before?.name ?? resource.org_id}）`
  return (await findByName(ctx, owner, named)) ? `${named}${resource.number}` : named
}
