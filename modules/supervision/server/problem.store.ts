import { type CivilDay, type Ctx, containing, decodeCursor, type SortKey, sorted } from '@tongchou/kernel'
import { type Insertable, sql, type Updateable } from 'kysely'
import { readProblem, readWithheldRecord } from './problem.permissions.ts'
import type { ProblemQuery, WithheldQuery } from './problem.schema.ts'
import {
  type HoldRow,
  type PaymentHoldTable,
  type ProblemRow,
  type ProblemTable,
  supervisionDb,
  type WithheldRecordTable,
  type WithheldRow,
} from './problem.tables.ts'

export async function insertProblem(ctx: Ctx, values: Insertable<ProblemTable>): Promise<ProblemRow> {
  return supervisionDb(ctx).insertInto('supervision.problem').values(values).returningAll().executeTakeFirstOrThrow()
}

export async function findProblem(ctx: Ctx, id: string): Promise<ProblemRow | undefined> {
  return supervisionDb(ctx).selectFrom('supervision.problem').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Locks the row until the transaction ends, so that a decision and a step of the procedure cannot interleave. */
export async function lockProblem(ctx: Ctx, id: string): Promise<ProblemRow | undefined> {
  return supervisionDb(ctx).selectFrom('supervision.problem').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function updateProblem(ctx: Ctx, id: string, set: Updateable<ProblemTable>): Promise<ProblemRow> {
  return supervisionDb(ctx)
    .updateTable('supervision.problem')
    .set({ ...set, ...stamp(ctx) })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** What the list can be sorted by; newest number first unless asked. */
export const problemSorts = {
  number: { title: '编号', kind: 'integer', by: sql.ref('number'), of: (row) => row.number },
  due: { title: '整改期限', kind: 'text', by: sql`due_on::text`, of: (row) => row.due_on },
  found: { title: '发现日期', kind: 'text', by: sql`found_on::text`, of: (row) => row.found_on },
} as const satisfies Record<string, SortKey<ProblemRow>>

/** The order that is asked for, from the cursor on. */
export function problemOrder({ sort = '-number', cursor }: ProblemQuery) {
  return sorted<ProblemRow, keyof typeof problemSorts>(
    problemSorts,
    { kind: 'integer', by: sql.ref('number'), of: (row) => row.number },
    sort,
    cursor,
  )
}

/** One more row than a page. */
export async function listProblems(ctx: Ctx, query: ProblemQuery, limit: number, today: CivilDay): Promise<ProblemRow[]> {
  let rows = supervisionDb(ctx).selectFrom('supervision.problem').selectAll('supervision.problem').where(readProblem.where(ctx.actor))
  const order = problemOrder(query)
  if (order.after) rows = rows.where(order.after)
  if (query.projectId !== undefined) rows = rows.where('project_id', '=', query.projectId)
  if (query.responsibleOrgId !== undefined) rows = rows.where('responsible_org_id', '=', query.responsibleOrgId)
  if (query.kind !== undefined) rows = rows.where('kind', '=', query.kind)
  if (query.state === 'overdue') rows = rows.where('state', '=', 'ordered').where('due_on', '<', today)
  else if (query.state === 'ordered') rows = rows.where('state', '=', 'ordered').where('due_on', '>=', today)
  else if (query.state !== undefined) rows = rows.where('state', '=', query.state)
  if (query.q !== undefined) {
    const pattern = containing(query.q)
    rows = rows.where((eb) => eb.or([eb('project_name', 'ilike', pattern), eb('description', 'ilike', pattern)]))
  }
  return rows
    .orderBy(order.by, order.direction)
    .orderBy(order.tie, order.direction)
    .limit(limit + 1)
    .execute()
}

/** Problems of a project that were ordered and not confirmed, whoever asks: gates read the register, not the reader's view of it. */
export async function openProblemsOf(ctx: Ctx, projectId: string): Promise<ProblemRow[]> {
  return supervisionDb(ctx)
    .selectFrom('supervision.problem')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('ordered_at', 'is not', null)
    .where('confirmed_at', 'is', null)
    .orderBy('number')
    .execute()
}

/** Problems that were ordered and not confirmed, as far as the actor may read them; the nearest deadline first. */
export async function listOpenProblems(ctx: Ctx): Promise<ProblemRow[]> {
  return supervisionDb(ctx)
    .selectFrom('supervision.problem')
    .selectAll('supervision.problem')
    .where(readProblem.where(ctx.actor))
    .where('ordered_at', 'is not', null)
    .where('confirmed_at', 'is', null)
    .orderBy('due_on')
    .orderBy('number')
    .execute()
}

/** Projects whose payment is held now, as far as the actor may read why. */
export async function heldProjectIds(ctx: Ctx): Promise<string[]> {
  const rows = await supervisionDb(ctx)
    .selectFrom('supervision.problem')
    .select('supervision.problem.project_id')
    .distinct()
    .where(readProblem.where(ctx.actor))
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('supervision.payment_hold as hold')
          .select('hold.id')
          .whereRef('hold.problem_id', '=', 'supervision.problem.id')
          .where('hold.ended_at', 'is', null),
      ),
    )
    .execute()
  return rows.map((row) => row.project_id)
}

export async function insertHold(ctx: Ctx, values: Insertable<PaymentHoldTable>): Promise<void> {
  await supervisionDb(ctx).insertInto('supervision.payment_hold').values(values).execute()
}

export async function holdsOf(ctx: Ctx, problemIds: readonly string[]): Promise<HoldRow[]> {
  if (problemIds.length === 0) return []
  return supervisionDb(ctx)
    .selectFrom('supervision.payment_hold')
    .selectAll()
    .where('problem_id', 'in', problemIds)
    .orderBy('decided_at')
    .execute()
}

/** Ends the standing hold of a problem; how many there were, which is none or one. */
export async function endHold(ctx: Ctx, problemId: string): Promise<number> {
  const ended = await supervisionDb(ctx)
    .updateTable('supervision.payment_hold')
    .set({ ended_at: ctx.now() })
    .where('problem_id', '=', problemId)
    .where('ended_at', 'is', null)
    .returning('id')
    .execute()
  return ended.length
}

/** Problems of a project whose payment is held now. */
export async function heldProblemIds(ctx: Ctx, projectId: string): Promise<Set<string>> {
  const rows = await supervisionDb(ctx)
    .selectFrom('supervision.payment_hold')
    .select('problem_id')
    .where('project_id', '=', projectId)
    .where('ended_at', 'is', null)
    .execute()
  return new Set(rows.map((row) => row.problem_id))
}

export async function insertWithheld(ctx: Ctx, values: Insertable<WithheldRecordTable>): Promise<WithheldRow> {
  return supervisionDb(ctx).insertInto('supervision.withheld_record').values(values).returningAll().executeTakeFirstOrThrow()
}

export async function findWithheld(ctx: Ctx, id: string): Promise<WithheldRow | undefined> {
  return supervisionDb(ctx).selectFrom('supervision.withheld_record').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function lockWithheld(ctx: Ctx, id: string): Promise<WithheldRow | undefined> {
  return supervisionDb(ctx).selectFrom('supervision.withheld_record').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function updateWithheld(ctx: Ctx, id: string, set: Updateable<WithheldRecordTable>): Promise<WithheldRow> {
  return supervisionDb(ctx)
    .updateTable('supervision.withheld_record')
    .set({ ...set, ...stamp(ctx) })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function listWithheld(ctx: Ctx, query: WithheldQuery, limit: number): Promise<WithheldRow[]> {
  let rows = supervisionDb(ctx)
    .selectFrom('supervision.withheld_record')
    .selectAll('supervision.withheld_record')
    .where(readWithheldRecord.where(ctx.actor))
  const after = numberAfter(query.cursor)
  if (after !== undefined) rows = rows.where('number', '<', after)
  if (query.projectId !== undefined) rows = rows.where('project_id', '=', query.projectId)
  if (query.q !== undefined) {
    const pattern = containing(query.q)
    rows = rows.where((eb) => eb.or([eb('project_name', 'ilike', pattern), eb('description', 'ilike', pattern)]))
  }
  return rows
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Whether a record that was not revoked stands against the project's builder. */
export async function hasStandingRecord(ctx: Ctx, projectId: string): Promise<boolean> {
  const row = await supervisionDb(ctx)
    .selectFrom('supervision.withheld_record')
    .select('id')
    .where('project_id', '=', projectId)
    .where('revoked_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Locked problems in which one of some organisations is a party. */
export async function problemsOfOrganisations(ctx: Ctx, orgIds: readonly string[]): Promise<ProblemRow[]> {
  return supervisionDb(ctx)
    .selectFrom('supervision.problem')
    .selectAll()
    .where((eb) =>
      eb.or([eb('builder_org_id', 'in', orgIds), eb('user_unit_org_id', 'in', orgIds), eb('responsible_org_id', 'in', orgIds)]),
    )
    .orderBy('number')
    .forUpdate()
    .execute()
}

/** Locked records about or by one of some organisations. */
export async function withheldOfOrganisations(ctx: Ctx, orgIds: readonly string[]): Promise<WithheldRow[]> {
  return supervisionDb(ctx)
    .selectFrom('supervision.withheld_record')
    .selectAll()
    .where((eb) => eb.or([eb('builder_org_id', 'in', orgIds), eb('user_unit_org_id', 'in', orgIds), eb('recorded_org_id', 'in', orgIds)]))
    .orderBy('number')
    .forUpdate()
    .execute()
}

function stamp(ctx: Ctx) {
  return { version: sql<number>`version + 1`, updated_by: `${ctx.actor.orgName} ${ctx.actor.name}`, updated_at: ctx.now() }
}

function numberAfter(cursor: string | undefined): number | undefined {
  return decodeCursor(cursor, ['integer'])?.[0]
}
