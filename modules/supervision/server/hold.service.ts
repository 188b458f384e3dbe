import {
  type Ctx,
  InvalidState,
  inTransaction,
  NotPermitted,
  recordAudit,
  recordEvent,
  requireVersion,
  todayInShanghai,
} from '@tongchou/kernel'
import type { SupervisionPorts } from './ports.ts'
import { orderHold } from './problem.permissions.ts'
import type { HoldDecision, Problem } from './problem.schema.ts'
import { lockReadable } from './problem.service.ts'
import { hasFailed } from './problem.standing.ts'
import { holdsOf, insertHold, updateProblem } from './problem.store.ts'
import { subjectKind, viewProblem } from './problem.view.ts'

/**
 * Decides to hold payment (可暂缓支付, WH23-20): who, why and when, only while a builder's rectification has failed. Which office decides
 * the text does not say (未规定); that it is the center or the DRC is local.
 */
export async function orderPaymentHold(ctx: Ctx, ports: SupervisionPorts, id: string, input: HoldDecision): Promise<Problem> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockReadable(tx, id)
    if (!orderHold.allows(tx.actor)) throw new NotPermitted('hold.not_decider', '暂缓支付由市大数据中心或市发改委决定，当前岗位不能办理。')
    const standing = (await holdsOf(tx, [id])).find((hold) => hold.ended_at === null)
    if (standing)
      throw new InvalidState('hold.already_ordered', `“${row.project_name}”已由${standing.decided_by}决定暂缓支付，不能重复决定。`)
    requireVersion(`“${row.project_name}”的问题`, row, input.version)
    if (row.party !== 'builder')
      throw new InvalidState(
        'hold.not_builder',
        '暂缓支付适用于项目建设单位未按要求整改的情形（第二十条）。用户单位不按要求整改的，原则上不安排下一年度项目经费。',
      )
    if (!hasFailed(row, todayInShanghai(tx.now())))
      throw new InvalidState('hold.not_failed', '整改期限未到或正在核查，尚不属于未整改或整改不符合要求的情形（第二十条），不能暂缓支付。')
    const duty = tx.actor.roles.has('drc') ? ('drc' as const) : ('big-data-center' as const)
    await insertHold(tx, {
      problem_id: id,
      project_id: row.project_id,
      reason: input.reason,
      duty,
      decided_by_person_id: tx.actor.personId,
      decided_by: `${tx.actor.orgName} ${tx.actor.name}`,
      decided_at: tx.now(),
      ended_at: null,
    })
    const changed = await updateProblem(tx, id, {})
    await recordAudit(tx, 'payment.hold_ordered', { kind: subjectKind, id }, { projectId: row.project_id, duty, basis: 'local' })
    await recordEvent(tx, 'payment.hold_ordered', { kind: subjectKind, id }, { projectId: row.project_id })
    return viewProblem(tx, ports, changed)
  })
}
