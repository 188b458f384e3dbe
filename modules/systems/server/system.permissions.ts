import { type Actor, type DutyId, reaches, reachOf } from '@tongchou/kernel'
import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely'
import type { SystemsTables } from './system.tables.ts'

/** What the permissions look at. */
export interface SystemParties {
  org_id: string
  user_unit_org_id: string | null
}

/** Offices that see every system: they review, pay for, audit or supervise it; public security grades it. */
const overseers: readonly DutyId[] = [
  'big-data-center',
  'drc',
  'finance',
  'audit',
  'supervisor',
  'vice-mayor',
  'city-government',
  'public-security',
]
/** Parties outside the administration, and administrators, who do no business here. */
const outsiders: readonly DutyId[] = ['citizen', 'enterprise', 'system-admin', 'security-admin', 'audit-admin']

/** Duties that answer for the systems of their own organisation. */
export const registrarDuties: readonly DutyId[] = ['applicant', 'district', 'data-steward', 'big-data-center']

/** The owner, the unit that uses it, and the offices that oversee all. `allows` and `where` agree (tested). */
export const readSystem = {
  allows: (actor: Actor, system: SystemParties): boolean => {
    if (bears(actor, outsiders)) return false
    return reaches(actor, overseers, system.org_id) || system.org_id === actor.orgId || system.user_unit_org_id === actor.orgId
  },
  where:
    (actor: Actor) =>
    (eb: ExpressionBuilder<SystemsTables, 'systems.system'>): ExpressionWrapper<SystemsTables, 'systems.system', SqlBool> => {
      if (bears(actor, outsiders)) return eb.and([eb.lit(false)])
      const reach = reachOf(actor, overseers)
      if (reach === 'everywhere') return eb.and([eb.lit(true)])
      return eb.or([
        ...(reach.length > 0 ? [eb('systems.system.org_id', 'in', reach)] : []),
        eb('systems.system.org_id', '=', actor.orgId),
        eb('systems.system.user_unit_org_id', '=', actor.orgId),
      ])
    },
}

/** Registers and describes the systems of the own organisation. */
export const keepSystem = {
  allows: (actor: Actor, system: Pick<SystemParties, 'org_id'>): boolean => bears(actor, registrarDuties) && system.org_id === actor.orgId,
}

/** Answers what the center answers for (核实), never the person who registered it or asked (岗位分离). */
export const answerForSystem = {
  allows: (actor: Actor): boolean => actor.roles.has('big-data-center'),
}

/** Confirms the protection grade (等级保护备案). */
export const confirmProtection = {
  allows: (actor: Actor): boolean => actor.roles.has('public-security'),
}

function bears(actor: Actor, duties: readonly DutyId[]): boolean {
  return duties.some((duty) => actor.roles.has(duty))
}
