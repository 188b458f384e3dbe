import {
  type AddressLimits,
  type Ctx,
  InvalidState,
  InvalidValue,
  inTransaction,
  isAddressRange,
  type KernelTables,
  recordAudit,
} from '@tongchou/kernel'
import type { Kysely } from 'kysely'
import { type IdentityDb, identityDb } from './identity.tables.ts'
import { type ChangeSettings, defaultSettings, type SecuritySettings, type SettingsInForce } from './security-settings.schema.ts'
import { findCommonSettings, findStoredSettings, inForce, putSettings } from './security-settings.store.ts'

/** The settings as the page shows them. */
export async function settingsPage(ctx: Ctx, demo: boolean): Promise<SettingsInForce> {
  const row = await findStoredSettings(identityDb(ctx))
  return {
    settings: inForce(row?.value, demo),
    defaults: defaultSettings(demo),
    version: row?.value.version ?? 0,
    changedBy: row?.value.changedBy ?? null,
    changedAt: row?.updated_at.toISOString() ?? null,
  }
}

/** Changes 安全策略. The audit row says what was and what is; running sessions are judged by the new ones from their next request on. */
export async function changeSettings(ctx: Ctx, demo: boolean, input: ChangeSettings): Promise<SettingsInForce> {
  return inTransaction(ctx, async (tx) => {
    refuseNoProxies(input.settings.trustedProxies)
    const before = await settingsPage(tx, demo)
    const changed = differences(before.settings, input.settings)
    const stored = { settings: input.settings, version: input.version + 1, changedBy: `${tx.actor.orgName} ${tx.actor.name}` }
    if (before.version !== input.version || !(await putSettings(identityDb(tx), stored, tx.now())))
      throw new InvalidState('security_settings.changed_meanwhile', '安全策略已被他人修改，请重新读取后再改。')
    await recordAudit(tx, 'security_settings.changed', { kind: 'security-settings', id: 'current' }, { changed })
    return settingsPage(tx, demo)
  })
}

/** How much one address may do (同一地址的限制), for the layer that counts; read at each use, like every setting. */
export async function addressLimits(db: Kysely<KernelTables>): Promise<AddressLimits> {
  const { addressSignInFailures, addressExpensivePerMinute, trustedProxies } = await findCommonSettings(db as unknown as IdentityDb)
  return { signInFailures: addressSignInFailures, expensivePerMinute: addressExpensivePerMinute, trustedProxies }
}

function refuseNoProxies(proxies: readonly string[]): void {
  const wrong = proxies.findIndex((proxy) => !isAddressRange(proxy))
  if (wrong === -1) return
  throw new InvalidValue(
    'security_settings.bad_proxy',
    `可信代理“${proxies[wrong]}”不是地址或网段，请写成 10.1.2.3 或 10.1.0.0/16 的样子。`,
    [{ path: `settings.trustedProxies.${wrong}`, message: '不是地址或网段' }],
  )
}

function differences(from: SecuritySettings, to: SecuritySettings): Record<string, { from: unknown; to: unknown }> {
  const names = Object.keys(to) as (keyof SecuritySettings)[]
  return Object.fromEntries(
    names
      .filter((name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]))
      .map((name) => [name, { from: from[name], to: to[name] }]),
  )
}
