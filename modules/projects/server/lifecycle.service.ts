import { type Ctx, InvalidState, inTransaction, NotPermitted, recordAudit } from '@tongchou/kernel'
import type { ProjectsPorts } from '../ports.ts'
import { type LifecycleAct, type LifecyclePath, lifecycleActs } from './lifecycle.ts'
import { alreadyRequested, insertPayment, livePayment, lockTerm } from './money.store.ts'
import { actAsBuilder } from './project.permissions.ts'
import { updateProject } from './project.store.ts'
import { readable, subjectOf } from './proposal.service.ts'

/** What comes with an act that begins a procedure. */
export interface BeginInput {
  opinion: string
  form: Record<string, unknown>
  documents: { kind: string; id: string }[]
}

/**
 * Begins a procedure on a project: exists, may, state, then the case opens and its first step is handed in, where the
 * pack in force judges it on live facts. One transaction: a refusal leaves nothing behind.
 */
export async function beginProcedure(ctx: Ctx, ports: ProjectsPorts, path: LifecyclePath, id: string, input: BeginInput) {
  const act: LifecycleAct = lifecycleActs[path]
  return inTransaction(ctx, async (tx) => {
    const project = await readable(tx, ports, id)
    if (!act.allows(tx.actor, project)) throw new NotPermitted('project.not_yours', `当前岗位不能为本项目${act.title}。`)
    const obstacle = act.obstacle(project)
    if (obstacle !== undefined) throw new InvalidState('project.wrong_stage', obstacle)
    await refuseRunning(tx, ports, act, id)
    if (path === 'construction-plan') await updateProject(tx, id, { editable: false, submitted_at: project.submitted_at ?? tx.now() })
    const { caseId } = await ports.cases.open(tx, {
      procedure: act.procedure,
      subject: { kind: 'project', id, version: project.version },
      title: `${act.title}：${project.name}`,
      orgs: { 'subject-org': project.owner_org_id, builder: project.builder_org_id, 'user-unit': project.user_unit_org_id },
      act: { outcome: act.outcome, opinion: input.opinion || null, form: input.form, documents: input.documents, choices: [], dates: {} },
    })
    await recordAudit(tx, `project.${path}`, subjectOf(project), { caseId })
    return { caseId }
  })
}

/** One running case of a procedure at a time: two people who press at once get one case, and one of them the name of the other. */
async function refuseRunning(tx: Ctx, ports: ProjectsPorts, act: LifecycleAct, projectId: string): Promise<void> {
  const running = (await ports.cases.casesOf(tx, 'project', projectId)).find((c) => c.procedure === act.procedure && c.status === 'running')
  if (running)
    throw new InvalidState(
      'project.already_running',
      `“${act.title}”已在办理（${running.holders.map((h) => h.title).join('、')}），请在该办件中继续。`,
    )
}

/** Asks for a payment that the contract provides for (申请支付). A term is asked for once. */
export async function requestPayment(
  ctx: Ctx,
  ports: ProjectsPorts,
  id: string,
  input: BeginInput & { contractId: string; lineNo: number },
): Promise<{ paymentId: string; caseId: string }> {
  return inTransaction(ctx, async (tx) => {
    const project = await readable(tx, ports, id)
    if (!actAsBuilder.allows(tx.actor, project)) throw new NotPermitted('payment.not_builder', '仅建设单位可以申请支付。')
    const term = await lockTerm(tx, id, input.contractId, input.lineNo)
    if (!term) throw new InvalidState('payment.no_term', '合同没有这一期付款约定，请从合同付款约定中选择。')
    const live = await livePayment(tx, input.contractId, input.lineNo)
    if (live) throw alreadyRequested(live)
    const payment = await insertPayment(tx, {
      project_id: id,
      contract_id: input.contractId,
      line_no: input.lineNo,
      amount_fen: term.amount_fen,
    })
    const { caseId } = await ports.cases.open(tx, {
      procedure: 'payment',
      subject: { kind: 'payment', id: payment.id, version: 1 },
      title: `申请支付（${term.title}）：${project.name}`,
      orgs: { 'subject-org': project.owner_org_id, builder: project.builder_org_id, 'user-unit': project.user_unit_org_id },
      act: { outcome: 'submit', opinion: input.opinion || null, form: input.form, documents: input.documents, choices: [], dates: {} },
    })
    await recordAudit(tx, 'payment.requested', subjectOf(project), { paymentId: payment.id, amountFen: term.amount_fen })
    return { paymentId: payment.id, caseId }
  })
}
