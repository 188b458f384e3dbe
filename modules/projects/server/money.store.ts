import type { CaseAct, Ctx } from '@tongchou/kernel'
import { formatYuan, InvalidState, InvalidValue } from '@tongchou/kernel'
import { supplierOf } from './enterprise.service.ts'
import { formCount, formFen, formLines, formOptional, formText } from './form-values.ts'
import { projectsDb } from './project.tables.ts'

/** Registers what the trading centre decided (招标结果). */
export async function insertTenderResult(ctx: Ctx, projectId: string, act: CaseAct): Promise<'public-resource-trading-center' | 'other'> {
  const venue = formText(act, 'venue') === 'other' ? 'other' : 'public-resource-trading-center'
  const values = {
    venue,
    notice_number: formText(act, 'noticeNumber'),
    winner: formText(act, 'winner'),
    amount_fen: formFen(act, 'amountFen'),
    opened_on: formText(act, 'openedOn'),
    registered_by: `${ctx.actor.orgName} ${ctx.actor.name}`,
    registered_at: ctx.now(),
  } as const
  await projectsDb(ctx)
    .insertInto('projects.tender_result')
    .values({ project_id: projectId, ...values })
    .onConflict((c) => c.column('project_id').doUpdateSet(values))
    .execute()
  return venue
}

/** Registers a contract and what is to be paid when (合同与付款约定). The terms add up to the contract, and it stays within the tender. */
export async function insertContract(ctx: Ctx, projectId: string, act: CaseAct): Promise<void> {
  const db = projectsDb(ctx)
  const amountFen = formFen(act, 'amountFen')
  const terms = formLines(act, 'terms').map((line) => ({ title: String(line.title), amount_fen: Number(line.amountFen) }))
  const total = terms.reduce((sum, t) => sum + t.amount_fen, 0)
  if (terms.some((term) => term.amount_fen <= 0)) throw refused('terms', '付款约定各期金额应大于零，请核对各期金额。')
  if (total !== amountFen)
    throw refused('terms', `付款约定合计 ${formatYuan(total)} 元，与合同金额 ${formatYuan(amountFen)} 元不一致，请核对各期金额。`)
  const tender = await db.selectFrom('projects.tender_result').select('amount_fen').where('project_id', '=', projectId).executeTakeFirst()
  if (tender && amountFen > tender.amount_fen)
    throw refused('amountFen', `合同金额 ${formatYuan(amountFen)} 元超过中标金额 ${formatYuan(tender.amount_fen)} 元，请核对。`)
  const supplier = await supplierOf(ctx, formText(act, 'supplier'), formOptional(act, 'supplierUscc'))
  const contract = await db
    .insertInto('projects.contract')
    .values({
      project_id: projectId,
      number: formText(act, 'number'),
      supplier: formText(act, 'supplier'),
      enterprise_id: supplier.id,
      amount_fen: amountFen,
      signed_on: formText(act, 'signedOn'),
      registered_by: `${ctx.actor.orgName} ${ctx.actor.name}`,
      registered_at: ctx.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('projects.payment_term')
    .values(terms.map((term, index) => ({ contract_id: contract.id, line_no: index + 1, ...term })))
    .execute()
}

/** A term of a contract with what was asked for it so far. */
export async function lockTerm(ctx: Ctx, projectId: string, contractId: string, lineNo: number) {
  return projectsDb(ctx)
    .selectFrom('projects.payment_term as t')
    .innerJoin('projects.contract as c', 'c.id', 't.contract_id')
    .select(['t.title', 't.amount_fen', 'c.number', 'c.supplier'])
    .where('c.project_id', '=', projectId)
    .where('t.contract_id', '=', contractId)
    .where('t.line_no', '=', lineNo)
    .forUpdate()
    .executeTakeFirst()
}

export async function livePayment(ctx: Ctx, contractId: string, lineNo: number) {
  return projectsDb(ctx)
    .selectFrom('projects.payment')
    .selectAll()
    .where('contract_id', '=', contractId)
    .where('line_no', '=', lineNo)
    .where('state', 'in', ['requested', 'released'])
    .executeTakeFirst()
}

/** A term is asked for once: says who did. */
export function alreadyRequested(live: { requested_by: string }): InvalidState {
  return new InvalidState('payment.already_requested', `该期款项已由 ${live.requested_by} 申请，不能重复申请。`)
}

export async function insertPayment(ctx: Ctx, payment: { project_id: string; contract_id: string; line_no: number; amount_fen: number }) {
  return projectsDb(ctx)
    .insertInto('projects.payment')
    .values({ ...payment, requested_by: `${ctx.actor.orgName} ${ctx.actor.name}`, requested_at: ctx.now(), released_at: null })
    .returning('id')
    .executeTakeFirstOrThrow()
}

export async function findPayment(ctx: Ctx, id: string) {
  return projectsDb(ctx).selectFrom('projects.payment').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function setPaymentState(ctx: Ctx, id: string, state: 'requested' | 'released' | 'refused' | 'withdrawn'): Promise<void> {
  await projectsDb(ctx)
    .updateTable('projects.payment')
    .set({ state, released_at: state === 'released' ? ctx.now() : null })
    .where('id', '=', id)
    .execute()
}

/** Opens, reports and concludes the performance evaluation (绩效评价). */
export async function openEvaluation(ctx: Ctx, projectId: string, act: CaseAct): Promise<void> {
  await projectsDb(ctx)
    .insertInto('projects.evaluation')
    .values({
      project_id: projectId,
      opened_by: `${ctx.actor.orgName} ${ctx.actor.name}`,
      opened_at: ctx.now(),
      requirement: formText(act, 'requirement'),
      score: null,
      grade: null,
      concluded_at: null,
    })
    .onConflict((c) => c.column('project_id').doUpdateSet({ requirement: formText(act, 'requirement') }))
    .execute()
}

export async function reportEvaluation(ctx: Ctx, projectId: string, act: CaseAct): Promise<void> {
  await projectsDb(ctx)
    .updateTable('projects.evaluation')
    .set({ self_report: formText(act, 'selfReport') })
    .where('project_id', '=', projectId)
    .execute()
}

export async function concludeEvaluation(ctx: Ctx, projectId: string, act: CaseAct): Promise<void> {
  const score = formCount(act, 'score')
  if (score < 0 || score > 100) throw refused('score', '评分应为 0 至 100 的整数。')
  await projectsDb(ctx)
    .updateTable('projects.evaluation')
    .set({ score, grade: formText(act, 'grade'), conclusion: act.opinion ?? '', concluded_at: ctx.now() })
    .where('project_id', '=', projectId)
    .execute()
}

/** Files a change of a project being built (建设变更). */
export async function insertChange(ctx: Ctx, projectId: string, act: CaseAct): Promise<void> {
  await projectsDb(ctx)
    .insertInto('projects.project_change')
    .values({
      project_id: projectId,
      aspect: formText(act, 'aspect'),
      before: formText(act, 'before'),
      after: formText(act, 'after'),
      reason: formText(act, 'reason'),
      filed_by: `${ctx.actor.orgName} ${ctx.actor.name}`,
      filed_at: ctx.now(),
    })
    .execute()
}

export async function settleChange(ctx: Ctx, projectId: string, state: 'accepted' | 'rejected' | 'withdrawn' | 'returned'): Promise<void> {
  await projectsDb(ctx)
    .updateTable('projects.project_change')
    .set({ state })
    .where('project_id', '=', projectId)
    .where('state', '=', 'filed')
    .execute()
}

function refused(path: string, message: string): InvalidValue {
  return new InvalidValue('form.inconsistent', message, [{ path, message }])
}

/** What finance proposes to schedule (拟定资金安排); a corrected proposal replaces the one before. Within the approved budget, where there is one. */
export async function prepareFunding(ctx: Ctx, projectId: string, approvedFen: number | null, act: CaseAct): Promise<void> {
  const amount = formFen(act, 'amountFen')
  if (amount === 0) throw refused('amountFen', '安排金额应大于零。')
  if (approvedFen !== null && amount > approvedFen)
    throw refused('amountFen', `安排金额 ${formatYuan(amount)} 元超过核定概（预）算 ${formatYuan(approvedFen)} 元，请核对。`)
  const values = {
    amount_fen: amount,
    budget_year: formCount(act, 'budgetYear'),
    channel: formText(act, 'channel'),
    prepared_by: `${ctx.actor.orgName} ${ctx.actor.name}`,
    prepared_at: ctx.now(),
    scheduled_at: null,
  }
  await projectsDb(ctx)
    .insertInto('projects.funding')
    .values({ project_id: projectId, ...values })
    .onConflict((c) => c.column('project_id').doUpdateSet(values))
    .execute()
}

/** Marks the prepared funding as scheduled (安排资金); gives back its amount. */
export async function scheduleFunding(ctx: Ctx, projectId: string): Promise<number> {
  const row = await projectsDb(ctx)
    .updateTable('projects.funding')
    .set({ scheduled_at: ctx.now() })
    .where('project_id', '=', projectId)
    .returning('amount_fen')
    .executeTakeFirstOrThrow()
  return row.amount_fen
}
