import { type Actor, type DutyId, reaches, reachOf } from '@tongchou/kernel'
import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely'

/** The center, which keeps the libraries and compares them. */
export const centerDuties: readonly DutyId[] = ['big-data-center']
/** Who has the own register compared. */
export const runnerDuties: readonly DutyId[] = ['data-steward']
/** Who handles what was found in the own office: the data's steward, the business office, the head who confirms. */
export const handlerDuties: readonly DutyId[] = ['data-steward', 'user-unit', 'department-head']

const bears = (actor: Actor, duties: readonly DutyId[]) => duties.some((duty) => actor.roles.has(duty))

function readable(actor: Actor, columns: readonly string[]): Expression<SqlBool> {
  const eb = expressionBuilder<Record<string, never>, never>()
  const reach = reachOf(actor, centerDuties)
  if (reach === 'everywhere') return eb.lit(true)
  const orgs = [...reach, ...(bears(actor, handlerDuties) ? [actor.orgId] : [])]
  if (orgs.length === 0) return eb.lit(false)
  return eb.or(columns.map((column) => sql<SqlBool>`${sql.ref<string>(column)} = any(${orgs}::text[])`))
}

/** Runs with their counts: the center, and the office whose register is compared. `allows` and `where` agree (tested). */
export const readRun = {
  allows: (actor: Actor, { org_id }: { org_id: string }): boolean =>
    reaches(actor, centerDuties, org_id) || (bears(actor, handlerDuties) && actor.orgId === org_id),
  /** @param table what the run's row is called */
  where: (actor: Actor, table = 'comparison.run'): Expression<SqlBool> => readable(actor, [`${table}.org_id`]),
}

/** Starts and stops: the center, and the steward of the register that is compared. */
export const runComparison = {
  allows: (actor: Actor, { org_id }: { org_id: string }): boolean =>
    reaches(actor, centerDuties, org_id) || (bears(actor, runnerDuties) && actor.orgId === org_id),
}

/** Hands findings out: the center alone, which stands between the registers. */
export const dispatchFinding = {
  allows: (actor: Actor, { org_id }: { org_id: string }): boolean => reaches(actor, centerDuties, org_id),
}

/** A finding: the center, the office that handles it, and the office on whose behalf it was sent. `allows` and `where` agree (tested). */
export const readFinding = {
  allows: (actor: Actor, { org_id, sender_org_id }: { org_id: string; sender_org_id: string }): boolean =>
    [org_id, sender_org_id].some((orgId) => readRun.allows(actor, { org_id: orgId })),
  /** @param table what the finding's row is called */
  where: (actor: Actor, table = 'comparison.finding'): Expression<SqlBool> =>
    readable(actor, [`${table}.org_id`, `${table}.sender_org_id`]),
}
