import { type Actor, type DutyId, reaches, reachOf } from '@tongchou/kernel'
import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely'
import type { ExchangeTables } from './channel.tables.ts'

/** Offices that see every subscription, and how far behind each is. */
const overseers: readonly DutyId[] = ['big-data-center', 'audit']
/** Duties of a department that see what it receives and what is received of its own. */
const departmentDuties: readonly DutyId[] = ['applicant', 'data-steward', 'district']

/** Duties whose token a department's machine may receive by. */
export const receiverDuties: readonly DutyId[] = ['data-steward']
export const subscriptionReaders: Readonly<Record<'own' | 'any', readonly DutyId[]>> = { own: departmentDuties, any: overseers }

type Ends = { org_id: string; provider_org_id: string }

/** Both departments, the center and the auditor. `allows` and `where` agree (tested). */
export const readSubscription = {
  allows: (actor: Actor, ends: Ends): boolean =>
    seesAll(actor, ends) || (bears(actor, departmentDuties) && (ends.org_id === actor.orgId || ends.provider_org_id === actor.orgId)),
  where:
    (actor: Actor) =>
    (
      eb: ExpressionBuilder<ExchangeTables, 'exchange.subscription'>,
    ): ExpressionWrapper<ExchangeTables, 'exchange.subscription', SqlBool> => {
      const reach = reachOf(actor, overseers)
      if (reach === 'everywhere') return eb.and([eb.lit(true)])
      const ends = ['exchange.subscription.org_id', 'exchange.subscription.provider_org_id'] as const
      return eb.or([
        eb.lit(false),
        ...(reach.length > 0 ? [eb('exchange.subscription.provider_org_id', 'in', reach)] : []),
        ...(bears(actor, departmentDuties) ? ends.map((end) => eb(end, '=', actor.orgId)) : []),
      ])
    },
}

/**
 * How many changes wait (落后条数), for those who see all of the resource. A receiver who could count what is not shown to him would learn how much of it
 * there is.
 */
export const countBehind = {
  allows: (actor: Actor, ends: Ends): boolean => seesAll(actor, ends) || ends.provider_org_id === actor.orgId,
}

/** Receives in the name of the department that the grant was given to, and of no other. */
export const receiveBySubscription = {
  allows: (actor: Actor, { orgId }: { orgId: string }): boolean => bears(actor, receiverDuties) && orgId === actor.orgId,
}

const seesAll = (actor: Actor, { provider_org_id }: Ends) => reaches(actor, overseers, provider_org_id)

function bears(actor: Actor, duties: readonly DutyId[]): boolean {
  return duties.some((duty) => actor.roles.has(duty))
}
