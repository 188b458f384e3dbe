import { type Actor, type DutyId, reaches, reachOf } from '@tongchou/kernel'
import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely'
import type { ExchangeTables } from './channel.tables.ts'

/** Offices that see every channel: who runs the exchange, and who audits it. */
const overseers: readonly DutyId[] = ['big-data-center', 'audit']
/** Duties of a department that see its channels. */
const departmentDuties: readonly DutyId[] = ['applicant', 'data-steward', 'district']

/** Duties whose token a department's machine may send by. */
export const senderDuties: readonly DutyId[] = ['data-steward']
/** The center keeps the register. */
export const keeperDuties: readonly DutyId[] = ['big-data-center']
export const readerDuties: Readonly<Record<'own' | 'any', readonly DutyId[]>> = { own: departmentDuties, any: overseers }

/** The department that sends, the center and the auditor. `allows` and `where` agree (tested). */
export const readChannel = {
  allows: (actor: Actor, channel: { org_id: string }): boolean =>
    reaches(actor, overseers, channel.org_id) || (bears(actor, departmentDuties) && channel.org_id === actor.orgId),
  where:
    (actor: Actor) =>
    (eb: ExpressionBuilder<ExchangeTables, 'exchange.channel'>): ExpressionWrapper<ExchangeTables, 'exchange.channel', SqlBool> => {
      const reach = reachOf(actor, overseers)
      if (reach === 'everywhere') return eb.and([eb.lit(true)])
      return eb.or([
        eb.lit(false),
        ...(reach.length > 0 ? [eb('exchange.channel.org_id', 'in', reach)] : []),
        ...(bears(actor, departmentDuties) ? [eb('exchange.channel.org_id', '=', actor.orgId)] : []),
      ])
    },
}

/** Sets up channels and their keys, suspends them (通道管理). */
export const keepChannel = {
  allows: (actor: Actor, channel: { org_id: string }): boolean => reaches(actor, keeperDuties, channel.org_id),
}

/** Sends in the name of the department whose channel it is, and of no other; the center sends for nobody. */
export const sendByChannel = {
  allows: (actor: Actor, channel: { org_id: string }): boolean => bears(actor, senderDuties) && channel.org_id === actor.orgId,
}

function bears(actor: Actor, duties: readonly DutyId[]): boolean {
  return duties.some((duty) => actor.roles.has(duty))
}
