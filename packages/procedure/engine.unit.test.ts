// SPDX-License-Identifier: Apache-2.0

import { describe, expect, test } from 'vitest'
import type { Actor, Case } from './case.ts'
import {
  applicant,
  caseOf,
  codesOf,
  deadlines,
  decide,
  effectsOf,
  findingsOf,
  givenActor,
  givenInit,
  givenOutcome,
  givenProcedure,
  givenStart,
  givenStep,
  later,
  MONDAY,
  opened,
  tasksOf,
} from './given.ts'
import { act, checkProcedure, mayAct, mayWithdraw, openCase, opinionsOf, slotsOf } from './index.ts'
import type { Procedure } from './procedure.ts'

const clerk = givenActor('zhang', 'bdc', 'office')
const other = givenActor('li', 'bdc', 'office')
const drc = givenActor('wang', 'drc', 'drc')
const city = givenActor('zhao', 'gov', 'city')

/** 申报 → 初审（五个工作日，须签意见的退回、不同意）→ 审批。 */
function plain(): Procedure {
  return givenProcedure(
    givenStart('review'),
    givenStep({
      id: 'review',
      title: '初审',
      limit: { kind: 'fixed', amount: 5, unit: 'work-day' },
      outcomes: [
        givenOutcome({ id: 'pass', title: '同意', kind: 'forward', next: ['approve'], emits: ['thing.reviewed'] }),
        givenOutcome({ id: 'return', title: '退回补正', kind: 'return', next: ['start'], mode: 'again', requiresOpinion: true }),
        givenOutcome({
          id: 'reject',
          title: '不同意',
          kind: 'reject',
          emits: ['thing.rejected'],
          requiresOpinion: true,
          article: 'WH23-6',
        }),
      ],
    }),
    givenStep({
      id: 'approve',
      title: '审批',
      holders: [{ duty: 'city', resolve: 'duty' }],
      outcomes: [
        givenOutcome({ id: 'approve', title: '批准', kind: 'end', guard: 'thing.approve', emits: ['thing.approved'] }),
        givenOutcome({ id: 'again', title: '退回重办', kind: 'return', next: ['start'], mode: 'again' }),
        givenOutcome({ id: 'straight', title: '退回补正', kind: 'return', next: ['start'], mode: 'straight-back' }),
      ],
    }),
  )
}

/** 申报 → 两家会签 → 审批。 */
function countersigned(quorum: 'all' | 'any' = 'all'): Procedure {
  return givenProcedure(
    givenStart('joint'),
    givenStep({
      id: 'joint',
      title: '联合审查',
      quorum,
      holders: [
        { duty: 'office', resolve: 'duty' },
        { duty: 'drc', resolve: 'duty' },
      ],
      outcomes: [
        givenOutcome({
          id: 'agree',
          title: '同意',
          kind: 'forward',
          next: ['approve'],
          emits: ['thing.joint-reviewed'],
          guard: 'thing.review',
        }),
        givenOutcome({ id: 'again', title: '退回重办', kind: 'return', next: ['start'], mode: 'again' }),
        givenOutcome({ id: 'straight', title: '退回补正', kind: 'return', next: ['start'], mode: 'straight-back' }),
        givenOutcome({ id: 'reject', title: '不同意', kind: 'reject' }),
      ],
    }),
    givenStep({ id: 'approve', holders: [{ duty: 'city', resolve: 'duty' }], outcomes: [givenOutcome({ id: 'approve', kind: 'end' })] }),
  )
}

/** 申报 → 并联（甲 → 甲二 ∥ 乙）→ 汇合。 */
function parallel(): Procedure {
  return givenProcedure(
    givenStart('a', 'b'),
    givenStep({
      id: 'a',
      outcomes: [givenOutcome({ id: 'go', kind: 'forward', next: ['a2'] }), givenOutcome({ id: 'reject', kind: 'reject' })],
    }),
    givenStep({
      id: 'a2',
      outcomes: [
        givenOutcome({ id: 'go', kind: 'forward', next: ['join'] }),
        givenOutcome({ id: 'to-a', kind: 'return', next: ['a'], mode: 'again' }),
        givenOutcome({ id: 'to-start', kind: 'return', next: ['start'], mode: 'again' }),
        givenOutcome({ id: 'ask', kind: 'return', next: ['start'], mode: 'straight-back' }),
      ],
    }),
    givenStep({
      id: 'b',
      holders: [{ duty: 'drc', resolve: 'duty' }],
      outcomes: [
        givenOutcome({ id: 'go', kind: 'forward', next: ['join'] }),
        givenOutcome({ id: 'ask', kind: 'return', next: ['start'], mode: 'straight-back' }),
      ],
    }),
    givenStep({
      id: 'join',
      joins: ['a2', 'b'],
      holders: [{ duty: 'city', resolve: 'duty' }],
      outcomes: [
        givenOutcome({ id: 'approve', kind: 'end' }),
        givenOutcome({ id: 'again', kind: 'return', next: ['start'], mode: 'again' }),
        givenOutcome({ id: 'redo-a', kind: 'return', next: ['a'], mode: 'again' }),
        givenOutcome({ id: 'ask-a', kind: 'return', next: ['a'], mode: 'straight-back' }),
      ],
    }),
  )
}

function walk(procedure: Procedure, kase: Case, ...acts: [Actor, string, string][]): Case {
  return acts.reduce(
    (at, [actor, step, outcome]) => caseOf(decide(procedure, at, actor, step, outcome, { opinion: `${actor.name}：${outcome}` })),
    kase,
  )
}

test('the procedures of these tests are sound', () => {
  for (const procedure of [plain(), countersigned(), countersigned('any'), parallel()]) expect(checkProcedure(procedure)).toEqual([])
})

describe('opening', () => {
  test('a case opens as a draft that waits for the applicant in the organisation of its slot', () => {
    const kase = opened(plain())
    expect(kase).toMatchObject({ status: 'draft', counter: 1, history: [], applicant: { personId: 'shen', duty: 'applicant' } })
    expect(kase.tasks).toMatchObject([
      { id: 't1', step: 'start', duty: 'applicant', slot: 'subject-org', orgId: 'dept', due: null, cause: 'opened' },
    ])
  })

  test('who does not hold the duty in that organisation cannot open it', () => {
    const stranger = givenActor('shen', 'elsewhere', 'applicant')
    const idle = givenActor('shen', 'dept', 'citizen')
    for (const actor of [stranger, idle])
      expect(codesOf(openCase(plain(), givenInit(plain(), { applicant: actor }), MONDAY, deadlines))).toEqual(['task.not_holder'])
  })

  test('a missing organisation, another subject and another version of the procedure are each named', () => {
    const init = givenInit(plain())
    expect(codesOf(openCase(plain(), { ...init, slots: {} }, MONDAY, deadlines))).toEqual(['case.slot_missing'])
    expect(codesOf(openCase(plain(), { ...init, subject: { ...init.subject, kind: 'payment' } }, MONDAY, deadlines))).toEqual([
      'case.other_subject',
    ])
    expect(codesOf(openCase(plain(), { ...init, pins: { ...init.pins, procedureVersion: 2 } }, MONDAY, deadlines))).toEqual([
      'case.other_procedure',
    ])
    expect(slotsOf(plain())).toEqual(['subject-org'])
  })

  test('a running case is not moved by another version of its procedure', () => {
    const kase = opened(plain())
    expect(codesOf(decide({ ...plain(), version: 2 }, kase, applicant, 'start', 'submit'))).toEqual(['case.other_procedure'])
  })
})

describe('going forward', () => {
  test('handing in closes the draft, opens the next task and starts its clock', () => {
    const result = decide(plain(), opened(plain()), applicant, 'start', 'submit')
    const task = { id: 't2', step: 'review', duty: 'office', orgId: null, since: MONDAY, due: later(5), cause: 'forward' }
    expect(caseOf(result)).toMatchObject({ status: 'running', tasks: [task] })
    expect(effectsOf(result)).toMatchObject([
      { type: 'task-closed', taskId: 't1', reason: 'decided' },
      { type: 'task-opened', task },
      { type: 'clock-started', taskId: 't2', due: later(5), provisional: false },
    ])
  })

  test('a decision stops the clock, is written with who, as what and when, and emits its events', () => {
    const kase = walk(plain(), opened(plain()), [applicant, 'start', 'submit'])
    const result = decide(plain(), kase, clerk, 'review', 'pass', { opinion: '同意' }, later(1))
    expect(caseOf(result).history.at(-1)).toMatchObject({
      seq: 2,
      step: 'review',
      outcome: 'pass',
      outcomeTitle: '同意',
      opinion: '同意',
      at: later(1),
      opened: ['t3'],
      by: { personId: 'zhang', postId: 'post-zhang', orgId: 'bdc', duty: 'office' },
    })
    expect(effectsOf(result).map((effect) => effect.type)).toEqual(['task-closed', 'clock-stopped', 'task-opened', 'subject-event'])
  })

  test('the guard comes before everything that depends on it, and the end comes last', () => {
    const kase = walk(plain(), opened(plain()), [applicant, 'start', 'submit'], [clerk, 'review', 'pass'])
    const result = decide(plain(), kase, city, 'approve', 'approve', {}, later(3))
    expect(effectsOf(result)).toEqual([
      { type: 'guard', act: 'thing.approve' },
      { type: 'task-closed', taskId: 't3', step: 'approve', reason: 'decided' },
      { type: 'subject-event', event: 'thing.approved' },
      { type: 'case-over', status: 'ended' },
    ])
    expect(caseOf(result)).toMatchObject({ status: 'ended', endedAt: later(3), tasks: [] })
  })

  test('a rejection ends the case against the applicant and needs a signed opinion', () => {
    const kase = walk(plain(), opened(plain()), [applicant, 'start', 'submit'])
    expect(findingsOf(decide(plain(), kase, clerk, 'review', 'reject', { opinion: '  ' }))).toMatchObject([
      { code: 'opinion.missing', article: 'WH23-6' },
    ])
    const rejected = caseOf(decide(plain(), kase, clerk, 'review', 'reject', { opinion: '重复建设' }))
    expect(rejected).toMatchObject({ status: 'rejected', tasks: [] })
    expect(opinionsOf(rejected).map((entry) => entry.opinion)).toEqual(['shen：submit', '重复建设'])
  })

  test('an unknown outcome is refused with those that exist', () => {
    const kase = walk(plain(), opened(plain()), [applicant, 'start', 'submit'])
    expect(findingsOf(decide(plain(), kase, clerk, 'review', 'fly'))).toMatchObject([
      { code: 'outcome.unknown', cure: '请在以下结果中选择：同意、退回补正、不同意' },
    ])
  })
})

describe('who may act', () => {
  test('only who holds the duty, and in the organisation the task is bound to', () => {
    const kase = opened(plain())
    expect(codesOf(decide(plain(), kase, givenActor('x', 'dept', 'citizen'), 'start', 'submit'))).toEqual(['task.not_holder'])
    expect(codesOf(decide(plain(), kase, givenActor('x', 'other-dept', 'applicant'), 'start', 'submit'))).toEqual(['task.not_holder'])
    expect(mayAct(plain(), kase, 't1', givenActor('x', 'dept', 'applicant'))).toEqual([])
  })

  test('the applicant never decides on their own application, whatever post they come in', () => {
    const kase = walk(plain(), opened(plain()), [applicant, 'start', 'submit'])
    const sameHuman = givenActor('shen', 'bdc', 'office')
    expect(codesOf(decide(plain(), kase, sameHuman, 'review', 'pass'))).toEqual(['person.is_applicant'])
  })

  test('whoever handed in for the applicant does not decide either, nor does who opened the draft', () => {
    const colleague = givenActor('sun', 'dept', 'applicant')
    const kase = walk(plain(), opened(plain()), [colleague, 'start', 'submit'])
    for (const person of ['sun', 'shen'])
      expect(codesOf(decide(plain(), kase, givenActor(person, 'bdc', 'office'), 'review', 'pass'))).toEqual(['person.is_applicant'])
  })

  test('who has decided cannot hand in for the applicant afterwards', () => {
    const kase = walk(plain(), opened(plain()), [applicant, 'start', 'submit'], [clerk, 'review', 'return'])
    const turned = givenActor('zhang', 'dept', 'applicant')
    expect(codesOf(decide(plain(), kase, turned, 'start', 'submit'))).toEqual(['person.has_decided'])
  })

  test('ex officio, the office that opened the case may also conclude it, and the party that reports may not', () => {
    const procedure: Procedure = {
      ...givenProcedure(
        givenStep({ id: 'start', kind: 'start', outcomes: [givenOutcome({ id: 'open', kind: 'forward', next: ['report'] })] }),
        givenStep({
          id: 'report',
          kind: 'submit',
          holders: [{ duty: 'applicant', resolve: 'builder' }],
          outcomes: [givenOutcome({ id: 'submit', kind: 'forward', next: ['conclude'] })],
        }),
        givenStep({ id: 'conclude', outcomes: [givenOutcome({ id: 'conclude', kind: 'end' })] }),
      ),
      initiation: 'ex-officio',
    }
    expect(checkProcedure(procedure)).toEqual([])
    const kase = walk(procedure, opened(procedure, { applicant: clerk, slots: { builder: 'dept' } }), [clerk, 'start', 'open'])
    expect(codesOf(decide(procedure, kase, givenActor('zhang', 'dept', 'applicant'), 'report', 'submit'))).toEqual(['person.has_decided'])
    const reported = walk(procedure, kase, [applicant, 'report', 'submit'])
    expect(codesOf(decide(procedure, reported, givenActor('shen', 'bdc', 'office'), 'conclude', 'conclude'))).toEqual([
      'person.is_applicant',
    ])
    expect(walk(procedure, reported, [clerk, 'conclude', 'conclude']).status).toBe('ended')
  })

  test('who reviewed a payment does not release it', () => {
    const procedure = givenProcedure(
      givenStart('review'),
      givenStep({ id: 'review', title: '审核', outcomes: [givenOutcome({ id: 'pass', kind: 'forward', next: ['release'] })] }),
      givenStep({ id: 'release', title: '支付', notBy: ['review'], outcomes: [givenOutcome({ id: 'release', kind: 'end' })] }),
    )
    const kase = walk(procedure, opened(procedure), [applicant, 'start', 'submit'], [clerk, 'review', 'pass'])
    expect(findingsOf(decide(procedure, kase, clerk, 'release', 'release'))).toMatchObject([
      { code: 'person.not_parted', message: '“支付”与“审核”不得由同一人办理' },
    ])
    expect(walk(procedure, kase, [other, 'release', 'release']).status).toBe('ended')
  })

  test('a stale task says who did what and when, also to who lost by another branch', () => {
    const before = walk(plain(), opened(plain()), [applicant, 'start', 'submit'])
    const after = caseOf(decide(plain(), before, clerk, 'review', 'pass'))
    const stale = act(plain(), after, { kind: 'decide', actor: other, taskId: 't2', outcome: 'pass' }, later(1), deadlines)
    expect(findingsOf(stale)).toMatchObject([
      { code: 'task.closed', message: '机构bdczhang已于2026年11月23日09:00在“初审”环节作出“同意”，该任务已办理或已终止' },
    ])
    const rejected = walk(parallel(), opened(parallel()), [applicant, 'start', 'submit'], [clerk, 'a', 'reject'])
    const lost = act(parallel(), rejected, { kind: 'decide', actor: drc, taskId: 't3', outcome: 'go' }, later(1), deadlines)
    expect(findingsOf(lost)[0]?.message).toContain('在“a”环节作出“reject”')
    expect(codesOf(act(plain(), after, { kind: 'decide', actor: other, taskId: 't99', outcome: 'pass' }, MONDAY, deadlines))).toEqual([
      'task.not_found',
    ])
  })
})

describe('退回', () => {
  test('walking again goes through every following step once more', () => {
    const kase = walk(plain(), opened(plain()), [applicant, 'start', 'submit'], [clerk, 'review', 'pass'], [city, 'approve', 'again'])
    expect(kase).toMatchObject({ status: 'returned', tasks: [{ step: 'start', cause: 'returned', orgId: 'dept' }] })
    expect(tasksOf(walk(plain(), kase, [applicant, 'start', 'submit']))).toEqual(['review/0'])
  })

  test('coming straight back skips the steps between and returns to who asked', () => {
    const kase = walk(plain(), opened(plain()), [applicant, 'start', 'submit'], [clerk, 'review', 'pass'], [city, 'approve', 'straight'])
    expect(kase.tasks).toMatchObject([{ step: 'start', returnTo: [{ step: 'approve', seat: 0 }] }])
    const back = walk(plain(), kase, [applicant, 'start', 'submit'])
    expect(back).toMatchObject({ status: 'running', tasks: [{ step: 'approve', cause: 'resumed', returnTo: [] }] })
  })

  test('signed opinions survive it', () => {
    const kase = walk(plain(), opened(plain()), [applicant, 'start', 'submit'], [clerk, 'review', 'return'], [applicant, 'start', 'submit'])
    expect(opinionsOf(kase).map((entry) => entry.opinion)).toEqual(['shen：submit', 'zhang：return', 'shen：submit'])
  })

  test('a document handed in before the return need not be handed in again', () => {
    const start = { ...givenStart('review'), documents: [{ kind: 'plan', title: '建设方案', required: true }] }
    const procedure = givenProcedure(start, ...plain().steps.slice(1))
    const kase = opened(procedure)
    expect(findingsOf(decide(procedure, kase, applicant, 'start', 'submit'))).toMatchObject([
      { code: 'document.missing', cure: '请上传建设方案' },
    ])
    expect(
      codesOf(
        decide(procedure, kase, applicant, 'start', 'submit', {
          documents: [
            { kind: 'plan', id: 'f1' },
            { kind: 'song', id: 'f2' },
          ],
        }),
      ),
    ).toEqual(['document.unknown'])
    const sent = caseOf(decide(procedure, kase, applicant, 'start', 'submit', { documents: [{ kind: 'plan', id: 'f1' }] }))
    const returned = walk(procedure, sent, [clerk, 'review', 'return'])
    expect(tasksOf(walk(procedure, returned, [applicant, 'start', 'submit']))).toEqual(['review/0'])
  })
})

describe('会签', () => {
  const procedure = countersigned()
  const handedIn = walk(procedure, opened(procedure), [applicant, 'start', 'submit'])

  test('every holder has a task of their own and all must agree', () => {
    expect(tasksOf(handedIn)).toEqual(['joint/0', 'joint/1'])
    const first = decide(procedure, handedIn, clerk, 'joint', 'agree')
    expect(effectsOf(first).map((effect) => effect.type)).toEqual(['task-closed'])
    expect(tasksOf(caseOf(first))).toEqual(['joint/1'])
    const second = decide(procedure, caseOf(first), drc, 'joint/1', 'agree')
    expect(effectsOf(second).map((effect) => effect.type)).toEqual(['guard', 'task-closed', 'task-opened', 'subject-event'])
    expect(caseOf(second)).toMatchObject({ signed: [], tasks: [{ step: 'approve' }] })
  })

  test('nobody signs twice in a round, even with both duties', () => {
    const both = givenActor('zhang', 'bdc', 'office', 'drc')
    const once = walk(procedure, handedIn, [both, 'joint', 'agree'])
    expect(codesOf(decide(procedure, once, both, 'joint/1', 'agree'))).toEqual(['person.signed_already'])
  })

  test('a return that walks again closes the others and all sign anew', () => {
    const returned = walk(procedure, handedIn, [clerk, 'joint', 'agree'], [drc, 'joint/1', 'again'])
    expect(returned).toMatchObject({ signed: [], status: 'returned' })
    const again = walk(procedure, returned, [applicant, 'start', 'submit'])
    expect(tasksOf(again)).toEqual(['joint/0', 'joint/1'])
  })

  test('a return that comes straight back leaves the others at work and their signatures valid', () => {
    const asked = walk(procedure, handedIn, [drc, 'joint/1', 'straight'])
    expect(tasksOf(asked)).toEqual(['joint/0', 'start/0'])
    const done = walk(procedure, asked, [clerk, 'joint', 'agree'], [applicant, 'start', 'submit'], [drc, 'joint/1', 'agree'])
    expect(tasksOf(done)).toEqual(['approve/0'])
  })

  test('two who return to one step share its task, and it goes back to both', () => {
    const once = walk(procedure, handedIn, [drc, 'joint/1', 'straight'])
    const twice = decide(procedure, once, clerk, 'joint', 'straight')
    expect(tasksOf(caseOf(twice))).toEqual(['start/0'])
    expect(effectsOf(twice).map((effect) => effect.type)).toEqual(['task-closed', 'task-changed'])
    expect(tasksOf(walk(procedure, caseOf(twice), [applicant, 'start', 'submit']))).toEqual(['joint/0', 'joint/1'])
  })

  test('one who rejects ends it for all', () => {
    const result = decide(procedure, handedIn, drc, 'joint/1', 'reject')
    expect(caseOf(result)).toMatchObject({ status: 'rejected', tasks: [] })
    expect(effectsOf(result)).toContainEqual({ type: 'task-closed', taskId: 't2', step: 'joint', reason: 'case-over' })
  })

  test('at a 或签 the first decides and the others are no longer needed', () => {
    const any = countersigned('any')
    const result = decide(any, walk(any, opened(any), [applicant, 'start', 'submit']), drc, 'joint/1', 'agree')
    expect(tasksOf(caseOf(result))).toEqual(['approve/0'])
    expect(effectsOf(result)).toContainEqual({ type: 'task-closed', taskId: 't2', step: 'joint', reason: 'not-needed' })
  })
})

test('a 或签 that is asked again while one of its seats asks on answers everybody who asked', () => {
  const ask = (target: string) => givenOutcome({ id: 'ask', kind: 'return', next: [target], mode: 'straight-back' })
  const holders = [
    { duty: 'office', resolve: 'duty' },
    { duty: 'drc', resolve: 'duty' },
  ]
  const procedure = givenProcedure(
    givenStart('any'),
    givenStep({ id: 'any', quorum: 'any', holders, outcomes: [givenOutcome({ id: 'go', kind: 'forward', next: ['all'] }), ask('start')] }),
    givenStep({ id: 'all', quorum: 'all', holders, outcomes: [givenOutcome({ id: 'go', kind: 'end' }), ask('any')] }),
  )
  expect(checkProcedure(procedure)).toEqual([])
  const kase = walk(procedure, opened(procedure), [applicant, 'start', 'submit'], [clerk, 'any', 'go'], [clerk, 'all', 'ask'])
  const asked = walk(procedure, kase, [clerk, 'any', 'ask'], [drc, 'all/1', 'ask'], [applicant, 'start', 'submit'], [drc, 'any/1', 'ask'])
  expect(tasksOf(asked)).toEqual(['start/0'])
  expect(tasksOf(walk(procedure, asked, [applicant, 'start', 'submit'], [drc, 'any/1', 'go']))).toEqual(['all/0', 'all/1'])
})

describe('并联', () => {
  const procedure = parallel()
  const handedIn = walk(procedure, opened(procedure), [applicant, 'start', 'submit'])

  test('branches run side by side and the join waits for all of them, in either order', () => {
    expect(tasksOf(handedIn)).toEqual(['a/0', 'b/0'])
    const early = walk(procedure, handedIn, [drc, 'b', 'go'])
    expect(early).toMatchObject({ arrivals: [{ join: 'join', from: 'b' }] })
    const met = walk(procedure, early, [clerk, 'a', 'go'], [clerk, 'a2', 'go'])
    expect(met).toMatchObject({ arrivals: [], tasks: [{ step: 'join' }] })
    const late = walk(procedure, handedIn, [clerk, 'a', 'go'], [clerk, 'a2', 'go'])
    expect(tasksOf(late)).toEqual(['b/0'])
    expect(tasksOf(walk(procedure, late, [drc, 'b', 'go']))).toEqual(['join/0'])
  })

  test('a return within a branch leaves the other branch, arrived or not, as it is', () => {
    const kase = walk(procedure, handedIn, [drc, 'b', 'go'], [clerk, 'a', 'go'], [clerk, 'a2', 'to-a'])
    expect(tasksOf(kase)).toEqual(['a/0'])
    expect(tasksOf(walk(procedure, kase, [clerk, 'a', 'go'], [clerk, 'a2', 'go']))).toEqual(['join/0'])
  })

  test('a return before the fork closes both branches, and what arrived must come again', () => {
    const kase = walk(procedure, handedIn, [drc, 'b', 'go'], [clerk, 'a', 'go'], [clerk, 'a2', 'to-start'])
    expect(kase).toMatchObject({ arrivals: [] })
    expect(tasksOf(kase)).toEqual(['start/0'])
    const open = walk(procedure, handedIn, [clerk, 'a', 'go'], [clerk, 'a2', 'to-start'])
    expect(tasksOf(open)).toEqual(['start/0'])
  })

  test('a return over the join redoes one branch and leaves the other done', () => {
    const joined = walk(procedure, handedIn, [drc, 'b', 'go'], [clerk, 'a', 'go'], [clerk, 'a2', 'go'])
    const redo = walk(procedure, joined, [city, 'join', 'redo-a'])
    expect(redo).toMatchObject({ tasks: [{ step: 'a' }], arrivals: [{ join: 'join', from: 'b' }], passed: [] })
    expect(tasksOf(walk(procedure, redo, [clerk, 'a', 'go'], [clerk, 'a2', 'go']))).toEqual(['join/0'])
    const asked = walk(procedure, joined, [city, 'join', 'ask-a'])
    expect(tasksOf(walk(procedure, asked, [clerk, 'a', 'go']))).toEqual(['join/0'])
  })

  test('both branches may ask the applicant at once and each gets its answer', () => {
    const kase = walk(procedure, handedIn, [clerk, 'a', 'go'], [clerk, 'a2', 'ask'], [drc, 'b', 'ask'])
    expect(tasksOf(kase)).toEqual(['start/0'])
    expect(tasksOf(walk(procedure, kase, [applicant, 'start', 'submit']))).toEqual(['a2/0', 'b/0'])
  })
})

describe('撤回', () => {
  test('whoever handed in takes it back while nobody has acted, the clock stops and the events are retracted', () => {
    const procedure = plain()
    const start = procedure.steps[0]
    const emitting = start
      ? givenProcedure(
          { ...start, outcomes: start.outcomes.map((one) => ({ ...one, emits: ['thing.filed'] })) },
          ...procedure.steps.slice(1),
        )
      : procedure
    const kase = walk(emitting, opened(emitting), [applicant, 'start', 'submit'])
    const result = act(emitting, kase, { kind: 'withdraw', actor: applicant, opinion: '金额有误' }, later(1), deadlines)
    expect(caseOf(result)).toMatchObject({ status: 'withdrawn', tasks: [{ step: 'start', cause: 'withdrawn' }] })
    expect(caseOf(result).history.at(-1)).toMatchObject({ act: 'withdraw', opinion: '金额有误', closed: ['t2'] })
    expect(effectsOf(result).map((effect) => effect.type)).toEqual([
      'task-closed',
      'clock-stopped',
      'task-opened',
      'subject-event-retracted',
    ])
    expect(walk(emitting, caseOf(result), [applicant, 'start', 'submit'])).toMatchObject({ status: 'running', tasks: [{ step: 'review' }] })
  })

  test('too late says who acted and when', () => {
    const kase = walk(plain(), opened(plain()), [applicant, 'start', 'submit'], [clerk, 'review', 'pass'])
    const [finding] = mayWithdraw(plain(), kase, applicant)
    expect(finding).toMatchObject({ code: 'withdraw.too_late' })
    expect(finding?.message).toContain('zhang已于2026年11月23日09:00在“初审”环节作出“同意”')
  })

  test('only who handed in may, in the post they did it in, and only once', () => {
    const kase = walk(plain(), opened(plain()), [applicant, 'start', 'submit'])
    expect(mayWithdraw(plain(), kase, givenActor('sun', 'dept', 'applicant'))).toMatchObject([{ code: 'withdraw.nothing' }])
    expect(mayWithdraw(plain(), kase, givenActor('shen', 'elsewhere', 'applicant'))).toMatchObject([{ code: 'task.not_holder' }])
    const back = caseOf(act(plain(), kase, { kind: 'withdraw', actor: applicant }, MONDAY, deadlines))
    expect(mayWithdraw(plain(), back, applicant)).toMatchObject([{ code: 'withdraw.nothing' }])
    expect(mayWithdraw(plain(), opened(plain()), applicant)).toMatchObject([{ code: 'withdraw.nothing' }])
  })

  test('one branch that has acted is enough to be too late', () => {
    const kase = walk(parallel(), opened(parallel()), [applicant, 'start', 'submit'], [drc, 'b', 'go'])
    expect(mayWithdraw(parallel(), kase, applicant)).toMatchObject([{ code: 'withdraw.too_late' }])
  })

  test('taking back an answer to a return gives it to the same office again later', () => {
    const asked = walk(
      plain(),
      opened(plain()),
      [applicant, 'start', 'submit'],
      [clerk, 'review', 'pass'],
      [city, 'approve', 'straight'],
      [applicant, 'start', 'submit'],
    )
    const back = caseOf(act(plain(), asked, { kind: 'withdraw', actor: applicant }, MONDAY, deadlines))
    expect(back.tasks).toMatchObject([{ step: 'start', returnTo: [{ step: 'approve' }] }])
    expect(tasksOf(walk(plain(), back, [applicant, 'start', 'submit']))).toEqual(['approve/0'])
  })

  test('a branch that completed a join takes its arrival back and leaves the others arrived', () => {
    const procedure = givenProcedure(
      givenStart('a', 'more'),
      givenStep({ id: 'a', outcomes: [givenOutcome({ id: 'go', kind: 'forward', next: ['join'] })] }),
      givenStep({
        id: 'more',
        kind: 'submit',
        holders: [{ duty: 'applicant', resolve: 'subject-org' }],
        outcomes: [givenOutcome({ id: 'submit', kind: 'forward', next: ['join'] })],
      }),
      givenStep({ id: 'join', joins: ['a', 'more'], outcomes: [givenOutcome({ id: 'end', kind: 'end' })] }),
    )
    expect(checkProcedure(procedure)).toEqual([])
    const joined = walk(procedure, opened(procedure), [applicant, 'start', 'submit'], [clerk, 'a', 'go'], [applicant, 'more', 'submit'])
    const back = caseOf(act(procedure, joined, { kind: 'withdraw', actor: applicant }, MONDAY, deadlines))
    expect(back).toMatchObject({ arrivals: [{ join: 'join', from: 'a' }], passed: [], tasks: [{ step: 'more' }] })
    const waiting = walk(procedure, opened(procedure), [applicant, 'start', 'submit'], [applicant, 'more', 'submit'])
    const undone = caseOf(act(procedure, waiting, { kind: 'withdraw', actor: applicant }, MONDAY, deadlines))
    expect(undone.arrivals).toEqual([])
    expect(tasksOf(undone)).toEqual(['a/0', 'more/0'])
  })

  test('a 会签 that one side has signed can no longer be taken back', () => {
    const procedure = countersigned()
    const kase = walk(procedure, opened(procedure), [applicant, 'start', 'submit'], [clerk, 'joint', 'agree'])
    expect(mayWithdraw(procedure, kase, applicant)).toMatchObject([{ code: 'withdraw.too_late' }])
  })

  test('who handed in before a return cannot take back what a colleague handed in after it', () => {
    const colleague = givenActor('sun', 'dept', 'applicant')
    const own = [{ duty: 'applicant', resolve: 'subject-org' }]
    const procedure = givenProcedure(
      givenStart('a', 'more'),
      givenStep({
        id: 'a',
        outcomes: [
          givenOutcome({ id: 'go', kind: 'forward', next: ['join'] }),
          givenOutcome({ id: 'again', kind: 'return', next: ['start'], mode: 'again' }),
        ],
      }),
      givenStep({ id: 'more', kind: 'submit', holders: own, outcomes: [givenOutcome({ id: 'submit', kind: 'forward', next: ['join'] })] }),
      givenStep({ id: 'join', joins: ['a', 'more'], outcomes: [givenOutcome({ id: 'end', kind: 'end' })] }),
    )
    const first = walk(procedure, opened(procedure), [colleague, 'start', 'submit'], [applicant, 'more', 'submit'], [clerk, 'a', 'again'])
    const second = walk(procedure, first, [colleague, 'start', 'submit'], [colleague, 'more', 'submit'])
    expect(mayWithdraw(procedure, second, applicant)).toMatchObject([{ code: 'withdraw.too_late' }])
    expect(mayWithdraw(procedure, second, colleague)).toEqual([])
  })

  test('an answer taken back while another office asks too is one task that answers both', () => {
    const procedure = countersigned()
    const asked = walk(procedure, opened(procedure), [applicant, 'start', 'submit'], [clerk, 'joint', 'straight'])
    const both = walk(procedure, asked, [applicant, 'start', 'submit'], [drc, 'joint/1', 'straight'])
    const back = caseOf(act(procedure, both, { kind: 'withdraw', actor: applicant }, MONDAY, deadlines))
    expect(tasksOf(back)).toEqual(['start/0'])
    expect(tasksOf(walk(procedure, back, [applicant, 'start', 'submit']))).toEqual(['joint/0', 'joint/1'])
  })
})

describe('choices and dates', () => {
  const procedure = givenProcedure(
    givenStart('order'),
    givenStep({
      id: 'order',
      choices: [{ id: 'call-experts', title: '组织专家', article: 'WH23-6' }],
      outcomes: [givenOutcome({ id: 'go', kind: 'forward', next: ['fix'] })],
    }),
    givenStep({
      id: 'fix',
      title: '整改',
      kind: 'submit',
      holders: [{ duty: 'applicant', resolve: 'subject-org' }],
      limit: { kind: 'from-record', field: 'fix.dueOn' },
      outcomes: [givenOutcome({ id: 'done', kind: 'end' })],
    }),
  )
  const kase = walk(procedure, opened(procedure), [applicant, 'start', 'submit'])

  test('a power that the officer used is recorded and an unknown one refused', () => {
    const dates = { 'fix.dueOn': '2026-12-31' }
    expect(caseOf(decide(procedure, kase, clerk, 'order', 'go', { choices: ['call-experts'], dates })).history.at(-1)?.choices).toEqual([
      'call-experts',
    ])
    expect(codesOf(decide(procedure, kase, clerk, 'order', 'go', { choices: ['sing'], dates }))).toEqual(['choice.unknown'])
  })

  test('a limit from the record runs to the end of its civil day in Asia/Shanghai', () => {
    const fixed = caseOf(decide(procedure, kase, clerk, 'order', 'go', { dates: { 'fix.dueOn': '2026-12-31' } }))
    expect(fixed.tasks).toMatchObject([{ step: 'fix', due: '2026-12-31T15:59:59.999Z' }])
  })

  test('a limit from the record that is missing, unknown, impossible or past is refused', () => {
    expect(codesOf(decide(procedure, kase, clerk, 'order', 'go'))).toEqual(['date.missing'])
    const given = (dates: Record<string, string>) => codesOf(decide(procedure, kase, clerk, 'order', 'go', { dates }))
    expect(given({ other: '2026-12-31' })).toEqual(['date.unknown'])
    expect(given({ 'fix.dueOn': '2027-02-30' })).toEqual(['date.invalid'])
    expect(given({ 'fix.dueOn': '2026-11-22' })).toEqual(['date.past'])
  })
})
