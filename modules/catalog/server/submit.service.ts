import { type Ctx, InvalidState, inTransaction, NotPermitted, requireVersion } from '@tongchou/kernel'
import { requireComplete } from './catalog.subject.ts'
import { lockReadable } from './compile.service.ts'
import { toContent } from './content.rows.ts'
import type { CatalogPorts } from './ports.ts'
import { submitResource } from './resource.permissions.ts'
import type { Resource } from './resource.schema.ts'
import { findResource, itemsOf } from './resource.store.ts'
import { isOpenForChange, subjectKind, viewResource } from './resource.view.ts'
import { judge } from './rule-context.ts'

/** Hands an entry in for secrecy review and review by the center (WH23-15): opens the procedure, which freezes the version. */
export async function submitEntry(ctx: Ctx, ports: CatalogPorts, id: string, version: number): Promise<Resource> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockReadable(tx, id)
    if (!submitResource.allows(tx.actor, row)) throw new NotPermitted('catalog.not_steward', '目录由资源所属单位的数据专员提交审核。')
    requireVersion(`目录“${row.name}”`, row, version)
    const running = (await ports.cases.casesOf(tx, subjectKind, id)).find((kase) => kase.status === 'running')
    if (running)
      throw new InvalidState(
        'catalog.already_running',
        isOpenForChange(row)
          ? `目录“${row.name}”退回修改后，请在办件“${running.title}”中重新提交。`
          : `目录“${row.name}”正在办件“${running.title}”中审核，不能重复提交。`,
      )
    if (!isOpenForChange(row)) throw new InvalidState('catalog.not_open', `目录“${row.name}”已登记，不能再次提交。`)
    requireComplete(row.name, await judge(tx, ports, toContent(row, await itemsOf(tx, id)), { orgId: row.org_id, resourceId: id }))
    await ports.cases.open(tx, {
      procedure: 'catalog-entry',
      subject: { kind: subjectKind, id, version: row.version },
      title: `资源目录编制审核：${row.name}`,
      orgs: { 'subject-org': row.org_id },
      act: { outcome: 'submit', opinion: null, form: {}, documents: [], choices: [], dates: {} },
    })
    // The case has moved the row on through the subject port; what is shown is what it made of it.
    return viewResource(tx, ports, (await findResource(tx, id)) ?? row)
  })
}
