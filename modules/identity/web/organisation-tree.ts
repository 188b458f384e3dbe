import type { Organisation } from './identity-api.ts'

/** An organisation with those below it. */
export interface Branch {
  organisation: Organisation
  children: Branch[]
}

/** The tree, in the order of the list. What has a parent that is not in the list stands at the top: nothing may get lost. */
export function treeOf(organisations: readonly Organisation[]): Branch[] {
  const branches = new Map(organisations.map((organisation) => [organisation.id, { organisation, children: [] as Branch[] }]))
  const top: Branch[] = []
  for (const branch of branches.values()) {
    const parent = branches.get(branch.organisation.parentId ?? '')
    const siblings = parent && !isAbove(branches, branch, parent) ? parent.children : top
    siblings.push(branch)
  }
  return top
}

/** Ids from the top down to the organisation's parent. */
export function pathTo(organisations: readonly Organisation[], id: string): string[] {
  const parents = new Map(organisations.map((organisation) => [organisation.id, organisation.parentId]))
  const path: string[] = []
  for (let parent = parents.get(id); parent && !path.includes(parent); parent = parents.get(parent)) path.unshift(parent)
  return path
}

/** Organisations whose name, short name or id has the words; all words must be found. */
export function matching(organisations: readonly Organisation[], words: string): Organisation[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return organisations.filter(({ id, name, shortName }) => {
    const text = `${name} ${shortName} ${id}`.toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
}

/** Is `branch` somewhere above `other`? A ring in the data would otherwise hang in the air, seen by nobody. */
function isAbove(branches: ReadonlyMap<string, Branch>, branch: Branch, other: Branch): boolean {
  const seen = new Set<Branch>()
  for (let one: Branch | undefined = other; one && !seen.has(one); one = branches.get(one.organisation.parentId ?? '')) {
    if (one === branch) return true
    seen.add(one)
  }
  return false
}
