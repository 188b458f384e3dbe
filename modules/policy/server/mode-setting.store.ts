import type { Selectable } from 'kysely'
import type { Modes } from './evaluate.ts'
import type { ModeSettingTable, PolicyDb } from './mode-setting.schema.ts'
import type { Mode } from './pack.ts'

type ModeSettingRow = Selectable<ModeSettingTable>

/** The city's modes of one pack; empty when it set none. */
export async function findModes(db: PolicyDb, packId: string): Promise<Modes> {
  const row = await findModeSetting(db, packId)
  return row ? toModes(row) : {}
}

/** The city's modes of every pack it set. */
export async function listModes(db: PolicyDb): Promise<ReadonlyMap<string, Modes>> {
  const rows = await db.selectFrom('policy.mode_setting').selectAll().execute()
  return new Map(rows.map((row) => [row.pack_id, toModes(row)]))
}

export async function findModeSetting(db: PolicyDb, packId: string): Promise<ModeSettingRow | undefined> {
  return db.selectFrom('policy.mode_setting').selectAll().where('pack_id', '=', packId).executeTakeFirst()
}

/** Locks the pack's row, made first where there is none, so that two people setting it at once come one after the other. */
export async function lockModeSetting(db: PolicyDb, packId: string, by: string, at: Date): Promise<ModeSettingRow> {
  await db
    .insertInto('policy.mode_setting')
    .values({ pack_id: packId, rule_modes: '{}', updated_by: by, updated_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return db.selectFrom('policy.mode_setting').selectAll().where('pack_id', '=', packId).forUpdate().executeTakeFirstOrThrow()
}

export async function updateModeSetting(
  db: PolicyDb,
  packId: string,
  set: { mode: Mode | null; rules: Readonly<Record<string, Mode>>; version: number; by: string; at: Date },
): Promise<void> {
  await db
    .updateTable('policy.mode_setting')
    .set({ pack_mode: set.mode, rule_modes: JSON.stringify(set.rules), version: set.version, updated_by: set.by, updated_at: set.at })
    .where('pack_id', '=', packId)
    .execute()
}

function toModes(row: ModeSettingRow): Modes {
  return { pack: row.pack_mode ?? undefined, rules: new Map(Object.entries(row.rule_modes)) }
}
