import type { Ctx, MovedThing, OrganisationsPort, Reorganisation, ReorganisedPort } from '@tongchou/kernel'
import { findByName, systemsOfOrganisations, takeTurn, updateSystem } from './system.store.ts'
import type { SystemRow } from './system.tables.ts'

/** Systems go to whoever takes over from the units that own and use them. */
export function systemsReorganised({ organisations }: { organisations: OrganisationsPort }): ReorganisedPort {
  return {
    async onReorganised(ctx, reorganisation) {
      const moved: MovedThing[] = []
      for (const system of await systemsOfOrganisations(ctx, reorganisation.from))
        moved.push(...(await hand(ctx, organisations, reorganisation, system)))
      return { moved, stays: [] }
    },
  }
}

async function hand(ctx: Ctx, organisations: OrganisationsPort, to: Reorganisation, system: SystemRow): Promise<MovedThing[]> {
  const thing = { kind: 'system', id: system.id }
  const project = system.project_id === null ? [] : [{ kind: 'project', id: system.project_id }]
  const next = (orgId: string) => (to.from.includes(orgId) ? to.successorOf(orgId, thing, ...project) : orgId)
  const owner = next(system.org_id)
  const user = system.user_unit_org_id === null ? null : next(system.user_unit_org_id)
  if (owner === system.org_id && user === system.user_unit_org_id) return []
  const name = owner === system.org_id ? system.name : await nameAt(ctx, organisations, to, system, owner)
  await updateSystem(ctx, system.id, { org_id: owner, user_unit_org_id: user, name })
  const title = name === system.name ? name : `${system.name}，更名为${name}`
  const moves: MovedThing[] = []
  if (owner !== system.org_id) moves.push({ ...thing, title, role: '主管单位', from: system.org_id, to: owner })
  if (system.user_unit_org_id !== null && user !== null && user !== system.user_unit_org_id)
    moves.push({ ...thing, title, role: '使用单位', from: system.user_unit_org_id, to: user })
  return moves
}

/** Two offices that become one may each have a system of the same name: the one that comes says where it is from. */
async function nameAt(ctx: Ctx, organisations: OrganisationsPort, to: Reorganisation, system: SystemRow, owner: string): Promise<string> {
  await takeTurn(ctx, owner)
  if (!(await findByName(ctx, owner, system.name))) return system.name
  const before = await organisations.organisationAsOf(ctx, system.org_id, to.effectiveOn)
  const named = `${system.name}（原${before?.name ?? system.org_id}）`
  return (await findByName(ctx, owner, named)) ? `${named}${system.number}` : named
}
