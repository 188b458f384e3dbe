import type { Actor, Ctx } from '@tongchou/kernel'
import {
  applicantOrgOf,
  type Case,
  caseFromStore,
  type Entry,
  type Procedure,
  parseProcedure,
  spokenFor,
  type Task,
} from '@tongchou/procedure'
import { sql } from 'kysely'
import type { CasesPorts, Definition } from '../ports.ts'
import { seesCase, seesTask } from './case.permissions.ts'
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
      applicant_now_org_id: applicantOrgOf(kase),
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

/** Locks two cases in the order of their ids, so that two who merge them both ways do not wait for each other. */
export async function lockCases(ctx: Ctx, ids: readonly string[]): Promise<Map<string, CaseRow>> {
  const rows = await casesDb(ctx).selectFrom('cases.case_file').selectAll().where('id', 'in', ids).orderBy('id').forUpdate().execute()
  return new Map(rows.map((row) => [row.id, toCase(row)]))
}

/** Every case that follows this one (并案), also through others; locked. */
export async function lockFollowers(ctx: Ctx, id: string): Promise<CaseRow[]> {
  const found = await sql<{ id: string }>`
    with recursive follower as (
      select id from cases.case_file where merged_into = ${id}
      union select f.id from cases.case_file f join follower on f.merged_into = follower.id
    ) select id from follower`.execute(casesDb(ctx))
  if (found.rows.length === 0) return []
  return [
    ...(
      await lockCases(
        ctx,
        found.rows.map((row) => row.id),
      )
    ).values(),
  ]
}

/** The leading case is over: so are those that follow it. */
export async function setFollowedOutcome(ctx: Ctx, ids: readonly string[], outcome: string): Promise<void> {
  if (ids.length === 0) return
  await casesDb(ctx).updateTable('cases.case_file').set({ followed_outcome: outcome }).where('id', 'in', ids).execute()
}

/** Running cases that this one could be merged into, as far as the actor may read them, the newest first. */
export async function runningCases(ctx: Ctx, { subjects }: Pick<CasesPorts, 'subjects'>, row: CaseRow) {
  return casesDb(ctx)
    .selectFrom('cases.case_file')
    .select(['id', 'title', 'applicant_org_name', 'opened_at'])
    .where('procedure', '=', row.procedure)
    .where('subject_kind', '=', row.subject_kind)
    .where('status', 'in', ['running', 'returned', 'withdrawn'])
    .where('id', '!=', row.id)
    .where(seesCase(ctx.actor, subjects))
    .orderBy('updated_at', 'desc')
    .orderBy('id')
    .limit(50)
    .execute()
}

/** Which of some cases the actor may read. */
export async function readableCases(ctx: Ctx, { subjects }: Pick<CasesPorts, 'subjects'>, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await casesDb(ctx)
    .selectFrom('cases.case_file')
    .select('id')
    .where('id', 'in', [...new Set(ids)])
    .where(seesCase(ctx.actor, subjects))
    .execute()
  return new Set(rows.map((row) => row.id))
}

/** Some cases by their ids, whoever may read them. */
export async function findCases(ctx: Ctx, ids: readonly string[]): Promise<Map<string, CaseRow>> {
  if (ids.length === 0) return new Map()
  const rows = await casesDb(ctx)
    .selectFrom('cases.case_file')
    .selectAll()
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map((row) => [row.id, toCase(row)]))
}

export async function findCase(ctx: Ctx, id: string): Promise<CaseRow | undefined> {
  const row = await casesDb(ctx).selectFrom('cases.case_file').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toCase(row)
}

export async function saveCase(ctx: Ctx, kase: Case): Promise<void> {
  const ended = kase.endedAt === null ? null : new Date(kase.endedAt)
  await casesDb(ctx)
    .updateTable('cases.case_file')
    .set({
      status: kase.status,
      state: JSON.stringify(kase),
      merged_into: kase.mergedInto,
      overseers: [...new Set(kase.demands.map((one) => one.by.personId))],
      ended_at: ended,
      updated_at: ctx.now(),
    })
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

/** Makes the open work of the table that of the case; `fromName` is who sent what is new. */
export async function syncTasks(ctx: Ctx, procedure: Procedure, kase: Case, fromName: string): Promise<void> {
  const db = casesDb(ctx)
  const open = workOf(procedure, kase, fromName)
  const ids = open.map((one) => one.task_id)
  let closing = db.updateTable('cases.task').set({ closed_at: ctx.now() }).where('case_id', '=', kase.id).where('closed_at', 'is', null)
  if (ids.length > 0) closing = closing.where('task_id', 'not in', ids)
  await closing.execute()
  if (open.length === 0) return
  await db
    .insertInto('cases.task')
    .values(open)
    .onConflict((c) =>
      c.columns(['case_id', 'task_id']).doUpdateSet((eb) => ({
        org_id: eb.ref('excluded.org_id'),
        person_id: eb.ref('excluded.person_id'),
        due_at: eb.ref('excluded.due_at'),
        provisional: eb.ref('excluded.provisional'),
        paused_ground: eb.ref('excluded.paused_ground'),
        paused_since: eb.ref('excluded.paused_since'),
        paused_left: eb.ref('excluded.paused_left'),
        shelved_until: eb.ref('excluded.shelved_until'),
        spoken_by: eb.ref('excluded.spoken_by'),
        // Who handed it on is who it comes from.
        from_name: sql<string>`case when (task.org_id, task.person_id) is distinct from (excluded.org_id, excluded.person_id)
          then excluded.from_name else task.from_name end`,
      })),
    )
    .execute()
}

/** Everything of a case that waits for somebody: its tasks, the opinions asked for, the answers asked for. */
function workOf(procedure: Procedure, kase: Case, fromName: string) {
  const titles = new Map(procedure.steps.map((step) => [step.id, step.title]))
  const spoken = spokenFor(procedure, kase)
  const titleOf = (step: string) => titles.get(step) ?? step
  const none = { due_at: null, provisional: false, limit_amount: null, limit_unit: null }
  const still = { paused_ground: null, paused_since: null, paused_left: null, shelved_until: null, spoken_by: null, closed_at: null }
  const common = { case_id: kase.id, concerns_org_id: applicantOrgOf(kase), from_name: fromName }
  return [
    ...kase.tasks.map((task) => ({ ...common, ...taskValues(task, titleOf(task.step)), spoken_by: spoken.get(task.id) ?? null })),
    ...kase.countersigns
      .filter((one) => one.open)
      .map((one) => ({
        ...{ ...common, ...none, ...still, task_id: one.id, step: one.step, step_title: `${titleOf(one.step)}（加签）` },
        ...{ duty: one.to.duty, org_id: one.to.orgId, person_id: one.to.person?.personId ?? null },
        ...{ since_at: new Date(one.since), cause: 'countersign', kind: 'countersign' as const },
      })),
    ...kase.asks.map((one) => ({
      ...{ ...common, ...none, ...still, task_id: one.id, step: one.step, step_title: `${titleOf(one.step)}（${askWords[one.kind]}）` },
      ...{ duty: one.duty, org_id: null, person_id: null, since_at: new Date(one.since), cause: one.kind, kind: 'ask' as const },
    })),
  ]
}

const askWords = { extend: '延期申请', shelve: '挂账申请', 'not-mine': '退回派发' } as const

function taskValues(task: Task, title: string) {
  return {
    task_id: task.id,
    step: task.step,
    step_title: title,
    duty: task.duty,
    org_id: task.orgId,
    person_id: task.holder?.personId ?? null,
    since_at: new Date(task.since),
    due_at: task.due === null ? null : new Date(task.due),
    provisional: task.provisional,
    limit_amount: task.limit?.amount ?? null,
    limit_unit: task.limit?.unit ?? null,
    paused_ground: task.paused?.ground ?? null,
    paused_since: task.paused === null ? null : new Date(task.paused.since),
    paused_left: task.paused?.left ?? null,
    shelved_until: task.shelved === null ? null : new Date(task.shelved.until),
    cause: task.cause,
    kind: 'task' as const,
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

/** Open tasks of some cases, oldest first; not the opinions and answers that wait beside them. */
export async function openTasksOf(ctx: Ctx, caseIds: readonly string[]) {
  if (caseIds.length === 0) return []
  return casesDb(ctx)
    .selectFrom('cases.task')
    .selectAll()
    .where('case_id', 'in', caseIds)
    .where('kind', '=', 'task')
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
    .where(seesTask.where(actor))
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
    .where((eb) => seesTask.where(actor)(eb as never))
    .execute()
  return rows.map((r) => r.subject_id)
}
