// SPDX-License-Identifier: Apache-2.0
// Builders for the tests of this package.

import type { Act, Actor, Deadlines, Finding, Result } from './case.ts'
import { act, type Case, type CaseInit, type Effect, type Outcome, openCase, type Procedure, type Step } from './index.ts'
import { NO_ASKS, NO_CONTROL } from './parse.ts'

export const MONDAY = '2026-11-23T01:00:00Z'
const HOUR = 60 * 60 * 1000
const DAY = 24 * HOUR
const LENGTH = { 'work-hour': HOUR, hour: HOUR, 'work-day': DAY, day: DAY, month: 30 * DAY }

/** Calendar days stand in for working days: the calculator is the caller's. */
export const deadlines: Deadlines = {
  due: (start, amount, unit) => ({ due: new Date(Date.parse(start) + amount * LENGTH[unit]).toISOString(), provisional: false }),
  left: (from, due, unit) => (Date.parse(due) - Date.parse(from)) / LENGTH[unit],
}

export function later(days: number): string {
  return new Date(Date.parse(MONDAY) + days * DAY).toISOString()
}

export function givenActor(personId: string, orgId: string, ...duties: string[]): Actor {
  return { personId, name: personId, postId: `post-${personId}`, orgId, orgName: `机构${orgId}`, duties }
}

export function givenOutcome(outcome: Partial<Outcome> & Pick<Outcome, 'id' | 'kind'>): Outcome {
  return { title: outcome.id, next: [], mode: null, guard: null, emits: [], article: null, requiresOpinion: false, ...outcome }
}

export function givenStep(step: Partial<Step> & Pick<Step, 'id'>): Step {
  return {
    title: step.id,
    kind: 'decide',
    holders: [{ duty: 'office', resolve: 'duty' }],
    quorum: 'one',
    joins: [],
    limit: { kind: 'none', reason: '未规定' },
    pauses: [],
    asks: NO_ASKS,
    documents: [],
    form: null,
    choices: [],
    notBy: [],
    separation: null,
    article: 'WH23-5',
    basis: 'text',
    note: null,
    outcomes: [],
    ...step,
  }
}

export function givenProcedure(...steps: Step[]): Procedure {
  const title = '测试流程'
  return {
    id: 'test',
    title,
    version: 1,
    subject: 'thing',
    initiation: 'application',
    articles: ['WH23-5'],
    basis: 'text',
    note: null,
    control: NO_CONTROL,
    steps,
  }
}

export function givenStart(...next: string[]): Step {
  return givenStep({
    id: 'start',
    kind: 'start',
    holders: [{ duty: 'applicant', resolve: 'subject-org' }],
    outcomes: [givenOutcome({ id: 'submit', title: '提交', kind: 'forward', next })],
  })
}

export const applicant = givenActor('shen', 'dept', 'applicant')

export function givenInit(procedure: Procedure, init: Partial<CaseInit> = {}): CaseInit {
  const pins = { pack: 'p', packVersion: '1', procedure: procedure.id, procedureVersion: procedure.version, formVersion: '1' }
  return {
    id: 'c1',
    subject: { kind: procedure.subject, id: 's1', version: 1 },
    pins,
    applicant,
    slots: { 'subject-org': 'dept' },
    ...init,
  }
}

export function caseOf(result: Result): Case {
  if ('findings' in result) throw new Error(result.findings.map((finding) => `${finding.code} ${finding.message}`).join('; '))
  return result.case
}

export function effectsOf(result: Result): readonly Effect[] {
  return 'effects' in result ? result.effects : []
}

export function findingsOf(result: Result): readonly Finding[] {
  return 'findings' in result ? result.findings : []
}

export function codesOf(result: Result): string[] {
  return findingsOf(result).map((finding) => finding.code)
}

export function opened(procedure: Procedure, init: Partial<CaseInit> = {}): Case {
  return caseOf(openCase(procedure, givenInit(procedure, init), MONDAY, deadlines))
}

/** Decides the open task of a step: `step` or `step/seat`. */
export function decide(
  procedure: Procedure,
  kase: Case,
  actor: Actor,
  at: string,
  outcome: string,
  more: Partial<Act> = {},
  now = MONDAY,
): Result {
  const [step, seat = '0'] = at.split('/')
  const taskId = kase.tasks.find((task) => task.step === step && task.seat === Number(seat))?.id ?? 'none'
  return act(procedure, kase, { kind: 'decide', actor, taskId, outcome, ...more } as Act, now, deadlines)
}

export function tasksOf(kase: Case): string[] {
  return kase.tasks.map((task) => `${task.step}/${task.seat}`).sort()
}
