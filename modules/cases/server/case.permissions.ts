import type { Actor } from '@tongchou/kernel'
import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely'
import type { CasesTables } from './case.tables.ts'

/**
 * Whose task it is: the post's duty, in the organisation the task waits for, or in any that bears the duty.
 * Who may really decide it is the engine's to say (the person, not only the role).
 */
export const holdsTask = {
  allows: (actor: Actor, task: { duty: string; org_id: string | null }): boolean =>
    actor.roles.has(task.duty) && (task.org_id === null || task.org_id === actor.orgId),
  where:
    (actor: Actor) =>
    (eb: ExpressionBuilder<CasesTables, 'cases.task'>): ExpressionWrapper<CasesTables, 'cases.task', SqlBool> =>
      actor.roles.size === 0
        ? eb.and([eb.lit(false)])
        : eb.and([
            eb('cases.task.duty', 'in', [...actor.roles]),
            eb.or([eb('cases.task.org_id', 'is', null), eb('cases.task.org_id', '=', actor.orgId)]),
          ]),
}
