import type { Actor } from '@tongchou/kernel'
import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely'
import type { ProjectsTables } from './project.tables.ts'

/** Whose draft it is: a person in the name of a unit. */
export interface DraftParties {
  person_id: string
  owner_org_id: string
}

/** A draft is seen and written by who began it, at the post of the unit for which it was begun, and by nobody else. */
export const ownDraft = {
  allows: (actor: Actor, draft: DraftParties): boolean => draft.person_id === actor.personId && draft.owner_org_id === actor.orgId,
  where:
    (actor: Actor) =>
    (
      eb: ExpressionBuilder<ProjectsTables, 'projects.proposal_draft'>,
    ): ExpressionWrapper<ProjectsTables, 'projects.proposal_draft', SqlBool> =>
      eb.and([eb('person_id', '=', actor.personId), eb('owner_org_id', '=', actor.orgId)]),
}
