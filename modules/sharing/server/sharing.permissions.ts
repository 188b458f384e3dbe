import { type Actor, type DutyId, reaches, reachOf } from '@tongchou/kernel'
import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely'

/** Offices that see every request and grant: who runs the sharing, who audits and who supervises it. */
export const overseerDuties: readonly DutyId[] = ['big-data-center', 'audit', 'supervisor']
/** Duties of a department that see what it asks for and what is asked of it. */
export const departmentDuties: readonly DutyId[] = ['applicant', 'data-steward', 'department-head', 'district', 'user-unit']
/** Write requests for their own department. */
export const writerDuties: readonly DutyId[] = ['data-steward', 'applicant', 'district']
/** Answers for the data of the own department: hands requests in, decides on those of others. */
export const stewardDuties: readonly DutyId[] = ['data-steward']
/** Reviews disputes, and stops grants. */
export const keeperDuties: readonly DutyId[] = ['big-data-center']
/** Look into granted records. */
export const granteeDuties: readonly DutyId[] = ['data-steward', 'applicant', 'user-unit', 'district']

/** Whose request or grant it is. */
export interface Parties {
  org_id: string
  provider_org_id: string
}

/** A grant is open to both sides and to who oversees. `allows` and `where` agree (tested). */
export const readGrant = {
  allows: (actor: Actor, parties: Parties): boolean =>
    reaches(actor, overseerDuties, parties.provider_org_id) ||
    (bears(actor, departmentDuties) && (parties.org_id === actor.orgId || parties.provider_org_id === actor.orgId)),
  /** @param of the table with both parties */
  where: (actor: Actor, of: string): Expression<SqlBool> => both(actor, of, sql<SqlBool>`true`),
}

/** A request too, but to the other side only once it was handed in. `allows` and `where` agree (tested). */
export const readRequest = {
  allows: (actor: Actor, request: Parties & { submitted_at: Date | null }): boolean =>
    bears(actor, departmentDuties) && request.org_id === actor.orgId
      ? true
      : request.submitted_at !== null && readGrant.allows(actor, request),
  where: (actor: Actor, of: string): Expression<SqlBool> => both(actor, of, sql<SqlBool>`${sql.ref(`${of}.submitted_at`)} is not null`),
}

function both(actor: Actor, of: string, toOthers: Expression<SqlBool>): Expression<SqlBool> {
  const eb = expressionBuilder<Record<string, never>, never>()
  const [org, provider] = [sql.ref<string>(`${of}.org_id`), sql.ref<string>(`${of}.provider_org_id`)]
  const reach = reachOf(actor, overseerDuties)
  const seen: Expression<SqlBool>[] =
    reach === 'everywhere' ? [toOthers] : reach.length > 0 ? [sql<SqlBool>`${provider} = any(${[...reach]}::text[]) and ${toOthers}`] : []
  if (bears(actor, departmentDuties))
    seen.push(sql<SqlBool>`${org} = ${actor.orgId}`, sql<SqlBool>`${provider} = ${actor.orgId} and ${toOthers}`)
  const [first, ...others] = seen
  return first === undefined ? eb.lit(false) : eb.or([first, ...others])
}

/** Writes for the own department. */
export const writeRequest = {
  allows: (actor: Actor, { org_id }: Pick<Parties, 'org_id'>): boolean => bears(actor, writerDuties) && actor.orgId === org_id,
}

/** Hands in for the own department: its data steward. */
export const submitRequest = {
  allows: (actor: Actor, { org_id }: Pick<Parties, 'org_id'>): boolean => bears(actor, stewardDuties) && actor.orgId === org_id,
}

/** Decides for the department whose resource it is. */
export const provide = {
  allows: (actor: Actor, { provider_org_id }: Pick<Parties, 'provider_org_id'>): boolean =>
    bears(actor, stewardDuties) && actor.orgId === provider_org_id,
}

/** Suspends, resumes and revokes (暂停、恢复、收回): the provider, or the center; never for the own department's use. */
export const stopGrant = {
  allows: (actor: Actor, parties: Parties): boolean =>
    provide.allows(actor, parties) || (reaches(actor, keeperDuties, parties.provider_org_id) && actor.orgId !== parties.org_id),
}

/** Reviews a dispute: the center, unless it is a party. */
export const review = {
  allows: (actor: Actor, parties: Parties): boolean =>
    reaches(actor, keeperDuties, parties.provider_org_id) && actor.orgId !== parties.org_id && actor.orgId !== parties.provider_org_id,
}

function bears(actor: Actor, duties: readonly DutyId[]): boolean {
  return duties.some((duty) => actor.roles.has(duty))
}
