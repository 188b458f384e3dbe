import type { Ctx, OrganisationView } from '@tongchou/kernel'
import type { ProjectsPorts } from '../ports.ts'
import { availableActs } from './lifecycle.ts'
import type { Project } from './project.schema.ts'
import { type Belongings, readBelongings } from './project.store.ts'
import type { ProjectRow } from './project.tables.ts'

/** The page of a project, put together from its row, its belongings and the registers. */
export async function projectView(ctx: Ctx, ports: ProjectsPorts, row: ProjectRow): Promise<Project> {
  const orgs = await ports.organisations.organisations(ctx, [row.owner_org_id, row.builder_org_id, row.user_unit_org_id])
  const belongings = await readBelongings(ctx, row.id)
  return {
    ...plain(row),
    owner: named(orgs, row.owner_org_id),
    builderOrg: named(orgs, row.builder_org_id),
    userUnit: named(orgs, row.user_unit_org_id),
    ...belongingViews(belongings),
    money: { ...moneyOf(row, belongings), held: await ports.isHeld(ctx, row.id) },
    acts: availableActs(ctx.actor, row),
  }
}

/** An organisation that is no longer in the register keeps its id as its name. */
export function named(orgs: Map<string, OrganisationView>, id: string): { id: string; name: string } {
  return { id, name: orgs.get(id)?.name ?? id }
}

function plain(row: ProjectRow) {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    stage: row.stage,
    builder: row.builder,
    reach: row.reach,
    deliverables: row.deliverables,
    funding: row.funding,
    summary: row.summary,
    planBasis: row.plan_basis,
    necessity: row.necessity,
    plannedDeployment: row.planned_deployment,
    appStage: row.app_stage,
    standardInterface: row.standard_interface,
    superiorCoordinated: row.superior_coordinated,
    omCostFen: row.om_cost_fen,
    budgetFen: row.budget_fen,
    responsiblePerson: row.responsible_person,
    noDataReason: row.no_data_reason,
    governmentSystem: row.government_system,
    urgency: row.urgency,
    urgencyReason: row.urgency_reason,
    superiorFiledAt: instant(row.superior_filed_at),
    superiorReceivedAt: instant(row.superior_received_at),
    submittedAt: instant(row.submitted_at),
    reviewedAt: instant(row.reviewed_at),
    arguedAt: instant(row.argued_at),
    establishedAt: instant(row.established_at),
    fundedAt: instant(row.funded_at),
    acceptedAt: instant(row.accepted_at),
    handedOverAt: instant(row.handed_over_at),
    version: row.version,
    updatedBy: row.updated_by,
    updatedAt: row.updated_at.toISOString(),
  }
}

function belongingViews({
  budgetLines,
  systems,
  resources,
  contracts,
  terms,
  payments,
  milestones,
  reports,
  tender,
  evaluation,
}: Belongings) {
  return {
    budgetLines: budgetLines.map((l) => ({ title: l.title, category: l.category, amountFen: l.amount_fen })),
    systems: systems.map((s) => ({ id: s.id, name: s.name, functions: s.functions })),
    dataResources: resources.map((r) => ({ id: r.id, name: r.name })),
    contracts: contracts.map((c) => ({
      id: c.id,
      number: c.number,
      supplier: c.supplier,
      enterpriseId: c.enterprise_id,
      amountFen: c.amount_fen,
      signedOn: c.signed_on,
      terms: terms
        .filter((t) => t.contract_id === c.id)
        .map((t) => ({ lineNo: t.line_no, title: t.title, amountFen: t.amount_fen, payment: paymentOf(payments, c.id, t.line_no) })),
    })),
    milestones: milestones.map((m) => ({ id: m.id, title: m.title, dueOn: m.due_on, doneOn: m.done_on })),
    progressReports: reports.map((r) => ({
      id: r.id,
      period: r.period,
      percent: r.percent,
      text: r.text,
      reportedBy: r.reported_by,
      reportedAt: r.reported_at.toISOString(),
    })),
    tender: tender
      ? {
          venue: tender.venue,
          noticeNumber: tender.notice_number,
          winner: tender.winner,
          amountFen: tender.amount_fen,
          openedOn: tender.opened_on,
        }
      : null,
    evaluation: evaluation
      ? {
          openedAt: evaluation.opened_at.toISOString(),
          requirement: evaluation.requirement,
          selfReport: evaluation.self_report,
          score: evaluation.score,
          grade: evaluation.grade,
          conclusion: evaluation.conclusion,
          concludedAt: instant(evaluation.concluded_at),
        }
      : null,
  }
}

function paymentOf(payments: Belongings['payments'], contractId: string, lineNo: number): { id: string; state: string } | null {
  const live = payments.filter((p) => p.contract_id === contractId && p.line_no === lineNo).at(-1)
  return live ? { id: live.id, state: live.state } : null
}

function moneyOf(row: ProjectRow, { contracts, payments }: Belongings) {
  const sum = (amounts: readonly { amount_fen: number }[]) => amounts.reduce((total, a) => total + a.amount_fen, 0)
  return {
    budgetFen: row.budget_fen,
    approvedFen: row.approved_fen,
    fundedFen: row.funded_fen,
    contractedFen: sum(contracts),
    paidFen: sum(payments.filter((p) => p.state === 'released')),
    requestedFen: sum(payments.filter((p) => p.state === 'requested')),
  }
}

function instant(value: Date | null): string | null {
  return value === null ? null : value.toISOString()
}
