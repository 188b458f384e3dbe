import type { Ctx, MovedThing, OrganisationsPort, Reorganisation, ReorganisedPort } from '@tongchou/kernel'
import { projectsOfOrganisations, updateProject } from './project.store.ts'
import type { ProjectRow } from './project.tables.ts'
import { draftsOfOrganisations, moveDraft } from './proposal-draft.store.ts'

const roles = [
  ['owner_org_id', '申报单位'],
  ['builder_org_id', '建设单位'],
  ['user_unit_org_id', '使用单位'],
] as const

/** Projects go to whoever takes over from the units that propose, build and use them, the finished ones too: somebody must answer for them. */
export function projectsReorganised({ organisations }: { organisations: OrganisationsPort }): ReorganisedPort {
  return {
    async onReorganised(ctx, reorganisation) {
      const projects = await projectsOfOrganisations(ctx, reorganisation.from)
      const moved: MovedThing[] = []
      for (const project of projects) moved.push(...(await hand(ctx, organisations, reorganisation, project)))
      moved.push(...(await handDrafts(ctx, reorganisation)))
      return { moved, stays: [] }
    },
  }
}

async function hand(ctx: Ctx, organisations: OrganisationsPort, to: Reorganisation, project: ProjectRow): Promise<MovedThing[]> {
  const thing = { kind: 'project', id: project.id }
  const moved = roles
    .filter(([column]) => to.from.includes(project[column]))
    .map(([column, role]) => ({ column, role, from: project[column], to: to.successorOf(project[column], thing) }))
    .filter((move) => move.from !== move.to)
  if (moved.length === 0) return []
  const owner = moved.find((move) => move.column === 'owner_org_id')
  // Which rules bind a proposal depends on what kind of unit proposes it: from now on the successor's kind.
  const office = owner && (await organisations.organisationAsOf(ctx, owner.to, to.effectiveOn))
  await updateProject(ctx, project.id, {
    ...Object.fromEntries(moved.map((move) => [move.column, move.to])),
    ...(office ? { owner_org_kind: office.kind } : {}),
  })
  return moved.map(({ role, from, to }) => ({ ...thing, title: project.name, role, from, to }))
}

/** What somebody is still writing goes where they go. */
async function handDrafts(ctx: Ctx, to: Reorganisation): Promise<MovedThing[]> {
  const moved: MovedThing[] = []
  for (const draft of await draftsOfOrganisations(ctx, to.from)) {
    const thing = { kind: 'proposal-draft', id: draft.id }
    const owner = to.from.includes(draft.owner_org_id)
      ? to.successorOf(draft.owner_org_id, thing, { kind: 'person', id: draft.person_id })
      : draft.owner_org_id
    const { name, userUnitOrgId: user } = draft.content
    const next = user !== undefined && to.from.includes(user) ? to.successorOf(user, thing) : null
    await moveDraft(ctx, draft.id, owner, next)
    const title = name || '未命名的申报草稿'
    if (owner !== draft.owner_org_id) moved.push({ ...thing, title, role: '草稿', from: draft.owner_org_id, to: owner })
  }
  return moved
}
