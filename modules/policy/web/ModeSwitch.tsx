// SPDX-License-Identifier: Apache-2.0
import { StateWord } from '@tongchou/ui'
import type { ModeChoice, Modes } from './modes.ts'
import { MODE_WORDS, type RuleLine } from './policy-api.ts'

/** How a rule works here, as a word; for who may, a choice: 随整部、提示、拦截. */
export function RuleMode({ rule, modes }: { rule: RuleLine; modes: Modes | null }) {
  const word = `现为${MODE_WORDS[rule.mode]}`
  return (
    <>
      <StateWord text={word} tone={rule.mode === 'enforce' ? 'now' : 'plain'} />
      {modes !== null && (
        <ModeChooser
          label={`规则“${rule.message}”的执行方式`}
          follow="随整部"
          value={modes.choiceOf(rule.id)}
          busy={modes.busy}
          onChoose={(choice) => modes.choose(rule.id, choice)}
        />
      )}
    </>
  )
}

export interface ModeChooserProps {
  label: string
  /** What following means here: 随整部, or the mode the pack comes with. */
  follow: string
  value: ModeChoice
  busy: boolean
  onChoose: (choice: ModeChoice) => void
}

/** The choice of a mode. A plain list box: there are dozens on the page, and every keyboard and reader knows it. */
export function ModeChooser({ label, follow, value, busy, onChoose }: ModeChooserProps) {
  return (
    <select
      className="tc-mode-switch"
      aria-label={label}
      value={value}
      disabled={busy}
      onChange={(event) => onChoose(choiceOf(event.target.value))}
    >
      <option value="follow">{follow}</option>
      <option value="advise">提示</option>
      <option value="enforce">拦截</option>
    </select>
  )
}

function choiceOf(value: string): ModeChoice {
  return value === 'advise' || value === 'enforce' ? value : 'follow'
}
