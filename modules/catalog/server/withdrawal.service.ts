import { type Ctx, InvalidValue, inTransaction, isId, NotPermitted, recordAudit, requireVersion } from '@tongchou/kernel'
import type { Amendment, NewWithdrawal, WithdrawalEdit } from './amendment.schema.ts'
import { insertAmendment, updateAmendment } from './amendment.store.ts'
import { amendmentSubjects, viewAmendment } from './amendment.view.ts'
import { blank, lockWritable, requireAmendable, requireOpen } from './change.service.ts'
import { handsOf, lockReadable } from './compile.service.ts'
import type { CatalogPorts } from './ports.ts'
import { reliancesOn, requireUnrelied } from './reliance.ts'
import { readResource, submitResource } from './resource.permissions.ts'
import { findResource } from './resource.store.ts'
import type { ResourceRow } from './resource.tables.ts'

/** Begins the withdrawal of a published entry (撤销), with its reason; refused while something relies on the entry. */
export async function openWithdrawal(ctx: Ctx, ports: CatalogPorts, resourceId: string, input: NewWithdrawal): Promise<Amendment> {
  return inTransaction(ctx, async (tx) => {
    const entry = await lockReadable(tx, resourceId)
    if (!submitResource.allows(tx.actor, entry)) throw new NotPermitted('catalog.not_steward', '撤销由资源所属单位的数据专员申请。')
    await requireAmendable(tx, entry)
    const mergedInto = await checkMerger(tx, entry, input)
    requireUnrelied(entry.name, await reliancesOn(tx, ports, entry))
    const row = await insertAmendment(tx, {
      ...blank(tx, entry.id),
      kind: 'withdrawal',
      reason: input.reason,
      content: null,
      last_item: null,
      ground: input.ground,
      merged_into: mergedInto,
    })
    const audited = { resourceId, name: entry.name, ground: input.ground }
    await recordAudit(tx, 'catalog-withdrawal.drafted', { kind: amendmentSubjects.withdrawal, id: row.id }, audited)
    return viewAmendment(tx, ports, row)
  })
}

/** Writes a withdrawal that was not handed in yet or came back. */
export async function editWithdrawal(ctx: Ctx, ports: CatalogPorts, id: string, input: WithdrawalEdit): Promise<Amendment> {
  return inTransaction(ctx, async (tx) => {
    const { row, entry } = await lockWritable(tx, id, 'withdrawal')
    if (!submitResource.allows(tx.actor, entry)) throw new NotPermitted('catalog.not_steward', '撤销由资源所属单位的数据专员申请。')
    requireVersion(`目录“${entry.name}”的撤销申请`, row, input.version)
    requireOpen(row, entry)
    const changed = await updateAmendment(tx, id, {
      reason: input.reason,
      ground: input.ground,
      merged_into: await checkMerger(tx, entry, input),
      compiled_by: JSON.stringify(handsOf(tx.actor, row.compiled_by)),
    })
    await recordAudit(tx, 'catalog-withdrawal.edited', { kind: amendmentSubjects.withdrawal, id }, { version: changed.version })
    return viewAmendment(tx, ports, changed)
  })
}

/** The entry that it was merged into: published, and another one. */
async function checkMerger(tx: Ctx, entry: ResourceRow, { ground, mergedIntoId }: NewWithdrawal): Promise<string | null> {
  if (ground !== 'merged') {
    if (mergedIntoId !== null) throw wrong('撤销理由不是并入其他目录的，不填并入的目录')
    return null
  }
  if (mergedIntoId === null) throw wrong('撤销理由为并入其他目录的，须写明并入的目录')
  if (mergedIntoId === entry.id) throw wrong('目录不能并入本目录，请选择其他目录')
  const into = isId(mergedIntoId) ? await findResource(tx, mergedIntoId) : undefined
  if (!into || !readResource.allows(tx.actor, into)) throw wrong('并入的目录不存在，或不在当前岗位可查看的范围内')
  if (into.state !== 'registered') throw wrong(`并入的目录“${into.name}”未登记或已撤销，请选择已登记的目录`)
  return into.id
}

function wrong(message: string): InvalidValue {
  return new InvalidValue('catalog.bad_merger', `${message}。`, [{ path: 'mergedIntoId', message }])
}
