import type { Actor, DutyId } from '@tongchou/kernel'
import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely'
import type { RelationTable } from './identity.tables.ts'

/** What of a relation and its kind decides who may read it. */
export interface RelationFacts {
  within_org_id: string | null
  /** Who grants relations of its kind for the whole subject, and who within the own organisation. */
  granted_everywhere_by: readonly string[]
  granted_within_by: readonly string[]
}

/** See every relation of every kind: who audits and watches, and who keeps accounts. */
const everywhere: readonly DutyId[] = ['audit', 'supervisor', 'system-admin']

/** Who reads a relation (经办关系): the offices that see all, who grants its kind, and a unit's own clerks those that their unit has granted. */
export const readRelation = {
  allows: (actor: Actor, relation: RelationFacts): boolean => holds(actor, everywhere) || mayEndRelation.allows(actor, relation),
  /** Over `relation` and its `kind`. */
  where: (actor: Actor): Expression<SqlBool> => {
    const eb = expressionBuilder<{ relation: RelationTable }, 'relation'>()
    if (holds(actor, everywhere)) return eb.and([])
    if (actor.relation !== undefined) return eb.and([eb.val(false)])
    const duties = sql`${[...actor.roles]}::text[]`
    return eb.or([
      sql<boolean>`kind.granted_everywhere_by && ${duties}`,
      eb.and([sql<boolean>`kind.granted_within_by && ${duties}`, eb('relation.within_org_id', '=', actor.orgId)]),
    ])
  },
}

/** Who ends one: who grants its kind for the whole subject any, a unit's clerks their unit's. */
export const mayEndRelation = {
  allows: (actor: Actor, relation: RelationFacts): boolean =>
    holds(actor, relation.granted_everywhere_by) || (holds(actor, relation.granted_within_by) && relation.within_org_id === actor.orgId),
}

/** Who grants relations of a kind at all. */
export const mayGrantRelation = {
  allows: (actor: Actor, kind: Pick<RelationFacts, 'granted_everywhere_by' | 'granted_within_by'>): boolean =>
    holds(actor, kind.granted_everywhere_by) || holds(actor, kind.granted_within_by),
}

function holds(actor: Actor, duties: readonly DutyId[]): boolean {
  return actor.relation === undefined && duties.some((duty) => actor.roles.has(duty))
}
