import { type Ctx, InvalidState, InvalidValue, inTransaction, NotFound, NotPermitted, recordAudit } from '@tongchou/kernel'
import type { ProjectsPorts } from '../ports.ts'
import { actAsBuilder } from './project.permissions.ts'
import { named } from './project.view.ts'
import { readSupplierContract, readSupplierReport } from './supplier.permissions.ts'
import type {
  DecideSupplierReport,
  NewSupplierReport,
  SupplierContract,
  SupplierContractQuery,
  SupplierReport,
  SupplierReportQuery,
} from './supplier.schema.ts'
import {
  decideReport,
  findSupplierContract,
  findSupplierReport,
  insertSupplierReport,
  listSupplierContracts,
  listSupplierReports,
  lockSupplierReport,
  milestonesOf,
  type SupplierContractRow,
  type SupplierReportRow,
  termsOf,
} from './supplier.store.ts'

/** The kind of subject that files handed in with a report belong to. */
export const reportKind = 'supplier-report'

/** What a report is about that is for no milestone. */
const PROGRESS = '施工进展'

/** Contracts of the agent's enterprise. */
export async function readSupplierContracts(ctx: Ctx, ports: Pick<ProjectsPorts, 'organisations'>, query: SupplierContractQuery) {
  const page = await listSupplierContracts(ctx, ctx.actor, query)
  const orgs = await ports.organisations.organisations(
    ctx,
    page.items.map((row) => row.builder_org_id),
  )
  return {
    ...page,
    items: page.items.map((row) => ({
      id: row.id,
      number: row.number,
      project: { name: row.project_name, stage: row.stage },
      builder: named(orgs, row.builder_org_id),
      amountFen: row.amount_fen,
      paidFen: row.paid_fen,
      signedOn: row.signed_on,
      returnedCount: row.returned_count,
    })),
  }
}

/** One contract for the agent: terms and payments, the milestones of its project and of no other, what was handed in. */
export async function readContract(ctx: Ctx, ports: ProjectsPorts, id: string): Promise<SupplierContract> {
  const row = await readableContract(ctx, id)
  const orgs = await ports.organisations.organisations(ctx, [row.builder_org_id])
  const terms = await termsOf(ctx, id)
  const milestones = await milestonesOf(ctx, row.project_id)
  const reports = await listSupplierReports(ctx, ctx.actor, { contractId: id, limit: 200 })
  return {
    id: row.id,
    number: row.number,
    supplier: row.supplier,
    project: { name: row.project_name, stage: row.stage },
    builder: named(orgs, row.builder_org_id),
    amountFen: row.amount_fen,
    signedOn: row.signed_on,
    held: await ports.isHeld(ctx, row.project_id),
    terms: terms.map((term) => ({
      lineNo: term.line_no,
      title: term.title,
      amountFen: term.amount_fen,
      state: term.state === null || term.state === 'withdrawn' ? ('open' as const) : term.state,
      releasedAt: term.released_at?.toISOString() ?? null,
    })),
    milestones: milestones.map((one) => ({ id: one.id, title: one.title, dueOn: one.due_on, doneOn: one.done_on })),
    reports: await toReports(ctx, ports, reports.items),
    obstacle: obstacleOf(row) ?? null,
  }
}

/**
 * Hands in progress or the material for a milestone (报送施工材料). The building unit carries out the project (WH23-13) and answers for true
 * documents (WH23-18): so it is the one who is told, and who accepts or returns.
 */
export async function submitReport(
  ctx: Ctx,
  ports: ProjectsPorts,
  contractId: string,
  input: Omit<NewSupplierReport, 'secrecy'>,
): Promise<{ id: string }> {
  return inTransaction(ctx, async (tx) => {
    const contract = await readableContract(tx, contractId)
    const obstacle = obstacleOf(contract)
    if (obstacle !== undefined) throw new InvalidState('supplier_report.not_building', obstacle)
    const about = await aboutOf(tx, contract, input.milestoneId)
    const id = await insertSupplierReport(tx, {
      contract_id: contract.id,
      project_id: contract.project_id,
      milestone_id: input.milestoneId ?? null,
      about,
      text: input.text.trim(),
    })
    if (id === undefined)
      throw new InvalidState('supplier_report.waiting', `“${about}”已报送，正待建设单位审核，不能重复报送。审核后可以再次报送。`)
    await ports.files.attach(tx, { kind: reportKind, id }, input.files ?? [])
    await recordAudit(
      tx,
      'supplier_report.submitted',
      { kind: reportKind, id },
      {
        ...{ contract: contract.id, project: contract.project_id, about },
        files: input.files?.length ?? 0,
      },
    )
    await ports.notices.send(tx, {
      kind: 'supplier-report.submitted',
      to: [{ duty: 'applicant', orgId: contract.builder_org_id }],
      subject: { kind: 'project', id: contract.project_id },
      title: `承建单位报送：${about}`,
      body: `${tx.actor.orgName}就合同 ${contract.number} 报送“${about}”，请审核。`,
      href: `/projects/${contract.project_id}#supplier-reports`,
      onceKey: `${reportKind}/${id}/submitted`,
    })
    return { id }
  })
}

/** Accepts a report (接收), or returns it with the reason (退回): the building unit's own decision; who handed it in is told. */
export async function decideSupplierReport(
  ctx: Ctx,
  ports: ProjectsPorts,
  id: string,
  { outcome, reason = '' }: DecideSupplierReport,
): Promise<SupplierReport> {
  return inTransaction(ctx, async (tx) => {
    const found = await lockSupplierReport(tx, id)
    if (!found || !readSupplierReport.allows(tx.actor, found.report, found.project)) throw notFound()
    const { report, project } = found
    if (!mayDecide(tx, report)) throw new NotPermitted('supplier_report.not_builder', '承建单位报送的材料由建设单位审核（WH23-13）。')
    if (report.state !== 'submitted')
      throw new InvalidState('supplier_report.decided', `该材料已由 ${report.decided_by ?? ''} 审核，不能再次办理。`)
    const said = reason.trim()
    if (outcome === 'return' && said === '')
      throw new InvalidValue('supplier_report.no_reason', '退回须写明原因，请填写后提交。', [{ path: 'reason', message: '必须填写' }])
    await decideReport(tx, id, outcome === 'accept' ? 'accepted' : 'returned', said === '' ? null : said)
    const word = outcome === 'accept' ? '已接收' : '被退回'
    const detail = { contract: report.contract_id, project: project.id, about: report.about }
    if (outcome === 'accept') await recordAudit(tx, 'supplier_report.accepted', { kind: reportKind, id }, detail)
    else await recordAudit(tx, 'supplier_report.returned', { kind: reportKind, id }, detail)
    await tellAgents(tx, ports, report, `“${report.about}”${word}`, said === '' ? `建设单位${word}该材料。` : `建设单位意见：${said}`)
    const [view] = await toReports(tx, ports, [((await findSupplierReport(tx, id)) ?? found).report])
    if (!view) throw notFound()
    return view
  })
}

/** Tells whoever acts for the enterprise on this contract today: who handed in may have left meanwhile. */
async function tellAgents(tx: Ctx, ports: ProjectsPorts, report: SupplierReportRow, title: string, body: string): Promise<void> {
  const people = await ports.relations.peopleOf(tx, { kind: 'enterprise', id: report.enterprise_id }, report.builder_org_id)
  if (people.length === 0) return
  await ports.notices.send(tx, {
    kind: 'supplier-report.decided',
    to: people.map(({ personId }) => ({ personId })),
    subject: { kind: 'supplier-contract', id: report.contract_id },
    title,
    body,
    href: `/supplier-contracts/${report.contract_id}`,
    onceKey: `${reportKind}/${report.id}/decided`,
  })
}

/** Reports of projects that the actor may read, for the office. */
export async function readSupplierReports(ctx: Ctx, ports: ProjectsPorts, query: SupplierReportQuery) {
  const page = await listSupplierReports(ctx, ctx.actor, query)
  return { ...page, items: await toReports(ctx, ports, page.items) }
}

/** May the actor read the report? For the gate, and for the files that came with it. */
export async function mayReadSupplierReport(ctx: Ctx, id: string): Promise<boolean> {
  const found = await findSupplierReport(ctx, id)
  return found !== undefined && readSupplierReport.allows(ctx.actor, found.report, found.project)
}

async function readableContract(ctx: Ctx, id: string): Promise<SupplierContractRow> {
  const row = await findSupplierContract(ctx, id)
  if (!row || !readSupplierContract.allows(ctx.actor, row)) throw new NotFound('contract.not_found', '合同不存在，或不在本人经办的范围内。')
  return row
}

/** Material belongs to the time of building and of acceptance. */
function obstacleOf({ stage }: Pick<SupplierContractRow, 'stage'>): string | undefined {
  return stage === 'building' || stage === 'in-acceptance' ? undefined : '项目不在建设或验收阶段，不能报送材料。'
}

async function aboutOf(tx: Ctx, contract: SupplierContractRow, milestoneId: string | undefined): Promise<string> {
  if (milestoneId === undefined) return PROGRESS
  const milestone = (await milestonesOf(tx, contract.project_id)).find((one) => one.id === milestoneId)
  if (!milestone)
    throw new InvalidValue('supplier_report.no_milestone', '里程碑不存在或已由建设单位调整，请重新选择。', [
      { path: 'milestoneId', message: '请重新选择' },
    ])
  return milestone.title
}

function mayDecide(ctx: Ctx, report: SupplierReportRow): boolean {
  return ctx.actor.relation === undefined && actAsBuilder.allows(ctx.actor, report)
}

async function toReports(ctx: Ctx, ports: Pick<ProjectsPorts, 'files'>, rows: readonly SupplierReportRow[]): Promise<SupplierReport[]> {
  const files = await ports.files.filesOf(
    ctx,
    reportKind,
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({
    id: row.id,
    contract: { id: row.contract_id, number: row.number, supplier: row.supplier },
    project: { id: row.project_id, name: row.project_name },
    about: row.about,
    milestoneId: row.milestone_id,
    text: row.text,
    state: row.state,
    submittedBy: row.submitted_by,
    submittedAt: row.submitted_at.toISOString(),
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.toISOString() ?? null,
    reason: row.reason,
    files: files.get(row.id) ?? [],
    mayDecide: row.state === 'submitted' && mayDecide(ctx, row),
  }))
}

function notFound(): NotFound {
  return new NotFound('supplier_report.not_found', '材料不存在，或不在当前岗位可查看的范围内。')
}
