import { type Ctx, InvalidState } from '@tongchou/kernel'
import type { CatalogPorts, Reliance } from './ports.ts'
import type { ResourceRow } from './resource.tables.ts'

/**
 * What still relies on a published entry: the gate of a project that declared it and is not accepted yet (WH23-15), and whatever else the
 * city has wired in.
 */
export async function reliancesOn(ctx: Ctx, ports: CatalogPorts, row: ResourceRow): Promise<Reliance[]> {
  const others = await Promise.all(ports.reliances.map((port) => port.reliesOn(ctx, row.id)))
  return [...(await gateRelying(ctx, ports, row)), ...others.flat()]
}

/** The project whose acceptance waits for this entry. */
export async function gateRelying(ctx: Ctx, ports: CatalogPorts, row: ResourceRow): Promise<Reliance[]> {
  const { project_id, declared_resource_id } = row
  if (project_id === null || declared_resource_id === null) return []
  const gate = await ports.gates.gateOf(ctx, project_id)
  if (!gate?.awaitsAcceptance) return []
  const declared = await ports.declarations.declaredResources(ctx, project_id)
  if (!declared.some(({ id }) => id === declared_resource_id)) return []
  return [
    {
      message: `项目“${gate.name}”尚未验收，其申报的数据资源由本目录对应，验收时须已登记（第十五条）`,
      cure: '待该项目验收后再撤销，或由建设单位先变更该项目申报的数据资源',
    },
  ]
}

/** Refuses while something relies on the entry, each with what would cure it. */
export function requireUnrelied(name: string, reliances: readonly Reliance[]): void {
  const [first] = reliances
  if (first)
    throw new InvalidState(
      'catalog.relied_on',
      `目录“${name}”现在不能撤销：${first.message}。${first.cure}。`,
      reliances.map(({ message, cure }) => ({ path: '', message: `${message}。${cure}。` })),
    )
}
