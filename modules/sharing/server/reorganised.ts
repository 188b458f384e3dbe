import { type Ctx, type MovedThing, type Reorganisation, type ReorganisedPort, recordAudit, type Thing } from '@tongchou/kernel'
import { grantsOfOrganisations, updateGrant } from './grant.store.ts'
import type { SharingPorts } from './ports.ts'
import { requestsOfOrganisations, updateRequest } from './request.store.ts'
import { requestKind } from './request.view.ts'
import { grantKind } from './settle.ts'
import type { Parties } from './sharing.permissions.ts'

/**
 * Requests and grants go to whoever takes over (组织调整): the providing side with its resource, the using side on its own; what was decided keeps the
 * names of its day. Where both become one office there is nothing to be shared any more: the grant is revoked, and a request is granted no longer
 * (`requireOthers`) but refused or given up.
 */
export function sharingReorganised({ catalog }: Pick<SharingPorts, 'catalog'>): ReorganisedPort {
  return {
    async onReorganised(ctx, reorganisation) {
      const moved: MovedThing[] = []
      for (const grant of await grantsOfOrganisations(ctx, reorganisation.from)) {
        const thing = { kind: grantKind, id: grant.id }
        const next = await after(ctx, catalog, reorganisation, thing, grant)
        const ends = grant.state !== 'revoked' && next.org_id === next.provider_org_id
        const moves = movesOf({ ...thing, title: `授权${grant.number}：${grant.title}` }, grant, next)
        if (moves.length === 0) continue
        const ended = { state: 'revoked', state_reason: '组织调整后双方为同一单位', state_at: ctx.now() } as const
        await updateGrant(ctx, grant.id, ends ? { ...next, ...ended } : next)
        if (ends) await recordAudit(ctx, 'sharing-grant.revoked', thing, { resourceId: grant.resource, orgId: next.org_id })
        moved.push(...moves)
      }
      for (const request of await requestsOfOrganisations(ctx, reorganisation.from)) {
        const thing = { kind: requestKind, id: request.id }
        const next = await after(ctx, catalog, reorganisation, thing, request)
        const moves = movesOf({ ...thing, title: `申请${request.number}：${request.title}` }, request, next)
        if (moves.length > 0) await updateRequest(ctx, request.id, next)
        moved.push(...moves)
      }
      return { moved, stays: [] }
    },
  }
}

/** The catalog has handed its entries over before: whoever has the resource now provides it. */
async function after(
  ctx: Ctx,
  catalog: SharingPorts['catalog'],
  to: Reorganisation,
  thing: Thing,
  row: Parties & { resource: string },
): Promise<Parties> {
  const next = (orgId: string, of: Thing) => (to.from.includes(orgId) ? to.successorOf(orgId, of) : orgId)
  const entry = to.from.includes(row.provider_org_id) ? await catalog.registered(ctx, row.resource) : undefined
  return { org_id: next(row.org_id, thing), provider_org_id: entry?.orgId ?? next(row.provider_org_id, thing) }
}

function movesOf(thing: Pick<MovedThing, 'kind' | 'id' | 'title'>, before: Parties, next: Parties): MovedThing[] {
  const sides = [
    ['使用单位', before.org_id, next.org_id],
    ['提供单位', before.provider_org_id, next.provider_org_id],
  ] as const
  return sides.filter(([, from, to]) => from !== to).map(([role, from, to]) => ({ ...thing, role, from, to }))
}
