import { type Ctx, InvalidState, inTransaction, NotPermitted, notFound, recordAudit, requireVersion } from '@tongchou/kernel'
import type { Amendment, ChangeEdit, NewChange } from './amendment.schema.ts'
import { insertAmendment, lockAmendment, openAmendmentOf, updateAmendment } from './amendment.store.ts'
import { amendmentSubjects, contentOf, isOpenForEdit, viewAmendment } from './amendment.view.ts'
import { checkFree, checkReferences, handsOf, lockReadable, numbered } from './compile.service.ts'
import { toContent } from './content.rows.ts'
import type { CatalogPorts } from './ports.ts'
import { compileResource, readWorkings } from './resource.permissions.ts'
import { findResource, itemsOf, takeTurn } from './resource.store.ts'
import type { AmendmentRow, ResourceRow } from './resource.tables.ts'

/** Begins a change of a published entry (变更): a copy of what is in force, which stays in force until the change is published. */
export async function openChange(ctx: Ctx, ports: CatalogPorts, resourceId: string, input: NewChange): Promise<Amendment> {
  return inTransaction(ctx, async (tx) => {
    const entry = await lockReadable(tx, resourceId)
    if (!compileResource.allows(tx.actor, entry))
      throw new NotPermitted('catalog.not_compiler', '目录由资源所属单位变更，当前岗位不能变更。')
    await requireAmendable(tx, entry)
    const row = await insertAmendment(tx, {
      ...blank(tx, entry.id),
      kind: 'change',
      reason: input.reason,
      content: JSON.stringify(toContent(entry, await itemsOf(tx, entry.id))),
      last_item: entry.last_item,
      ground: null,
      merged_into: null,
    })
    await recordAudit(tx, 'catalog-change.drafted', { kind: amendmentSubjects.change, id: row.id }, { resourceId, name: entry.name })
    return viewAmendment(tx, ports, row)
  })
}

/** Writes a change that was not handed in yet or came back. Items keep their ids, also one that is taken out and put in again. */
export async function editChange(ctx: Ctx, ports: CatalogPorts, id: string, input: ChangeEdit): Promise<Amendment> {
  return inTransaction(ctx, async (tx) => {
    // The turn before the row, as in every act that takes both: the other order could deadlock.
    await takeTurn(tx, tx.actor.orgId)
    const { row, entry } = await lockWritable(tx, id, 'change')
    if (!compileResource.allows(tx.actor, entry))
      throw new NotPermitted('catalog.not_compiler', '目录由资源所属单位变更，当前岗位不能修改。')
    requireVersion(`目录“${entry.name}”的变更`, row, input.version)
    requireOpen(row, entry)
    await checkReferences(tx, ports, input)
    await checkFree(tx, input, entry.org_id, entry.id)
    const inForce = (await itemsOf(tx, entry.id)).map((item) => ({ id: item.item_id, name: item.name, code: item.code }))
    const written = contentOf(row).items
    const known = [...written, ...inForce.filter((item) => !written.some(({ id: other }) => other === item.id))]
    const { content, last } = numbered(input, known, Math.max(row.last_item ?? 0, entry.last_item))
    const changed = await updateAmendment(tx, id, {
      reason: input.reason,
      content: JSON.stringify(content),
      last_item: last,
      compiled_by: JSON.stringify(handsOf(tx.actor, row.compiled_by)),
    })
    await recordAudit(tx, 'catalog-change.edited', { kind: amendmentSubjects.change, id }, { version: changed.version })
    return viewAmendment(tx, ports, changed)
  })
}

/** What every new change and withdrawal begins with. */
export function blank(tx: Ctx, resourceId: string) {
  return {
    resource_id: resourceId,
    state: 'draft' as const,
    returned_reason: null,
    compiled_by: JSON.stringify(handsOf(tx.actor, [])),
    submitted_by: null,
    submitted_at: null,
    settled_at: null,
    created_at: tx.now(),
    updated_by: `${tx.actor.orgName} ${tx.actor.name}`,
    updated_at: tx.now(),
  }
}

/** Only what is published is changed or withdrawn, and one at a time. */
export async function requireAmendable(tx: Ctx, entry: ResourceRow): Promise<void> {
  if (entry.state === 'withdrawn') throw new InvalidState('catalog.withdrawn', `目录“${entry.name}”已撤销，不能变更或再次撤销。`)
  if (entry.state !== 'registered')
    throw new InvalidState('catalog.not_registered', `目录“${entry.name}”尚未登记。未登记的目录直接修改后提交审核。`)
  const open = await openAmendmentOf(tx, entry.id)
  if (open)
    throw new InvalidState(
      'catalog.amendment_open',
      `目录“${entry.name}”已有${open.kind === 'change' ? '变更' : '撤销申请'}在办，由${open.updated_by}最后修改，不能同时再办。请待其办结，或由编制人撤回。`,
    )
}

/** The row, locked, with its entry; 404 for whoever may not see the workings of the entry. */
export async function lockReadableAmendment(tx: Ctx, id: string): Promise<{ row: AmendmentRow; entry: ResourceRow }> {
  const row = await lockAmendment(tx, id)
  const entry = row && (await findResource(tx, row.resource_id))
  if (!row || !entry || !readWorkings.allows(tx.actor, entry)) throw notFound('目录变更')
  return { row, entry }
}

/** The same, of the kind that is asked for. */
export async function lockWritable(tx: Ctx, id: string, kind: AmendmentRow['kind']): Promise<{ row: AmendmentRow; entry: ResourceRow }> {
  const found = await lockReadableAmendment(tx, id)
  if (found.row.kind !== kind)
    throw new InvalidState('catalog.other_kind', kind === 'change' ? '这是撤销申请，不是变更。' : '这是变更，不是撤销申请。')
  return found
}

export function requireOpen(row: AmendmentRow, entry: ResourceRow): void {
  if (isOpenForEdit(row)) return
  const what = row.kind === 'change' ? '变更' : '撤销申请'
  throw new InvalidState(
    'catalog.amendment_not_open',
    row.state === 'settled' || row.state === 'abandoned'
      ? `目录“${entry.name}”的${what}已办结，不能再改。`
      : `目录“${entry.name}”的${what}已提交审核，不能修改。需要修改的，由审核环节退回。`,
  )
}
