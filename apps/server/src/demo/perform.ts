import { fireUntil } from '@tongchou/cases'
import { type Ctx, inTransaction, systemActor } from '@tongchou/kernel'
import { setModes } from '@tongchou/policy'
import { loadDemo } from '@tongchou/resource-packs'
import type { WorldRecipe } from '@tongchou/synthetic'
import { cityPack, resourcePacksFolder } from '../wire.ts'
import { agentScenes } from './agents.ts'
import { amendedEntries } from './amended-entries.ts'
import { citizenScenes } from './citizens.ts'
import { demoCity } from './city.ts'
import { classScene } from './class-scene.ts'
import { dataScenes } from './data-scenes.ts'
import { makeInstitutions } from './institutions.ts'
import { looks } from './looks.ts'
import { isMade, isUsed, markMade, measureOf } from './made.ts'
import { officeVerbs } from './office-verbs.ts'
import { passedInterfaces } from './passed-interfaces.ts'
import { cityPlans, type ReviewedEntries } from './plan-years.ts'
import type { Play } from './play.ts'
import { type DemoProject, demoPortfolio } from './portfolio.ts'
import { projectLife } from './project-life.ts'
import { DEMO_SEED, drawFrom } from './random.ts'
import { giveReasons } from './reasons.ts'
import { inOrder, type Scene } from './scene.ts'
import { sharedData } from './shared-data.ts'
import { openStage, type Stage } from './stage.ts'
import { demoTimeline } from './timeline.ts'

export interface Performance {
  /** A part of the portfolio; all of it unless told. */
  chooses?: (project: DemoProject) => boolean
  /** The people whose records the departments have; those of the demonstration unless told, and no records at all for null. */
  recipe?: WorldRecipe | null
}

/**
 * Performs the acts of the demo city (演示数据) in an empty database, each by the person it belongs to, at its hour, through the services of the modules or
 * over HTTP: so every opinion, clock, audit row, receipt exists. Commits as it goes; a database where it was broken off is thrown away.
 */
export async function performDemoCity({ database, city, clock, runner, names }: Play, options: Performance = {}): Promise<void> {
  const { chooses = () => true, recipe = loadDemo(resourcePacksFolder) } = options
  if ((await isMade(database.db)) || (await isUsed(database.db))) throw new Error('the demo city is performed in an empty database')
  const outside: Ctx = { db: database.db, actor: systemActor, now: clock.now, requestId: 'demo', inside: false }
  const present = clock.now()
  const script = demoCity()
  const timeline = demoTimeline(present, measureOf(city).validFrom)
  const portfolio = demoPortfolio(script, DEMO_SEED, timeline.lastPlanYear)
  let ctx = outside
  const together = (work: () => Promise<void>) =>
    inTransaction(outside, async (tx) => {
      ctx = tx
      await work().finally(() => {
        ctx = outside
      })
    })
  clock.set(timeline.at(0))
  const cast = await inTransaction(outside, (tx) => makeInstitutions(tx, script))
  const stage = openStage(() => ctx, clock, { city, timeline, script, cast, runner, names })
  const reviewed: ReviewedEntries = new Map()
  const scenes = inOrder([
    enforcement,
    classScene(script),
    ...cityPlans(timeline, reviewed, drawFrom(DEMO_SEED)),
    ...looks(timeline, drawFrom(DEMO_SEED)),
    ...portfolio.flatMap((project, index) => (chooses(project) ? projectLife(project, index + 1, timeline, reviewed) : [])),
    ...agentScenes(script, timeline),
    ...citizenScenes(script),
    ...amendedEntries(timeline),
    ...sharedData(timeline),
    ...passedInterfaces(timeline),
    ...officeVerbs(timeline),
    ...(recipe ? dataScenes(timeline, city, recipe) : []),
  ])
  for (const { isOpen, scenes: next } of scenes) {
    const plays = async () => {
      for (const scene of next) {
        const at = timeline.at(scene.at)
        await fireUntil({ ...ctx, now: clock.now }, city.cases, at, (due) => clock.set(due))
        clock.set(at)
        await scene.play(stage)
      }
    }
    await (isOpen ? plays() : together(plays))
  }
  await together(async () => {
    await fireUntil(ctx, city.cases, present, (due) => clock.set(due))
    await giveReasons(stage, clock)
    await markMade(ctx.db, present)
  })
  clock.set(present)
}

/** The city lets the rules stop an act (拦截), not only warn of it. */
const enforcement: Scene = {
  at: 0,
  play: async (stage: Stage) => {
    await setModes(stage.as('bdc-director'), stage.city.library, cityPack, { mode: 'enforce', rules: {}, version: 0 })
  },
}
