import { type Actor, type DutyId, reaches, reachOf } from '@tongchou/kernel'
import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely'
import type { PersonLookTable } from './library.schema.ts'
import { personKind } from './person.subject.ts'

/** The center, which builds and keeps the libraries. */
export const keeperDuties: readonly DutyId[] = ['big-data-center']
/** Who answers for the data of the own organisation. */
export const providerDuties: readonly DutyId[] = ['data-steward']
/** Who compiles the catalog of the own organisation (WH23-15: 各部门负责). */
export const introducerDuties: readonly DutyId[] = ['data-steward', 'applicant', 'district']

/** Look into records by a grant to their own office. */
export const granteeDuties: readonly DutyId[] = ['data-steward', 'applicant', 'user-unit', 'district']

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

/** The department's own interface is open to who answers for its data: what it gives is theirs. */
export const queryOwnInterface = {
  allows: (actor: Actor, { orgId }: { orgId: string }): boolean => bears(actor, providerDuties) && actor.orgId === orgId,
}

/** Who looked at a person's records is told to that person, by the relation to themselves (本人). A post with the duty is nobody's person. */
export const readOwnLook = {
  /** What stands for the actor's own number in the log; undefined for who is nobody's person. */
  subject: ({ relation, roles }: Actor): string | undefined =>
    relation?.subject.kind === personKind && roles.has('citizen') ? relation.subject.id : undefined,
  allows: (actor: Actor, look: { person: string }): boolean => look.person === readOwnLook.subject(actor),
  /** Over `libraries.person_look`. */
  where: (actor: Actor): Expression<SqlBool> => {
    const eb = expressionBuilder<{ 'libraries.person_look': PersonLookTable }, 'libraries.person_look'>()
    const own = readOwnLook.subject(actor)
    return own === undefined ? eb.lit(false) : eb('person', '=', own)
  },
}

/** The center has a table built anew. */
export const keepLibrary = {
  allows: (actor: Actor, { orgId }: { orgId: string }): boolean => reaches(actor, keeperDuties, orgId),
}

/** Mends or discards what was set aside: who answers for the data of the organisation, and nobody in its place (谁提供、谁负责). */
export const correctQuarantine = {
  allows: (actor: Actor, { orgId }: { orgId: string }): boolean => bears(actor, providerDuties) && actor.orgId === orgId,
}
