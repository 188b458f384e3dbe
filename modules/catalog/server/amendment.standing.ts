import type { Ctx } from '@tongchou/kernel'
import { openAmendmentOf, withdrawalOf } from './amendment.store.ts'
import type { Resource } from './resource.schema.ts'
import { findResource } from './resource.store.ts'
import type { ResourceRow } from './resource.tables.ts'

/** What is under way on an entry, and how it was withdrawn, for its page. */
export async function standingOf(ctx: Ctx, row: ResourceRow): Promise<Pick<Resource, 'amendment' | 'withdrawal'>> {
  const open = row.state === 'registered' ? await openAmendmentOf(ctx, row.id) : undefined
  const gone = row.state === 'withdrawn' ? await withdrawalOf(ctx, row.id) : undefined
  const merged = gone?.merged_into ? await findResource(ctx, gone.merged_into) : undefined
  return {
    amendment: open ? { id: open.id, kind: open.kind } : null,
    withdrawal: gone?.ground ? { ground: gone.ground, mergedInto: merged ? { id: merged.id, name: merged.name } : null } : null,
  }
}
