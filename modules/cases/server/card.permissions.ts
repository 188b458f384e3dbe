import type { Actor, DutyId } from '@tongchou/kernel'
import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely'
import type { CasesTables } from './case.tables.ts'

/** Who sees how every office keeps its limits (电子监察). */
export const overseerDuties: readonly DutyId[] = ['supervisor', 'vice-mayor', 'audit']
/** Who says whether a reason is accepted. */
export const reviewerDuties: readonly DutyId[] = ['supervisor']
/** Who sees its own office only. */
export const ownOverseerDuties: readonly DutyId[] = ['big-data-center']

/** What of a card says who may read it. */
export interface CardParties {
  duty: string
  org_id: string | null
  holder_person_id: string | null
  escalated_to_person_id: string | null
}

/** Whose card it is: who it was handed to by name, and whoever bears its duty in its office. They give the reason. */
export const holdsCard = {
  allows: (actor: Actor, card: CardParties): boolean =>
    card.holder_person_id === actor.personId || (actor.roles.has(card.duty) && (card.org_id === null || card.org_id === actor.orgId)),
  where:
    (actor: Actor) =>
    (eb: ExpressionBuilder<CasesTables, 'cases.card'>): ExpressionWrapper<CasesTables, 'cases.card', SqlBool> =>
      eb.or([
        eb('cases.card.holder_person_id', '=', actor.personId),
        actor.roles.size === 0
          ? eb.lit(false)
          : eb.and([
              eb('cases.card.duty', 'in', [...actor.roles]),
              eb.or([eb('cases.card.org_id', 'is', null), eb('cases.card.org_id', '=', actor.orgId)]),
            ]),
      ]),
}

/** Besides its holders: the overseers, the superior it was reported to, and the center for its own office. */
export const readCard = {
  allows: (actor: Actor, card: CardParties): boolean =>
    bears(actor, overseerDuties) ||
    card.escalated_to_person_id === actor.personId ||
    (bears(actor, ownOverseerDuties) && card.org_id === actor.orgId) ||
    holdsCard.allows(actor, card),
  where:
    (actor: Actor) =>
    (eb: ExpressionBuilder<CasesTables, 'cases.card'>): ExpressionWrapper<CasesTables, 'cases.card', SqlBool> => {
      if (bears(actor, overseerDuties)) return eb.and([eb.lit(true)])
      return eb.or([
        eb('cases.card.escalated_to_person_id', '=', actor.personId),
        bears(actor, ownOverseerDuties) ? eb('cases.card.org_id', '=', actor.orgId) : eb.lit(false),
        holdsCard.where(actor)(eb),
      ])
    },
}

/** Whose tasks an overseer sees: everybody's, or those of the own office. */
export function overseenOrg(actor: Actor): string | null {
  return bears(actor, overseerDuties) ? null : actor.orgId
}

export function bears(actor: Actor, duties: readonly DutyId[]): boolean {
  return duties.some((duty) => actor.roles.has(duty))
}
