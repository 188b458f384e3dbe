import { type ClockRules, usualCalendar } from '@tongchou/kernel'
import type { Case, Procedure, Task } from '@tongchou/procedure'
import { expect, test } from 'vitest'
import { deadlinesWanted, hasClocks } from './clock.ts'

const rules: ClockRules = { yellow: { share: 0.9 }, explanationDays: 3, escalationDays: 2, answerDays: 2 }
const now = new Date('2026-03-02T01:00:00Z')
const procedure = { steps: [] } as unknown as Procedure
const task = (changes: Partial<Task>) =>
  ({
    id: 't1',
    orgId: null,
    since: '2026-03-02T01:00:00Z',
    limit: { amount: 15, unit: 'work-day' },
    due: '2026-03-23T15:59:59.999Z',
    provisional: false,
    paused: null,
    ...changes,
  }) as Task

function wanted(changes: Partial<Task>, others: Partial<ClockRules> = {}, more: object = {}) {
  const kase = { tasks: [task(changes)], ...more } as unknown as Case
  return deadlinesWanted(procedure, kase, { ...rules, ...others }, usualCalendar, now).map(
    ({ kind, fireAt }) => `${kind} ${fireAt === null ? 'waits' : new Date(fireAt.getTime() + 8 * 3_600_000).toISOString().slice(0, 16)}`,
  )
}

test('nine tenths of fifteen working days are used up on the morning of the second last', () => {
  expect(wanted({})).toEqual(['red 2026-03-24T00:00', 'escalation 2026-03-25T09:00', 'yellow 2026-03-19T09:00'])
})

test('a city may instead count working days before the end', () => {
  expect(wanted({}, { yellow: { before: 1 } })).toContain('yellow 2026-03-20T09:00')
})

test('a limit of the record is counted in working days from its beginning', () => {
  expect(wanted({ limit: null })).toContain('yellow 2026-03-19T09:00')
})

test('one day has no yellow: it would be yellow from the beginning', () => {
  expect(wanted({ limit: { amount: 1, unit: 'work-day' }, due: '2026-03-03T15:59:59.999Z' })).toEqual([
    'red 2026-03-04T00:00',
    'escalation 2026-03-05T09:00',
  ])
})

test('a task without a limit has no deadline, nor one whose clock stands still', () => {
  expect(wanted({ limit: null, due: null })).toEqual([])
  expect(wanted({ paused: { ground: '公示', since: '2026-03-03T01:00:00Z', left: 14, unit: 'work-day' } })).toEqual([])
})

test('a provisional limit waits for its calendar too, unless it has passed', () => {
  expect(wanted({ provisional: true })).toContain('provisional-recompute waits')
  expect(wanted({ provisional: true, due: '2026-02-27T15:59:59.999Z' })).not.toContain('provisional-recompute waits')
})

test('what was asked for is to be answered, what was demanded to be replied to', () => {
  const none = { due: null, limit: null }
  const asks = [{ id: 'a1', since: '2026-03-02T02:00:00Z' }]
  const demands = [
    { id: 'd1', until: '2026-03-05T15:59:59.999Z', reply: null },
    { id: 'd2', until: '2026-03-05T15:59:59.999Z', reply: 4 },
  ]
  expect(wanted(none, {}, { asks, demands })).toEqual(['ask-expiry 2026-03-05T00:00', 'ask-expiry 2026-03-06T00:00'])
  // Asked on a Friday: the days to answer in are working days.
  expect(wanted(none, {}, { asks: [{ id: 'a1', since: '2026-03-06T02:00:00Z' }] })).toEqual(['ask-expiry 2026-03-11T00:00'])
})

test('a case has clocks as soon as anything of it has an end, or stands still', () => {
  const has = (changes: object) => hasClocks({ tasks: [task({ due: null, limit: null })], ...changes } as unknown as Case)
  expect(has({})).toBe(false)
  expect(has({ tasks: [task({})] })).toBe(true)
  expect(has({ tasks: [task({ due: null, paused: { ground: '公示', since: '2026-03-03T01:00:00Z', left: 14, unit: 'work-day' } })] })).toBe(
    true,
  )
  expect(has({ asks: [{ id: 'a1', since: '2026-03-02T02:00:00Z' }] })).toBe(true)
  expect(has({ demands: [{ id: 'd1', until: '2026-03-05T15:59:59.999Z', reply: null }] })).toBe(true)
})

test('seats of one office of which one decides for all have one clock, that of the limit that ends last', () => {
  const either = { steps: [{ id: 'report', quorum: 'any' }] } as unknown as Procedure
  const seat = (id: string, changes: Partial<Task>) => task({ id, step: 'report', orgId: 'office', ...changes })
  const clocksOf = (...tasks: Task[]) =>
    deadlinesWanted(either, { tasks } as unknown as Case, rules, usualCalendar, now)
      .filter(({ kind }) => kind === 'red')
      .map(({ about }) => about)
  expect(clocksOf(seat('t1', {}), seat('t2', {}))).toEqual(['t1'])
  expect(clocksOf(seat('t1', {}), seat('t2', { due: '2026-04-01T15:59:59.999Z' }))).toEqual(['t2'])
  expect(clocksOf(seat('t1', {}), seat('t2', { orgId: 'elsewhere' }))).toEqual(['t1', 't2'])
  // While the clock of one stands still, the office has time.
  expect(
    clocksOf(seat('t1', {}), seat('t2', { paused: { ground: '公示', since: '2026-03-03T01:00:00Z', left: 14, unit: 'work-day' } })),
  ).toEqual([])
  // 会签: each must sign, and each is late.
  const all = { steps: [{ id: 'report', quorum: 'all' }] } as unknown as Procedure
  expect(
    deadlinesWanted(all, { tasks: [seat('t1', {}), seat('t2', {})] } as unknown as Case, rules, usualCalendar, now).filter(
      ({ kind }) => kind === 'red',
    ),
  ).toHaveLength(2)
})
