import { type Ctx, containing, decodeCursor, type SortKey, sorted } from '@tongchou/kernel'
import { type Insertable, sql, type Updateable } from 'kysely'
import { readSystem } from './system.permissions.ts'
import type { AnsweredFact, Protection, SystemQuery } from './system.schema.ts'
import { type AnswerRow, type AnswerTable, type ConfirmationRow, type SystemRow, type SystemTable, systemsDb } from './system.tables.ts'

/** Registering and renaming go one by one within an organisation, so that a name found free is still free when it is taken. */
export async function takeTurn(ctx: Ctx, orgId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('systems.system'), hashtext(${orgId}))`.execute(ctx.db)
}

export async function insertSystem(ctx: Ctx, values: Insertable<SystemTable>): Promise<SystemRow> {
  return systemsDb(ctx).insertInto('systems.system').values(values).returningAll().executeTakeFirstOrThrow()
}

export async function findSystem(ctx: Ctx, id: string): Promise<SystemRow | undefined> {
  return systemsDb(ctx).selectFrom('systems.system').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Locks the row until the transaction ends, so that two acts on one system cannot interleave. */
export async function lockSystem(ctx: Ctx, id: string): Promise<SystemRow | undefined> {
  return systemsDb(ctx).selectFrom('systems.system').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function findByName(ctx: Ctx, orgId: string, name: string): Promise<SystemRow | undefined> {
  return systemsDb(ctx).selectFrom('systems.system').selectAll().where('org_id', '=', orgId).where('name', '=', name).executeTakeFirst()
}

export async function updateSystem(ctx: Ctx, id: string, set: Updateable<SystemTable>): Promise<SystemRow> {
  return systemsDb(ctx)
    .updateTable('systems.system')
    .set({ ...set, version: sql<number>`version + 1`, updated_by: `${ctx.actor.orgName} ${ctx.actor.name}`, updated_at: ctx.now() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** What the list can be sorted by; newest number first unless asked. */
export const systemSorts = {
  number: { title: '编号', kind: 'integer', by: sql.ref('number'), of: (row) => row.number },
  updated: { title: '更新日期', kind: 'instant', by: sql.ref('updated_at'), of: (row) => row.updated_at },
} as const satisfies Record<string, SortKey<SystemRow>>

/** The order that is asked for, from the cursor on. */
export function systemOrder({ sort = '-number', cursor }: SystemQuery) {
  return sorted<SystemRow, keyof typeof systemSorts>(
    systemSorts,
    { kind: 'integer', by: sql.ref('number'), of: (row) => row.number },
    sort,
    cursor,
  )
}

/** One more row than a page. */
export async function listSystems(ctx: Ctx, query: SystemQuery, limit: number): Promise<SystemRow[]> {
  let rows = systemsDb(ctx).selectFrom('systems.system').selectAll('systems.system').where(readSystem.where(ctx.actor))
  const order = systemOrder(query)
  if (order.after) rows = rows.where(order.after)
  if (query.orgId !== undefined) rows = rows.where('org_id', '=', query.orgId)
  if (query.projectId !== undefined) rows = rows.where('project_id', '=', query.projectId)
  if (query.status !== undefined) rows = rows.where('status', '=', query.status)
  if (query.q !== undefined) {
    const pattern = containing(query.q)
    rows = rows.where((eb) => eb.or([eb('name', 'ilike', pattern), eb('functions', 'ilike', pattern)]))
  }
  if (query.awaiting === 'confirmation')
    rows = rows.where((eb) =>
      eb.exists(
        eb
          .selectFrom('systems.confirmation_request as r')
          .select('r.id')
          .whereRef('r.system_id', '=', 'systems.system.id')
          .where('r.state', '=', 'open'),
      ),
    )
  if (query.awaiting === 'protection')
    rows = rows.where(
      sql<boolean>`(select a.standing from systems.answer a where a.system_id = systems.system.id and a.fact = 'protection'
        order by a.seq desc limit 1) = 'declared'`,
    )
  return rows
    .orderBy(order.by, order.direction)
    .orderBy(order.tie, order.direction)
    .limit(limit + 1)
    .execute()
}

/** The latest answer to each fact of some systems: what holds now. */
export async function currentAnswers(ctx: Ctx, systemIds: readonly string[]): Promise<AnswerRow[]> {
  if (systemIds.length === 0) return []
  return systemsDb(ctx)
    .selectFrom('systems.answer')
    .selectAll()
    .distinctOn(['system_id', 'fact'])
    .where('system_id', 'in', systemIds)
    .orderBy('system_id')
    .orderBy('fact')
    .orderBy('seq', 'desc')
    .execute()
}

/** Every answer of a system, oldest first; `limit + 1` rows behind the cursor. */
export async function answersOf(ctx: Ctx, systemId: string, limit: number, cursor: string | undefined): Promise<AnswerRow[]> {
  const after = decodeCursor(cursor, ['integer'])?.[0] ?? 0
  return systemsDb(ctx)
    .selectFrom('systems.answer')
    .selectAll()
    .where('system_id', '=', systemId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit + 1)
    .execute()
}

export interface NewAnswer {
  fact: AnsweredFact | 'protection'
  value: boolean | string | Protection
  standing: AnswerTable['standing']
}

export async function insertAnswers(ctx: Ctx, systemId: string, answers: readonly NewAnswer[], evidence: string): Promise<void> {
  const { actor } = ctx
  const rows = answers.map(({ fact, value, standing }) => ({
    system_id: systemId,
    fact,
    value: JSON.stringify(typeof value === 'object' ? value : { value }),
    standing,
    evidence,
    person_id: actor.personId,
    person_name: actor.name,
    org_id: actor.orgId,
    org_name: actor.orgName,
    at: ctx.now(),
  }))
  await systemsDb(ctx).insertInto('systems.answer').values(rows).execute()
}

export async function openRequests(ctx: Ctx, systemIds: readonly string[]): Promise<ConfirmationRow[]> {
  if (systemIds.length === 0) return []
  return systemsDb(ctx)
    .selectFrom('systems.confirmation_request')
    .selectAll()
    .where('system_id', 'in', systemIds)
    .where('state', '=', 'open')
    .execute()
}

export async function latestRequest(ctx: Ctx, systemId: string): Promise<ConfirmationRow | undefined> {
  return systemsDb(ctx)
    .selectFrom('systems.confirmation_request')
    .selectAll()
    .where('system_id', '=', systemId)
    .orderBy('requested_at', 'desc')
    .orderBy(sql`state = 'open'`, 'desc')
    .limit(1)
    .executeTakeFirst()
}

export async function insertRequest(ctx: Ctx, systemId: string, note: string): Promise<void> {
  await systemsDb(ctx)
    .insertInto('systems.confirmation_request')
    .values({
      system_id: systemId,
      note,
      state: 'open',
      requested_by_person_id: ctx.actor.personId,
      requested_by: `${ctx.actor.orgName} ${ctx.actor.name}`,
      requested_at: ctx.now(),
      closed_by: null,
      closed_at: null,
      closing_note: null,
    })
    .execute()
}

export async function closeRequest(ctx: Ctx, id: string, state: 'answered' | 'returned', note: string): Promise<void> {
  await systemsDb(ctx)
    .updateTable('systems.confirmation_request')
    .set({ state, closed_by: `${ctx.actor.orgName} ${ctx.actor.name}`, closed_at: ctx.now(), closing_note: note })
    .where('id', '=', id)
    .execute()
}

/** Systems tied to a project, whoever asks: gates read the register, not the reader's view of it. */
export async function systemsOfProject(ctx: Ctx, projectId: string): Promise<SystemRow[]> {
  return systemsDb(ctx).selectFrom('systems.system').selectAll().where('project_id', '=', projectId).execute()
}

/** Locked systems that one of some organisations owns or uses. */
export async function systemsOfOrganisations(ctx: Ctx, orgIds: readonly string[]): Promise<SystemRow[]> {
  return systemsDb(ctx)
    .selectFrom('systems.system')
    .selectAll()
    .where((eb) => eb.or([eb('org_id', 'in', orgIds), eb('user_unit_org_id', 'in', orgIds)]))
    .orderBy('number')
    .forUpdate()
    .execute()
}
