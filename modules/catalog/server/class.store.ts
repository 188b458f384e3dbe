import type { Ctx } from '@tongchou/kernel'
import { type ClassNode, type ClassTree, classSeed, classTree } from '@tongchou/metadata'
import { sql } from 'kysely'
import { catalogDb } from './resource.tables.ts'

export type ClassRow = { code: string; title: string; active: boolean; version: number; verified: boolean; shipped: boolean }

/** What comes with the product, changed by what the city set. By code. */
export async function classRows(ctx: Ctx): Promise<ClassRow[]> {
  const own = await catalogDb(ctx).selectFrom('catalog.class_node').selectAll().execute()
  const rows = new Map<string, ClassRow>()
  for (const { code, title } of classSeed) rows.set(code, { code, title, active: true, version: 0, verified: false, shipped: true })
  // A title that the city has set is the city's own word.
  for (const { code, title, active, version } of own)
    rows.set(code, { code, title, active, version, verified: true, shipped: rows.has(code) })
  return [...rows.values()].sort((a, b) => (a.code < b.code ? -1 : 1))
}

/** The classes of the city (信息资源分类目录), for the rules. */
export async function cityClasses(ctx: Ctx): Promise<ClassTree> {
  const nodes: ClassNode[] = await classRows(ctx)
  return classTree(nodes)
}

/** Classes are changed one after the other, so that a code that was free is free when it is taken. */
export async function takeClassTurn(ctx: Ctx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('catalog.class_node'))`.execute(ctx.db)
}

export async function putClass(ctx: Ctx, { code, title, active }: ClassNode): Promise<void> {
  const values = { title, active, updated_by: `${ctx.actor.orgName} ${ctx.actor.name}`, updated_at: ctx.now() }
  await catalogDb(ctx)
    .insertInto('catalog.class_node')
    .values({ code, ...values })
    .onConflict((conflict) => conflict.column('code').doUpdateSet({ ...values, version: sql<number>`class_node.version + 1` }))
    .execute()
}

/** How many entries stand in a class or below it. */
export async function entriesInClass(ctx: Ctx, code: string): Promise<number> {
  const { count } = await catalogDb(ctx)
    .selectFrom('catalog.resource')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('class_code', 'like', `${code}%`)
    .executeTakeFirstOrThrow()
  return count
}
