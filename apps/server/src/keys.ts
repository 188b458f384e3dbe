import { carryPersonSubjects, resealSecondFactors } from '@tongchou/identity'
import { resealCredentials } from '@tongchou/interfaces'
import { type Ctx, type KernelTables, type KeyRing, openKeys, systemActor } from '@tongchou/kernel'
import { carryLooks } from '@tongchou/libraries'
import type { Kysely } from 'kysely'
import pg from 'pg'
import type { OpenDatabase } from './database.ts'
import type { Settings } from './settings.ts'

/**
 * The city's keys (密钥), ready for use, with everything sealed under the one that is, and every digest of a number carried on to it.
 * @throws StartupProblem when one that is needed is missing
 */
export async function openCityKeys(
  { db, owner }: Pick<OpenDatabase, 'db' | 'owner'>,
  { keyFile, clock }: Pick<Settings, 'keyFile' | 'clock'>,
): Promise<KeyRing> {
  const ctx: Ctx = { db: db as Kysely<KernelTables>, actor: systemActor, now: () => clock.now(), requestId: 'start', inside: false }
  const keys = await openKeys(ctx, keyFile, [resealSecondFactors, resealCredentials, carryPersonSubjects])
  const client = new pg.Client(owner)
  client.on('error', () => undefined)
  await client.connect()
  try {
    await carryLooks(client, keys)
  } finally {
    await client.end()
  }
  return keys
}
