import { randomUUID } from 'node:crypto'
import { type Ctx, type Measure, startOfDayInShanghai } from '@tongchou/kernel'
import type { Task } from '@tongchou/procedure'
import { type Selectable, sql } from 'kysely'
import { casesDb, type DeadlineTable } from './case.tables.ts'
import type { WantedDeadline } from './clock.ts'

export type DeadlineRow = Selectable<DeadlineTable>

/**
 * Makes the open deadlines of a case those wanted. What has fired for the same end stays fired; what was void for it is open again;
 * what is wanted no more is void.
 */
export async function keepDeadlines(ctx: Ctx, caseId: string, wanted: readonly WantedDeadline[]): Promise<void> {
  const db = casesDb(ctx)
  const keys = wanted.map(({ about, kind, dueAt }) => sql`(${about}, ${kind}, ${dueAt}::timestamptz)`)
  const gone = keys.length === 0 ? sql<boolean>`true` : sql<boolean>`(about, kind, due_at) not in (${sql.join(keys)})`
  await db
    .updateTable('cases.deadline')
    .set({ voided_at: ctx.now() })
    .where('case_id', '=', caseId)
    .where('fired_at', 'is', null)
    .where('voided_at', 'is', null)
    .where(gone)
    .execute()
  if (wanted.length === 0) return
  await db
    .insertInto('cases.deadline')
    .values(
      wanted.map(({ about, kind, dueAt, fireAt, left }) => ({
        id: randomUUID(),
        case_id: caseId,
        about,
        kind,
        due_at: dueAt,
        fire_at: fireAt,
        set_at: ctx.now(),
        left_amount: left?.amount ?? null,
        left_unit: left?.unit ?? null,
        fired_at: null,
        voided_at: null,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .constraint('deadline_once')
        .doUpdateSet((eb) => ({
          fire_at: eb.ref('excluded.fire_at'),
          set_at: eb.ref('excluded.set_at'),
          left_amount: eb.ref('excluded.left_amount'),
          left_unit: eb.ref('excluded.left_unit'),
          voided_at: null,
        }))
        .where('cases.deadline.fired_at', 'is', null)
        // A recomputation that was let go waits for nothing any more.
        .where((eb) => eb.or([eb('cases.deadline.kind', '!=', 'provisional-recompute'), eb('cases.deadline.voided_at', 'is not', null)])),
    )
    .execute()
}

/** Open deadlines whose time has come, the earliest first. Not locked: each is locked and looked at again when it fires. */
export async function dueDeadlines(ctx: Ctx, limit: number): Promise<{ id: string; fire_at: Date | null }[]> {
  return casesDb(ctx)
    .selectFrom('cases.deadline')
    .select(['id', 'fire_at'])
    .where('fired_at', 'is', null)
    .where('voided_at', 'is', null)
    .where('fire_at', '<=', ctx.now())
    .orderBy('fire_at')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Deadlines that should have fired and have not (时限未触发): none while the job runner is at work. */
export async function deadlineMeasures(ctx: Ctx): Promise<Measure[]> {
  const { n, oldest } = await casesDb(ctx)
    .selectFrom('cases.deadline')
    .select((eb) => [eb.cast<number>(eb.fn.countAll(), 'integer').as('n'), eb.fn.min('fire_at').as('oldest')])
    .where('fired_at', 'is', null)
    .where('voided_at', 'is', null)
    .where('fire_at', '<=', ctx.now())
    .executeTakeFirstOrThrow()
  const seconds = oldest ? (ctx.now().getTime() - oldest.getTime()) / 1000 : 0
  return [
    { name: 'deadlines_late', help: 'Deadlines whose time has come and that have not fired', samples: [{ value: n }] },
    { name: 'deadlines_late_oldest_seconds', help: 'How late the oldest of them is', samples: [{ value: seconds }] },
  ]
}

/** The case of a deadline, whether the deadline is still open or not. */
export async function caseOfDeadline(ctx: Ctx, id: string): Promise<string | undefined> {
  const row = await casesDb(ctx).selectFrom('cases.deadline').select('case_id').where('id', '=', id).executeTakeFirst()
  return row?.case_id
}

/** Locks a deadline that is open and due; undefined when another server has fired it, or an act has made it void. */
export async function lockDue(ctx: Ctx, id: string): Promise<DeadlineRow | undefined> {
  return casesDb(ctx)
    .selectFrom('cases.deadline')
    .selectAll()
    .where('id', '=', id)
    .where('fired_at', 'is', null)
    .where('voided_at', 'is', null)
    .where('fire_at', '<=', ctx.now())
    .forUpdate()
    .executeTakeFirst()
}

/** The red card that must come before the superior is told: open and due for the same end. */
export async function redBefore(ctx: Ctx, { case_id, about, due_at }: DeadlineRow): Promise<DeadlineRow | undefined> {
  return casesDb(ctx)
    .selectFrom('cases.deadline')
    .selectAll()
    .where('case_id', '=', case_id)
    .where('about', '=', about)
    .where('due_at', '=', due_at)
    .where('kind', '=', 'red')
    .where('fired_at', 'is', null)
    .where('voided_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
}

export async function markFired(ctx: Ctx, id: string): Promise<void> {
  await casesDb(ctx).updateTable('cases.deadline').set({ fired_at: ctx.now() }).where('id', '=', id).execute()
}

/** Puts a recomputation back to wait: a further year that its limit runs through is not published yet. */
export async function waitOn(ctx: Ctx, id: string): Promise<void> {
  await casesDb(ctx).updateTable('cases.deadline').set({ fire_at: null, fired_at: null }).where('id', '=', id).execute()
}

/** Lets recomputations that wait for a calendar go: all of them, or those of limits that end in one of some years. Returns how many. */
export async function releaseProvisional(ctx: Ctx, years?: readonly number[]): Promise<number> {
  if (years?.length === 0) return 0
  let releasing = casesDb(ctx)
    .updateTable('cases.deadline')
    .set({ fire_at: ctx.now() })
    .where('kind', '=', 'provisional-recompute')
    .where('fired_at', 'is', null)
    .where('voided_at', 'is', null)
    .where('fire_at', 'is', null)
  if (years) releasing = releasing.where(sql<number>`extract(year from due_at at time zone 'Asia/Shanghai')`, 'in', [...years])
  return Number((await releasing.executeTakeFirst()).numUpdatedRows)
}

/**
 * Cases of which something is open that ends or fires within a year, or in the December before it, whose last days its notice may name:
 * on which day an office is told, its calendar decides, also where the limit itself ends before.
 */
export async function casesFiringIn(ctx: Ctx, year: number): Promise<string[]> {
  const from = startOfDayInShanghai(`${year - 1}-12-01`)
  const until = startOfDayInShanghai(`${year + 1}-01-01`)
  const rows = await casesDb(ctx)
    .selectFrom('cases.deadline')
    .select('case_id')
    .distinct()
    .where('fired_at', 'is', null)
    .where('voided_at', 'is', null)
    .where((eb) =>
      eb.or([eb.and([eb('due_at', '>=', from), eb('due_at', '<', until)]), eb.and([eb('fire_at', '>=', from), eb('fire_at', '<', until)])]),
    )
    .execute()
  return rows.map(({ case_id }) => case_id)
}

/** Why a limit ended at another time than before. */
export type DueCause = 'paused' | 'resumed' | 'changed' | 'recomputed'

/** One line of the history of a limit's end, by whoever acts. */
export async function insertDueChange(ctx: Ctx, caseId: string, was: Task, now: Task, cause: DueCause): Promise<void> {
  await casesDb(ctx)
    .insertInto('cases.due_change')
    .values({
      case_id: caseId,
      task_id: now.id,
      was_due_at: was.due === null ? null : new Date(was.due),
      was_provisional: was.provisional,
      due_at: now.due === null ? null : new Date(now.due),
      provisional: now.provisional,
      cause,
      by_name: ctx.actor.name,
      at: ctx.now(),
    })
    .execute()
}

/** The work list's copy of a limit's end, when it was recomputed. */
export async function setTaskDue(ctx: Ctx, caseId: string, task: Task): Promise<void> {
  await casesDb(ctx)
    .updateTable('cases.task')
    .set({ due_at: task.due === null ? null : new Date(task.due), provisional: task.provisional })
    .where('case_id', '=', caseId)
    .where('task_id', '=', task.id)
    .execute()
}
