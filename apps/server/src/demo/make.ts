import { fireUntil } from '@tongchou/cases'
import { type Ctx, fixedClock, inTransaction, type KernelTables, type SettableClock, systemActor } from '@tongchou/kernel'
import { setModes } from '@tongchou/policy'
import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import type { OpenDatabase } from '../database.ts'
import { type City, cityPack } from '../wire.ts'
import { agentScenes } from './agents.ts'
import { amendedEntries } from './amended-entries.ts'
import { citizenScenes, settleCitizens } from './citizens.ts'
import { demoCity } from './city.ts'
import { classScene } from './class-scene.ts'
import { makeInstitutions } from './institutions.ts'
import { looks } from './looks.ts'
import { officeVerbs } from './office-verbs.ts'
import { cityPlans, type ReviewedEntries } from './plan-years.ts'
import { type DemoProject, demoPortfolio } from './portfolio.ts'
import { projectLife } from './project-life.ts'
import { DEMO_SEED, drawFrom } from './random.ts'
import { giveReasons } from './reasons.ts'
import type { Scene } from './scene.ts'
import { sharedData } from './shared-data.ts'
import { findSnapshot, loadSnapshot, originDigest, snapshotPath } from './snapshot-file.ts'
import { openStage, type Stage } from './stage.ts'
import { demoTimeline } from './timeline.ts'

/** Row of `kernel.setting` that says the demo city stands in this database. */
const MADE = 'demo.city'

/** Where the city is to stand, and the made one that the install keeps; null performs the acts whatever there is. */
export interface Making {
  database: Pick<OpenDatabase, 'db' | 'owner'>
  city: City
  notice: (line: string) => void
  snapshot?: string | null
  /** A part of the portfolio; all of it unless told. */
  chooses?: (project: DemoProject) => boolean
}

/**
 * Makes the demo city (演示数据) on an empty database by performing its acts, each by the person it belongs to, at its hour, through the
 * services of the modules: so every opinion, clock and audit row exists. The install does this once and keeps the rows; where they are
 * this program's, they are put in instead. One transaction either way, so that a start that was interrupted leaves nothing behind. A city
 * made before stays as it is, and a database that holds something else gets nothing.
 */
export async function makeDemoCity({ database, city, notice, snapshot = snapshotPath, chooses = () => true }: Making): Promise<void> {
  if (await isMade(database.db)) return
  const begun = performance.now()
  const done = (how: string) => notice(`演示数据已${how}，用时 ${((performance.now() - begun) / 1000).toFixed(1)} 秒。`)
  if (snapshot !== null && (await putIn(database, city, snapshot))) return done('装入')
  notice('正在生成演示数据，请稍候。')
  const clock = fixedClock(city.clock.now())
  const made = await inTransaction(
    { db: database.db, actor: systemActor, now: clock.now, requestId: 'demo', inside: false },
    async (tx) => {
      await sql`select pg_advisory_xact_lock(hashtext('tongchou.demo'))`.execute(tx.db)
      if ((await isMade(tx.db)) || (await isUsed(tx.db))) return false
      await perform(tx, clock, city, chooses)
      const value = JSON.stringify({ seed: DEMO_SEED })
      await tx.db.insertInto('kernel.setting').values({ key: MADE, value, updated_at: city.clock.now() }).execute()
      return true
    },
  )
  if (made) done('生成')
  else notice('数据库中已有数据，未另行生成演示数据。')
}

/** Puts in what the install has made, when it is of this program and the database is empty. */
async function putIn(database: Making['database'], city: City, path: string): Promise<boolean> {
  const client = new pg.Client(database.owner)
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('begin')
    // Two servers that start together on one database: the second finds it made.
    await client.query("select pg_advisory_xact_lock(hashtext('tongchou.demo'))")
    const measure = measureOf(city)
    const { lastPlanYear } = demoTimeline(city.clock.now(), measure.validFrom)
    const { rowCount } = await client.query('select from kernel.audit_event limit 1')
    if (rowCount !== 0) return false
    const found = await findSnapshot(path, { digest: await originDigest(client, measure.digest), lastPlanYear }, city.clock.now())
    if (!found) return false
    await loadSnapshot(client, found, city.clock.now())
    await settleCitizens(client, city)
    await client.query('commit')
    await client.query('analyze')
    return true
  } finally {
    await client.end()
  }
}

function measureOf(city: City) {
  const measure = city.library.packs.get(cityPack)?.[0]
  if (!measure) throw new Error(`no pack ${cityPack}`)
  return measure
}

async function perform(tx: Ctx, clock: SettableClock, city: City, chooses: (project: DemoProject) => boolean): Promise<void> {
  const script = demoCity()
  const timeline = demoTimeline(city.clock.now(), measureOf(city).validFrom)
  const portfolio = demoPortfolio(script, DEMO_SEED, timeline.lastPlanYear)
  clock.set(timeline.at(0))
  const stage = openStage(tx, clock, { city, timeline, script, cast: await makeInstitutions(tx, script) })
  const reviewed: ReviewedEntries = new Map()
  const scenes = [
    enforcement,
    classScene(script),
    ...cityPlans(timeline, reviewed, drawFrom(DEMO_SEED)),
    ...looks(timeline, drawFrom(DEMO_SEED)),
    ...portfolio.flatMap((project, index) => (chooses(project) ? projectLife(project, index + 1, timeline, reviewed) : [])),
    ...agentScenes(script, timeline),
    ...citizenScenes(script),
    ...amendedEntries(timeline),
    ...sharedData(timeline),
    ...officeVerbs(timeline),
  ].sort((a, b) => a.at - b.at)
  const system: Ctx = { ...tx, now: clock.now }
  for (const scene of scenes) {
    const at = timeline.at(scene.at)
    await fireUntil(system, city.cases, at, (due) => clock.set(due))
    clock.set(at)
    await scene.play(stage)
  }
  await fireUntil(system, city.cases, city.clock.now(), (due) => clock.set(due))
  await giveReasons(stage, clock)
}

/** The city lets the rules stop an act (拦截), not only warn of it. */
const enforcement: Scene = {
  at: 0,
  play: async (stage: Stage) => {
    await setModes(stage.as('bdc-director'), stage.city.library, cityPack, { mode: 'enforce', rules: {}, version: 0 })
  },
}

async function isMade(db: Kysely<KernelTables>): Promise<boolean> {
  return (await db.selectFrom('kernel.setting').select('key').where('key', '=', MADE).executeTakeFirst()) !== undefined
}

/** Whether anybody ever did anything here. */
async function isUsed(db: Kysely<KernelTables>): Promise<boolean> {
  return (await db.selectFrom('kernel.audit_event').select('seq').limit(1).executeTakeFirst()) !== undefined
}
