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
  return [...articles, ...procedure.steps.flatMap((step, index) => ofStep(step, `steps[${index}]`))]
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
    ...step.choices.map((choice, n): Reference => ({ kind: 'article', value: choice.article, path: `${at}.choices[${n}].article` })),
    ...outcomes,
  ]
}

function some(kind: Reference['kind'], value: string | null, path: string): Reference[] {
  return value === null ? [] : [{ kind, value, path }]
}
