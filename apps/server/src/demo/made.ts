import type { KernelTables } from '@tongchou/kernel'
import type { Pack } from '@tongchou/policy'
import type { Kysely } from 'kysely'
import { type City, cityPack } from '../wire.ts'
import { DEMO_SEED } from './random.ts'

/** Row of `kernel.setting` that says the demo city stands in this database. */
const MADE = 'demo.city'

export async function isMade(db: Kysely<KernelTables>): Promise<boolean> {
  return (await db.selectFrom('kernel.setting').select('key').where('key', '=', MADE).executeTakeFirst()) !== undefined
}

/** The last row of all. */
export async function markMade(db: Kysely<KernelTables>, at: Date): Promise<void> {
  await db
    .insertInto('kernel.setting')
    .values({ key: MADE, value: JSON.stringify({ seed: DEMO_SEED }), updated_at: at })
    .execute()
}

/** Whether anybody ever did anything here. */
export async function isUsed(db: Kysely<KernelTables>): Promise<boolean> {
  return (await db.selectFrom('kernel.audit_event').select('seq').limit(1).executeTakeFirst()) !== undefined
}

/** The measure that the demo city is governed by. */
export function measureOf(city: City): Pack {
  const measure = city.library.packs.get(cityPack)?.[0]
  if (!measure) throw new Error(`no pack ${cityPack}`)
  return measure
}
