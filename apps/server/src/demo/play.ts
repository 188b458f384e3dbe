import { fixedClock, keyRingOf, newKeys, type SettableClock } from '@tongchou/kernel'
import type { Receivers } from '@tongchou/libraries'
import type { OpenDatabase } from '../database.ts'
import { type City, wire } from '../wire.ts'
import { receivingOf } from '../wire-exchange.ts'
import { type HandRunner, handRunner } from './hand-runner.ts'

/** An empty, migrated database that the demo city is to be performed in. */
export type PlayDatabase = Pick<OpenDatabase, 'db' | 'pool' | 'application' | 'owner'>

/** The platform as the demo city is performed on it: whole, with its writing threads, under a clock and with work that the play moves. */
export interface Play {
  database: PlayDatabase
  city: City
  clock: SettableClock
  runner: HandRunner
  receiving: Receivers
  /** Hosts of departments that the city's name server knows now, and where they are; none unless a scene has it so. */
  names: Map<string, string>
  stop(): Promise<void>
}

/**
 * The keys of a play. What stands for persons' numbers is not keyed: whoever puts the city in carries it on to a key of their own (`carryLooks`), and the
 * numbers are synthetic.
 */
function playKeys() {
  return { ...keyRingOf(newKeys()), digest: { current: '0'.repeat(16), byId: new Map<string, Buffer>() } }
}

/** @param present the moment at which the play ends */
export async function openPlay(database: PlayDatabase, present: Date | string): Promise<Play> {
  const clock = fixedClock(present)
  const runner = handRunner()
  const receiving = receivingOf(database.application)
  const names = new Map<string, string>()
  const resolve = async (host: string) => {
    const address = names.get(host)
    if (address === undefined) throw new Error(`${host} is not known`)
    return [{ address }]
  }
  const { db, pool, owner } = database
  const city = await wire({ db, pool, owner, clock, runner, receiving, demo: true, keys: playKeys(), resolve })
  const stop = async () => {
    await city.app.close()
    await receiving.stop()
  }
  return { database, city, clock, runner, receiving, names, stop }
}
