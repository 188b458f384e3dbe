import { type Ctx, InvalidState, recordAudit } from '@tongchou/kernel'
import { contentOf } from './amendment.view.ts'
import { issueCode } from './code.service.ts'
import { checkFree } from './compile.service.ts'
import { contentColumns, toContent } from './content.rows.ts'
import type { Content } from './content.schema.ts'
import type { CatalogPorts } from './ports.ts'
import { gateRelying, reliancesOn, requireUnrelied } from './reliance.ts'
import { findResource, insertVersion, itemsOf, lockResource, replaceItems, takeTurn, updateResource } from './resource.store.ts'
import type { AmendmentRow, ResourceRow } from './resource.tables.ts'

/**
 * Puts a change in force (发布变更): from here on everybody reads it, under the code that the entry has, or a new one where its class has changed.
 * @returns what was in force until now
 */
export async function publishChange(ctx: Ctx, ports: CatalogPorts, change: AmendmentRow): Promise<Content> {
  const entry = await lockPublished(ctx, change)
  const content = contentOf(change)
  await checkFree(ctx, content, entry.org_id, entry.id)
  await requireGateKept(ctx, ports, entry, content)
  const before = toContent(entry, await itemsOf(ctx, entry.id))
  const moved = await updateResource(ctx, entry.id, {
    ...contentColumns(content, await userUnitOf(ctx, ports, entry, content)),
    last_item: Math.max(entry.last_item, change.last_item ?? 0),
    changed_at: ctx.now(),
  })
  await replaceItems(ctx, entry.id, content.items)
  const code = await issueCode(ctx, ports, moved)
  const coded = code === moved.code ? moved : await updateResource(ctx, entry.id, { code })
  await insertVersion(ctx, entry.id, coded.version, content, change)
  await recordAudit(
    ctx,
    'catalog.change_published',
    { kind: 'catalog-entry', id: entry.id },
    { changeId: change.id, version: coded.version, code },
  )
  return before
}

/** Takes an entry out of force (撤销). Its code stays with it and is given to no other. */
export async function publishWithdrawal(ctx: Ctx, ports: CatalogPorts, withdrawal: AmendmentRow): Promise<void> {
  const entry = await lockPublished(ctx, withdrawal)
  requireUnrelied(entry.name, await reliancesOn(ctx, ports, entry))
  const into = withdrawal.merged_into === null ? undefined : await findResource(ctx, withdrawal.merged_into)
  if (into && into.state !== 'registered')
    throw new InvalidState('catalog.bad_merger', `并入的目录“${into.name}”已撤销，请退回申请单位另选目录。`)
  await updateResource(ctx, entry.id, { state: 'withdrawn', withdrawn_at: ctx.now() })
  const detail = { withdrawalId: withdrawal.id, ground: withdrawal.ground, code: entry.code }
  await recordAudit(ctx, 'catalog.entry_withdrawn', { kind: 'catalog-entry', id: entry.id }, detail)
}

/** A change may not take an entry away from the project whose acceptance waits for it. */
export async function requireGateKept(ctx: Ctx, ports: CatalogPorts, entry: ResourceRow, after: Content): Promise<void> {
  if (after.projectId === entry.project_id && after.declaredResourceId === entry.declared_resource_id) return
  const [relying] = await gateRelying(ctx, ports, entry)
  if (relying)
    throw new InvalidState('catalog.relied_on', `不能变更所属项目和对应申报：${relying.message}。待该项目验收后再变更。`, [
      { path: 'declaredResourceId', message: `${relying.message}` },
    ])
}

async function userUnitOf(ctx: Ctx, ports: CatalogPorts, entry: ResourceRow, { projectId }: Content): Promise<string | null> {
  if (projectId === entry.project_id) return entry.user_unit_org_id
  return projectId === null ? null : ((await ports.projects.project(ctx, projectId))?.userUnitOrgId ?? null)
}

/** The entry, locked and still in force; the turn of its unit first, as in every act that takes both. */
async function lockPublished(ctx: Ctx, { resource_id }: AmendmentRow): Promise<ResourceRow> {
  const unlocked = await findResource(ctx, resource_id)
  if (unlocked) await takeTurn(ctx, unlocked.org_id)
  const entry = await lockResource(ctx, resource_id)
  if (!entry) throw new Error(`catalog entry ${resource_id} does not exist`)
  if (entry.state !== 'registered') throw new InvalidState('catalog.not_registered', `目录“${entry.name}”已不在登记状态，不能发布。`)
  return entry
}
