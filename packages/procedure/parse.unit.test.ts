// SPDX-License-Identifier: Apache-2.0

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { givenOutcome, givenProcedure, givenStart, givenStep } from './given.ts'
import { checkProcedure, parseProcedure, referencesOf } from './index.ts'

const whole = givenProcedure(
  givenStart('review'),
  givenStep({
    id: 'review',
    limit: { kind: 'fixed', amount: 5, unit: 'work-day' },
    documents: [{ kind: 'plan', title: '方案', required: true }],
    choices: [{ id: 'experts', title: '组织专家', article: 'WH23-6' }],
    outcomes: [
      givenOutcome({ id: 'end', kind: 'end', guard: 'plan.file', emits: ['thing.done'], article: 'WH23-7' }),
      givenOutcome({ id: 'back', kind: 'return', next: ['start'], mode: 'again' }),
    ],
  }),
)

function problems(raw: unknown): string[] {
  const parsed = parseProcedure(raw)
  return 'problems' in parsed ? parsed.problems.map((problem) => `${problem.path} ${problem.message}`) : []
}

test('a procedure survives being written and read', () => {
  expect(parseProcedure(JSON.parse(JSON.stringify(whole)))).toEqual({ procedure: whole })
})

test('what may be left out is left out, and null means the same', () => {
  const start = {
    id: 's',
    title: '申报',
    kind: 'start',
    holders: [{ duty: 'applicant', resolve: 'subject-org' }],
    quorum: 'one',
    note: null,
  }
  const raw = {
    ...whole,
    note: undefined,
    steps: [
      {
        ...start,
        limit: { kind: 'none', reason: '未规定' },
        article: 'WH23-5',
        basis: 'text',
        outcomes: [{ id: 'end', title: '办结', kind: 'end' }],
      },
    ],
  }
  expect(parseProcedure(raw)).toMatchObject({
    procedure: { note: null, steps: [{ documents: [], joins: [], form: null, outcomes: [{ next: [], mode: null, guard: null }] }] },
  })
})

test('an unknown key is a problem at every depth', () => {
  const [start, review] = whole.steps
  expect(problems({ ...whole, colour: 'red' })).toEqual(['colour 不认识的键“colour”'])
  expect(problems({ ...whole, steps: [start, { ...review, days: 5 }] })).toEqual(['steps[1].days 不认识的键“days”'])
  expect(problems({ ...whole, steps: [start, { ...review, limit: { kind: 'none', reason: '未规定', amount: 5 } }] })).toEqual([
    'steps[1].limit.amount 不认识的键“amount”',
  ])
  const outcomes = [{ ...givenOutcome({ id: 'end', kind: 'end' }), hue: 'x' }]
  expect(problems({ ...whole, steps: [start, { ...review, outcomes }] })).toEqual(['steps[1].outcomes[0].hue 不认识的键“hue”'])
})

test('wrong types and values are all told, each with its path', () => {
  const [start, review] = whole.steps
  const broken = {
    ...review,
    kind: 'dance',
    limit: { kind: 'days', amount: 1.5, unit: 'week' },
    documents: 'none',
    holders: [{ duty: 'Big Center', resolve: 'duty' }],
  }
  expect(problems({ ...whole, version: 0, steps: [start, broken] })).toEqual([
    'version 应为正整数',
    'steps[1].kind “dance”不在允许的取值内',
    'steps[1].holders[0].duty “Big Center”不是有效的标识',
    'steps[1].limit.amount 应为正整数',
    'steps[1].limit.unit “week”不在允许的取值内',
    'steps[1].documents 应为列表',
  ])
  expect(problems(null)).toContain(' 应为一个对象')
  expect(problems([])).toContain(' 应为一个对象')
})

test('no data makes the reader throw, and what it accepts is what was written', () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, withSparseArray: true }), (raw) => {
      expect(parseProcedure(raw)).toHaveProperty('problems')
    }),
  )
})

test('a value put anywhere into a sound procedure never makes reader or check throw', () => {
  const paths = pathsOf(whole)
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.oneof(fc.jsonValue(), fc.constantFrom('start', 'review', 'all', -1)), (path, value) => {
      const parsed = parseProcedure(replaced(whole, path, value))
      if ('procedure' in parsed) checkProcedure(parsed.procedure)
    }),
    { numRuns: 500 },
  )
})

test('every name a procedure uses is found with its place', () => {
  expect(referencesOf(whole)).toEqual([
    { kind: 'article', value: 'WH23-5', path: 'articles[0]' },
    { kind: 'duty', value: 'applicant', path: 'steps[0].holders[0].duty' },
    { kind: 'article', value: 'WH23-5', path: 'steps[0].article' },
    { kind: 'duty', value: 'office', path: 'steps[1].holders[0].duty' },
    { kind: 'article', value: 'WH23-5', path: 'steps[1].article' },
    { kind: 'article', value: 'WH23-6', path: 'steps[1].choices[0].article' },
    { kind: 'act', value: 'plan.file', path: 'steps[1].outcomes[0].guard' },
    { kind: 'event', value: 'thing.done', path: 'steps[1].outcomes[0].emits[0]' },
    { kind: 'article', value: 'WH23-7', path: 'steps[1].outcomes[0].article' },
  ])
})

function pathsOf(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [[]]
  return [[], ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner).map((path) => [key, ...path]))]
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by
  if (Array.isArray(value)) return value.map((inner, index) => (String(index) === key ? replaced(inner, rest, by) : inner))
  const fields = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return Object.fromEntries(fields.map(([name, inner]) => [name, name === key ? replaced(inner, rest, by) : inner]))
}
