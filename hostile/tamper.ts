import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { applicationLogin, migrate, openDatabase, openPool, startEmbeddedPostgres } from '@tongchou/kernel'
import pg from 'pg'
import { migrations } from '../apps/server/src/database.ts'
import { randomFrom } from '../apps/server/src/testing/shuffled.ts'
import { tamperings } from '../packages/kernel/audit-chain/tamper.given.ts'
import { treeTamperings } from '../packages/kernel/evidence/tamper-tree.given.ts'
import { buildLog, type TamperedLog } from '../packages/kernel/evidence/tampered-log.given.ts'

/** The long run: whoever falsifies the log as owner of its database is found with the heads held outside, wherever they do it. 0 when all are. */
export async function hostileTamper(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { n: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' }, rows: { type: 'string', default: '400' } },
  })
  const [positions = 0, seed = 0, rows = 0] = [values.n, values.seed, values.rows].map(Number)
  if (![positions, seed, rows].every((number) => Number.isSafeInteger(number) && number > 0) || positions >= rows) {
    console.error('npm run hostile -- tamper [--n 100] [--seed 1] [--rows 400], fewer positions than rows')
    return 2
  }
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-tamper-'))
  const server = await startEmbeddedPostgres({ dataDir: folder })
  try {
    const client = new pg.Client(server.connection)
    await client.connect()
    await migrate(client, migrations)
    await client.end()
    const db = openDatabase(openPool(applicationLogin(server.connection), () => undefined))
    const owner = new pg.Pool(server.connection)
    owner.on('error', () => undefined)
    const draw = randomFrom(seed)
    const log = await buildLog(db, owner, roundsOf(rows, draw))
    console.log(`${rows} rows in ${log.outside.heads.length} rounds, ${log.leaves} leaves, seed ${seed}`)
    const faults = [...(await falsifyRows(log, owner, rows, positions, draw)), ...(await falsifyTree(log, owner, positions, draw))]
    for (const fault of faults) console.error(fault)
    await db.destroy()
    await owner.end()
    console.log(
      `${tamperings.length + treeTamperings.length} ways, ${positions} positions each: ${faults.length} not found as they should be`,
    )
    return faults.length === 0 ? 0 : 1
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Rounds of one to twelve rows. */
function roundsOf(rows: number, draw: () => number): number[] {
  const rounds: number[] = []
  for (let left = rows; left > 0; left -= rounds.at(-1) ?? left) rounds.push(Math.min(left, 1 + Math.floor(draw() * 12)))
  return rounds
}

/** As many different places of `all` as there are, at most `count`, the first and the last but one among them. */
function drawn(all: number, count: number, draw: () => number): number[] {
  const places = new Set([1, all - 1])
  while (places.size < Math.min(count, all - 1)) places.add(1 + Math.floor(draw() * (all - 1)))
  return [...places]
}

/** Each way to falsify the rows: with both kinds of heads, and with the signed ones alone. */
async function falsifyRows(log: TamperedLog, owner: pg.Pool, rows: number, positions: number, draw: () => number): Promise<string[]> {
  const faults: string[] = []
  const ends = log.outside.heads.map(({ position }) => position)
  for (const { name, chainTells, run } of tamperings) {
    let [alone, found, exact] = [0, 0, 0]
    const places = drawn(rows, positions, draw)
    for (const position of places) {
      await log.restore()
      await run(owner, position)
      const byItself = await log.verify()
      const bySigned = await log.verify({ heads: [], signedHeads: log.outside.signedHeads })
      const byAll = await log.verify(log.outside)
      const bound = ends.find((end) => end >= position) ?? rows
      const named = byAll.firstBad?.position ?? Number.POSITIVE_INFINITY
      if (!byItself.ok) alone += 1
      if (!bySigned.ok && named <= bound) found += 1
      else faults.push(`${name} at ${position}: ${JSON.stringify(byAll.firstBad)}, signed heads alone ${JSON.stringify(bySigned.firstBad)}`)
      if (named === position) exact += 1
      if (chainTells && byItself.ok) faults.push(`${name} at ${position} is not told by the log itself`)
    }
    console.log(`${name}: ${found} of ${places.length} with outside heads, ${alone} without, ${exact} at the very position`)
  }
  return faults
}

/** Each way to falsify the tree. */
async function falsifyTree(log: TamperedLog, owner: pg.Pool, positions: number, draw: () => number): Promise<string[]> {
  const faults: string[] = []
  for (const { name, tells, run } of treeTamperings) {
    let [alone, found] = [0, 0]
    const places = drawn(log.leaves, positions, draw)
    for (const position of places) {
      await log.restore()
      await run(owner, position)
      if (!(await log.verify()).ok) alone += 1
      else if (tells(position)) faults.push(`${name} at leaf ${position} is not told by the log itself`)
      if (!(await log.verify(log.outside)).ok) found += 1
      else faults.push(`${name} at leaf ${position}`)
    }
    console.log(`${name}: ${found} of ${places.length} with outside heads, ${alone} without`)
  }
  return faults
}
