import type pg from 'pg'
import type { ThingHistory } from './clocks-history.ts'
import { localMinute, MINUTE } from './clocks-ledger.ts'

/** Violations by rule, each with the first few that were found. */
export type Violations = Record<'missed' | 'twice' | 'early' | 'unasked' | 'torn' | 'told', string[]>

interface Row {
  id: string
  case_id: string
  kind: string
  due_at: Date
  fire_at: Date | null
  fired_at: Date | null
  voided_at: Date | null
  cards: number
  told: number
  /** Cards and notices that another commit wrote than the one that says the deadline has fired. */
  apart: number
}

const rows = `
  select d.id, d.case_id, d.kind, d.due_at, d.fire_at, d.fired_at, d.voided_at,
    (select count(*)::int from cases.card c where c.deadline_id = d.id) as cards,
    (select count(*)::int from notices.notice n where n.once_key in ('card:' || d.id, 'escalation:' || d.id, 'recomputed:' || d.id)) as told,
    (select count(*)::int from notices.notice n where n.once_key in ('card:' || d.id, 'escalation:' || d.id, 'recomputed:' || d.id)
      and n.xmin::text <> d.xmin::text)
    + (select count(*)::int from cases.card c where c.deadline_id = d.id and c.colour = 'yellow' and c.xmin::text <> d.xmin::text) as apart
  from cases.deadline d`

/** Told of what has not happened: looked for while the server is down, before its successor could make it true. */
export async function toldTooEarly(pool: pg.Pool): Promise<string[]> {
  const { rows: found } = await pool.query<{ id: string; kind: string }>(
    `select d.id, d.kind from notices.notice n join cases.deadline d on n.once_key in ('card:' || d.id, 'escalation:' || d.id, 'recomputed:' || d.id)
     where d.fired_at is null`,
  )
  return found.map(({ id, kind }) => `${kind} ${id} was told and has not fired`)
}

/** Compares what the database holds with what the driver worked out by itself. `people`: how many hold the duty that is told. */
export async function judge(pool: pg.Pool, things: readonly ThingHistory[], now: number, people: number): Promise<Violations> {
  const found: Violations = { missed: [], twice: [], early: [], unasked: [], torn: [], told: [] }
  const { rows: all } = await pool.query<Row>(rows)
  const byCase = Map.groupBy(all, (row) => row.case_id)
  for (const thing of things) {
    const own = byCase.get(thing.caseId) ?? []
    const fired = new Map(own.map((row) => [`${row.kind} ${localMinute(row.due_at) * MINUTE}`, row]))
    for (const [key, verdict] of thing.expected(now)) {
      const row = fired.get(key)
      if (verdict === 'fired' && !row?.fired_at) found.missed.push(`${thing.kind} ${thing.caseId} ${key}`)
      if (verdict === 'not' && row?.fired_at) found.unasked.push(`${thing.kind} ${thing.caseId} ${key}`)
    }
    const known = thing.expected(now)
    for (const [key, row] of fired)
      if (row.kind !== 'provisional-recompute' && row.fired_at && !known.has(key))
        found.unasked.push(`${thing.kind} ${thing.caseId} ${key}`)
    const recomputed = own.filter((row) => row.kind === 'provisional-recompute' && row.fired_at)
    if (recomputed.length < thing.recomputed.length) found.missed.push(`${thing.kind} ${thing.caseId} recomputed ${recomputed.length}`)
    if (recomputed.length > thing.recomputed.length) found.unasked.push(`${thing.kind} ${thing.caseId} recomputed ${recomputed.length}`)
    for (const row of own) judgeRow(row, people, found)
  }
  return found
}

function judgeRow({ id, kind, fire_at, fired_at, voided_at, cards, told, apart }: Row, people: number, found: Violations): void {
  const due = (kind === 'yellow' || kind === 'red') && fired_at ? 1 : 0
  if (cards > due) found.twice.push(`${kind} ${id} has ${cards} cards`)
  if (cards < due) found.missed.push(`${kind} ${id} has no card`)
  if (fired_at && fire_at && fired_at < fire_at) found.early.push(`${kind} ${id}`)
  if (fired_at && voided_at) found.torn.push(`${kind} ${id} fired and is void`)
  // A rule that needs no kill at the right moment: what belongs together was written by one transaction. (A red card is written again
  // when its superior is told.)
  if (fired_at && apart > 0) found.torn.push(`${kind} ${id} fired in another commit than what it did`)
  const wanted = fired_at ? (kind === 'escalation' ? 1 : people) : 0
  if (told !== wanted) found.told.push(`${kind} ${id} was told ${told} times, ${wanted} wanted`)
}
