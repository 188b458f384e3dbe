import type { Actor, DutyId } from '@tongchou/kernel'
import { type Expression, expressionBuilder, type SqlBool } from 'kysely'
import type { RelationTable } from './identity.tables.ts'

/** What of a relation decides who may read it. */
export interface RelationFacts {
  within_org_id: string | null
}

/** See every relation: who grants them for the whole city, who audits and watches, and who keeps accounts. */
const everywhere: readonly DutyId[] = ['big-data-center', 'audit', 'supervisor', 'system-admin']
/** Grant relations within their own organisation. */
const within: readonly DutyId[] = ['applicant', 'district']

/** Who reads a relation (经办关系): the offices that see all, and the unit's own clerks those that their unit has granted. */
export const readRelation = {
  allows: (actor: Actor, relation: RelationFacts): boolean =>
    holds(actor, everywhere) || (holds(actor, within) && relation.within_org_id === actor.orgId),
  where: (actor: Actor): Expression<SqlBool> => {
    const eb = expressionBuilder<{ relation: RelationTable }, 'relation'>()
    if (holds(actor, everywhere)) return eb.and([])
    return holds(actor, within) ? eb('relation.within_org_id', '=', actor.orgId) : eb.and([eb.val(false)])
  },
}

/** Who ends one: the center any, a unit's clerks their unit's. */
export const mayEndRelation = {
  allows: (actor: Actor, relation: RelationFacts): boolean =>
    actor.roles.has('big-data-center') || (holds(actor, within) && relation.within_org_id === actor.orgId),
}

function holds(actor: Actor, duties: readonly DutyId[]): boolean {
  return actor.relation === undefined && duties.some((duty) => actor.roles.has(duty))
}
