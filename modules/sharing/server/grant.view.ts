import { type Ctx, type OrganisationView, todayInShanghai } from '@tongchou/kernel'
import type { UsedGrant } from './grant.store.ts'
import { findUsedGrant } from './grant.store.ts'
import type { SharingPorts } from './ports.ts'
import { findRequest } from './request.store.ts'
import { shownTerms } from './request.view.ts'
import { granteeDuties, stopGrant, writeRequest } from './sharing.permissions.ts'
import type { Grant, GrantLine, grantActs, standings } from './sharing.schema.ts'
import type { GrantRow } from './sharing.tables.ts'

/** How a grant stands today (授权情况). */
export function standingOf(ctx: Ctx, row: Pick<GrantRow, 'state' | 'valid_from' | 'valid_until'>): (typeof standings)[number] {
  if (row.state !== 'in-force') return row.state
  const today = todayInShanghai(ctx.now())
  if (row.valid_until < today) return 'expired'
  return row.valid_from > today ? 'coming' : 'in-force'
}

export function toGrantLine(ctx: Ctx, row: UsedGrant, names: ReadonlyMap<string, Pick<OrganisationView, 'name'>>): GrantLine {
  return {
    ...{ id: row.id, number: row.number, resource: { id: row.resource, name: row.title } },
    org: { id: row.org_id, name: names.get(row.org_id)?.name ?? row.org_id },
    provider: { id: row.provider_org_id, name: names.get(row.provider_org_id)?.name ?? row.provider_org_id },
    ...{ way: row.way, itemCount: Object.keys(row.items).length, purpose: row.purpose, standing: standingOf(ctx, row) },
    ...{ validFrom: row.valid_from, validUntil: row.valid_until, queries: row.queries, records: row.records },
    lastUsedAt: row.last_at?.toISOString() ?? null,
  }
}

/** The page of a grant, with its use and what this actor may do. */
export async function viewGrant(ctx: Ctx, ports: SharingPorts, id: string): Promise<Grant> {
  const row = await findUsedGrant(ctx, id)
  if (!row) throw new Error(`grant ${id} is gone`)
  const names = await ports.organisations.organisations(ctx, [row.org_id, row.provider_org_id])
  const entry = (await ports.catalog.registered(ctx, row.resource))?.content
  const request = row.request_id === null ? undefined : await findRequest(ctx, row.request_id)
  const terms = { items: row.items, rows: row.row_conditions, validUntil: row.valid_until, quotaPerDay: row.quota_per_day, use: row.terms }
  return {
    ...toGrantLine(ctx, row, names),
    ...{ state: row.state, stateReason: row.state_reason, stateAt: row.state_at.toISOString(), terms: shownTerms(terms, entry) },
    request: request ? { id: request.id, number: request.number } : null,
    ...{ recordsToday: row.today, grantedAt: row.granted_at.toISOString(), mayDo: allowedActs(ctx, row) },
    ...{ version: row.version, updatedBy: row.updated_by },
  }
}

function allowedActs(ctx: Ctx, row: GrantRow): (typeof grantActs)[number][] {
  const acts: (typeof grantActs)[number][] = []
  const standing = standingOf(ctx, row)
  const living = standing !== 'revoked' && standing !== 'expired'
  if (living && stopGrant.allows(ctx.actor, row)) acts.push(row.state === 'suspended' ? 'resume' : 'suspend', 'revoke')
  if (standing !== 'revoked' && writeRequest.allows(ctx.actor, row)) acts.push('renew')
  if (standing === 'in-force' && row.way === 'query' && row.org_id === ctx.actor.orgId && granteeDuties.some((d) => ctx.actor.roles.has(d)))
    acts.push('query')
  return acts
}
