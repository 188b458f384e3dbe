import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { migrate, startEmbeddedPostgres } from '@tongchou/kernel'
import pg from 'pg'
import { migrations } from './database.ts'
import { drawCase } from './differential-cases.ts'
import { type Laboratory, openLaboratory, tryCase } from './differential-run.ts'
import { openSandbox } from './differential-sandbox.ts'

// Generated proposals through dry run, submit and expectation: `--n` how many, `--seed` the first one's seed; each case has its own
// seed, so that `--seed 4711 --n 1` plays one of them again. Ends with 1 at the first cases that do not agree.
const { values } = parseArgs({ options: { n: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } } })
const count = Number(values.n)
const first = Number(values.seed)
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(first)) {
  console.error('usage: npm run differential -- [--n 10000] [--seed 1]')
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'tongchou-differential-'))
const server = await startEmbeddedPostgres({ dataDir: folder })
try {
  process.exitCode = await run()
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** Each lane has a database of its own, so that one waits for PostgreSQL while another computes. */
async function openLanes(): Promise<Laboratory[]> {
  const client = new pg.Client(server.connection)
  client.on('error', () => undefined)
  await client.connect()
  await client.query('create database lane_1')
  const first = new pg.Client({ ...server.connection, database: 'lane_1' })
  first.on('error', () => undefined)
  await first.connect()
  await migrate(first, migrations)
  await first.end()
  for (const lane of [2, 3]) await client.query(`create database lane_${lane} template lane_1`)
  await client.end()
  const sandboxes = [1, 2, 3].map((lane) => openSandbox({ ...server.connection, database: `lane_${lane}` }))
  return Promise.all(sandboxes.map(openLaboratory))
}

async function run(): Promise<number> {
  const lanes = await openLanes()
  const started = performance.now()
  const seconds = () => ((performance.now() - started) / 1000).toFixed(0)
  console.log(`${count} proposals, seeds ${first} to ${first + count - 1}`)
  const byAct = new Map<string, number>()
  const progress = { begun: 0, done: 0, failed: 0 }
  const work = async (laboratory: Laboratory) => {
    while (progress.begun < count && progress.failed < 5) {
      const drawn = drawCase(first + progress.begun++)
      const differences = await tryCase(laboratory, drawn)
      byAct.set(drawn.act, (byAct.get(drawn.act) ?? 0) + 1)
      if (differences.length > 0) {
        progress.failed += 1
        console.log(`seed ${drawn.seed}: ${differences.join('\n  ')}\n${JSON.stringify(drawn, null, 2)}`)
      }
      if (++progress.done % 1000 === 0) console.log(`${progress.done} in ${seconds()} s`)
    }
  }
  await Promise.all(lanes.map(work))
  await Promise.all(lanes.map(({ sandbox }) => sandbox.close()))
  console.log([...byAct].map(([act, number]) => `${act} ${number}`).join(', '))
  console.log(
    progress.failed === 0
      ? `dry run, submit and expectation agree on all ${progress.done} (${seconds()} s)`
      : `${progress.failed} of ${progress.done} do not agree`,
  )
  return progress.failed === 0 ? 0 : 1
}
