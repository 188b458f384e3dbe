import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Ctx, migrate, openDatabase, openPool, systemActor } from '@tongchou/kernel'
import pg from 'pg'
import { migrations } from '../apps/server/src/database.ts'
import { type Bug, bugs } from './clocks-bugs.ts'
import type { Order } from './clocks-city.ts'
import { drawDeed } from './clocks-deeds.ts'
import { type Moment, ThingHistory } from './clocks-history.ts'
import { classes, dayBook, instantOf, localMinute } from './clocks-ledger.ts'
import { type Database, type Server, startDatabase, startServer } from './clocks-processes.ts'
import { appoint, type Roster } from './clocks-roster.ts'
import { judge, toldTooEarly, type Violations } from './clocks-verdict.ts'

/** One run: how many effective kills, how many cases over how many days, by which draws. */
export interface RunOptions {
  kills: number
  seed: number
  things: number
  days: number
  bug?: Bug | undefined
  say?: (line: string) => void
}

export interface Report {
  kills: { server: number; database: number; idle: number }
  things: number
  /** Acts by kind, those at the very moment of a firing counted among them and by themselves. */
  acts: Readonly<Record<string, number>>
  fired: number
  seconds: number
  unplannedExits: number
  violations: Violations
}

const START = localMinute('2026-07-01T01:00:00Z')
const PUBLISHED = localMinute('2026-11-25T02:00:00Z')
/** Made up, in the manner of the real ones. */
const notice2027 = [
  ...[
    '2027-01-01',
    '2027-01-02',
    '2027-01-03',
    '2027-02-05',
    '2027-02-08',
    '2027-02-09',
    '2027-02-10',
    '2027-02-11',
    '2027-04-05',
    '2027-05-03',
  ],
  ...['2027-05-04', '2027-05-05', '2027-06-09'],
].map((date) => ({ name: '放假', date, isOffDay: true }))
const worked2027 = ['2027-02-07', '2027-02-20', '2027-05-08'].map((date) => ({ name: '调休', date, isOffDay: false }))

/**
 * A simulated year under kills (时限演练): thousands of limits in five units, over holidays, pauses, extensions and a year that is published
 * on the way; server and database are killed while deadlines fire. The driver knows what must happen from its own calendar.
 */
export async function simulateYear(options: RunOptions): Promise<Report> {
  const run = await openRun(options)
  try {
    for (let day = 0; day < options.days; day++) {
      await playDay(run, day)
      options.say?.(
        `day ${day + 1}/${options.days}: ${run.things.length} things, kills ${run.kills.server}+${run.kills.database} (${run.kills.idle} idle)`,
      )
    }
    await run.moveTo(run.now + 20 * 1440)
    await run.settle()
    return await run.report()
  } finally {
    await run.close()
  }
}

type Run = Awaited<ReturnType<typeof openRun>>

/** Nine o'clock: acts of the morning; the day's work; midnight, when days end. Kills come where something is under way. */
async function playDay(run: Run, day: number): Promise<void> {
  const { draw, options } = run
  const morning = START + day * 1440
  const publishes = !run.published && morning >= PUBLISHED
  await run.moveTo(morning)
  if (run.killWanted(day)) await run.killUnderWay()
  await run.settle()
  if (publishes) await run.publish()
  const perDay = options.things / options.days
  const count = Math.floor(perDay) + (draw() < perDay % 1 ? 1 : 0)
  for (let n = 0; n < count; n++) await run.file()
  await run.actSomewhere(Math.ceil(perDay * 2))
  for (const at of [morning + 60 + Math.floor(draw() * 180), morning + 300 + Math.floor(draw() * 180), morning + 901]) {
    await run.moveTo(at)
    if (draw() < 0.3) await run.race()
    if (run.killWanted(day)) await run.killUnderWay()
  }
}

async function openRun(options: RunOptions) {
  const { kills: wanted, seed, bug } = options
  const dataDir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'clocks-'))
  const draw = drawsOf(seed)
  const begun = performance.now()
  const book = dayBook(join(import.meta.dirname, '../packages/kernel/data/holidays'))
  let database: Database = await startDatabase(dataDir)
  const pool = new pg.Pool({ ...database.connection, max: 4 })
  pool.on('error', () => undefined)
  const roster = await prepare(database.connection, bug)
  let now = START
  let quietAt = START
  const start = () => startServer({ connection: database.connection, now: instantOf(now).toISOString(), bug: bug ?? null, roster })
  let server: Server = await start()
  const things: ThingHistory[] = []
  const kills = { server: 0, database: 0, idle: 0 }
  const told: string[] = []
  const acts: Record<string, number> = {}
  let marks = 0
  let unplannedExits = 0
  let published = false

  const ask = async <T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> => {
    for (let attempt = 0; ; attempt++) {
      try {
        return (await pool.query<T>(text, values)).rows
      } catch (error) {
        if (attempt === 100) throw error
        await sleep(100)
      }
    }
  }
  const progress = async () =>
    (
      await ask<{ fired: number; due: number }>(
        `select count(*) filter (where fired_at is not null)::int as fired,
           count(*) filter (where fired_at is null and voided_at is null and fire_at <= $1)::int as due from cases.deadline`,
        [instantOf(now)],
      )
    )[0] ?? { fired: 0, due: 0 }

  async function killServer(): Promise<void> {
    await server.kill()
    told.push(...(await toldTooEarly(pool)))
    server = await start()
  }

  async function killDatabase(): Promise<void> {
    await database.kill()
    database = await startDatabase(dataDir)
    if (server.hasEndedByItself()) {
      unplannedExits++
      server = await start()
    }
  }

  /** An order is given until it is done; after a kill it is given again. */
  async function order(what: Order): Promise<void> {
    for (let attempt = 0; attempt < 60; attempt++) {
      const error = await server.order(what)
      if (error === undefined) return
      // What the driver takes for possible and the product refuses is a mistake of one of them.
      if (error.startsWith('refused: ')) throw new Error(`${JSON.stringify(what)}: ${error}`)
      if (server.hasEndedByItself()) throw new Error(`the server ended by itself: ${error}`)
      await sleep(200)
      if (attempt === 59) throw new Error(`${JSON.stringify(what)}: ${error}`)
    }
  }

  async function moveTo(minute: number): Promise<void> {
    now = Math.max(now, minute)
    await order({ do: 'clock', now: instantOf(now).toISOString() })
  }

  /** Kills where deadlines are firing: some have since the clock moved, and others are still due. */
  async function killUnderWay(): Promise<void> {
    const before = await progress()
    if (before.due < 2) return
    const until = performance.now() + 20_000
    while (performance.now() < until) {
      const { fired, due } = await progress()
      if (due === 0) return
      if (fired > before.fired || before.fired === 0) break
    }
    const target = draw() < 0.6 ? 'server' : 'database'
    if (target === 'server') await killServer()
    else await killDatabase()
    if ((await progress()).due > 0 || target === 'server') kills[target]++
    else kills.idle++
  }

  /** Waits until nothing is due. The clock goes on by minutes, as it would, so that the looks go on. */
  async function settle(): Promise<void> {
    const stuckAt = performance.now() + 180_000
    while ((await progress()).due > 0) {
      if (performance.now() > stuckAt) throw new Error(`deadlines are due that do not fire: ${JSON.stringify(await progress())}`)
      await sleep(50)
      now += 1
      await order({ do: 'clock', now: instantOf(now).toISOString() })
    }
    quietAt = now
  }

  /** Does one act on a thing, of those that are possible; `racing` while something of it is due. */
  async function actOn(thing: ThingHistory, racing: boolean): Promise<void> {
    const at: Moment = { at: now, quietAt: racing ? quietAt : null }
    const deed = drawDeed(thing, now, draw, racing)
    if (!deed) return
    const mark = `按规定办理。（${++marks}）`
    await order({ ...deed.order, caseId: thing.caseId, mark })
    deed.learn(at)
    const name = deed.order.do === 'verb' ? deed.order.kind : deed.order.outcome
    acts[name] = (acts[name] ?? 0) + 1
    if (racing) acts.racing = (acts.racing ?? 0) + 1
  }

  const openOnes = () => things.filter((thing) => thing.status !== 'over')
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(draw() * from.length)]

  return {
    options,
    draw,
    kills,
    things,
    get now() {
      return now
    },
    get published() {
      return published
    },
    moveTo,
    settle,
    killUnderWay,
    killWanted: (day: number) =>
      kills.server + kills.database < Math.ceil((wanted * (day + 1)) / (options.days * 0.9)) && kills.server + kills.database < wanted,
    async file() {
      const kind = pick(classes) ?? 'usual'
      const thing = new ThingHistory(book, randomUUID(), kind, now)
      await order({ do: 'file', thing: thing.id, class: kind })
      const [row] = await ask<{ id: string }>(`select id from cases.case_file where subject_id = $1`, [thing.id])
      thing.caseId = row?.id ?? ''
      things.push(thing)
    },
    /** Acts on things that have nothing due, on each once a day at most. */
    async actSomewhere(count: number) {
      const today = Math.floor(now / 1440)
      const open = openOnes().filter(({ touchedOn }) => touchedOn !== today)
      for (let n = 0; n < count && open.length > 0; n++) {
        const [thing] = open.splice(Math.floor(draw() * open.length), 1)
        if (!thing) return
        thing.touchedOn = today
        await actOn(thing, false)
      }
    },
    /** Acts on what has just come due, at the same time as it fires. */
    async race() {
      const due = await ask<{ case_id: string }>(
        `select distinct case_id from cases.deadline where fired_at is null and voided_at is null and fire_at <= $1 limit 3`,
        [instantOf(now)],
      )
      const known = due.flatMap(({ case_id }) => openOnes().filter(({ caseId }) => caseId === case_id))
      await Promise.all(known.map((thing) => actOn(thing, true)))
    },
    async publish() {
      published = true
      const days = [...notice2027, ...worked2027]
      book.add(2027, days)
      await order({ do: 'publish', year: 2027, days })
      for (const thing of things) thing.publish({ at: now, quietAt: null })
      // Every open provisional limit is let go by a job of its own.
      await sleep(1500)
      await killUnderWay()
      await settle()
    },
    async report(): Promise<Report> {
      const violations = await judge(pool, things, now, roster)
      violations.told.push(...told)
      const { fired } = await progress()
      const seconds = Math.round((performance.now() - begun) / 1000)
      return { kills, things: things.length, acts, fired, seconds, unplannedExits, violations }
    },
    async close() {
      await server.kill()
      await pool.end()
      await database.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Tables, the people who act and are told, and a heartbeat short enough that two hundred kills end within the hour. */
async function prepare(connection: pg.ClientConfig, bug: Bug | undefined): Promise<Roster> {
  const client = new pg.Client(connection)
  await client.connect()
  await migrate(client, migrations)
  await client.query(
    `update jobs.queue set heartbeat_seconds = 2, retry_delay = 1, retry_backoff = false, retry_limit = 50 where name <> 'failed'`,
  )
  // What a planted mistake does must be seen, not stopped by the fences behind it.
  if (bug)
    await client.query('alter table cases.card drop constraint card_once; alter table cases.deadline drop constraint deadline_one_end')
  await client.end()
  const pool = openPool({ ...connection, max: 1 }, () => undefined)
  const ctx: Ctx = { db: openDatabase(pool), actor: systemActor, now: () => instantOf(START), requestId: 'hostile', inside: false }
  const roster = await appoint(ctx)
  await pool.end()
  return roster
}

/** Draws between 0 and 1 that the seed decides (mulberry32). */
function drawsOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Whether a run found nothing, and had the kills it was asked for. */
export function passed({ violations, unplannedExits, kills }: Report, wanted: number): boolean {
  return Object.values(violations).every((found) => found.length === 0) && unplannedExits === 0 && kills.server + kills.database >= wanted
}

/** `npm run hostile -- clocks [--kills 200] [--seed N] [--things 2400] [--days 365] [--bug fired-later]` */
export async function hostileClocks(args: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args: [...args], options: { kills: text, seed: text, things: text, days: text, bug: text } })
  const bug = bugs.find((one) => one === values.bug)
  if (values.bug !== undefined && !bug) {
    process.stderr.write(`--bug: ${bugs.join(', ')}\n`)
    return 2
  }
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  const kills = Number(values.kills ?? 200)
  process.stdout.write(`seed ${seed}\n`)
  const options = { kills, seed, things: Number(values.things ?? 2400), days: Number(values.days ?? 365), bug }
  const report = await simulateYear({ ...options, say: (line) => process.stderr.write(`\r${line}   `) })
  const { violations, ...rest } = report
  process.stdout.write(`\n${JSON.stringify(rest)}\n`)
  for (const [rule, found] of Object.entries(violations)) process.stdout.write(`${rule}: ${found.length} ${found.slice(0, 3).join('; ')}\n`)
  return passed(report, kills) ? 0 : 1
}
