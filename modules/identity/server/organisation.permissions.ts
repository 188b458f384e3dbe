import type { Actor } from '@tongchou/kernel'
import { type Expression, expressionBuilder, type SqlBool } from 'kysely'
import type { OrganisationTable } from './identity.tables.ts'
import type { Organisation } from './organisation.schema.ts'

/** Which offices there are is no secret within the platform: every signed-in account reads every organisation. */
export const readOrganisation = {
  allows: (_actor: Actor, _organisation: Pick<Organisation, 'id'>): boolean => true,
  where: (_actor: Actor): Expression<SqlBool> => expressionBuilder<{ organisation: OrganisationTable }, 'organisation'>().and([]),
}
