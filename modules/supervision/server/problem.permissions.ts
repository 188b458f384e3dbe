import { type Actor, type DutyId, reaches, reachOf } from '@tongchou/kernel'
import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely'
import type { SupervisionTables } from './problem.tables.ts'

interface Parties {
  builder_org_id: string
  user_unit_org_id: string
}

/** Offices that see every problem and every record: they supervise, decide, pay or audit. */
const overseers: readonly DutyId[] = ['big-data-center', 'drc', 'finance', 'audit', 'supervisor', 'vice-mayor', 'city-government']
/** Parties outside the administration, and administrators, who do no business here. */
const outsiders: readonly DutyId[] = ['citizen', 'enterprise', 'system-admin', 'security-admin', 'audit-admin']

/** Who proposes a problem: the center, which then countersigns with the DRC (第二十条). */
export const finderDuties: readonly DutyId[] = ['big-data-center']
/** Who decides on holding payment. The text names no office (未规定); here the two that supervise together. */
export const holdDuties: readonly DutyId[] = ['big-data-center', 'drc']
/** Who records what a builder withheld (WH23-18: 绩效评价、审计等监督管理). */
export const recorderDuties: readonly DutyId[] = ['supervisor', 'big-data-center', 'audit']
/** Duties that speak for a building unit. */
export const builderDuties: readonly DutyId[] = ['applicant', 'district']

/** The overseeing offices; builder and user unit from the order on: before it, nothing has been decided. `allows` ≡ `where` (tested). */
export const readProblem = {
  allows: (actor: Actor, problem: Parties & { ordered_at: Date | null }): boolean => {
    if (bears(actor, outsiders)) return false
    return reaches(actor, overseers, problem.builder_org_id) || (problem.ordered_at !== null && isParty(actor, problem))
  },
  where:
    (actor: Actor) =>
    (
      eb: ExpressionBuilder<SupervisionTables, 'supervision.problem'>,
    ): ExpressionWrapper<SupervisionTables, 'supervision.problem', SqlBool> => {
      if (bears(actor, outsiders)) return eb.and([eb.lit(false)])
      const reach = reachOf(actor, overseers)
      if (reach === 'everywhere') return eb.and([eb.lit(true)])
      const party = eb.and([
        eb('supervision.problem.ordered_at', 'is not', null),
        eb.or([eb('supervision.problem.builder_org_id', '=', actor.orgId), eb('supervision.problem.user_unit_org_id', '=', actor.orgId)]),
      ])
      return reach.length === 0 ? party : eb.or([party, eb('supervision.problem.builder_org_id', 'in', reach)])
    },
}

/** Builder, user unit and the overseeing offices (WH23-18: recorded and visible). `allows` ≡ `where` (tested). */
export const readWithheldRecord = {
  allows: (actor: Actor, record: Parties): boolean =>
    !bears(actor, outsiders) && (reaches(actor, overseers, record.builder_org_id) || isParty(actor, record)),
  where:
    (actor: Actor) =>
    (
      eb: ExpressionBuilder<SupervisionTables, 'supervision.withheld_record'>,
    ): ExpressionWrapper<SupervisionTables, 'supervision.withheld_record', SqlBool> => {
      if (bears(actor, outsiders)) return eb.and([eb.lit(false)])
      const reach = reachOf(actor, overseers)
      if (reach === 'everywhere') return eb.and([eb.lit(true)])
      return eb.or([
        ...(reach.length > 0 ? [eb('supervision.withheld_record.builder_org_id', 'in', reach)] : []),
        eb('supervision.withheld_record.builder_org_id', '=', actor.orgId),
        eb('supervision.withheld_record.user_unit_org_id', '=', actor.orgId),
      ])
    },
}

/** Changes a proposal that came back from the countersigning (退回修改). */
export const changeProblem = { allows: (actor: Actor): boolean => bears(actor, finderDuties) }

/** Decides on holding payment. */
export const orderHold = { allows: (actor: Actor): boolean => bears(actor, holdDuties) }

/** The building unit answers what was recorded about it. */
export const replyToRecord = {
  allows: (actor: Actor, record: Pick<Parties, 'builder_org_id'>): boolean =>
    bears(actor, builderDuties) && record.builder_org_id === actor.orgId,
}

/** The office that recorded it takes it back. */
export const revokeRecord = {
  allows: (actor: Actor, record: { recorded_org_id: string }): boolean =>
    bears(actor, recorderDuties) && record.recorded_org_id === actor.orgId,
}

function isParty(actor: Actor, parties: Parties): boolean {
  return parties.builder_org_id === actor.orgId || parties.user_unit_org_id === actor.orgId
}

function bears(actor: Actor, duties: readonly DutyId[]): boolean {
  return duties.some((duty) => actor.roles.has(duty))
}
