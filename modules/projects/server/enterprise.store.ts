import { type Actor, type Ctx, decodeCursor, toPage } from '@tongchou/kernel'
import { type Selectable, sql } from 'kysely'
import type { Enterprise, EnterpriseQuery } from './enterprise.schema.ts'
import { readProject } from './project.permissions.ts'
import { type EnterpriseTable, projectsDb } from './project.tables.ts'

export type EnterpriseRow = Selectable<EnterpriseTable>

export function toEnterprise(row: EnterpriseRow): Enterprise {
  return {
    id: row.id,
    name: row.name,
    uscc: row.uscc,
    registeredBy: row.registered_by,
    registeredAt: row.registered_at.toISOString(),
  }
}

export async function findEnterprise(ctx: Ctx, id: string): Promise<EnterpriseRow | undefined> {
  return projectsDb(ctx).selectFrom('projects.enterprise').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Locks the row until the transaction ends. */
export async function lockEnterprise(ctx: Ctx, id: string): Promise<EnterpriseRow | undefined> {
  return projectsDb(ctx).selectFrom('projects.enterprise').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function enterpriseOfCode(ctx: Ctx, uscc: string): Promise<EnterpriseRow | undefined> {
  return projectsDb(ctx).selectFrom('projects.enterprise').selectAll().where('uscc', '=', uscc).executeTakeFirst()
}

export async function enterprisesOfName(ctx: Ctx, name: string): Promise<EnterpriseRow[]> {
  return projectsDb(ctx).selectFrom('projects.enterprise').selectAll().where('name', '=', name).orderBy('id').execute()
}

/** Undefined when somebody else has registered it meanwhile. */
export async function insertEnterprise(ctx: Ctx, name: string, uscc: string | null): Promise<EnterpriseRow | undefined> {
  return projectsDb(ctx)
    .insertInto('projects.enterprise')
    .values({ name, uscc, registered_by: `${ctx.actor.orgName} ${ctx.actor.name}`, registered_at: ctx.now() })
    .onConflict((c) => c.doNothing())
    .returningAll()
    .executeTakeFirst()
}

export async function setEnterpriseCode(ctx: Ctx, id: string, uscc: string): Promise<void> {
  await projectsDb(ctx).updateTable('projects.enterprise').set({ uscc }).where('id', '=', id).execute()
}

/** Points the contracts of a row that was known by name alone at the enterprise it is, and drops the row. Answers how many contracts. */
export async function mergeEnterprise(ctx: Ctx, id: string, into: string): Promise<number> {
  const db = projectsDb(ctx)
  const moved = await db
    .updateTable('projects.contract')
    .set({ enterprise_id: into })
    .where('enterprise_id', '=', id)
    .returning('id')
    .execute()
  await db.deleteFrom('projects.enterprise').where('id', '=', id).execute()
  return moved.length
}

/** The register by name: the same for every official, who may look any of them up outside as well. */
export async function listEnterprises(ctx: Ctx, query: EnterpriseQuery) {
  const limit = query.limit ?? 50
  const after = decodeCursor(query.cursor, ['text', 'id'])
  let rows = projectsDb(ctx).selectFrom('projects.enterprise').selectAll()
  if (query.q) rows = rows.where(sql<boolean>`strpos(lower(name || ' ' || coalesce(uscc, '')), lower(${query.q})) > 0`)
  if (query.coded) rows = rows.where('uscc', query.coded === 'yes' ? 'is not' : 'is', null)
  if (after) rows = rows.where(sql<boolean>`(name collate "C", id) > (${after[0]}, ${after[1]}::uuid)`)
  const found = await rows
    .orderBy(sql`name collate "C"`)
    .orderBy('id')
    .limit(limit + 1)
    .execute()
  return toPage(found, limit, (row) => [row.name, row.id], toEnterprise)
}

/** Contracts with an enterprise, of projects that the actor may read. */
export async function contractsWithEnterprise(ctx: Ctx, actor: Actor, enterpriseId: string) {
  return projectsDb(ctx)
    .selectFrom('projects.project')
    .innerJoin('projects.contract as contract', 'contract.project_id', 'projects.project.id')
    .where((eb) => readProject.where(actor)(eb as never))
    .where('contract.enterprise_id', '=', enterpriseId)
    .select(['contract.id', 'contract.number', 'contract.supplier', 'contract.amount_fen', 'contract.signed_on'])
    .select(['projects.project.id as project_id', 'projects.project.name as project_name', 'projects.project.stage'])
    .orderBy('contract.signed_on', 'desc')
    .orderBy('contract.id')
    .limit(200)
    .execute()
}

/** Whether a unit builds a project under a contract with the enterprise. */
export async function buildsWith(ctx: Ctx, orgId: string, enterpriseId: string): Promise<boolean> {
  const row = await projectsDb(ctx)
    .selectFrom('projects.contract as contract')
    .innerJoin('projects.project as project', 'project.id', 'contract.project_id')
    .select('contract.id')
    .where('contract.enterprise_id', '=', enterpriseId)
    .where('project.builder_org_id', '=', orgId)
    .executeTakeFirst()
  return row !== undefined
}
