// SPDX-License-Identifier: Apache-2.0

import { describe, expect, test } from 'vitest'
import type { Case } from './case.ts'
import {
  applicant,
  caseOf,
  codesOf,
  deadlines,
  decide,
  findingsOf,
  givenActor,
  givenOutcome,
  givenProcedure,
  givenStart,
  givenStep,
  later,
  MONDAY,
  opened,
} from './given.ts'
import { act, caseFromStore, checkProcedure, type Limit, parseProcedure, type StoredCase } from './index.ts'

const clerk = givenActor('zhang', 'bdc', 'office')
const limited = (limit: Limit) =>
  givenProcedure(
    givenStart('handle'),
    givenStep({ id: 'handle', title: '处置', limit, outcomes: [givenOutcome({ id: 'end', kind: 'end' })] }),
  )

function started(limit: Limit, more: object = {}) {
  const procedure = limited(limit)
  return decide(procedure, opened(procedure), applicant, 'start', 'submit', more)
}

describe('a limit is resolved when its step starts, and stored with the task', () => {
  test.each(['work-hour', 'hour', 'work-day', 'day', 'month'] as const)('in %s', (unit) => {
    const task = caseOf(started({ kind: 'fixed', amount: 4, unit })).tasks[0]
    expect(task).toMatchObject({ limit: { amount: 4, unit }, due: deadlines.due(MONDAY, 4, unit, null).due, paused: null })
  })

  test('from the record as a date, which is then no amount, and as an amount', () => {
    const limit = { kind: 'from-record', field: 'limit' } as const
    expect(caseOf(started(limit, { dates: { limit: '2026-12-01' } })).tasks[0]).toMatchObject({
      limit: null,
      due: '2026-12-01T15:59:59.999Z',
    })
    expect(caseOf(started(limit, { dates: { limit: '4 work-hour' } })).tasks[0]).toMatchObject({
      limit: { amount: 4, unit: 'work-hour' },
      due: '2026-11-23T05:00:00.000Z',
    })
    expect(codesOf(started(limit))).toEqual(['date.missing'])
    expect(codesOf(started(limit, { dates: { limit: '4 blinks' } }))).toEqual(['date.invalid'])
  })

  test('from a code through the table of the step; a code that is missing or not in the table is refused by name', () => {
    const limit = { kind: 'from-code', field: 'class', table: { manhole: { amount: 2, unit: 'hour' } } } as const
    expect(caseOf(started(limit, { codes: { class: 'manhole' } })).tasks[0]).toMatchObject({
      limit: { amount: 2, unit: 'hour' },
      due: '2026-11-23T03:00:00.000Z',
    })
    expect(findingsOf(started(limit))[0]).toMatchObject({ code: 'code.missing', message: '“处置”的期限须按代码确定，办件未载明代码' })
    expect(findingsOf(started(limit, { codes: { class: 'toString' } }))[0]?.message).toContain('没有代码“toString”的对照')
  })
})

test('a fixed limit in the words of earlier packs is read as what it is', () => {
  const raw = JSON.parse(JSON.stringify(limited({ kind: 'fixed', amount: 5, unit: 'work-day' })).replace('"fixed"', '"days"'))
  expect(parseProcedure(raw)).toEqual({ procedure: limited({ kind: 'fixed', amount: 5, unit: 'work-day' }) })
})

test('the model check wants a table with codes, and nothing read from the record at the very start', () => {
  expect(checkProcedure(limited({ kind: 'from-code', field: 'class', table: {} })).map((p) => p.path)).toEqual(['steps[1].limit.table'])
  const begun = limited({ kind: 'none', reason: '未规定' })
  const early: Limit = { kind: 'from-code', field: 'class', table: { a: { amount: 1, unit: 'day' } } }
  const steps = begun.steps.map((step) => (step.kind === 'start' ? { ...step, limit: early } : step))
  expect(checkProcedure({ ...begun, steps }).map((p) => p.path)).toEqual(['steps[0].limit'])
})

test('a case that an earlier version stored goes on to its end', () => {
  const procedure = limited({ kind: 'none', reason: '未规定' })
  const { codes, ...now } = caseOf(decide(procedure, opened(procedure), applicant, 'start', 'submit', { opinion: '报送' }))
  const stored = { ...now, tasks: now.tasks.map(({ limit, paused, ...task }) => task) } as unknown as StoredCase
  const kase: Case = caseFromStore(JSON.parse(JSON.stringify(stored)))
  expect(kase).toEqual({ ...now, codes: {} })
  const deed = { kind: 'decide', actor: clerk, taskId: 't2', outcome: 'end' } as const
  expect(caseOf(act(procedure, kase, deed, later(1), deadlines)).status).toBe('ended')
})
