import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fixedClock, systemClock } from '@tongchou/kernel'
import pg from 'pg'
import { openServer } from '../database.ts'
import { measureOf } from './made.ts'
import { performDemoCity } from './perform.ts'
import { openPlay } from './play.ts'
import { originOf, snapshotPath } from './snapshot-file.ts'
import { takeSnapshot } from './take-snapshot.ts'

// Run at the end of the install, and by a start that the install's city does not fit: performs the demo city's acts once, in a database of its own that is
// thrown away, and keeps the rows in a file, so that a start only has to put them in. Arguments: where to, and for which present.
const print = (line: string) => process.stdout.write(`${line}\n`)
const fail = (problem: Error): never => {
  throw problem
}

const [into = snapshotPath, at] = process.argv.slice(2)
const present = at === undefined ? systemClock().now() : new Date(at)
const begun = performance.now()
const dataDir = mkdtempSync(join(tmpdir(), 'tongchou-demo-'))
try {
  const settings = {
    port: 0,
    host: '',
    dataDir,
    keyFile: join(dataDir, 'keys.json'),
    headsDir: join(dataDir, 'heads'),
    databaseUrl: undefined,
  }
  const database = await openServer({ ...settings, demo: true, clock: fixedClock(present), oidc: null }, () => undefined, fail)
  try {
    const play = await openPlay(database, present)
    await performDemoCity(play)
    const client = new pg.Client(database.owner)
    client.on('error', () => undefined)
    await client.connect()
    try {
      const content = await takeSnapshot(client, await originOf(client, play.city, measureOf(play.city), present), present)
      mkdirSync(dirname(into), { recursive: true })
      // Never half a file under its own name.
      writeFileSync(`${into}.part`, content)
      renameSync(`${into}.part`, into)
    } finally {
      await client.end()
    }
    await play.stop()
    print(`演示数据已生成，用时 ${((performance.now() - begun) / 1000).toFixed(1)} 秒。`)
  } finally {
    await database.close()
  }
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}
