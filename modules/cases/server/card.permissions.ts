import { type Actor, type DutyId, reaches, reachOf } from '@tongchou/kernel'
import { type ExpressionBuilder, type ExpressionWrapper, type RawBuilder, type SqlBool, sql } from 'kysely'
import { inArea } from './case.permissions.ts'
import type { CasesTables } from './case.tables.ts'

/** Who sees how every office keeps its limits (电子监察). */
export const overseerDuties: readonly DutyId[] = ['supervisor', 'vice-mayor', 'audit']
/** Who says whether a reason is accepted. */
export const reviewerDuties: readonly DutyId[] = ['supervisor']
/** Who sees its own office only. */
export const ownOverseerDuties: readonly DutyId[] = ['big-data-center']

/** What of a card and its task says who may read it. */
export interface CardParties {
  duty: string
  /** Duties of the other seats of its office that it speaks for, or that speak for it (或签). */
  shared_duties: string[]
  org_id: string | null
  /** Whose case it is. */
  concerns_org_id: string
  holder_person_id: string | null
  escalated_to_person_id: string | null
}

/** Other seats of one office that stand for each other with the card's task `t` (或签), called `o`. */
export const sharedSeats = sql`cases.task o where o.case_id = t.case_id and o.task_id <> t.task_id
  and coalesce(o.spoken_by, o.task_id) = coalesce(t.spoken_by, t.task_id)`

/**
 * Whose card it is: who it was handed to by name, and whoever bears its duty in its office, or that of another seat of the office that could
 * have decided as well; for a duty that was given for an area those of cases in it. They give the reason. The query calls the card's task `t`.
 */
export const holdsCard = {
  allows: (actor: Actor, card: CardParties): boolean =>
    card.holder_person_id === actor.personId ||
    ((card.org_id === null || card.org_id === actor.orgId) &&
      [card.duty, ...card.shared_duties].some(
        (duty) => actor.roles.has(duty) && inArea.allows(actor, { duty, concerns_org_id: card.concerns_org_id }),
      )),
  where:
    (actor: Actor) =>
    (eb: ExpressionBuilder<CasesTables, 'cases.card'>): ExpressionWrapper<CasesTables, 'cases.card', SqlBool> =>
      eb.or([
        eb('cases.card.holder_person_id', '=', actor.personId),
        actor.roles.size === 0
          ? eb.lit(false)
          : eb.and([
              eb.or([eb('cases.card.org_id', 'is', null), eb('cases.card.org_id', '=', actor.orgId)]),
              eb.or([
                eb.and([eb('cases.card.duty', 'in', [...actor.roles]), inArea.where(actor, 't')]),
                sql<SqlBool>`exists (select from ${sharedSeats} and o.duty = any (${[...actor.roles]}::text[]) and ${inArea.where(actor, 'o')})`,
              ]),
            ]),
      ]),
}

/** Besides its holders: the overseers, the superior it was reported to, and the center for its own office. */
export const readCard = {
  allows: (actor: Actor, card: CardParties): boolean =>
    reaches(actor, overseerDuties, card.concerns_org_id) ||
    card.escalated_to_person_id === actor.personId ||
    (bears(actor, ownOverseerDuties) && card.org_id === actor.orgId) ||
    holdsCard.allows(actor, card),
  where:
    (actor: Actor) =>
    (eb: ExpressionBuilder<CasesTables, 'cases.card'>): ExpressionWrapper<CasesTables, 'cases.card', SqlBool> =>
      eb.or([
        concernsOneOf(reachOf(actor, overseerDuties)),
        eb('cases.card.escalated_to_person_id', '=', actor.personId),
        bears(actor, ownOverseerDuties) ? eb('cases.card.org_id', '=', actor.orgId) : eb.lit(false),
        holdsCard.where(actor)(eb),
      ]),
}

/**
 * Which tasks an overseer sees: everybody's, those of an area, those of the own office. The query calls the task `t`.
 * @param office the office that a task waits for, or waited for
 */
export function overseesTask(actor: Actor, office: RawBuilder<string | null>): RawBuilder<SqlBool> {
  const reach = concernsOneOf(reachOf(actor, overseerDuties))
  return bears(actor, ownOverseerDuties) ? sql<SqlBool>`(${reach} or ${office} = ${actor.orgId})` : reach
}

/** Whether a task's case was handed in by one of these offices. */
function concernsOneOf(reach: 'everywhere' | readonly string[]): RawBuilder<SqlBool> {
  return reach === 'everywhere' ? sql<SqlBool>`true` : sql<SqlBool>`t.concerns_org_id = any (${[...reach]}::text[])`
}

function bears(actor: Actor, duties: readonly DutyId[]): boolean {
  return duties.some((duty) => actor.roles.has(duty))
}
