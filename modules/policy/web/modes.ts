// SPDX-License-Identifier: Apache-2.0
import { apiPut } from '@tongchou/api-client'
import { useAct, useApi } from '@tongchou/ui'
import type { Mode, ModeSetting } from './policy-api.ts'

/** What a rule or a pack is set to; `follow` means by what stands above it: the pack, or what the pack comes with. */
export type ModeChoice = Mode | 'follow'

/** The setting after one choice: of a rule, or of the whole pack when `rule` is null. */
export function withChoice(setting: ModeSetting, rule: string | null, choice: ModeChoice): Pick<ModeSetting, 'mode' | 'rules' | 'version'> {
  const { mode, rules, version } = setting
  if (rule === null) return { mode: choice === 'follow' ? null : choice, rules, version }
  const { [rule]: _replaced, ...others } = rules
  return { mode, rules: choice === 'follow' ? others : { ...others, [rule]: choice }, version }
}

/** The modes (提示、拦截) of a pack and the act that sets them. */
export interface Modes {
  setting: ModeSetting
  choiceOf: (rule: string | null) => ModeChoice
  choose: (rule: string | null, choice: ModeChoice) => void
  busy: boolean
  error: Error | null
}

/** Reads the modes of a pack; null while they are unread, or when the pack has no rules to set. */
export function useModes(pack: string | null): Modes | null {
  const path = pack === null ? null : `/api/v1/policy-packs/${pack}/modes`
  const { data: setting } = useApi<ModeSetting>(path)
  const act = useAct((body: ReturnType<typeof withChoice>, key) => apiPut<ModeSetting>(path ?? '', body, { idempotencyKey: key }))
  if (setting === undefined) return null
  return {
    setting,
    choiceOf: (rule) => (rule === null ? setting.mode : setting.rules[rule]) ?? 'follow',
    choose: (rule, choice) => act.mutate(withChoice(setting, rule, choice)),
    busy: act.isPending,
    error: act.error,
  }
}
