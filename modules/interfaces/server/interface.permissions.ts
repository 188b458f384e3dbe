import { type Actor, type DutyId, reaches, reachOf } from '@tongchou/kernel'
import { type Expression, expressionBuilder, type SqlBool } from 'kysely'
import type { InterfacesTables } from './interface.tables.ts'

/** The center, which lets interfaces be used and watches them. */
export const keeperDuties: readonly DutyId[] = ['big-data-center']
/** Offices that see every interface: who runs them, and who audits them. */
export const overseerDuties: readonly DutyId[] = ['big-data-center', 'audit']
/** Who answers for the data of the own organisation registers its interfaces. */
export const providerDuties: readonly DutyId[] = ['data-steward']
/** Keeps the list of addresses that may be connected to (允许地址): a door of the platform. */
export const doorDuties: readonly DutyId[] = ['security-admin']
/** See that list: who keeps it, who lets interfaces be used by it, who audits it. */
export const doorReaders: readonly DutyId[] = ['security-admin', 'big-data-center', 'audit']

/** The department whose interface it is, the center and the auditor. `allows` and `where` agree (tested). */
export const readInterface = {
  allows: (actor: Actor, { org_id }: { org_id: string }): boolean =>
    reaches(actor, overseerDuties, org_id) || (bears(actor, providerDuties) && actor.orgId === org_id),
  where: (actor: Actor): Expression<SqlBool> => {
    const eb = expressionBuilder<InterfacesTables, 'interfaces.interface'>()
    const reach = reachOf(actor, overseerDuties)
    if (reach === 'everywhere') return eb.lit(true)
    return eb.or([
      eb.lit(false),
      ...(reach.length > 0 ? [eb('interfaces.interface.org_id', 'in', reach)] : []),
      ...(bears(actor, providerDuties) ? [eb('interfaces.interface.org_id', '=', actor.orgId)] : []),
    ])
  },
}

/** Registers and changes the own organisation's interfaces (谁提供、谁负责). */
export const registerInterface = {
  allows: (actor: Actor, { org_id }: { org_id: string }): boolean => bears(actor, providerDuties) && actor.orgId === org_id,
}

/** Lets it be used, or not (核准): the center, and another person than who registered it. */
export const decideInterface = {
  allows: (actor: Actor, { org_id }: { org_id: string }): boolean => reaches(actor, keeperDuties, org_id),
}

/** Stops it, and ends its pause (停用、解除暂停): either side. */
export const stopInterface = {
  allows: (actor: Actor, it: { org_id: string }): boolean => registerInterface.allows(actor, it) || decideInterface.allows(actor, it),
}

function bears(actor: Actor, duties: readonly DutyId[]): boolean {
  return duties.some((duty) => actor.roles.has(duty))
}
