import { type Actor, type Ctx, decodeCursor, toPage } from '@tongchou/kernel'
import { sql } from 'kysely'
import type { ProjectRow } from './project.tables.ts'
import { projectsDb } from './project.tables.ts'
import { readSupplierContract, readSupplierReport } from './supplier.permissions.ts'
import type { SupplierContractQuery, SupplierReportQuery } from './supplier.schema.ts'

/** Contracts with the project that they belong to. */
function contracts(ctx: Ctx) {
  return projectsDb(ctx)
    .selectFrom('projects.contract')
    .innerJoin('projects.project', 'projects.project.id', 'projects.contract.project_id')
    .select([
      'projects.contract.id',
      'projects.contract.number',
      'projects.contract.supplier',
      'projects.contract.amount_fen',
      'projects.contract.signed_on',
      'projects.contract.enterprise_id',
      'projects.project.id as project_id',
      'projects.project.name as project_name',
      'projects.project.stage',
      'projects.project.builder_org_id',
    ])
}
export type SupplierContractRow = Awaited<ReturnType<ReturnType<typeof contracts>['executeTakeFirstOrThrow']>>

/** Contracts of the actor's enterprise, last signed first, with what was paid and what was sent back and not handed in again. */
export async function listSupplierContracts(ctx: Ctx, actor: Actor, query: SupplierContractQuery) {
  const limit = query.limit ?? 50
  const after = decodeCursor(query.cursor, ['text', 'id'])
  let rows = contracts(ctx)
    .select([
      sql<number>`coalesce((select sum(p.amount_fen) from projects.payment p
        where p.contract_id = projects.contract.id and p.state = 'released'), 0)::bigint`.as('paid_fen'),
      sql<number>`(select count(*) from projects.supplier_report r where r.contract_id = projects.contract.id and r.state = 'returned'
        and not exists (select from projects.supplier_report l where l.contract_id = r.contract_id and l.about = r.about
          and l.submitted_at > r.submitted_at))::int`.as('returned_count'),
    ])
    .where(readSupplierContract.where(actor))
  if (query.q)
    rows = rows.where(sql<boolean>`strpos(lower(projects.contract.number || ' ' || projects.project.name), lower(${query.q})) > 0`)
  if (after) rows = rows.where(sql<boolean>`(projects.contract.signed_on::text, projects.contract.id) < (${after[0]}, ${after[1]}::uuid)`)
  const found = await rows
    .orderBy(sql`projects.contract.signed_on::text`, 'desc')
    .orderBy('projects.contract.id', 'desc')
    .limit(limit + 1)
    .execute()
  return toPage(
    found,
    limit,
    (row) => [row.signed_on, row.id],
    (row) => row,
  )
}

export async function findSupplierContract(ctx: Ctx, id: string): Promise<SupplierContractRow | undefined> {
  return contracts(ctx).where('projects.contract.id', '=', id).executeTakeFirst()
}

/** Terms of a contract, each with the request that counts for it: the live one, else the last. */
export async function termsOf(ctx: Ctx, contractId: string) {
  return projectsDb(ctx)
    .selectFrom('projects.payment_term as t')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('projects.payment as p')
          .select(['p.state', 'p.released_at'])
          .whereRef('p.contract_id', '=', 't.contract_id')
          .whereRef('p.line_no', '=', 't.line_no')
          .where('p.state', '<>', 'withdrawn')
          .orderBy(sql`p.state in ('requested', 'released')`, 'desc')
          .orderBy('p.requested_at', 'desc')
          .limit(1)
          .as('payment'),
      (join) => join.onTrue(),
    )
    .select(['t.line_no', 't.title', 't.amount_fen', 'payment.state', 'payment.released_at'])
    .where('t.contract_id', '=', contractId)
    .orderBy('t.line_no')
    .execute()
}

export async function milestonesOf(ctx: Ctx, projectId: string) {
  return projectsDb(ctx)
    .selectFrom('projects.milestone')
    .selectAll()
    .where('project_id', '=', projectId)
    .orderBy('due_on')
    .orderBy('id')
    .execute()
}

/** False when an undecided report on the same matter is there already. */
export async function insertSupplierReport(
  ctx: Ctx,
  report: { contract_id: string; project_id: string; milestone_id: string | null; about: string; text: string },
): Promise<string | undefined> {
  const row = await projectsDb(ctx)
    .insertInto('projects.supplier_report')
    .values({
      ...report,
      submitted_by: `${ctx.actor.orgName} ${ctx.actor.name}`,
      submitted_by_person_id: ctx.actor.personId,
      submitted_at: ctx.now(),
    })
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

function reports(ctx: Ctx) {
  return projectsDb(ctx)
    .selectFrom('projects.supplier_report as report')
    .innerJoin('projects.contract', 'projects.contract.id', 'report.contract_id')
    .innerJoin('projects.project', 'projects.project.id', 'report.project_id')
    .selectAll('report')
    .select([
      'projects.contract.number',
      'projects.contract.supplier',
      'projects.contract.enterprise_id',
      'projects.project.name as project_name',
      'projects.project.builder_org_id',
    ])
}
export type SupplierReportRow = Awaited<ReturnType<ReturnType<typeof reports>['executeTakeFirstOrThrow']>>

/** Reports that the actor may read, the newest first. */
export async function listSupplierReports(ctx: Ctx, actor: Actor, query: SupplierReportQuery & { contractId?: string }) {
  const limit = query.limit ?? 50
  const after = decodeCursor(query.cursor, ['instant', 'id'])
  let rows = reports(ctx).where((eb) => readSupplierReport.where(actor)(eb as never))
  if (query.projectId) rows = rows.where('report.project_id', '=', query.projectId)
  if (query.contractId) rows = rows.where('report.contract_id', '=', query.contractId)
  if (query.state) rows = rows.where('report.state', '=', query.state)
  if (after) rows = rows.where(sql<boolean>`(report.submitted_at, report.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  const found = await rows
    .orderBy('report.submitted_at', 'desc')
    .orderBy('report.id', 'desc')
    .limit(limit + 1)
    .execute()
  return toPage(
    found,
    limit,
    (row) => [row.submitted_at.toISOString(), row.id],
    (row) => row,
  )
}

/** The report with its project, locked until the transaction ends. */
export async function lockSupplierReport(ctx: Ctx, id: string): Promise<{ report: SupplierReportRow; project: ProjectRow } | undefined> {
  await projectsDb(ctx).selectFrom('projects.supplier_report').select('id').where('id', '=', id).forUpdate().execute()
  return findSupplierReport(ctx, id)
}

export async function findSupplierReport(ctx: Ctx, id: string): Promise<{ report: SupplierReportRow; project: ProjectRow } | undefined> {
  const report = await reports(ctx).where('report.id', '=', id).executeTakeFirst()
  if (!report) return undefined
  const project = await projectsDb(ctx)
    .selectFrom('projects.project')
    .selectAll()
    .where('id', '=', report.project_id)
    .executeTakeFirstOrThrow()
  return { report, project }
}

export async function decideReport(ctx: Ctx, id: string, state: 'accepted' | 'returned', reason: string | null): Promise<void> {
  await projectsDb(ctx)
    .updateTable('projects.supplier_report')
    .set({ state, reason, decided_by: `${ctx.actor.orgName} ${ctx.actor.name}`, decided_at: ctx.now() })
    .where('id', '=', id)
    .execute()
}
