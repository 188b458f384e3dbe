import { At, type Ctx, type Instant, type KernelTables, Nullable, OneOf, Strict, tablesOf } from '@tongchou/kernel'
import type { Generated, JSONColumnType, Kysely } from 'kysely'
import { type Static, Type } from 'typebox'
import { MODES, type Mode } from './pack.ts'

const ModeWord = OneOf(MODES)
const RuleModes = Type.Record(Type.String({ pattern: '^[a-z][a-z0-9-]{0,99}$' }), ModeWord, { maxProperties: 500 })

/** How the city set a pack (提示、拦截): null and absent rules follow what stands above them. */
export const ModeSetting = Type.Object({
  mode: Nullable(ModeWord),
  defaultMode: ModeWord,
  rules: RuleModes,
  version: Type.Integer({ description: '0：本市未设置' }),
  updatedBy: Nullable(Type.String()),
  updatedAt: Nullable(At),
})
export type ModeSetting = Static<typeof ModeSetting>

export const NewModeSetting = Strict({ mode: Nullable(ModeWord), rules: RuleModes, version: Type.Integer({ minimum: 0 }) })
export type NewModeSetting = Static<typeof NewModeSetting>

export interface ModeSettingTable {
  pack_id: string
  pack_mode: Mode | null
  rule_modes: JSONColumnType<Record<string, Mode>>
  version: Generated<number>
  updated_by: string
  updated_at: Instant
}

/** The tables this module may touch. */
export type PolicyDb = Kysely<{ 'policy.mode_setting': ModeSettingTable } & KernelTables>

export function policyDb(ctx: Pick<Ctx, 'db'>): PolicyDb {
  return tablesOf<{ 'policy.mode_setting': ModeSettingTable }>(ctx as Ctx)
}
