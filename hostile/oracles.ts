import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { applicationLogin, migrate, startEmbeddedPostgres } from '@tongchou/kernel'
import pg from 'pg'
import { migrations } from '../apps/server/src/database.ts'
import { openSandbox } from '../apps/server/src/differential-sandbox.ts'
import { openOracles } from '../apps/server/src/oracles.ts'

/** The long run: nothing that somebody may not read is felt through what they may ask. 0 when nothing was found. */
export async function hostileOracles(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { n: { type: 'string', default: '400' }, seed: { type: 'string', default: '1' } },
  })
  const [perPair = 0, seed = 0] = [values.n, values.seed].map(Number)
  if (![perPair, seed].every((number) => Number.isSafeInteger(number) && number > 0)) {
    console.error('npm run hostile -- oracles [--n 400] [--seed 1]')
    return 2
  }
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-oracles-'))
  const server = await startEmbeddedPostgres({ dataDir: folder })
  try {
    const client = new pg.Client(server.connection)
    await client.connect()
    await migrate(client, migrations)
    await client.end()
    const sandbox = openSandbox(applicationLogin(server.connection))
    const oracles = await openOracles(sandbox)
    const began = performance.now()
    const report = await oracles.run({ seed, perPair })
    await sandbox.close()
    for (const pair of report.pairs) console.log(`hidden: ${pair}`)
    for (const fault of report.faults.slice(0, 50)) console.error(fault)
    const seconds = ((performance.now() - began) / 1000).toFixed(0)
    console.log(
      `${report.asked} questions on ${report.operations.size} operations, ${report.answered} answered with content, seed ${seed}, ${seconds} s: ${report.faults.length} faults`,
    )
    return report.faults.length === 0 ? 0 : 1
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
