// The server of the simulated year, run by the driver as a process of its own: the whole product with its job runner, on a database that
// is there, under a clock that only the driver moves. It takes orders over the channel of its parent; the product has no such way in.
import { randomUUID } from 'node:crypto'
import { flushCompileCache } from 'node:module'
import { type Ctx, DomainError, fixedClock, type JobRunner, jobRunner, keyRingOf, newKeys, openDatabase, openPool } from '@tongchou/kernel'
import type { Case, VerbKind } from '@tongchou/procedure'
import { wire } from '../apps/server/src/wire.ts'
import { actOnCase, openCaseFor } from '../modules/cases/server/act.service.ts'
import { loadNotice } from '../modules/cases/server/calendar.service.ts'
import { findCase } from '../modules/cases/server/case.store.ts'
import { definitionOfClasses, subjectOfThings } from '../modules/cases/server/clock.given.ts'
import type { VerbInput } from '../modules/cases/server/verb.schema.ts'
import { doOnCase } from '../modules/cases/server/verb.service.ts'
import { type Bug, plantedCalendar, plantedRunner } from './clocks-bugs.ts'
import { actorOf, control, handling, type Office, type Roster, type Who } from './clocks-roster.ts'

/** Whom something is handed to. */
export interface Party {
  org: Office
  person: Who | null
}

/** An act on a case, as somebody does it at a desk. */
export type CaseOrder =
  | { do: 'decide'; as: Who; outcome: 'close' | 'return' | 'submit'; form?: Record<string, unknown> }
  | { do: 'verb'; as: Who; kind: VerbKind; to?: Party; until?: string; ground?: string | null; granted?: boolean; ref?: string }

/** What the driver asks for; each is done once, also when it is asked again after a kill. */
export type Order =
  | { do: 'clock'; now: string }
  | { do: 'file'; thing: string; class: string }
  | { do: 'publish'; year: number; days: { name: string; date: string; isOffDay: boolean }[] }
  | (CaseOrder & { caseId: string; mark: string })

/** What the server is started with. */
export interface CityArguments {
  connection: object
  now: string
  bug: Bug | null
  roster: Roster
}

const { connection, now, bug, roster } = JSON.parse(process.argv[2] ?? '{}') as CityArguments
const clock = fixedClock(now)
// What an outage causes is expected here; anything else is worth reading.
const outage = /starting up|not yet accepting|terminat|ECONN|EPIPE|ENOENT|not queryable|shutting down|recovery|timeout exceeded/
const fail = ({ message }: Error) => void (outage.test(message) || process.stderr.write(`${message}\n`))
const pool = openPool(connection, () => undefined)
const db = openDatabase(pool)
const runner: JobRunner = jobRunner()
const city = await wire({
  db,
  keys: keyRingOf(newKeys()),
  clock,
  demo: false,
  runner: bug ? plantedRunner(bug, runner, () => city.cases) : runner,
})
const definition = definitionOfClasses(handling, control)
const lookUp = city.cases.definition
city.cases.definition = (procedure) => (procedure === 'handle' ? definition : lookUp(procedure))
;(city.cases.subjects as Map<string, typeof subjectOfThings>).set('thing', subjectOfThings)
if (bug) city.cases.calendar = (ctx) => plantedCalendar(bug, ctx)
if (bug === 'told-early') {
  const { notices } = city.cases
  // Outside of the act's transaction: told before it is true.
  city.cases.notices = { send: (ctx, notice) => notices.send({ ...ctx, db, inside: false }, notice) }
}
const as = (who: Who): Ctx => ({ db, actor: actorOf(who, roster), now: clock.now, requestId: randomUUID(), inside: false })

process.on('message', async ({ id, order }: { id: number; order: Order }) => {
  try {
    await obey(order)
    process.send?.({ id })
  } catch (error) {
    const { message } = error as Error
    process.send?.({ id, error: error instanceof DomainError ? `refused: ${error.code} ${message}` : message })
  }
})
process.on('disconnect', () => process.exit(0))
await runner.start({ pool, db, clock, onError: fail, everySeconds: 0.2 })
// Whoever is killed writes nothing at its end.
flushCompileCache()
process.send?.({ ready: true })

async function obey(order: Order): Promise<void> {
  if (order.do === 'clock') return void clock.set(order.now)
  if (order.do === 'publish') return loadNotice(as('clerk'), { year: order.year, days: order.days, papers: [] })
  if (order.do === 'file') return file(order.thing, order.class)
  const kase = (await findCase(as('clerk'), order.caseId))?.state
  if (!kase) throw new Error(`no case ${order.caseId}`)
  // Each act is signed with a mark of its own: one that is there was done before the kill.
  if (kase.history.some(({ opinion }) => opinion === order.mark)) return
  if (order.do === 'decide') return decide(order, kase)
  await doOnCase(as(order.as), city.cases, order.caseId, inputOf(order, kase))
}

async function file(thing: string, kind: string): Promise<void> {
  const known = await pool.query(`select from cases.case_file where subject_kind = 'thing' and subject_id = $1`, [thing])
  if (known.rowCount) return
  const act = { outcome: 'submit', opinion: null, form: { class: kind }, documents: [], choices: [], dates: {} }
  const subject = { kind: 'thing', id: thing, version: 1 }
  await openCaseFor(as('clerk'), city.cases, { procedure: 'handle', subject, title: `事项 ${thing.slice(0, 8)}`, orgs: {}, act })
}

async function decide(order: Extract<Order, { do: 'decide' }>, kase: Case): Promise<void> {
  const { outcome, mark, form = {} } = order
  const act = { taskId: openTask(kase), outcome, opinion: mark, form, documents: [], choices: [], dates: {} }
  await actOnCase(as(order.as), city.cases, order.caseId, act)
}

/** The order as the product's own interface takes it: with the ids that a screen would show. */
function inputOf({ kind, to, until, ground, granted, ref, mark }: Extract<Order, { do: 'verb' }>, kase: Case): VerbInput {
  const party = to ? { orgId: to.org, duty: 'handler', personId: to.person && roster[to.person].personId } : null
  const about = {
    ...(until === undefined ? {} : { until }),
    ...(ground === undefined ? {} : { ground }),
    ...(granted === undefined ? {} : { granted, to: null }),
    ...(party === null ? {} : { to: party }),
  }
  const onCase = ['oversee', 'void', 'answer', 'reply', 'lift'].includes(kind)
  return { kind, opinion: mark, ...(onCase ? {} : { taskId: openTask(kase) }), ...refOf(kind, kase, ref), ...about } as VerbInput
}

function refOf(kind: VerbKind, kase: Case, asked: string | undefined): { ref?: string } {
  if (kind === 'answer') return { ref: kase.asks.find((ask) => ask.kind === asked)?.id ?? 'none' }
  if (kind === 'reply' || kind === 'lift') return { ref: kase.demands[0]?.id ?? 'none' }
  return {}
}

function openTask(kase: Case): string {
  return kase.tasks[0]?.id ?? 'none'
}
