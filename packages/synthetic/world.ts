import type { ResourcePack } from '@tongchou/resource-packs'
import { enterpriseRow } from './enterprises.ts'
import { familyRows } from './family.ts'
import type { FamilyRows } from './making.ts'
import { type People, peopleOf } from './people.ts'
import { drawsOf } from './random.ts'

/** What decides a synthetic city (合成城市): the same for the same three. */
export interface WorldRecipe {
  seed: number
  families: number
  /** The day on which it is looked at, `YYYY-MM-DD`. */
  on: string
}

/** How common things are, as the packs say; a name that a pack does not give is a mistake and not a zero. */
const rateNames = {
  population: ['spouse', 'firstChild', 'secondChild', 'firstParent', 'secondParent', 'parentDied', 'deathNotCancelled'],
  'legal-persons': ['familiesPerEnterprise', 'closed'],
  vehicles: ['car', 'secondCar', 'motorcycle', 'scrapped', 'ownerNameWrong'],
  'real-estate': ['home', 'secondHome', 'formerHome', 'ownerNameWrong'],
  'social-insurance': ['months', 'employed', 'stopped', 'workerPension'],
  'social-assistance': [
    'assisted',
    'stopped',
    'standardFen',
    'notCovered',
    'plantedVehicle',
    'plantedHouse',
    'plantedInsurance',
    'plantedIncome',
    'plantedDeath',
    'memberNameWrong',
  ],
} as const
export type Rates = { [P in keyof typeof rateNames]: Record<(typeof rateNames)[P][number], number> }

/** A synthetic city: one population that every department's table is derived from, family by family. */
export interface World {
  recipe: WorldRecipe
  rates: Rates
  people: People
  familiesPerEnterprise: number
  enterprises: number
  isAssisted(family: number): boolean
  family(index: number): FamilyRows
  enterprise(index: number): Record<string, unknown>
}

/** A city of this size fits into memory, where each of its tables asks for every family anew. */
const keptFamilies = 20_000

export function openWorld(packs: readonly ResourcePack[], recipe: WorldRecipe): World {
  const rates = ratesOf(packs)
  const kept: (FamilyRows | undefined)[] = []
  const family = (index: number): FamilyRows => {
    if (recipe.families > keptFamilies) return familyRows(world, index)
    kept[index] ??= familyRows(world, index)
    return kept[index]
  }
  const familiesPerEnterprise = Math.max(1, Math.round(rates['legal-persons'].familiesPerEnterprise))
  const world: World = {
    recipe,
    rates,
    people: peopleOf(recipe),
    familiesPerEnterprise,
    enterprises: Math.max(1, Math.ceil(recipe.families / familiesPerEnterprise)),
    isAssisted: (family) => drawsOf(recipe.seed, 'assisted', family).happens(rates['social-assistance'].assisted),
    family,
    enterprise: (index) => enterpriseRow(world, index),
  }
  return world
}

function ratesOf(packs: readonly ResourcePack[]): Rates {
  const given = new Map(packs.map((pack) => [pack.manifest.pack, pack.synthetic.rates]))
  for (const [pack, names] of Object.entries(rateNames))
    for (const name of names)
      if (given.get(pack)?.[name] === undefined) throw new TypeError(`资源包 ${pack} 的 synthetic.yaml 没有 rates.${name}`)
  return Object.fromEntries(given) as unknown as Rates
}
