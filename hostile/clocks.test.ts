import { expect, test } from 'vitest'
import { passed, simulateYear } from './clocks.ts'
import { nothingFound } from './clocks-verdict.ts'

test('some days of the simulated year with kills of server and database: no deadline missed, none fired twice, none early', {
  timeout: 300_000,
}, async () => {
  const report = await simulateYear({ kills: 3, seed: 1, things: 60, days: 12 })
  expect(report.violations).toEqual(nothingFound())
  expect(report.fired).toBeGreaterThan(60)
  expect(passed(report, 3)).toBe(true)
})
