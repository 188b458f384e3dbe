import { type Ctx, Nullable, notFound, OneOf } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import type { CatalogPorts } from './ports.ts'
import { entriesOfProject } from './resource.store.ts'

/** 尚未编制, 目录办理中, 已登记而数据未到, 已纳入共享平台. */
const declaredStandings = ['no-entry', 'in-hand', 'awaits-data', 'on-platform'] as const

/** A resource that a project declared, and how far it is on its way to the platform (WH23-15). */
export const DeclaredStanding = Type.Object({
  id: Type.String(),
  name: Type.String(),
  entryId: Nullable(Type.String()),
  standing: OneOf(declaredStandings),
  channels: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), isInUse: Type.Boolean() }), {
    description: '归集该资源的交换通道；数据未到时列',
  }),
})
export type DeclaredStanding = Static<typeof DeclaredStanding>

/** Of each declared resource of a project what its acceptance still waits for, by the same records as the gate itself (decision 0051). */
export async function declaredStandingsOf(ctx: Ctx, ports: CatalogPorts, projectId: string): Promise<DeclaredStanding[]> {
  if (!(await ports.projects.project(ctx, projectId))) throw notFound('项目')
  const entries = await entriesOfProject(ctx, projectId)
  const found: DeclaredStanding[] = []
  for (const { id, name } of await ports.declarations.declaredResources(ctx, projectId)) {
    const entry = entries.find(({ declared_resource_id }) => declared_resource_id === id)
    found.push({ id, name, entryId: entry?.id ?? null, ...(await standingOf(ctx, ports, entry)) })
  }
  return found
}

async function standingOf(
  ctx: Ctx,
  { platform }: CatalogPorts,
  entry: Awaited<ReturnType<typeof entriesOfProject>>[number] | undefined,
): Promise<Pick<DeclaredStanding, 'standing' | 'channels'>> {
  if (!entry) return { standing: 'no-entry', channels: [] }
  if (entry.state !== 'registered') return { standing: 'in-hand', channels: [] }
  if (await platform.holds(ctx, entry.id)) return { standing: 'on-platform', channels: [] }
  return { standing: 'awaits-data', channels: await platform.channels(ctx, entry.id) }
}
