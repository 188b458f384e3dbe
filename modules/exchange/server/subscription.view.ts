import type { Ctx } from '@tongchou/kernel'
import type { SubscriptionRow } from './channel.tables.ts'
import type { SubscriptionLine, SubscriptionQuery } from './feed.schema.ts'
import type { ExchangePorts } from './ports.ts'
import { countBehind } from './subscription.permissions.ts'
import { grantsWanting, listSubscriptions } from './subscription.store.ts'

/** A page of the list (订阅清单): the rows, one more than are shown, and how each is told. */
export async function viewSubscriptions(ctx: Ctx, ports: ExchangePorts, query: SubscriptionQuery, limit: number) {
  const { attention, ...rest } = query
  const grants = attention && (await wantingGrants(ctx, ports, attention))
  const rows = await listSubscriptions(ctx, grants ? { ...rest, grants } : rest, limit)
  const names = await ports.organisations.organisations(ctx, [...new Set(rows.flatMap((row) => [row.org_id, row.provider_org_id]))])
  const resources = new Map<string, { title: string; head: number }>()
  const terms = await ports.grants.termsInForce(
    ctx,
    rows.map(({ grant_id }) => grant_id),
  )
  for (const { resource } of rows.slice(0, limit)) {
    if (resources.has(resource)) continue
    const title = (await ports.structures.structure(ctx, resource))?.title ?? resource
    resources.set(resource, { title, head: await ports.feeds.head(ctx, resource) })
  }
  const toLine = (row: SubscriptionRow): SubscriptionLine => {
    const { title = row.resource, head = 0 } = resources.get(row.resource) ?? {}
    const confirmed = row.confirmed_seq
    return {
      id: row.grant_id,
      number: row.number,
      org: { id: row.org_id, name: names.get(row.org_id)?.name ?? row.org_id },
      provider: { id: row.provider_org_id, name: names.get(row.provider_org_id)?.name ?? row.provider_org_id },
      resource: { id: row.resource, title },
      state: !terms.has(row.grant_id) ? 'ended' : row.loaded_at ? 'receiving' : 'loading',
      validUntil: terms.get(row.grant_id) ?? null,
      openedAt: row.opened_at.toISOString(),
      loadedAt: row.loaded_at?.toISOString() ?? null,
      seenAt: row.seen_at?.toISOString() ?? null,
      confirmedAt: row.confirmed_at?.toISOString() ?? null,
      position: row.position,
      behind: confirmed === null || !countBehind.allows(ctx.actor, row) ? null : Math.max(0, head - confirmed),
      refusal: row.refusal && row.refused_at ? { at: row.refused_at.toISOString(), ...row.refusal } : null,
    }
  }
  return { rows, toLine }
}

/** Grants in force whose subscription somebody should look at (需关注). */
export async function wantingGrants(
  ctx: Ctx,
  ports: ExchangePorts,
  attention: NonNullable<SubscriptionQuery['attention']>,
): Promise<string[]> {
  return [...(await ports.grants.termsInForce(ctx, await grantsWanting(ctx, attention))).keys()]
}
