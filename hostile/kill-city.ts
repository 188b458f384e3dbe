// The center of the kill loop, run by the driver as a process of its own: the whole product with its receivers, on a database that is there.
import { flushCompileCache } from 'node:module'
import { applicationLogin, fixedClock, keyRingOf, newKeys, openDatabase, openPool } from '@tongchou/kernel'
import { openReceivers, openWakeups } from '@tongchou/libraries'
import type pg from 'pg'
import { wire } from '../apps/server/src/wire.ts'
import type { Bug } from './kill-bugs.ts'
import { plantedReceiving } from './kill-bugs.ts'

/** What the center is started with. */
export interface KillCityArguments {
  connection: pg.ClientConfig
  port: number
  now: string
  bug: Bug | null
}

const { connection, port, now, bug } = JSON.parse(process.argv[2] ?? '{}') as KillCityArguments
const application = applicationLogin(connection)
const db = openDatabase(openPool(application, () => undefined))
const receiving = plantedReceiving(bug, openReceivers(application, 2))
const city = await wire({
  db,
  keys: keyRingOf(newKeys()),
  clock: fixedClock(now),
  demo: false,
  receiving,
  wakeups: openWakeups(application),
})
process.on('disconnect', () => process.exit(0))
await city.app.listen({ port, host: '127.0.0.1' })
flushCompileCache()
process.send?.({ ready: true })
