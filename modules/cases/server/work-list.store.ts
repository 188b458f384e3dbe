import { type Actor, type Ctx, containing, decodeCursor } from '@tongchou/kernel'
import type { SelectQueryBuilder } from 'kysely'
import { sql } from 'kysely'
import { holderKeys, holdsTask, inArea } from './case.permissions.ts'
import { type CasesTables, casesDb } from './case.tables.ts'

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

/** What a box is narrowed to (筛选): words of the title or of who sent it, the kind of procedure, and of open work the limit. */
export interface WorkFilter {
  q?: string
  procedure?: string
  due?: 'overdue' | 'week'
}

const WEEK_MS = 7 * 24 * 60 * 60 * 1000

/** What of the open work a box shows: all, what is shelved (挂账), what is under supervision (督办). */
export type OpenBox = 'todo' | 'shelved' | 'supervised'

/**
 * Open work that waits for the actor: by limit, what has none last, then by age. Each key is read in the order of the one
 * index that fits and stops after a page; sorting the keys together costs a few rows, however long the list is.
 */
export async function listOpen(ctx: Ctx, actor: Actor, box: OpenBox, limit: number, cursor: string | undefined, filter: WorkFilter = {}) {
  const after = decodeCursor(cursor, ['instant', 'instant', 'id', 'text'])
  const beyond = after
    ? sql`and (t.due_rank, t.since_at, t.case_id, t.task_id) > (${after[0]}::timestamptz, ${after[1]}::timestamptz, ${after[2]}::uuid, ${after[3]})`
    : sql``
  // Most duties hold everywhere: then the index alone answers.
  const reach = actor.within ? sql`and ${inArea.where(actor, 't')}` : sql``
  const only = { todo: sql``, shelved: sql`and t.shelved_until is not null`, supervised: sql`and f.overseers <> '{}'` }[box]
  // The supervised ones are few: they are found by their own index, and joined before the limit.
  const { q, procedure, due } = filter
  const joined =
    box === 'supervised' || q !== undefined || procedure !== undefined ? sql`join cases.case_file f on f.id = t.case_id` : sql``
  const narrowed = sql`
    ${q === undefined ? sql`` : sql`and (f.title ilike ${containing(q)} or t.from_name ilike ${containing(q)})`}
    ${procedure === undefined ? sql`` : sql`and f.procedure = ${procedure}`}
    ${due === 'overdue' ? sql`and t.due_at < ${ctx.now()}` : sql``}
    ${due === 'week' ? sql`and t.due_at between ${ctx.now()} and ${new Date(ctx.now().getTime() + WEEK_MS)}` : sql``}`
  const page = sql<OpenRow>`
    select f.id as case_id, f.title, f.procedure, f.status, f.subject_kind, f.subject_id, f.applicant_name, f.applicant_org_name,
      f.opened_at, f.updated_at, f.overseers <> '{}' as supervised, w.task_id, w.step_title, w.since_at, w.due_at, w.due_rank,
      w.provisional, w.cause, w.from_name, w.kind, w.shelved_until, w.paused_ground
    from unnest(${holderKeys(actor)}::text[]) as k (holder_key)
    cross join lateral (
      select t.* from cases.task t ${joined}
      where t.holder_key = k.holder_key and t.closed_at is null ${reach} ${only} ${narrowed} ${beyond}
      order by t.due_rank, t.since_at, t.case_id, t.task_id limit ${limit + 1}
    ) w
    join cases.case_file f on f.id = w.case_id
    order by w.due_rank, w.since_at, w.case_id, w.task_id
    limit ${limit + 1}`
  return (await page.execute(casesDb(ctx))).rows
}

export interface OpenRow extends LineRow {
  task_id: string
  step_title: string
  since_at: Date
  due_at: Date | null
  due_rank: Date
  provisional: boolean
  cause: string
  from_name: string
  kind: string
  shelved_until: Date | null
  paused_ground: string | null
  supervised: boolean
}

export interface LineRow {
  case_id: string
  title: string
  procedure: string
  status: CasesTables['cases.case_file']['status']
  subject_kind: string
  subject_id: string
  applicant_name: string
  applicant_org_name: string
  opened_at: Date
  updated_at: Date
}

/** Cases the person acted on (已办), began (我发起), has not handed in (草稿) or watches over (督办), last changed first. */
export type OwnBox = 'done' | 'started' | 'drafts' | 'overseen'

export async function listOwn(
  ctx: Ctx,
  actor: Actor,
  box: OwnBox,
  limit: number,
  cursor: string | undefined,
  { q, procedure }: WorkFilter = {},
): Promise<LineRow[]> {
  const after = decodeCursor(cursor, ['instant', 'id'])
  let query = ownCases(ctx, actor, box)
  if (q !== undefined) query = query.where('f.title', 'ilike', containing(q))
  if (procedure !== undefined) query = query.where('f.procedure', '=', procedure)
  if (after) query = query.where(sql<boolean>`(f.updated_at, f.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  return query
    .orderBy('f.updated_at', 'desc')
    .orderBy('f.id', 'desc')
    .limit(limit + 1)
    .execute()
}

type Files = CasesTables & { f: CasesTables['cases.case_file'] }

function ownCases(ctx: Ctx, actor: Actor, box: OwnBox): SelectQueryBuilder<Files, 'f', LineRow> {
  const query = casesDb(ctx).selectFrom('cases.case_file as f').select(lineColumns)
  if (box === 'started') return query.where('f.applicant_person_id', '=', actor.personId).where('f.status', '!=', 'draft')
  if (box === 'drafts') return query.where('f.applicant_person_id', '=', actor.personId).where('f.status', '=', 'draft')
  if (box === 'overseen') return query.where(sql<boolean>`f.overseers <> '{}' and f.overseers @> array[${actor.personId}]`)
  return query.where((eb) =>
    eb.exists(
      eb
        .selectFrom('cases.entry as e')
        .select('e.seq')
        .whereRef('e.case_id', '=', 'f.id')
        .where('e.person_id', '=', actor.personId)
        .where('f.applicant_person_id', '!=', actor.personId),
    ),
  )
}

/** Cases copied to the actor (抄送), the latest first; `read_at` is when this person marked it. */
export async function listCopied(ctx: Ctx, actor: Actor, limit: number, cursor: string | undefined, { q, procedure }: WorkFilter = {}) {
  const after = decodeCursor(cursor, ['instant', 'id'])
  let query = casesDb(ctx)
    .selectFrom('cases.copy as c')
    .innerJoin('cases.case_file as f', 'f.id', 'c.case_id')
    .leftJoin('cases.copy_read as r', (join) => join.onRef('r.copy_id', '=', 'c.id').on('r.person_id', '=', actor.personId))
    .select(lineColumns)
    .select(['c.id as copy_id', 'c.from_name', 'c.sent_at', 'r.read_at'])
    .where('c.holder_key', 'in', holderKeys(actor))
  if (q !== undefined) query = query.where('f.title', 'ilike', containing(q))
  if (procedure !== undefined) query = query.where('f.procedure', '=', procedure)
  if (after) query = query.where(sql<boolean>`(c.sent_at, c.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  return query
    .orderBy('c.sent_at', 'desc')
    .orderBy('c.id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** How much waits for the actor, and how much of it is overdue, shelved or under supervision; what of the copies is unread. */
export async function countBoxes(ctx: Ctx, actor: Actor) {
  const keys = holderKeys(actor)
  const open = await casesDb(ctx)
    .selectFrom('cases.task')
    .select((eb) => [
      eb.fn.countAll<number>().as('open'),
      sql<number>`count(*) filter (where due_at < ${ctx.now()})`.as('overdue'),
      sql<number>`count(*) filter (where shelved_until is not null)`.as('shelved'),
    ])
    .where('closed_at', 'is', null)
    .where(holdsTask.where(actor))
    .executeTakeFirstOrThrow()
  const rest = await sql<{ copied: number; drafts: number; supervised: number; overseen: number }>`select
    (select count(*)::int from cases.copy c where c.holder_key = any (${keys}::text[])
       and not exists (select from cases.copy_read r where r.copy_id = c.id and r.person_id = ${actor.personId})) as copied,
    (select count(*)::int from cases.case_file f where f.applicant_person_id = ${actor.personId} and f.status = 'draft') as drafts,
    (select count(*)::int from cases.case_file f where f.overseers <> '{}' and exists (select from cases.task t
       where t.case_id = f.id and t.closed_at is null and t.holder_key = any (${keys}::text[]) and ${inArea.where(actor, 't')})) as supervised,
    (select count(*)::int from cases.case_file f where f.overseers <> '{}' and f.overseers @> array[${actor.personId}]) as overseen`.execute(
    casesDb(ctx),
  )
  return { ...open, ...(rest.rows[0] ?? { copied: 0, drafts: 0, supervised: 0, overseen: 0 }) }
}

/** Copies of a case to the actor: whether there are any. */
export async function isCopied(ctx: Ctx, actor: Actor, caseId: string): Promise<boolean> {
  const row = await casesDb(ctx)
    .selectFrom('cases.copy')
    .select('id')
    .where('case_id', '=', caseId)
    .where('holder_key', 'in', holderKeys(actor))
    .executeTakeFirst()
  return row !== undefined
}

/** Whether the case was copied to the actor, and whether this person has marked it. */
export async function copyState(ctx: Ctx, actor: Actor, caseId: string): Promise<'unread' | 'read' | null> {
  const rows = await casesDb(ctx)
    .selectFrom('cases.copy as c')
    .leftJoin('cases.copy_read as r', (join) => join.onRef('r.copy_id', '=', 'c.id').on('r.person_id', '=', actor.personId))
    .select('r.read_at')
    .where('c.case_id', '=', caseId)
    .where('c.holder_key', 'in', holderKeys(actor))
    .execute()
  if (rows.length === 0) return null
  return rows.some((row) => row.read_at === null) ? 'unread' : 'read'
}

/** Sends copies of a case; the same line never twice to the same holder. */
export async function insertCopies(
  ctx: Ctx,
  caseId: string,
  seq: number,
  keys: readonly string[],
  fromName: string,
  note: string | null,
): Promise<void> {
  await casesDb(ctx)
    .insertInto('cases.copy')
    .values([...new Set(keys)].map((holder_key) => ({ case_id: caseId, seq, holder_key, from_name: fromName, note, sent_at: ctx.now() })))
    .onConflict((c) => c.doNothing())
    .execute()
}

/** Marks every copy of a case to the actor as read by them; marking again changes nothing. */
export async function markCopiesRead(ctx: Ctx, actor: Actor, caseId: string): Promise<number> {
  const result = await sql`
    insert into cases.copy_read (copy_id, person_id, read_at)
    select id, ${actor.personId}, ${ctx.now()} from cases.copy where case_id = ${caseId} and holder_key = any (${holderKeys(actor)}::text[])
    on conflict do nothing`.execute(casesDb(ctx))
  return Number(result.numAffectedRows ?? 0)
}
