import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { keyRingOf, newKeys, systemClock } from '@tongchou/kernel'
import pg from 'pg'
import { openServer } from '../database.ts'
import { cityPack, wire } from '../wire.ts'
import { makeDemoCity } from './make.ts'
import { originDigest, snapshotPath, takeSnapshot } from './snapshot-file.ts'
import { demoTimeline } from './timeline.ts'

// Run at the end of the install: performs the demo city's acts once, in a database of its own that is thrown away, and keeps the rows,
// so that the first start only has to put them in.
const print = (line: string) => process.stdout.write(`${line}\n`)
const fail = (problem: Error): never => {
  throw problem
}

const dataDir = mkdtempSync(join(tmpdir(), 'tongchou-demo-'))
const clock = systemClock()
try {
  const database = await openServer(
    {
      port: 0,
      host: '',
      dataDir,
      keyFile: join(dataDir, 'keys.json'),
      headsDir: join(dataDir, 'heads'),
      databaseUrl: undefined,
      demo: true,
      clock,
      oidc: null,
    },
    () => undefined,
    fail,
  )
  try {
    const city = await wire({ db: database.db, clock, demo: true, keys: keyRingOf(newKeys()) })
    await makeDemoCity({ database, city, notice: print, snapshot: null })
    const measure = city.library.packs.get(cityPack)?.[0]
    if (!measure) throw new Error(`no pack ${cityPack}`)
    const client = new pg.Client(database.owner)
    client.on('error', () => undefined)
    await client.connect()
    try {
      const { lastPlanYear } = demoTimeline(clock.now(), measure.validFrom)
      const content = await takeSnapshot(client, { digest: await originDigest(client, measure.digest), lastPlanYear }, clock.now())
      mkdirSync(dirname(snapshotPath), { recursive: true })
      // Never half a file under its own name.
      writeFileSync(`${snapshotPath}.part`, content)
      renameSync(`${snapshotPath}.part`, snapshotPath)
    } finally {
      await client.end()
    }
    await city.app.close()
  } finally {
    await database.close()
  }
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}
