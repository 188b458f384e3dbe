import { expect, test } from 'vitest'
import { killLoop, passed } from './kill.ts'

test('server, agent and database are killed, an agent is replaced and wakes: every record arrives, once and in its order', {
  timeout: 300_000,
}, async () => {
  const report = await killLoop({ kills: 4, seed: 4 })
  const { changes, target, ...wrong } = report.verdict
  expect(wrong).toEqual({ lost: 0, extra: 0, duplicated: 0, reordered: 0, gaps: 0, unlogged: 0, unaudited: 0, unkept: 0, repeated: 0 })
  expect(target).toEqual({ lost: 0, extra: 0, duplicated: 0, reordered: 0 })
  expect(changes).toBeGreaterThan(50)
  expect(passed(report)).toBe(true)
})
