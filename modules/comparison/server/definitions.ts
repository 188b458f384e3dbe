import type { PackComparison, ResourcePack } from '@tongchou/resource-packs'

/** A named comparison with the pack that it comes from. */
export interface Definition {
  pack: ResourcePack
  comparison: PackComparison
}

/** How a comparison is called: pack and name. */
export const nameOf = ({ pack, name }: Pick<PackComparison, 'pack' | 'name'>) => `${pack}/${name}`

export function definitionsOf(packs: readonly ResourcePack[]): Definition[] {
  return packs.flatMap((pack) => pack.comparisons.map((comparison) => ({ pack, comparison })))
}

/** Undefined where no pack has it any more. */
export function definitionOf(packs: readonly ResourcePack[], name: string): Definition | undefined {
  return definitionsOf(packs).find(({ comparison }) => nameOf(comparison) === name)
}

/** What a ground or an error is called; its id where the pack has dropped it. */
export function groundTitle(comparison: PackComparison | undefined, id: string): string {
  return [...(comparison?.reasons ?? []), ...(comparison?.errors ?? [])].find((one) => one.id === id)?.title ?? id
}
