import type { Actor } from '@tongchou/kernel'
import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely'
import type { OrganisationTable } from './identity.tables.ts'
import type { Organisation } from './organisation.schema.ts'

type OrganisationExpressions = ExpressionBuilder<{ organisation: OrganisationTable }, 'organisation'>

/** Which offices there are is public within the platform: every signed-in account reads every organisation. */
export const readOrganisation = {
  allows: (_actor: Actor, _organisation: Pick<Organisation, 'id'>): boolean => true,
  where:
    (_actor: Actor) =>
    (eb: OrganisationExpressions): ExpressionWrapper<{ organisation: OrganisationTable }, 'organisation', SqlBool> =>
      eb.and([]),
}
