import type { Ctx } from '@tongchou/kernel'
import type { Case, Task } from '@tongchou/procedure'
import type { CasesPorts } from '../ports.ts'

/** A duty and the office that has to bear it; null for whichever office does. */
type Place = Pick<Task, 'duty' | 'orgId'>

/** Whether somebody can take up what waits at a duty: a post of the office bears it today, or where no office is named, any post. */
export async function isAttended(ctx: Ctx, { organisations }: Pick<CasesPorts, 'organisations'>, { duty, orgId }: Place): Promise<boolean> {
  const found = orgId === null ? await organisations.bearersOf(ctx, duty) : await organisations.holdersOf(ctx, duty, orgId)
  return found.length > 0
}

/**
 * Tells the system administrators of work that came to a duty which nobody bears (无人承办), in the transaction that brought it there: its clock runs, and nobody
 * would ever see it in a work list. They are told the office and the duty, not whose matter it is.
 */
export async function tellUnattended(tx: Ctx, ports: CasesPorts, next: Case, before?: Case): Promise<void> {
  const stood = new Set(before?.tasks.map(placeOf))
  for (const task of next.tasks) {
    if (task.holder || stood.has(placeOf(task)) || (await isAttended(tx, ports, task))) continue
    const office = task.orgId === null ? '全市' : ((await ports.organisations.organisation(tx, task.orgId))?.name ?? task.orgId)
    const duty = ports.dutyTitle(task.duty)
    await ports.notices.send(tx, {
      kind: 'case.unattended',
      to: [{ duty: 'system-admin', orgId: null }],
      subject: { kind: 'case', id: next.id },
      title: `无人承办：${office}没有人担任“${duty}”`,
      body: `有事项交${office}“${duty}”办理，而${office}的岗位均无此职责。请在“组织与人员”中指定。`,
      href: task.orgId === null ? '/organisations' : `/organisations/${task.orgId}`,
      onceKey: `${next.id}:unattended:${placeOf(task)}`,
    })
  }
}

const placeOf = ({ id, duty, orgId }: Task) => `${id} ${duty} ${orgId}`
