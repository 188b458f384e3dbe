// The server of the simulated year, run by the driver as a process of its own: the whole product with its job runner, on a database that
// is there, under a clock that only the driver moves. It takes orders over the channel of its parent; the product has no such way in.
import { randomUUID } from 'node:crypto'
import {
  type Ctx,
  calendarOf,
  fixedClock,
  inTransaction,
  type JobRunner,
  jobRunner,
  keyRingOf,
  newKeys,
  openDatabase,
  openPool,
} from '@tongchou/kernel'
import { wire } from '../apps/server/src/wire.ts'
import { actOnCase, openCaseFor } from '../modules/cases/server/act.service.ts'
import { loadNotice } from '../modules/cases/server/calendar.service.ts'
import { lockCase, saveCase } from '../modules/cases/server/case.store.ts'
import { definitionOfClasses, people, subjectOfThings } from '../modules/cases/server/clock.given.ts'
import { keepClocks } from '../modules/cases/server/clock.service.ts'
import { setTaskDue } from '../modules/cases/server/clock.store.ts'
import { deadlinesOn } from '../modules/cases/server/deadlines.ts'
import { type Bug, plantedRunner } from './clocks-bugs.ts'

/** What the driver asks for; each is done once, also when it is asked again after a kill. */
export type Order =
  | { do: 'clock'; now: string }
  | { do: 'file'; thing: string; class: string }
  | { do: 'close' | 'pause' | 'resume'; caseId: string }
  | { do: 'extend'; caseId: string; until: string }
  | { do: 'publish'; year: number; days: { name: string; date: string; isOffDay: boolean }[] }

const { connection, now, bug } = JSON.parse(process.argv[2] ?? '{}') as { connection: object; now: string; bug: Bug | null }
const clock = fixedClock(now)
// What an outage causes is expected here; anything else is worth reading.
const outage = /starting up|not yet accepting|terminat|ECONN|ENOENT|shutting down|recovery|timeout exceeded/
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
const definition = definitionOfClasses()
const lookUp = city.cases.definition
city.cases.definition = (procedure) => (procedure === 'handle' ? definition : lookUp(procedure))
;(city.cases.subjects as Map<string, typeof subjectOfThings>).set('thing', subjectOfThings)
if (bug === 'told-early') {
  const { notices } = city.cases
  // Outside of the act's transaction: told before it is true.
  city.cases.notices = { send: (ctx, notice) => notices.send({ ...ctx, db, inside: false }, notice) }
}
const as = (who: 'clerk' | 'handler'): Ctx => ({ db, actor: people[who], now: clock.now, requestId: randomUUID(), inside: false })

process.on('message', async ({ id, order }: { id: number; order: Order }) => {
  try {
    await obey(order)
    process.send?.({ id })
  } catch (error) {
    process.send?.({ id, error: (error as Error).message })
  }
})
process.on('disconnect', () => process.exit(0))
await runner.start({ pool, db, clock, onError: fail, everySeconds: 0.2 })
process.send?.({ ready: true })

async function obey(order: Order): Promise<void> {
  if (order.do === 'clock') return void clock.set(order.now)
  if (order.do === 'publish') return loadNotice(as('clerk'), { year: order.year, days: order.days, papers: [] })
  if (order.do === 'file') return file(order.thing, order.class)
  const { caseId } = order
  if (order.do === 'close') return close(caseId)
  await inTransaction(as('handler'), async (tx) => {
    const row = await lockCase(tx, caseId)
    const task = row?.state.tasks[0]
    if (!row || !task) return
    const deadlines = deadlinesOn(await calendarOf(tx))
    const unit = task.limit?.unit ?? 'work-day'
    let next = task
    if (order.do === 'pause' && !task.paused && task.due) {
      const left = deadlines.left(tx.now().toISOString(), task.due, unit, null)
      next = { ...task, due: null, provisional: false, paused: { ground: '公示', since: tx.now().toISOString(), left, unit } }
    } else if (order.do === 'resume' && task.paused) {
      next = { ...task, ...deadlines.due(tx.now().toISOString(), task.paused.left, unit, null), paused: null }
    } else if (order.do === 'extend' && task.due && task.due !== order.until) next = { ...task, due: order.until, provisional: false }
    if (next === task) return
    const kase = { ...row.state, tasks: [next] }
    await saveCase(tx, kase)
    await setTaskDue(tx, caseId, next)
    await keepClocks(tx, city.cases, kase, row.state)
  })
}

async function file(thing: string, kind: string): Promise<void> {
  const known = await pool.query(`select from cases.case_file where subject_kind = 'thing' and subject_id = $1`, [thing])
  if (known.rowCount) return
  const act = { outcome: 'submit', opinion: null, form: { class: kind }, documents: [], choices: [], dates: {} }
  const subject = { kind: 'thing', id: thing, version: 1 }
  await openCaseFor(as('clerk'), city.cases, { procedure: 'handle', subject, title: `事项 ${thing.slice(0, 8)}`, orgs: {}, act })
}

async function close(caseId: string): Promise<void> {
  const { rows } = await pool.query('select task_id from cases.task where case_id = $1 and closed_at is null', [caseId])
  if (rows.length === 0) return
  const act = { taskId: rows[0].task_id, outcome: 'close', opinion: '已办结。', form: {}, documents: [], choices: [], dates: {} }
  await actOnCase(as('handler'), city.cases, caseId, act)
}
