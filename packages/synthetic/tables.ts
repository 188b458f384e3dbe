import type { PackItem, PackResource, ResourcePack } from '@tongchou/resource-packs'
import type { Row } from './making.ts'
import { openWorld, type World, type WorldRecipe } from './world.ts'

/** A table of a department (部门数据表), row by row and as long as is wanted; only one family is in memory at a time. */
export interface SyntheticTable {
  pack: string
  resource: PackResource
  /** Names of the columns, in the order of the values. */
  columns: readonly string[]
  rows(): Generator<readonly unknown[]>
}

/** The tables that the packs describe, of one synthetic city. */
export function tablesOf(packs: readonly ResourcePack[], recipe: WorldRecipe): SyntheticTable[] {
  const world = openWorld(packs, recipe)
  return packs.flatMap((pack) =>
    pack.resources.flatMap((resource): SyntheticTable[] => {
      const source = pack.synthetic.tables[resource.name]
      if (!source) return []
      const facts = resource.items.map((item) => source.values?.[item.name] ?? item.name)
      const columns = resource.items.map((item) => item.column)
      const rows = function* () {
        for (const fact of factsOf(world, source.rows)) yield resource.items.map((item, i) => taken(fact, facts[i] ?? item.name, item))
      }
      return [{ pack: pack.manifest.pack, resource, columns, rows }]
    }),
  )
}

function* factsOf(world: World, kind: string): Generator<Row> {
  if (kind === 'enterprise') for (let index = 0; index < world.enterprises; index++) yield world.enterprise(index)
  else
    for (let index = 0; index < world.recipe.families; index++) {
      const rows: unknown = (world.family(index) as unknown as Record<string, unknown>)[kind]
      if (!Array.isArray(rows) || kind === 'planted') throw new TypeError(`合成城市没有“${kind}”这一类事实`)
      yield* rows as Row[]
    }
}

function taken(fact: Row, name: string, item: PackItem): unknown {
  const value = fact[name]
  if (value === undefined) throw new TypeError(`“${item.title}”所取的“${name}”不在合成城市的事实中`)
  return value
}
