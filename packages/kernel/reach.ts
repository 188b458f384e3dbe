import type { Actor, DutyId } from './context.ts'

/**
 * Which organisations some duties of an actor reach: everywhere, or those in the areas (区域) that the duties were given for.
 * A duty given for an area counts only for what belongs to an organisation that lies in it.
 */
export function reachOf(actor: Actor, duties: readonly DutyId[]): 'everywhere' | readonly string[] {
  const held = duties.filter((duty) => actor.roles.has(duty))
  const reached = new Set<string>()
  for (const duty of held) {
    const within = actor.within?.get(duty)
    if (!within) return 'everywhere'
    for (const orgId of within) reached.add(orgId)
  }
  return [...reached]
}

/** Whether one of some duties of the actor reaches what belongs to this organisation. */
export function reaches(actor: Actor, duties: readonly DutyId[], orgId: string): boolean {
  return duties.some((duty) => actor.roles.has(duty) && (actor.within?.get(duty)?.has(orgId) ?? true))
}

/** The duties of the actor that count for what belongs to this organisation. */
export function dutiesFor(actor: Actor, orgId: string): DutyId[] {
  return [...actor.roles].filter((duty) => actor.within?.get(duty)?.has(orgId) ?? true)
}

/** The beginning that every division code of an area has: 150302 and 150302000000 are 海勃湾区, 150300 is the whole city. */
export function areaPrefix(code: string): string {
  const groups = /^(\d{2})(\d{2})(\d{2})(\d{3})?(\d{3})?$/.exec(code)?.slice(1) ?? []
  const last = groups.findLastIndex((group) => group !== undefined && !/^0+$/.test(group))
  return groups.slice(0, last + 1).join('')
}
