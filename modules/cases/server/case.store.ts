import { type Actor, type Ctx, decodeCursor } from '@tongchou/kernel'
import { type Case, caseFromStore, type Entry, parseProcedure, type Task } from '@tongchou/procedure'
import { sql } from 'kysely'
import type { Definition } from '../ports.ts'
import { holdsTask } from './case.permissions.ts'
import { type CaseRow, casesDb } from './case.tables.ts'

/** Stores what a case runs on; a definition stored before stays as it was. */
export async function keepDefinition(ctx: Ctx, { pack, packVersion, procedure, forms }: Definition): Promise<void> {
  await casesDb(ctx)
    .insertInto('cases.definition')
    .values({
      pack,
      pack_version: packVersion,
      procedure: procedure.id,
      procedure_version: procedure.version,
      body: JSON.stringify(procedure),
      forms: JSON.stringify(forms),
      stored_at: ctx.now(),
    })
    .onConflict((c) => c.doNothing())
    .execute()
}

/** The definition a case began under; what an earlier version stored is read as today's. */
export async function definitionOf(ctx: Ctx, row: CaseRow): Promise<Definition> {
  const found = await casesDb(ctx)
    .selectFrom('cases.definition')
    .select(['body', 'forms'])
    .where('pack', '=', row.pack)
    .where('pack_version', '=', row.pack_version)
    .where('procedure', '=', row.procedure)
    .where('procedure_version', '=', row.procedure_version)
    .executeTakeFirstOrThrow()
  const read = parseProcedure(found.body)
  if ('problems' in read) throw new Error(`${row.pack} ${row.procedure}: ${read.problems.map((p) => `${p.path} ${p.message}`).join('; ')}`)
  return { pack: row.pack, packVersion: row.pack_version, procedure: read.procedure, forms: found.forms }
}

/** A case of any version of the product, as this one knows it. */
function toCase(row: CaseRow): CaseRow {
  return { ...row, state: caseFromStore(row.state) }
}

export async function insertCase(ctx: Ctx, title: string, kase: Case): Promise<void> {
  const at = ctx.now()
  await casesDb(ctx)
    .insertInto('cases.case_file')
    .values({
      id: kase.id,
      pack: kase.pins.pack,
      pack_version: kase.pins.packVersion,
      procedure: kase.pins.procedure,
      procedure_version: kase.pins.procedureVersion,
      subject_kind: kase.subject.kind,
      subject_id: kase.subject.id,
      subject_version: kase.subject.version,
      title,
      applicant_person_id: kase.applicant.personId,
      applicant_name: kase.applicant.name,
      applicant_org_id: kase.applicant.orgId,
      applicant_org_name: kase.applicant.orgName,
      status: kase.status,
      state: JSON.stringify(kase),
      opened_at: at,
      ended_at: null,
      updated_at: at,
    })
    .execute()
}

/** Locks the case: two people who act on one step at once come one after the other, and the second is told. */
export async function lockCase(ctx: Ctx, id: string): Promise<CaseRow | undefined> {
  const row = await casesDb(ctx).selectFrom('cases.case_file').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row && toCase(row)
}

export async function findCase(ctx: Ctx, id: string): Promise<CaseRow | undefined> {
  const row = await casesDb(ctx).selectFrom('cases.case_file').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toCase(row)
}

export async function saveCase(ctx: Ctx, kase: Case): Promise<void> {
  const ended = kase.endedAt === null ? null : new Date(kase.endedAt)
  await casesDb(ctx)
    .updateTable('cases.case_file')
    .set({ status: kase.status, state: JSON.stringify(kase), ended_at: ended, updated_at: ctx.now() })
    .where('id', '=', kase.id)
    .execute()
}

export async function insertEntries(
  ctx: Ctx,
  caseId: string,
  entries: readonly Entry[],
  form: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (entries.length === 0) return
  await casesDb(ctx)
    .insertInto('cases.entry')
    .values(
      entries.map((entry) => ({
        case_id: caseId,
        seq: entry.seq,
        person_id: entry.by.personId,
        body: JSON.stringify(entry),
        form: JSON.stringify(form),
        at: new Date(entry.at),
      })),
    )
    .execute()
}

/** The forms that were filled in, by number of the history line. */
export async function formsOf(ctx: Ctx, caseId: string): Promise<Map<number, Record<string, unknown>>> {
  const rows = await casesDb(ctx).selectFrom('cases.entry').select(['seq', 'form']).where('case_id', '=', caseId).execute()
  return new Map(rows.map((r) => [r.seq, r.form]))
}

/** Makes the open tasks of the table those of the case. `titles` names steps; `fromName` is who sent the new ones. */
export async function syncTasks(ctx: Ctx, kase: Case, titles: ReadonlyMap<string, string>, fromName: string): Promise<void> {
  const db = casesDb(ctx)
  const open = kase.tasks.map((t) => t.id)
  let closing = db.updateTable('cases.task').set({ closed_at: ctx.now() }).where('case_id', '=', kase.id).where('closed_at', 'is', null)
  if (open.length > 0) closing = closing.where('task_id', 'not in', open)
  await closing.execute()
  if (kase.tasks.length === 0) return
  await db
    .insertInto('cases.task')
    .values(kase.tasks.map((task) => taskValues(kase.id, task, titles, fromName)))
    .onConflict((c) => c.columns(['case_id', 'task_id']).doNothing())
    .execute()
}

function taskValues(caseId: string, task: Task, titles: ReadonlyMap<string, string>, fromName: string) {
  return {
    case_id: caseId,
    task_id: task.id,
    step: task.step,
    step_title: titles.get(task.step) ?? task.step,
    duty: task.duty,
    org_id: task.orgId,
    since_at: new Date(task.since),
    due_at: task.due === null ? null : new Date(task.due),
    provisional: task.provisional,
    limit_amount: task.limit?.amount ?? null,
    limit_unit: task.limit?.unit ?? null,
    paused_ground: task.paused?.ground ?? null,
    paused_since: task.paused === null ? null : new Date(task.paused.since),
    paused_left: task.paused?.left ?? null,
    cause: task.cause,
    from_name: fromName,
    closed_at: null,
  }
}

export async function casesOfSubject(ctx: Ctx, kind: string, subjectId: string): Promise<CaseRow[]> {
  return casesDb(ctx)
    .selectFrom('cases.case_file')
    .selectAll()
    .where('subject_kind', '=', kind)
    .where('subject_id', '=', subjectId)
    .orderBy('opened_at')
    .orderBy('id')
    .execute()
}

/** Open tasks of some cases, oldest first. */
export async function openTasksOf(ctx: Ctx, caseIds: readonly string[]) {
  if (caseIds.length === 0) return []
  return casesDb(ctx)
    .selectFrom('cases.task')
    .selectAll()
    .where('case_id', 'in', caseIds)
    .where('closed_at', 'is', null)
    .orderBy('since_at')
    .execute()
}

/** Whether an open task of this case waits for the actor. */
export async function awaits(ctx: Ctx, actor: Actor, caseId: string): Promise<boolean> {
  const row = await casesDb(ctx)
    .selectFrom('cases.task')
    .select('task_id')
    .where('case_id', '=', caseId)
    .where('closed_at', 'is', null)
    .where(holdsTask.where(actor))
    .executeTakeFirst()
  return row !== undefined
}

/** Subjects of a kind that wait for the actor. */
export async function subjectsAwaiting(ctx: Ctx, actor: Actor, kind: string): Promise<string[]> {
  const rows = await casesDb(ctx)
    .selectFrom('cases.task')
    .innerJoin('cases.case_file as f', 'f.id', 'cases.task.case_id')
    .select('f.subject_id')
    .distinct()
    .where('f.subject_kind', '=', kind)
    .where('cases.task.closed_at', 'is', null)
    .where((eb) => holdsTask.where(actor)(eb as never))
    .execute()
  return rows.map((r) => r.subject_id)
}

const lineColumns = [
  'f.id as case_id',
  'f.title',
  'f.procedure',
  'f.status',
  'f.subject_kind',
  'f.subject_id',
  'f.applicant_name',
  'f.applicant_org_name',
  'f.opened_at',
  'f.updated_at',
] as const

/** Open tasks that wait for the actor (待办): overdue first, then by limit, then by age. */
export async function listTodo(ctx: Ctx, actor: Actor, limit: number, cursor: string | undefined) {
  const after = decodeCursor(cursor, ['text', 'instant', 'id', 'text'])
  const order = sql<string>`coalesce(to_char(cases.task.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '9999')`
  let query = casesDb(ctx)
    .selectFrom('cases.task')
    .innerJoin('cases.case_file as f', 'f.id', 'cases.task.case_id')
    .select(lineColumns)
    .select([
      'cases.task.task_id',
      'cases.task.step_title',
      'cases.task.since_at',
      'cases.task.due_at',
      'cases.task.provisional',
      'cases.task.cause',
      'cases.task.from_name',
      order.as('rank'),
    ])
    .where('cases.task.closed_at', 'is', null)
    .where((eb) => holdsTask.where(actor)(eb as never))
  if (after)
    query = query.where(
      sql<boolean>`(${order}, cases.task.since_at, cases.task.case_id, cases.task.task_id) > (${after[0]}, ${after[1]}::timestamptz, ${after[2]}::uuid, ${after[3]})`,
    )
  return (
    query
      .orderBy(order)
      .orderBy('cases.task.since_at')
      .orderBy('cases.task.case_id')
      // One case may wait for the same office twice (parallel branches).
      .orderBy('cases.task.task_id')
      .limit(limit + 1)
      .execute()
  )
}
export type TodoRow = Awaited<ReturnType<typeof listTodo>>[number]

/** Cases the person acted on (已办) or began (我发起), last changed first. */
export async function listMine(ctx: Ctx, actor: Actor, box: 'done' | 'started', limit: number, cursor: string | undefined) {
  const after = decodeCursor(cursor, ['instant', 'id'])
  let query = casesDb(ctx).selectFrom('cases.case_file as f').select(lineColumns)
  if (box === 'started') query = query.where('f.applicant_person_id', '=', actor.personId)
  else
    query = query.where((eb) =>
      eb.exists(
        eb
          .selectFrom('cases.entry as e')
          .select('e.seq')
          .whereRef('e.case_id', '=', 'f.id')
          .where('e.person_id', '=', actor.personId)
          .where('f.applicant_person_id', '!=', actor.personId),
      ),
    )
  if (after) query = query.where(sql<boolean>`(f.updated_at, f.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  return query
    .orderBy('f.updated_at', 'desc')
    .orderBy('f.id', 'desc')
    .limit(limit + 1)
    .execute()
}
export type MineRow = Awaited<ReturnType<typeof listMine>>[number]

/** How many tasks wait for the actor, and how many of them are overdue. */
export async function countTodo(ctx: Ctx, actor: Actor): Promise<{ open: number; overdue: number }> {
  const row = await casesDb(ctx)
    .selectFrom('cases.task')
    .select((eb) => [eb.fn.countAll<number>().as('open'), sql<number>`count(*) filter (where due_at < ${ctx.now()})`.as('overdue')])
    .where('closed_at', 'is', null)
    .where(holdsTask.where(actor))
    .executeTakeFirstOrThrow()
  return row
}
