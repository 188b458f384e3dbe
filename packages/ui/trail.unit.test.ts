import { expect, test } from 'vitest'
import { withoutEcho } from './trail.ts'

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
