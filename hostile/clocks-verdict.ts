import type pg from 'pg'
import type { ThingHistory } from './clocks-history.ts'
import { localMinute, MINUTE } from './clocks-ledger.ts'
import { everybody, type Roster, type Who } from './clocks-roster.ts'

const rules = ['missed', 'twice', 'early', 'late', 'unasked', 'torn', 'told', 'recorded', 'state'] as const

/** Violations by rule, each with the first few that were found. */
export type Violations = Record<(typeof rules)[number], string[]>

export const nothingFound = (): Violations => Object.fromEntries(rules.map((rule) => [rule, []])) as unknown as Violations

interface Row {
  id: string
  case_id: string
  about: string
  kind: string
  due_at: Date
  fire_at: Date | null
  fired_at: Date | null
  voided_at: Date | null
  cards: number
  /** How many more notices than people were told. */
  doubled: number
  told: number
  /** Cards and notices that another commit wrote than the one that says the deadline has fired. */
  apart: number
}

const noticesOf = `n.once_key in ('card:' || d.id, 'escalation:' || d.id, 'recomputed:' || d.id, 'unanswered:' || d.id)`
const deadlines = `
  select d.id, d.case_id, d.about, d.kind, d.due_at, d.fire_at, d.fired_at, d.voided_at,
    (select count(*)::int from cases.card c where c.deadline_id = d.id) as cards,
    (select count(*)::int from notices.notice n where ${noticesOf}) as told,
    (select count(*)::int - count(distinct n.person_id)::int from notices.notice n where ${noticesOf}) as doubled,
    (select count(*)::int from notices.notice n where ${noticesOf} and n.xmin::text <> d.xmin::text)
    + (select count(*)::int from cases.card c where c.deadline_id = d.id and c.colour = 'yellow' and c.xmin::text <> d.xmin::text) as apart
  from cases.deadline d`

/** Told of what has not happened: looked for while the server is down, before its successor could make it true. */
export async function toldTooEarly(pool: pg.Pool): Promise<string[]> {
  const { rows: found } = await pool.query<{ id: string; kind: string }>(
    `select d.id, d.kind from notices.notice n join cases.deadline d on ${noticesOf} where d.fired_at is null`,
  )
  return found.map(({ id, kind }) => `${kind} ${id} was told and has not fired`)
}

/** Compares what the database holds with what the driver worked out by itself. */
export async function judge(pool: pg.Pool, things: readonly ThingHistory[], now: number, roster: Roster): Promise<Violations> {
  const found = nothingFound()
  const { rows } = await pool.query<Row>(deadlines)
  const byCase = Map.groupBy(rows, (row) => row.case_id)
  for (const thing of things) judgeDeadlines(thing, byCase.get(thing.caseId) ?? [], now, found)
  for (const row of rows) judgeRow(row, found)
  await judgeNotices(pool, things, now, roster, found)
  await judgeActs(pool, things, rows, found)
  await judgeState(pool, things, roster, found)
  return found
}

function judgeDeadlines(thing: ThingHistory, rows: readonly Row[], now: number, found: Violations): void {
  const name = `${thing.kind} ${thing.caseId}`
  const known = thing.expected(now)
  const actual = keyed(rows)
  for (const [key, { verdict, at }] of known) {
    const row = actual.get(key)
    const fireAt = row?.fired_at && row.fire_at ? localMinute(row.fire_at) * MINUTE : at
    if (Math.round(fireAt) !== Math.round(at))
      found[fireAt < at ? 'early' : 'late'].push(`${name} ${key}: ${(fireAt - at) / MINUTE} minutes`)
    if (verdict === 'fired' && !row?.fired_at) found.missed.push(`${name} ${key}`)
    if (verdict === 'not' && row?.fired_at) found.unasked.push(`${name} ${key}`)
  }
  for (const [key, row] of actual) if (row.fired_at && !known.has(key)) found.unasked.push(`${name} ${key}`)
  const recomputed = rows.filter((row) => row.kind === 'provisional-recompute' && row.fired_at).length
  if (recomputed < thing.recomputed.length) found.missed.push(`${name} recomputed ${recomputed}`)
  if (recomputed > thing.recomputed.length) found.unasked.push(`${name} recomputed ${recomputed}`)
}

/** Rows as the driver names them: tasks, and asks with demands, each by its turn; what is counted again has no end that it waits for. */
function keyed(rows: readonly Row[]): Map<string, Row> {
  const others = rows.filter(({ kind }) => kind !== 'provisional-recompute')
  return new Map(
    [true, false].flatMap((asks) => {
      const own = others.filter(({ kind }) => (kind === 'ask-expiry') === asks)
      const turns = [...new Set(own.map(({ about }) => about))].sort((a, b) => numberOf(a) - numberOf(b))
      return own.map((row) => [`${asks ? 'ask' : 'task'} ${turns.indexOf(row.about)} ${row.kind} ${localMinute(row.due_at) * MINUTE}`, row])
    }),
  )
}

const numberOf = (about: string) => Number(about.replace(/\D/g, ''))

function judgeRow({ id, kind, fire_at, fired_at, voided_at, cards, told, doubled, apart }: Row, found: Violations): void {
  const due = (kind === 'yellow' || kind === 'red') && fired_at ? 1 : 0
  if (cards > due) found.twice.push(`${kind} ${id} has ${cards} cards`)
  if (cards < due) found.missed.push(`${kind} ${id} has no card`)
  if (fired_at && fire_at && fired_at < fire_at) found.early.push(`${kind} ${id}`)
  if (fired_at && voided_at) found.torn.push(`${kind} ${id} fired and is void`)
  // A rule that needs no kill at the right moment: what belongs together was written by one transaction. (A red card is written again
  // when its superior is told.)
  if (fired_at && apart > 0) found.torn.push(`${kind} ${id} fired in another commit than what it did`)
  if (!fired_at && told > 0) found.told.push(`${kind} ${id} was told and has not fired`)
  if (doubled > 0) found.told.push(`${kind} ${id} was told ${doubled} times too often`)
}

const noticeOf: Readonly<Record<string, string>> = {
  ...{ yellow: 'case.yellow', red: 'case.red', escalation: 'case.escalated', 'ask-expiry': 'case.unanswered' },
}

/** Every notice of every case, by kind and person: what acts told is counted, what deadlines told has a least and a most. */
async function judgeNotices(pool: pg.Pool, things: readonly ThingHistory[], now: number, roster: Roster, found: Violations): Promise<void> {
  const { rows } = await pool.query<{ case_id: string; kind: string; person_id: string; n: number }>(
    `select subject_id as case_id, kind, person_id, count(*)::int as n from notices.notice where subject_kind = 'case' group by 1, 2, 3`,
  )
  const names = new Map(everybody.map((who) => [roster[who].personId, who]))
  const byCase = Map.groupBy(rows, (row) => row.case_id)
  for (const thing of things) {
    const range = noticesWanted(thing, now)
    const had = new Map(
      (byCase.get(thing.caseId) ?? []).map(({ kind, person_id, n }) => [`${kind} ${names.get(person_id) ?? person_id}`, n]),
    )
    for (const key of new Set([...range.keys(), ...had.keys()])) {
      const { least, most } = range.get(key) ?? { least: 0, most: 0 }
      const n = had.get(key) ?? 0
      if (n < least || n > most) found.told.push(`${thing.caseId} ${key}: ${n} notices, ${least}..${most} wanted`)
    }
  }
}

function noticesWanted(thing: ThingHistory, now: number): Map<string, { least: number; most: number }> {
  const range = new Map<string, { least: number; most: number }>()
  const add = (kind: string, who: Who, least: number, most: number) => {
    const before = range.get(`${kind} ${who}`) ?? { least: 0, most: 0 }
    range.set(`${kind} ${who}`, { least: before.least + least, most: before.most + most })
  }
  for (const [key, n] of thing.told) {
    const [kind = '', who] = key.split(' ')
    add(`case.${kind}`, who as Who, n, n)
  }
  for (const people of thing.recomputed) for (const who of people) add('case.recomputed', who, 1, 1)
  for (const { kind, verdict, told } of thing.expected(now).values())
    for (const who of new Set(told.flat()))
      add(noticeOf[kind] ?? kind, who, verdict === 'fired' && told.every((one) => one.includes(who)) ? 1 : 0, verdict === 'not' ? 0 : 1)
  return range
}

/** One audit row for each act and each firing, however often it was ordered and whatever was killed meanwhile; and its notices beside it. */
async function judgeActs(pool: pg.Pool, things: readonly ThingHistory[], rows: readonly Row[], found: Violations): Promise<void> {
  const { rows: audited } = await pool.query<{ case_id: string; action: string; n: number }>(
    `select detail->>'caseId' as case_id, action, count(*)::int as n from kernel.audit_event
     where outcome = 'done' and detail ? 'caseId' group by 1, 2`,
  )
  const counted = new Map(audited.map(({ case_id, action, n }) => [`${case_id} ${action}`, n]))
  const wanted = new Map<string, number>()
  const count = (key: string, n = 1) => wanted.set(key, (wanted.get(key) ?? 0) + n)
  for (const { caseId, acts } of things) for (const [act, n] of acts) count(`${caseId} case.${act}`, n)
  for (const { case_id, kind, fired_at } of rows) if (fired_at) count(`${case_id} ${recordOf[kind]}`)
  for (const key of wanted.keys())
    if (wanted.get(key) !== counted.get(key)) found.recorded.push(`${key}: ${counted.get(key) ?? 0} audit rows, ${wanted.get(key)} wanted`)
  const { rows: apart } = await pool.query<{ once_key: string }>(
    `select n.once_key from notices.notice n left join cases.entry e
       on e.case_id::text = n.subject_id and e.seq = substring(n.once_key from '[0-9]+$')::int
     where n.subject_kind = 'case' and n.once_key like n.subject_id || ':%' and (e.seq is null or e.xmin::text <> n.xmin::text)`,
  )
  found.torn.push(...apart.map(({ once_key }) => `${once_key} was told in another commit than it was signed in`))
}

const recordOf: Readonly<Record<string, string>> = {
  ...{ yellow: 'card.yellow', red: 'card.red', escalation: 'case.escalated' },
  ...{ 'provisional-recompute': 'case.due-recomputed', 'ask-expiry': 'case.unanswered' },
}

interface Standing {
  id: string
  status: string
  tasks: { orgId: string | null; holder: { personId: string } | null; due: string | null; paused: object | null; shelved: object | null }[]
  asks: { kind: string }[]
  demands: { reply: number | null }[]
  listed: { due_at: string | null }[]
}

/** How every case stands at last: who holds it, when it ends, what waits. The work list says the same. */
async function judgeState(pool: pg.Pool, things: readonly ThingHistory[], roster: Roster, found: Violations): Promise<void> {
  const { rows } = await pool.query<Standing>(
    `select id, status, state->'tasks' as tasks, state->'asks' as asks, state->'demands' as demands,
       (select coalesce(json_agg(t), '[]') from cases.task t where t.case_id = c.id and t.closed_at is null and t.kind = 'task') as listed
     from cases.case_file c`,
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  for (const thing of things) {
    const row = byId.get(thing.caseId)
    const [is, shouldBe] = [row && standingOf(row), standingWanted(thing, roster)]
    if (JSON.stringify(is) !== JSON.stringify(shouldBe))
      found.state.push(`${thing.caseId} is ${JSON.stringify(is)}, not ${JSON.stringify(shouldBe)}`)
  }
}

function standingOf({ status, tasks, asks, demands, listed }: Standing) {
  const isReturned = status === 'returned'
  // What waits for the applicant is nobody else's, and has no limit.
  const task = isReturned ? undefined : tasks[0]
  return {
    isOver: tasks.length === 0,
    isReturned,
    org: task?.orgId ?? null,
    person: task?.holder?.personId ?? null,
    end: task?.due ? localMinute(task.due) * MINUTE : null,
    listed: listed[0]?.due_at ? localMinute(listed[0].due_at) * MINUTE : null,
    isPaused: Boolean(task?.paused),
    isShelved: Boolean(task?.shelved),
    asks: asks.map(({ kind }) => kind),
    demands: demands.map(({ reply }) => reply !== null),
  }
}

function standingWanted(thing: ThingHistory, roster: Roster): ReturnType<typeof standingOf> {
  const runs = thing.status === 'running'
  const end = runs && !thing.isPaused ? thing.end : null
  return {
    ...{ isOver: thing.status === 'over', isReturned: thing.status === 'returned' },
    org: runs ? thing.org : null,
    person: runs && thing.person ? roster[thing.person].personId : null,
    ...{ end, listed: end, isPaused: thing.isPaused, isShelved: runs && thing.shelved },
    asks: thing.asks.map(({ kind }) => kind),
    demands: thing.demand ? [thing.demand.isAnswered] : [],
  }
}
