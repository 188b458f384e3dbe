import { type Actor, type DutyId, reaches, reachOf } from '@tongchou/kernel'
import { type Expression, type ExpressionBuilder, type ExpressionWrapper, expressionBuilder, type SqlBool } from 'kysely'
import type { ResourceState } from './resource.schema.ts'
import type { CatalogTables } from './resource.tables.ts'

/** What the permissions look at. */
export interface ResourceParties {
  org_id: string
  user_unit_org_id: string | null
  state: ResourceState
}

/** Offices that see every entry in every state: they review, approve, pay, audit or supervise. */
const overseers: readonly DutyId[] = ['big-data-center', 'drc', 'finance', 'audit', 'supervisor', 'vice-mayor', 'city-government']
/** States in which an entry is for every civil servant to read. */
const published: readonly ResourceState[] = ['registered', 'withdrawn']
/** Parties outside the administration, and administrators, who do no business here. */
const outsiders: readonly DutyId[] = ['citizen', 'enterprise', 'system-admin', 'security-admin', 'audit-admin']

/** Duties that compile the catalog of their own organisation (WH23-15: 各部门负责). */
export const compilerDuties: readonly DutyId[] = ['data-steward', 'applicant', 'district']

/**
 * The organisation that answers for the resource, the unit that uses it and the offices that oversee all see an entry in every state;
 * every other civil servant sees it once it is registered, also when it was withdrawn later. `allows` and `where` agree (tested).
 */
export const readResource = {
  allows: (actor: Actor, resource: ResourceParties): boolean => {
    return readWorkings.allows(actor, resource) || (!isOutsider(actor) && published.includes(resource.state))
  },
  where:
    (actor: Actor) =>
    (eb: ExpressionBuilder<CatalogTables, 'catalog.resource'>): ExpressionWrapper<CatalogTables, 'catalog.resource', SqlBool> => {
      if (isOutsider(actor)) return eb.and([eb.lit(false)])
      return eb.or([readWorkings.where(actor), eb('catalog.resource.state', 'in', published)])
    },
}

/** Who sees how an entry came about (versions, opinions, trail), not only the entry: a part of those who see it. */
export const readWorkings = {
  allows: (actor: Actor, resource: Pick<ResourceParties, 'org_id' | 'user_unit_org_id'>): boolean =>
    !isOutsider(actor) &&
    (reaches(actor, overseers, resource.org_id) || resource.org_id === actor.orgId || resource.user_unit_org_id === actor.orgId),
  where: (actor: Actor): Expression<SqlBool> => {
    const eb = expressionBuilder<CatalogTables, 'catalog.resource'>()
    if (isOutsider(actor)) return eb.lit(false)
    const reach = reachOf(actor, overseers)
    if (reach === 'everywhere') return eb.lit(true)
    const within = reach.length > 0 ? [eb('catalog.resource.org_id', 'in', reach)] : []
    return eb.or([...within, eb('catalog.resource.org_id', '=', actor.orgId), eb('catalog.resource.user_unit_org_id', '=', actor.orgId)])
  },
}

/** Compiles and changes the entries of the own organisation. */
export const compileResource = {
  allows: (actor: Actor, resource: Pick<ResourceParties, 'org_id'>): boolean =>
    bears(actor, compilerDuties) && resource.org_id === actor.orgId,
}

/** Hands an entry in: the data steward (数据专员) of the organisation, who opens the procedure. */
export const submitResource = {
  allows: (actor: Actor, resource: Pick<ResourceParties, 'org_id'>): boolean =>
    actor.roles.has('data-steward') && resource.org_id === actor.orgId,
}

/** No duty at all, or one outside the administration. */
function isOutsider(actor: Actor): boolean {
  return actor.roles.size === 0 || bears(actor, outsiders)
}

function bears(actor: Actor, duties: readonly DutyId[]): boolean {
  return duties.some((duty) => actor.roles.has(duty))
}
