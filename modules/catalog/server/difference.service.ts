import { type Ctx, InvalidState } from '@tongchou/kernel'
import { type Difference, differenceOf, dutyNames, itemChangeWords, type NameOf } from '@tongchou/metadata'
import { frozenContent } from './content.rows.ts'
import type { Content } from './content.schema.ts'
import type { CatalogPorts } from './ports.ts'
import { itemsOf, versionsOf } from './resource.store.ts'
import type { ResourceRow } from './resource.tables.ts'

/** Two versions of an entry side by side (版本差异), everything in words. */
export async function compareVersions(ctx: Ctx, ports: CatalogPorts, row: ResourceRow, from: number, to: number): Promise<Difference> {
  const [before, after] = [await versionOf(ctx, row, from, 'from'), await versionOf(ctx, row, to, 'to')]
  return differenceOf(before, after, await namesIn(ctx, ports, [before, after]))
}

/** What changed between the last hand-in and the one before, for who decides; undefined for what was handed in once. */
export async function sinceLastHandIn(ctx: Ctx, ports: CatalogPorts, row: ResourceRow) {
  const [last, before] = await versionsOf(ctx, row.id, 2, undefined)
  if (!last || !before) return undefined
  const { fields, items } = await compareVersions(ctx, ports, row, before.version, last.version)
  return {
    title: `第${last.version}版较上次提交的第${before.version}版`,
    fields,
    parts: items.map(({ id, name, changes, fields: own }) => ({
      id,
      name,
      changes: changes.map((one) => itemChangeWords[one]),
      fields: own,
    })),
  }
}

async function versionOf(ctx: Ctx, row: ResourceRow, version: number, path: string): Promise<Content> {
  const [found] = await versionsOf(ctx, row.id, 1, undefined, version)
  if (!found)
    throw new InvalidState('catalog.no_version', `目录“${row.name}”没有第${version}版，请从提交版本中选择。`, [
      { path, message: `没有第${version}版` },
    ])
  return frozenContent(found.content, await itemsOf(ctx, row.id))
}

/** Names of what the contents refer to, as far as the reader may know them. */
export async function namesIn(ctx: Ctx, ports: CatalogPorts, contents: readonly Content[]): Promise<NameOf> {
  const bearers = contents.flatMap(({ duties }) => dutyNames.flatMap((name) => duties[name]?.orgId ?? []))
  const orgs = await ports.organisations.organisations(ctx, [...new Set(bearers)])
  const names = new Map<string, string>([...orgs].map(([id, { name }]) => [id, name]))
  for (const { projectId, declaredResourceId, systemId } of contents) {
    if (projectId !== null) names.set(projectId, (await ports.projects.project(ctx, projectId))?.name ?? '当前岗位不能查看的项目')
    if (systemId !== null) names.set(systemId, (await ports.systems.system(ctx, systemId))?.name ?? '当前岗位不能查看的系统')
    if (projectId === null || declaredResourceId === null) continue
    for (const { id, name } of await ports.declarations.declaredResources(ctx, projectId)) names.set(id, name)
  }
  return (_field, value) => names.get(value)
}
