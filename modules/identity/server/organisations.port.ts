import { type OrganisationsPort, type OrganisationView, todayInShanghai } from '@tongchou/kernel'
import { identityDb } from './identity.tables.ts'
import type { Organisation } from './organisation.schema.ts'
import { findOrganisation, findOrganisations } from './organisation.store.ts'
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

function toView({ id, name, kind, parentId, validTo }: Organisation): OrganisationView {
  return { id, name, kind, parentId, ...(validTo === null ? {} : { endsOn: validTo }) }
}
