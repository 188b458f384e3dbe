import type { Actor } from '@tongchou/kernel'
import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely'
import type { CasesTables, TaskKind } from './case.tables.ts'

/** Whom work waits for. */
export interface Holder {
  duty: string
  org_id: string | null
  /** Set where one person alone may do it (转办、委托、加签). */
  person_id: string | null
}

/** The keys under which work waits for this post: its person, and its duties here or anywhere. The same text as in the table. */
export function holderKeys(actor: Pick<Actor, 'personId' | 'orgId' | 'roles'>): string[] {
  const own = [`p:${actor.personId}@${actor.orgId}`, `p:${actor.personId}@*`]
  return [...own, ...[...actor.roles].flatMap((duty) => [`${duty}@*`, `${duty}@${actor.orgId}`])]
}

/** The key of a holder, as the table generates it. */
export function holderKey({ duty, org_id, person_id }: Holder): string {
  return person_id === null ? `${duty}@${org_id ?? '*'}` : `p:${person_id}@${org_id ?? '*'}`
}

/**
 * Whose work it is: the post's duty, in the organisation it waits for, or in any that bears the duty; one person's where they are named.
 * Who may really decide it is the engine's to say (the person, not only the role).
 */
export const holdsTask = {
  allows: (actor: Actor, task: Holder): boolean => holderKeys(actor).includes(holderKey(task)),
  where:
    (actor: Actor) =>
    (eb: ExpressionBuilder<CasesTables, 'cases.task'>): ExpressionWrapper<CasesTables, 'cases.task', SqlBool> =>
      eb.and([eb('cases.task.holder_key', 'in', holderKeys(actor))]),
}

/** Who may see work that is open: whose it is, and for a step of the procedure the colleagues of whoever holds it by name. */
export const seesTask = {
  allows: (actor: Actor, task: Holder & { kind: TaskKind }): boolean =>
    holdsTask.allows(actor, task) ||
    (task.kind === 'task' && actor.roles.has(task.duty) && (task.org_id === null || task.org_id === actor.orgId)),
  where:
    (actor: Actor) =>
    (eb: ExpressionBuilder<CasesTables, 'cases.task'>): ExpressionWrapper<CasesTables, 'cases.task', SqlBool> => {
      const mine = holdsTask.where(actor)(eb)
      if (actor.roles.size === 0) return mine
      const office = eb.and([
        eb('cases.task.kind', '=', 'task'),
        eb('cases.task.duty', 'in', [...actor.roles]),
        eb.or([eb('cases.task.org_id', 'is', null), eb('cases.task.org_id', '=', actor.orgId)]),
      ])
      return eb.or([mine, office])
    },
}
