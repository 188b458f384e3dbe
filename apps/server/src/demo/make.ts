import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartupProblem } from '@tongchou/kernel'
import { carryLooks, receiptsAttested } from '@tongchou/libraries'
import pg from 'pg'
import type { OpenDatabase } from '../database.ts'
import type { City } from '../wire.ts'
import { settleCitizens } from './citizens.ts'
import { isMade, measureOf } from './made.ts'
import { findSnapshot, loadSnapshot, originOf, snapshotPath } from './snapshot-file.ts'

/** Where the city is to stand, and the made one that the install keeps. */
export interface Making {
  database: Pick<OpenDatabase, 'db' | 'owner'>
  city: City
  notice: (line: string) => void
  snapshot?: string
}

/**
 * Puts the demo city (演示数据) into an empty database, in one transaction, so that a start that was interrupted leaves nothing behind. Its acts were performed
 * by the install, or are performed now where what it kept is not this program's or does not fit the present: elsewhere either way. A city made before stays as it
 * is, and a database that holds something else gets nothing.
 */
export async function makeDemoCity({ database, city, notice, snapshot = snapshotPath }: Making): Promise<void> {
  if (await isMade(database.db)) return
  const begun = performance.now()
  const done = (how: string) => notice(`演示数据已${how}，用时 ${((performance.now() - begun) / 1000).toFixed(1)} 秒。`)
  const found = await putIn(database, city, snapshot)
  if (found === 'put-in') return done('装入')
  if (found === 'used') return notice('数据库中已有数据，未另行生成演示数据。')
  notice('正在生成演示数据，请稍候。')
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-city-'))
  try {
    const made = join(folder, 'city.zst')
    await performElsewhere(made, city.clock.now())
    if ((await putIn(database, city, made)) === 'put-in') done('生成')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** In a process of its own, whose memory goes with it: the server keeps nothing of it. */
async function performElsewhere(path: string, present: Date): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'snapshot.ts'), path, present.toISOString()], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const end = () => child.kill()
  process.once('exit', end)
  const [code] = (await once(child, 'exit')) as [number | null]
  process.off('exit', end)
  if (code !== 0)
    throw new StartupProblem('demo.not_made', '演示数据没有生成。', '原因见以上输出；不需要演示数据的，以 TONGCHOU_DEMO=0 启动。')
}

/** Puts in what was performed, when it is of this program and the database is empty. */
async function putIn(database: Making['database'], city: City, path: string): Promise<'put-in' | 'used' | 'none'> {
  const client = new pg.Client(database.owner)
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('begin')
    // Two servers that start together on one database: the second finds it made.
    await client.query("select pg_advisory_xact_lock(hashtext('tongchou.demo'))")
    const { rowCount } = await client.query('select from kernel.audit_event limit 1')
    if (rowCount !== 0) return 'used'
    const now = city.clock.now()
    const found = await findSnapshot(path, await originOf(client, city, measureOf(city), now), now)
    if (!found) return 'none'
    await loadSnapshot(client, found, now)
    await settle(client, city)
    await client.query('commit')
    await client.query('analyze')
    return 'put-in'
  } finally {
    await client.end()
  }
}

/** What hangs on the keys of this city, and on its days: digests of persons' numbers, and what attests the receipts. */
async function settle(client: pg.Client, city: City): Promise<void> {
  await settleCitizens(client, city)
  await carryLooks(client, city.libraries.keys)
  await receiptsAttested(client)
}
