// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest'
import type { Actor, Case } from './case.ts'
import {
  applicant,
  caseOf,
  decide,
  givenActor,
  givenOutcome,
  givenProcedure,
  givenStart,
  givenStep,
  later,
  MONDAY,
  opened,
} from './given.ts'
import { describePath, isOverdue } from './index.ts'

const clerk = givenActor('zhang', 'bdc', 'office')
const drc = givenActor('wang', 'drc', 'drc')

const procedure = givenProcedure(
  givenStart('review'),
  givenStep({
    id: 'review',
    title: '初审',
    limit: { kind: 'fixed', amount: 5, unit: 'work-day' },
    outcomes: [givenOutcome({ id: 'pass', title: '同意', kind: 'forward', next: ['a', 'b'] }), givenOutcome({ id: 'short', kind: 'end' })],
  }),
  givenStep({
    id: 'a',
    outcomes: [
      givenOutcome({ id: 'go', kind: 'forward', next: ['join'] }),
      givenOutcome({ id: 'back', title: '退回补正', kind: 'return', next: ['start'], mode: 'straight-back' }),
      givenOutcome({ id: 'again', title: '退回重办', kind: 'return', next: ['start'], mode: 'again' }),
    ],
  }),
  givenStep({
    id: 'b',
    holders: [{ duty: 'drc', resolve: 'duty' }],
    outcomes: [givenOutcome({ id: 'go', kind: 'forward', next: ['join'] })],
  }),
  givenStep({
    id: 'join',
    joins: ['a', 'b'],
    holders: [{ duty: 'drc', resolve: 'duty' }],
    outcomes: [givenOutcome({ id: 'end', kind: 'end' })],
  }),
)

function walk(...acts: [Actor, string, string][]): Case {
  return acts.reduce(
    (kase, [actor, step, outcome]) => caseOf(decide(procedure, kase, actor, step, outcome, { opinion: '意见' })),
    opened(procedure),
  )
}

const states = (kase: Case) => Object.fromEntries(describePath(procedure, kase, MONDAY).steps.map((step) => [step.id, step.state]))

test('the picture shows what is done, what is held and what lies ahead', () => {
  const kase = walk([applicant, 'start', 'submit'], [clerk, 'review', 'pass'], [clerk, 'a', 'go'])
  expect(states(kase)).toEqual({ start: 'done', review: 'done', a: 'done', b: 'active', join: 'ahead' })
  const [start, review] = describePath(procedure, kase, MONDAY).steps
  expect(start?.holders).toEqual([{ duty: 'applicant', resolve: 'subject-org', orgId: 'dept' }])
  expect(review?.signed).toMatchObject([{ outcomeTitle: '同意', opinion: '意见', by: { name: 'zhang' } }])
})

test('branches stand side by side in one column and every forward line points right', () => {
  const path = describePath(procedure, opened(procedure), MONDAY)
  expect(path.steps.map((step) => [step.id, step.column, step.lane])).toEqual([
    ['start', 0, 0],
    ['review', 1, 0],
    ['a', 2, 0],
    ['b', 2, 1],
    ['join', 3, 0],
  ])
})

test('lines say how often they were gone, and a return is a line back', () => {
  const kase = walk([applicant, 'start', 'submit'], [clerk, 'review', 'pass'], [clerk, 'a', 'back'], [applicant, 'start', 'submit'])
  const edges = describePath(procedure, kase, MONDAY).edges
  expect(edges).toContainEqual({
    from: 'a',
    to: 'start',
    outcome: 'back',
    title: '退回补正',
    kind: 'return',
    mode: 'straight-back',
    taken: 1,
  })
  expect(edges.find((edge) => edge.from === 'start')).toMatchObject({ to: 'review', taken: 1 })
  expect(edges.find((edge) => edge.from === 'b')).toMatchObject({ taken: 0 })
})

test('after a return that comes straight back only what it comes back to lies ahead; after the other all of it does', () => {
  const acts: [Actor, string, string][] = [
    [applicant, 'start', 'submit'],
    [clerk, 'review', 'pass'],
    [drc, 'b', 'go'],
  ]
  expect(states(walk(...acts, [clerk, 'a', 'back']))).toEqual({ start: 'active', review: 'done', a: 'ahead', b: 'done', join: 'ahead' })
  const again = walk(...acts, [clerk, 'a', 'again'])
  expect(states(again)).toEqual({ start: 'active', review: 'ahead', a: 'ahead', b: 'ahead', join: 'ahead' })
  expect(describePath(procedure, again, MONDAY).steps[1]?.signed).toHaveLength(1)
})

test('what a finished case did not pass is skipped', () => {
  expect(states(walk([applicant, 'start', 'submit'], [clerk, 'review', 'short']))).toEqual({
    start: 'done',
    review: 'done',
    a: 'skipped',
    b: 'skipped',
    join: 'skipped',
  })
})

test('a task is overdue after its due instant, not at it, and never without a clock', () => {
  const kase = walk([applicant, 'start', 'submit'])
  const overdueAt = (now: string) => describePath(procedure, kase, now).steps[1]?.active.map((task) => task.overdue)
  expect(overdueAt(later(5))).toEqual([false])
  expect(overdueAt(later(5.01))).toEqual([true])
  const [draft] = opened(procedure).tasks
  expect(draft && isOverdue(draft, later(900))).toBe(false)
})
