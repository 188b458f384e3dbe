import { type Ctx, InvalidState, inTransaction, recordAudit } from '@tongchou/kernel'
import { identityDb } from './identity.tables.ts'
import { type ChangeSettings, defaultSettings, type SecuritySettings, type SettingsInForce } from './security-settings.schema.ts'
import { findStoredSettings, inForce, putSettings } from './security-settings.store.ts'

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
    const before = await settingsPage(tx, demo)
    const changed = differences(before.settings, input.settings)
    const stored = { settings: input.settings, version: input.version + 1, changedBy: `${tx.actor.orgName} ${tx.actor.name}` }
    if (before.version !== input.version || !(await putSettings(identityDb(tx), stored, tx.now())))
      throw new InvalidState('security_settings.changed_meanwhile', '安全策略已被他人修改，请重新读取后再改。')
    await recordAudit(tx, 'security_settings.changed', { kind: 'security-settings', id: 'current' }, { changed })
    return settingsPage(tx, demo)
  })
}

function differences(from: SecuritySettings, to: SecuritySettings): Record<string, { from: unknown; to: unknown }> {
  const names = Object.keys(to) as (keyof SecuritySettings)[]
  return Object.fromEntries(names.filter((name) => from[name] !== to[name]).map((name) => [name, { from: from[name], to: to[name] }]))
}
