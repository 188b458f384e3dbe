import {
  addDays,
  type Ctx,
  containing,
  decodeCursor,
  endOfDayInShanghai,
  startOfDayInShanghai,
  todayInShanghai,
  type WorkingDayCalendar,
} from '@tongchou/kernel'
import { type RawBuilder, sql } from 'kysely'
import type { Standing } from '../words.ts'
import { overseesTask } from './card.permissions.ts'
import { casesDb } from './case.tables.ts'

/** Filters of the overseen tasks. */
export interface OversightFilter {
  standing?: Standing | undefined
  orgId?: string | undefined
  procedure?: string | undefined
  q?: string | undefined
  from?: string | undefined
  to?: string | undefined
  sort?: (typeof overseenSorts)[number] | undefined
}

/** What the list can be sorted by; the longest overdue first unless asked, those without a limit last. */
export const overseenSorts = ['due', '-due', 'since', '-since'] as const

/** A duty that one office alone bears: tasks that are open to whoever bears it are that office's. */
export type SoleBearers = ReadonlyMap<string, string>

/** The office of a task (alias `t`). */
export function officeOf(bearers: SoleBearers): RawBuilder<string | null> {
  if (bearers.size === 0) return sql`t.org_id`
  const branches = [...bearers].map(([duty, orgId]) => sql`when ${duty} then ${orgId}`)
  return sql`coalesce(t.org_id, case t.duty ${sql.join(branches, sql` `)} end)`
}

/** How a task stands at an instant; the first that holds. */
function standingOf(now: Date): RawBuilder<Standing> {
  return sql`case
    when t.closed_at is not null then case when t.due_at is null then 'no-limit' when t.closed_at <= t.due_at then 'done-in-time' else 'done-late' end
    when t.paused_ground is not null then 'paused'
    when t.due_at is null then 'no-limit'
    when t.due_at < ${now} then 'late'
    when exists (select from ${cardsOfTask} and c.colour = 'yellow' and c.due_at = t.due_at)
      then 'soon'
    else 'in-time' end`
}

/** Cards of a task and of those it speaks for. */
const cardsOfTask = sql`cases.card c where c.case_id = t.case_id
  and c.task_id in (select o.task_id from cases.task o where o.case_id = t.case_id and (o.task_id = t.task_id or o.spoken_by = t.task_id))`

/**
 * Tasks of every kind of case that the actor oversees, drafts left out: open ones, or those closed in a period. Where an office may decide at
 * either of several seats (或签), it has one.
 */
function overseen(ctx: Ctx, bearers: SoleBearers, filter: OversightFilter) {
  const office = officeOf(bearers)
  const standing = standingOf(ctx.now())
  const done = filter.standing?.startsWith('done') ?? false
  const parts = [
    overseesTask(ctx.actor, office),
    sql`f.status <> 'draft' and t.spoken_by is null`,
    done ? sql`t.closed_at is not null` : sql`t.closed_at is null and f.ended_at is null`,
  ]
  if (filter.orgId) parts.push(sql`${office} = ${filter.orgId}`)
  if (filter.standing) parts.push(sql`${standing} = ${filter.standing}`)
  if (filter.procedure) parts.push(sql`f.procedure = ${filter.procedure}`)
  if (filter.q) parts.push(sql`f.title ilike ${containing(filter.q)}`)
  if (filter.from) parts.push(sql`t.closed_at >= ${startOfDayInShanghai(filter.from)}`)
  if (filter.to) parts.push(sql`t.closed_at <= ${endOfDayInShanghai(filter.to)}`)
  return { office, standing, where: sql.join(parts, sql` and `) }
}

export interface OverseenRow {
  case_id: string
  task_id: string
  title: string
  procedure: string
  step_title: string
  duty: string
  office: string | null
  since_at: Date
  due_at: Date | null
  provisional: boolean
  limit_unit: 'work-hour' | 'hour' | 'work-day' | 'day' | 'month' | null
  paused_ground: string | null
  closed_at: Date | null
  standing: Standing
  yellow: number
  red: number
  reason: 'due' | 'given' | 'accepted' | 'rejected' | null
  rank: string
}

/** Overseen tasks, in the order that is asked for. */
export async function listOverseen(ctx: Ctx, bearers: SoleBearers, filter: OversightFilter, limit: number, cursor: string | undefined) {
  const after = decodeCursor(cursor, ['text', 'instant', 'id', 'text'])
  const { office, standing, where } = overseen(ctx, bearers, filter)
  const { sort = 'due' } = filter
  const falling = sort.startsWith('-')
  const none = falling ? '0000' : '9999'
  const sortedAt = sql.ref(sort.endsWith('due') ? 't.due_at' : 't.since_at')
  const rank = sql`coalesce(to_char(${sortedAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), ${none})`
  const direction = falling ? sql`desc` : sql`asc`
  const rest = after
    ? sql`and (${rank}, date_trunc('milliseconds', t.since_at), t.case_id, t.task_id) ${falling ? sql`<` : sql`>`} (${after[0]}, ${after[1]}::timestamptz, ${after[2]}::uuid, ${after[3]})`
    : sql``
  const { rows } = await sql<OverseenRow>`
    select t.case_id, t.task_id, f.title, f.procedure, t.step_title, t.duty, ${office} as office, t.since_at, t.due_at, t.provisional,
      t.limit_unit, t.paused_ground, t.closed_at, ${standing} as standing, ${rank} as rank,
      (select count(*)::int from ${cardsOfTask} and c.colour = 'yellow') as yellow,
      (select count(*)::int from ${cardsOfTask} and c.colour = 'red') as red,
      (select coalesce((select coalesce(e.verdict, 'given') from cases.explanation e where e.card_id = c.id order by e.given_at desc, e.id desc limit 1), 'due')
        from ${cardsOfTask} and c.colour = 'red' order by c.issued_at desc, c.id limit 1) as reason
    from cases.task t join cases.case_file f on f.id = t.case_id
    where ${where} ${rest}
    order by ${rank} ${direction}, date_trunc('milliseconds', t.since_at) ${direction}, t.case_id ${direction}, t.task_id ${direction} limit ${limit + 1}`.execute(
    casesDb(ctx),
  )
  return rows
}

/** How many open tasks stand how. */
export async function countOverseen(ctx: Ctx, bearers: SoleBearers): Promise<Map<Standing, number>> {
  const { standing, where } = overseen(ctx, bearers, {})
  const { rows } = await sql<{ standing: Standing; count: number }>`
    select ${standing} as standing, count(*)::int as count
    from cases.task t join cases.case_file f on f.id = t.case_id where ${where} group by 1`.execute(casesDb(ctx))
  return new Map(rows.map((row) => [row.standing, row.count]))
}

/** Red cards whose reason is not given, and those whose reason waits for a verdict. */
export async function countReasons(ctx: Ctx): Promise<{ red: number; unexplained: number; given: number }> {
  const { rows } = await sql<{ red: number; unexplained: number; given: number }>`
    select count(*)::int as red, count(*) filter (where latest.verdict is null)::int as unexplained,
      count(*) filter (where latest.verdict = 'given')::int as given
    from cases.card c join cases.task t on t.case_id = c.case_id and t.task_id = c.task_id
      left join lateral (select coalesce(e.verdict, 'given') as verdict from cases.explanation e
      where e.card_id = c.id order by e.given_at desc, e.id desc limit 1) latest on true
    where c.colour = 'red' and ${overseesTask(ctx.actor, sql`c.org_id`)}`.execute(casesDb(ctx))
  return rows[0] ?? { red: 0, unexplained: 0, given: 0 }
}

export interface OfficeRow {
  office: string | null
  duty: string
  in_time: number
  late: number
  average_days: number | null
  open_late: number
  yellow: number
  red: number
}

// Ten years of days: what took longer is counted as that.
const COUNTED_DAYS = 3650

/** How each office kept its limits: tasks with a limit that were closed in a period, the days they took, what is late now, cards issued. */
export async function rankOffices(
  ctx: Ctx,
  bearers: SoleBearers,
  days: WorkingDayCalendar,
  period: { from: string; to: string },
): Promise<OfficeRow[]> {
  const office = officeOf(bearers)
  const [from, to] = [startOfDayInShanghai(period.from), endOfDayInShanghai(period.to)]
  const numbered = numberedDays(days, todayInShanghai(ctx.now()))
  const closed = sql`t.spoken_by is null and t.closed_at between ${from} and ${to} and t.due_at is not null`
  const { rows } = await sql<OfficeRow>`
    with days as (select * from unnest(${numbered.days}::date[], ${numbered.counts}::int[]) as d (day, n))
    select ${office} as office, case when ${office} is null then t.duty else '' end as duty,
      count(*) filter (where ${closed} and t.closed_at <= t.due_at)::int as in_time,
      count(*) filter (where ${closed} and t.closed_at > t.due_at)::int as late,
      (avg(coalesce(ended.n, 0) - coalesce(began.n, 0)) filter (where ${closed}))::float8 as average_days,
      count(*) filter (where t.spoken_by is null and t.closed_at is null and f.ended_at is null and t.paused_ground is null and t.due_at < ${ctx.now()})::int as open_late,
      coalesce(sum((select count(*) from cases.card c where c.case_id = t.case_id and c.task_id = t.task_id and c.colour = 'yellow'
        and c.issued_at between ${from} and ${to})), 0)::int as yellow,
      coalesce(sum((select count(*) from cases.card c where c.case_id = t.case_id and c.task_id = t.task_id and c.colour = 'red'
        and c.issued_at between ${from} and ${to})), 0)::int as red
    from cases.task t join cases.case_file f on f.id = t.case_id
      left join days began on began.day = (t.since_at at time zone 'Asia/Shanghai')::date
      left join days ended on ended.day = (t.closed_at at time zone 'Asia/Shanghai')::date
    where f.status <> 'draft' and t.due_at is not null and ${overseesTask(ctx.actor, office)}
    group by 1, 2`.execute(casesDb(ctx))
  return rows
}

/** Each day with how many working days there were up to it, so that the days between two are a difference. */
function numberedDays(calendar: WorkingDayCalendar, today: string): { days: string[]; counts: number[] } {
  const days: string[] = []
  const counts: number[] = []
  let count = 0
  for (let offset = -COUNTED_DAYS; offset <= 0; offset++) {
    const day = addDays(today, offset)
    if (calendar.isWorkingDay(day)) count++
    days.push(day)
    counts.push(count)
  }
  return { days, counts }
}
