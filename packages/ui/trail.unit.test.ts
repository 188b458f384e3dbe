import { expect, test } from 'vitest'
import { nameOfAction, withoutEcho } from './trail.ts'

const line = (action: string, at: string, personName: string | null = '王审核') => ({ action, at, personName })

test('an act that the register wrote down itself is not told again by its case', () => {
  const own = line('problem.ordered', '2026-03-02T01:00:00Z')
  expect(withoutEcho([own, line('case.acted', '2026-03-02T01:00:00Z')])).toEqual([own])
})

test('what only the case knows stays: another person, another moment', () => {
  const lines = [
    line('problem.ordered', '2026-03-02T01:00:00Z'),
    line('case.acted', '2026-03-02T01:00:00Z', '李会签'),
    line('case.acted', '2026-03-02T02:00:00Z'),
  ]
  expect(withoutEcho(lines)).toEqual(lines)
})

test('the register has the first word, then what is the same for all; nobody reads an id', () => {
  expect(nameOfAction('problem.ordered', '会签下达整改')).toBe('会签下达整改')
  expect(nameOfAction('card.red', 'card.red')).toBe('发出红牌')
  expect(nameOfAction('case.transfer', 'case.transfer')).toBe('转办')
  expect(nameOfAction('somethingElse', 'somethingElse')).toBe('其他办理')
})
