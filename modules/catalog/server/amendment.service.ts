import { type Ctx, InvalidState, inTransaction, NotPermitted, recordAudit, requireVersion } from '@tongchou/kernel'
import type { Amendment } from './amendment.schema.ts'
import { findAmendment, updateAmendment } from './amendment.store.ts'
import { amendmentSubjects, contentOf, isOpenForEdit, judgeChange, viewAmendment } from './amendment.view.ts'
import { requireComplete } from './catalog.subject.ts'
import { lockReadableAmendment, requireOpen } from './change.service.ts'
import type { CatalogPorts } from './ports.ts'
import { compileResource, submitResource } from './resource.permissions.ts'

/** Hands a change or a withdrawal in: opens its procedure, which freezes what was handed in. */
export async function submitAmendment(ctx: Ctx, ports: CatalogPorts, id: string, version: number): Promise<Amendment> {
  return inTransaction(ctx, async (tx) => {
    const { row, entry } = await lockReadableAmendment(tx, id)
    const what = row.kind === 'change' ? '变更' : '撤销'
    if (!submitResource.allows(tx.actor, entry))
      throw new NotPermitted('catalog.not_steward', `目录${what}由资源所属单位的数据专员提交审核。`)
    requireVersion(`目录“${entry.name}”的${what}`, row, version)
    const kind = amendmentSubjects[row.kind]
    const running = (await ports.cases.casesOf(tx, kind, id)).find((kase) => kase.status === 'running')
    if (running)
      throw new InvalidState(
        'catalog.already_running',
        isOpenForEdit(row)
          ? `目录“${entry.name}”的${what}退回修改后，请在办件“${running.title}”中重新提交或撤回。`
          : `目录“${entry.name}”的${what}正在办件“${running.title}”中审核，不能重复提交。`,
      )
    requireOpen(row, entry)
    if (row.kind === 'change') requireComplete(entry.name, await judgeChange(tx, ports, entry, contentOf(row)))
    await ports.cases.open(tx, {
      procedure: kind,
      subject: { kind, id, version: row.version },
      title: `资源目录${what}：${entry.name}`,
      orgs: { 'subject-org': entry.org_id },
      act: { outcome: 'submit', opinion: null, form: {}, documents: [], choices: [], dates: {} },
    })
    // The case has moved the row on through the subject port; what is shown is what it made of it.
    return viewAmendment(tx, ports, (await findAmendment(tx, id)) ?? row)
  })
}

/** Gives up (撤回) what is not in a case: its author may, and the entry is free for another change. */
export async function abandonAmendment(ctx: Ctx, ports: CatalogPorts, id: string, version: number): Promise<Amendment> {
  return inTransaction(ctx, async (tx) => {
    const { row, entry } = await lockReadableAmendment(tx, id)
    const writes = row.kind === 'change' ? compileResource : submitResource
    if (!writes.allows(tx.actor, entry)) throw new NotPermitted('catalog.not_compiler', '由资源所属单位的编制人员撤回。')
    requireVersion(`目录“${entry.name}”的${row.kind === 'change' ? '变更' : '撤销申请'}`, row, version)
    requireOpen(row, entry)
    const kind = amendmentSubjects[row.kind]
    const running = (await ports.cases.casesOf(tx, kind, id)).find((kase) => kase.status === 'running')
    if (running) throw new InvalidState('catalog.in_case', `已立案，请在办件“${running.title}”中办理撤回。`)
    const gone = await updateAmendment(tx, id, { state: 'abandoned', settled_at: tx.now() })
    await recordAudit(tx, `${kind}.abandoned`, { kind, id }, {})
    return viewAmendment(tx, ports, gone)
  })
}
