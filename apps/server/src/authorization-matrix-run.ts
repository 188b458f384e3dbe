import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { migrate, startEmbeddedPostgres } from '@tongchou/kernel'
import pg from 'pg'
import { openMatrix } from './authorization-matrix.ts'
import { migrations } from './database.ts'
import { openSandbox } from './differential-sandbox.ts'

// The whole authorization matrix twice over one running server, in two orders that the seed decides: what one request leaves in the
// process must not open a door for the next. Ends with 1 where an answer is not what the table says, or depends on the order.
const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' }, only: { type: 'string', default: '' } } })
const seed = Number(values.seed)
const only = new RegExp(values.only)
if (!Number.isSafeInteger(seed)) {
  console.error('usage: npm run matrix -- [--seed 1] [--only part-of-operation-ids]')
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'tongchou-matrix-'))
const server = await startEmbeddedPostgres({ dataDir: folder })
try {
  const client = new pg.Client(server.connection)
  client.on('error', () => undefined)
  await client.connect()
  await migrate(client, migrations)
  await client.end()
  process.exitCode = await run()
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function run(): Promise<number> {
  const sandbox = openSandbox(server.connection)
  const matrix = await openMatrix(sandbox)
  const first = await matrix.run({ seed, states: 'every', only })
  const second = await matrix.run({ seed: seed + 1, states: 'every', only })
  await sandbox.close()
  const turned = [...first.verdicts].filter(([name, status]) => second.verdicts.get(name) !== status)
  const problems = [
    ...matrix.missing,
    ...first.neverSucceeded.map((id) => `${id}: nobody ever succeeded`),
    ...new Set([...first.mismatches, ...second.mismatches]),
    ...turned.map(([name, status]) => `${name}: ${status} in one order, ${second.verdicts.get(name)} in the other`),
  ]
  for (const problem of problems.slice(0, 50)) console.error(problem)
  console.log(`${first.cells} cells of ${matrix.operations.length} operations, orders ${seed} and ${seed + 1}: ${problems.length} problems`)
  return problems.length === 0 ? 0 : 1
}
