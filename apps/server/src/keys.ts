import { resealSecondFactors } from '@tongchou/identity'
import { type Ctx, type KernelTables, type KeyRing, openKeys, systemActor } from '@tongchou/kernel'
import type { Kysely } from 'kysely'
import type { Settings } from './settings.ts'

/** The city's keys (密钥), ready for use, with everything sealed under the one that is. @throws StartupProblem when one that is needed is missing */
export function openCityKeys(db: Kysely<KernelTables>, { keyFile, clock }: Pick<Settings, 'keyFile' | 'clock'>): Promise<KeyRing> {
  const ctx: Ctx = { db, actor: systemActor, now: () => clock.now(), requestId: 'start', inside: false }
  return openKeys(ctx, keyFile, [resealSecondFactors])
}
