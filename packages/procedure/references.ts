// SPDX-License-Identifier: Apache-2.0

import type { Procedure, Step } from './procedure.ts'

/** A name that a procedure uses and its pack must know, with where it stands in the data. */
export interface Reference {
  kind: 'duty' | 'act' | 'article' | 'event'
  value: string
  path: string
}

/** Every duty, policy act, article and event a procedure names, in the order of the data. */
export function referencesOf(procedure: Procedure): Reference[] {
  const articles = procedure.articles.map((value, index): Reference => ({ kind: 'article', value, path: `articles[${index}]` }))
  const control = (['supervise', 'void', 'merge'] as const).flatMap((key) =>
    procedure.control[key].map((value, n): Reference => ({ kind: 'duty', value, path: `control.${key}[${n}]` })),
  )
  return [...articles, ...control, ...procedure.steps.flatMap((step, index) => ofStep(step, `steps[${index}]`))]
}

function ofStep(step: Step, at: string): Reference[] {
  const outcomes = step.outcomes.flatMap((outcome, index): Reference[] => {
    const path = `${at}.outcomes[${index}]`
    return [
      ...some('act', outcome.guard, `${path}.guard`),
      ...outcome.emits.map((value, n): Reference => ({ kind: 'event', value, path: `${path}.emits[${n}]` })),
      ...some('article', outcome.article, `${path}.article`),
    ]
  })
  return [
    ...step.holders.map((holder, n): Reference => ({ kind: 'duty', value: holder.duty, path: `${at}.holders[${n}].duty` })),
    ...some('article', step.article, `${at}.article`),
    ...(['extend', 'shelve', 'not-mine'] as const).flatMap((key) => some('duty', step.asks[key], `${at}.asks.${key}`)),
    ...step.pauses.map((pause, n): Reference => ({ kind: 'article', value: pause.article, path: `${at}.pauses[${n}].article` })),
    ...step.choices.map((choice, n): Reference => ({ kind: 'article', value: choice.article, path: `${at}.choices[${n}].article` })),
    ...outcomes,
  ]
}

function some(kind: Reference['kind'], value: string | null, path: string): Reference[] {
  return value === null ? [] : [{ kind, value, path }]
}
