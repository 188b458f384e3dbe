import { type Actor, type DutyId, reaches, reachOf } from '@tongchou/kernel'
import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely'

/** The center, which builds and keeps the libraries. */
export const keeperDuties: readonly DutyId[] = ['big-data-center']
/** Who answers for the data of the own organisation. */
export const providerDuties: readonly DutyId[] = ['data-steward']
/** Who compiles the catalog of the own organisation (WH23-15: 各部门负责). */
export const introducerDuties: readonly DutyId[] = ['data-steward', 'applicant', 'district']

const bears = (actor: Actor, duties: readonly DutyId[]) => duties.some((duty) => actor.roles.has(duty))

/** How building goes, and the receipts: the center sees all of them, who answers for the data of an organisation its own. `allows` and `where` agree (tested). */
export const readLibrary = {
  allows: (actor: Actor, { orgId }: { orgId: string }): boolean =>
    reaches(actor, keeperDuties, orgId) || (bears(actor, providerDuties) && actor.orgId === orgId),
  /** @param orgId a column with the organisation */
  where: (actor: Actor, orgId: string): Expression<SqlBool> => {
    const eb = expressionBuilder<Record<string, never>, never>()
    const reach = reachOf(actor, keeperDuties)
    if (reach === 'everywhere') return eb.lit(true)
    const column = sql.ref<string>(orgId)
    const own = bears(actor, providerDuties) ? [sql<SqlBool>`${column} = ${actor.orgId}`] : []
    const within = reach.length > 0 ? [sql<SqlBool>`${column} = any(${[...reach]}::text[])`] : []
    const [first, ...others] = [...own, ...within]
    return first === undefined ? eb.lit(false) : eb.or([first, ...others])
  },
}

/** The center has a table built anew. */
export const keepLibrary = {
  allows: (actor: Actor, { orgId }: { orgId: string }): boolean => reaches(actor, keeperDuties, orgId),
}
