import { type Ctx, InvalidValue, inTransaction, recordAudit, requireVersion } from '@tongchou/kernel'
import { type ModeSetting, type NewModeSetting, policyDb } from './mode-setting.schema.ts'
import { findModeSetting, lockModeSetting, updateModeSetting } from './mode-setting.store.ts'
import type { Pack } from './pack.ts'
import type { PackLibrary } from './pack-library.ts'
import { versionsOf } from './policy.service.ts'

/** How the city set a pack. */
export async function modeSettingOf(ctx: Pick<Ctx, 'db'>, library: PackLibrary, packId: string): Promise<ModeSetting> {
  const newest = newestOf(library, packId)
  const row = await findModeSetting(policyDb(ctx), packId)
  return {
    mode: row?.pack_mode ?? null,
    defaultMode: newest.defaultMode,
    rules: row?.rule_modes ?? {},
    version: row?.version ?? 0,
    updatedBy: row?.updated_by ?? null,
    updatedAt: row?.updated_at.toISOString() ?? null,
  }
}

/** Sets the modes of a pack and its rules (提示、拦截). Findings stay as they are; what the product does with them changes. */
export async function setModes(ctx: Ctx, library: PackLibrary, packId: string, input: NewModeSetting): Promise<ModeSetting> {
  const versions = versionsOf(library, packId)
  const unknown = Object.keys(input.rules).find((rule) => !versions.some((pack) => pack.rules.some((known) => known.id === rule)))
  if (unknown !== undefined) {
    throw new InvalidValue('policy.unknown_rule', `规则“${unknown}”不在“${newestOf(library, packId).title}”中，请核对规则标识。`, [
      { path: `rules/${unknown}`, message: '没有这条规则' },
    ])
  }
  return inTransaction(ctx, async (tx) => {
    const db = policyDb(tx)
    const by = `${tx.actor.orgName}${tx.actor.name}`
    const before = await lockModeSetting(db, packId, by, tx.now())
    requireVersion('该制度的提示与拦截设置', before, input.version)
    await updateModeSetting(db, packId, { ...input, version: before.version + 1, by, at: tx.now() })
    await recordAudit(
      tx,
      'policy.modes_set',
      { kind: 'policy-pack', id: packId },
      { before: { mode: before.pack_mode, rules: before.rule_modes }, after: { mode: input.mode, rules: input.rules } },
    )
    return modeSettingOf(tx, library, packId)
  })
}

function newestOf(library: PackLibrary, packId: string): Pack {
  const versions = versionsOf(library, packId)
  return versions.at(-1) ?? versions[0]
}
