import { type Ctx, type OrganisationsPort, type OrganisationView, todayInShanghai } from '@tongchou/kernel'
import { sql } from 'kysely'
import { identityDb } from './identity.tables.ts'
import type { Organisation } from './organisation.schema.ts'
import { findOrganisation, findOrganisations, organisationsAsOf } from './organisation.store.ts'
import { bearers, holders } from './post.store.ts'
import { superiorOf } from './superior.store.ts'

/** What the other modules are told of organisations and their duties; asked for by the program, not filtered by the reader. */
export const organisationsPort: OrganisationsPort = {
  async organisation(ctx, id) {
    const organisation = await findOrganisation(identityDb(ctx), id, todayInShanghai(ctx.now()))
    return organisation && toView(organisation)
  },
  async organisations(ctx, ids) {
    const found = await findOrganisations(identityDb(ctx), ids, todayInShanghai(ctx.now()))
    return new Map(found.map((organisation) => [organisation.id, toView(organisation)]))
  },
  async organisationAsOf(ctx, id, day) {
    const organisation = await findOrganisation(identityDb(ctx), id, day)
    return organisation && toView(organisation)
  },
  bearersOf: (ctx, duty) => bearers(identityDb(ctx), duty, todayInShanghai(ctx.now())),
  holdersOf: (ctx, duty, orgId) => holders(identityDb(ctx), duty, orgId, todayInShanghai(ctx.now())),
  superiorOf: (ctx, orgId) => superiorOf(identityDb(ctx), orgId, todayInShanghai(ctx.now())),
}

/** Organisations that exist today, by their full or short names: for names that come in a file. */
export async function organisationsCalled(ctx: Ctx, names: readonly string[]): Promise<{ id: string; name: string }[]> {
  const rows = await identityDb(ctx)
    .selectFrom(organisationsAsOf(todayInShanghai(ctx.now())))
    .select(['id', 'name', 'short_name'])
    .where((eb) => eb.or([eb('name', 'in', [...names, '']), eb('short_name', 'in', [...names, ''])]))
    .where('valid_to', 'is', null)
    .execute()
  return rows.flatMap(({ id, name, short_name }) => [...new Set([name, short_name])].map((called) => ({ id, name: called })))
}

/** Every organisation by what it is called today, with every other name it has or had. */
export async function organisationNames(ctx: Ctx): Promise<{ id: string; name: string; others: string[] }[]> {
  const rows = await identityDb(ctx)
    .selectFrom(organisationsAsOf(todayInShanghai(ctx.now())))
    .innerJoin('identity.organisation_version', 'identity.organisation_version.organisation_id', 'organisation.id')
    .select(['organisation.id', 'organisation.name'])
    .select(
      sql<
        string[]
      >`array_agg(distinct identity.organisation_version.name) || array_agg(distinct identity.organisation_version.short_name)`.as(
        'others',
      ),
    )
    .groupBy(['organisation.id', 'organisation.name'])
    .execute()
  return rows
}

function toView({ id, name, kind, parentId, validTo }: Organisation): OrganisationView {
  return { id, name, kind, parentId, ...(validTo === null ? {} : { endsOn: validTo }) }
}
