import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ClockRules } from '@tongchou/kernel'
import { readYaml, type YamlValue } from './yaml-value.ts'

/** Reads the rules of electronic supervision (电子监察时限规则) of a pack, `clocks.yaml`; null where the pack has none. */
export function readClocks(folder: string): ClockRules | null {
  const path = join(folder, 'clocks.yaml')
  if (!existsSync(path)) return null
  const file = readYaml(path, `${basename(folder)}/clocks.yaml`).record(['yellow', 'explanation', 'escalation', 'answer'], ['grantExpiry'])
  return {
    yellow: readYellow(file.yellow),
    explanationDays: readDays(file.explanation),
    escalationDays: readDays(file.escalation),
    answerDays: readDays(file.answer),
    ...(file.grantExpiry ? { grantExpiryDays: readDays(file.grantExpiry) } : {}),
  }
}

function readYellow(yaml: YamlValue): ClockRules['yellow'] {
  const { basis, note, share, before } = yaml.record(['basis', 'note'], ['share', 'before'])
  requireLocal(basis, note)
  if ((share === undefined) === (before === undefined))
    throw yaml.mistake('share 和 before 须写且只写一项', '写办理时限的份额，或期满前的工作日数')
  if (before) return { before: readCount(before) }
  const value = share?.raw
  if (typeof value !== 'number' || value <= 0 || value >= 1) throw (share ?? yaml).mistake('份额应大于 0、小于 1', '例如 0.9')
  return { share: value }
}

function readDays(yaml: YamlValue): number {
  const { days, basis, note } = yaml.record(['days', 'basis', 'note'])
  requireLocal(basis, note)
  return readCount(days)
}

/** No text that we hold says when a card is due, so none of these may claim to. */
function requireLocal(basis: YamlValue, note: YamlValue): void {
  basis.oneOf(['local'])
  note.text()
}

function readCount(yaml: YamlValue): number {
  const count = yaml.integer()
  if (count < 1 || count > 365) throw yaml.mistake('工作日数应为 1 至 365', '填写工作日数')
  return count
}
