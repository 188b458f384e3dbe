import { parseArgs } from 'node:util'
import { startVitest } from 'vitest/node'

// The golden data thread, agents and browsers and all, once for each seed: another population, other sources, other counts.
// Ends with 1 where a thread fails or has not run.
const { values } = parseArgs({ options: { seeds: { type: 'string', default: '20260084,4,11' } } })
const seeds = values.seeds.split(',').map(Number)
if (!seeds.every((seed) => Number.isSafeInteger(seed) && seed > 0)) {
  console.error('usage: npm run data-thread -- [--seeds 20260084,4,11]')
  process.exit(2)
}

const told: string[] = []
for (const seed of seeds) {
  // The workers inherit it.
  process.env.DATA_THREAD_SEED = String(seed)
  const vitest = await startVitest('test', ['e2e/data-thread.spec.ts'], { run: true, watch: false, project: 'e2e' })
  const modules = vitest.state.getTestModules()
  const [thread] = modules.flatMap((module) => [...module.children.allTests()])
  const hasPassed = modules.every((module) => module.ok()) && vitest.state.getUnhandledErrors().length === 0
  await vitest.close()
  // Without a browser the thread is not run, which nobody may take for a success.
  if (!hasPassed || thread?.result().state !== 'passed') process.exitCode = 1
  told.push(
    `seed ${seed}: ${thread?.result().state ?? 'not found'}${hasPassed ? '' : ', its file failed'}; ${thread?.meta().found ?? 'nothing was counted'}`,
  )
}
for (const line of told) console.log(line)
