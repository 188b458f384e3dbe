import type { ResourcePack } from '@tongchou/resource-packs'
import type { Planted } from './assistance.ts'
import { openWorld, type WorldRecipe } from './world.ts'

/** The generator's own account of what it planted (埋入账目): what a comparison of the tables should find. */
export interface Account {
  /** Households that get assistance and do not qualify any more, each once. */
  households: ReadonlySet<string>
  /** Records that are wrong at their source. */
  sourceErrors: readonly Planted[]
}

export function accountOf(packs: readonly ResourcePack[], recipe: WorldRecipe): Account {
  const world = openWorld(packs, recipe)
  const households = new Set<string>()
  const sourceErrors: Planted[] = []
  for (let index = 0; index < recipe.families; index++)
    for (const planted of world.family(index).planted) {
      if (planted.kind === 'ineligible') households.add(planted.key)
      else sourceErrors.push(planted)
    }
  return { households, sourceErrors }
}
