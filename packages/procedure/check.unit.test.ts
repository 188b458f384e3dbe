// SPDX-License-Identifier: Apache-2.0

import { describe, expect, test } from 'vitest'
import { givenOutcome, givenProcedure, givenStart, givenStep } from './given.ts'
import { checkProcedure } from './index.ts'
import type { Outcome, Procedure, Step } from './procedure.ts'

const go = (...next: string[]) => givenOutcome({ id: 'go', kind: 'forward', next })
const end = givenOutcome({ id: 'end', kind: 'end' })
const back = (target: string, mode: Outcome['mode'] = 'again') =>
  givenOutcome({ id: `back-${target}-${mode}`, kind: 'return', next: [target], mode })
const step = (id: string, ...outcomes: Outcome[]) => givenStep({ id, outcomes })
const two = [
  { duty: 'office', resolve: 'duty' },
  { duty: 'drc', resolve: 'duty' },
]

function messages(...steps: Step[]): string[] {
  return messagesOf(givenProcedure(...steps))
}

function messagesOf(procedure: Procedure): string[] {
  return checkProcedure(procedure).map((problem) => `${problem.path} ${problem.message}`)
}

describe('the shape', () => {
  test('one start, and only one', () => {
    expect(messages(step('a', end))).toEqual(['steps 应有且只有一个起始环节，现有 0 个'])
    expect(messages(givenStart('a'), { ...givenStart('a'), id: 'start2' }, step('a', end))).toEqual([
      'steps 应有且只有一个起始环节，现有 2 个',
    ])
  })

  test('no step without a duty and none without an outcome', () => {
    expect(messages(givenStart('a'), givenStep({ id: 'a', holders: [], outcomes: [end] }))).toEqual([
      'steps[1].holders “a”没有承担职责的单位',
    ])
    expect(messages(givenStart('a'), step('a'))).toEqual(['steps[1].outcomes “a”没有办理结果，办件到此无法继续'])
  })

  test('every wait has a clock or a reason for none', () => {
    expect(messages(givenStart('a'), givenStep({ id: 'a', limit: { kind: 'none', reason: ' ' }, outcomes: [end] }))).toEqual([
      'steps[1].limit “a”既无时限也无理由',
    ])
    const zero = givenStep({ id: 'a', limit: { kind: 'fixed', amount: 0, unit: 'work-day' }, outcomes: [end] })
    expect(messages(givenStart('a'), zero)).toEqual(['steps[1].limit.amount 时限应为正整数'])
  })

  test('ids of steps and of outcomes are unique', () => {
    expect(messages(givenStart('a'), step('a', end), step('a', end))).toEqual(['steps[2].id 环节标识“a”重复'])
    expect(messages(givenStart('a'), step('a', end, end))).toEqual(['steps[1].outcomes[1].id 办理结果标识“end”重复'])
  })

  test('every target exists, and a return goes to one earlier step in a stated way', () => {
    expect(messages(givenStart('b'), step('a', end))).toContain('steps[0].outcomes[0].next 环节“b”不存在')
    expect(messages(givenStart('a'), step('a', end, back('b')), step('b', end))).toContain(
      'steps[1].outcomes[1].next “b”不在本环节之前，不能退回',
    )
    expect(messages(givenStart('a'), step('a', end, back('a')))).toEqual(['steps[1].outcomes[1].next “a”不在本环节之前，不能退回'])
    expect(messages(givenStart('a'), step('a', end, back('start', null)))).toEqual(['steps[1].outcomes[1].mode 退回未写明方式'])
    const nowhere = givenOutcome({ id: 'back', kind: 'return', mode: 'again' })
    expect(messages(givenStart('a'), step('a', end, nowhere))).toEqual(['steps[1].outcomes[1].next 退回应写明一个退回到的环节'])
  })

  test('going forward never goes round', () => {
    expect(messages(givenStart('a'), step('a', go('b'), end), step('b', go('a')))).toContain(
      'steps[2].outcomes[0].next 后续环节“a”在本环节之前，形成循环',
    )
  })

  test('forward leads somewhere, an end nowhere', () => {
    expect(messages(givenStart('a'), step('a', go()))).toEqual(['steps[1].outcomes[0].next 没有后续环节'])
    expect(messages(givenStart('a'), step('a', { ...end, next: ['start'] }))).toEqual([
      'steps[1].outcomes[0].next 办结或不予通过后不能再有后续环节',
    ])
  })

  test('a 会签 has several holders and one way to agree, and is never come straight back to', () => {
    const joint = givenStep({ id: 'a', quorum: 'all', holders: two, outcomes: [go('b'), { ...go('c'), id: 'go2' }] })
    expect(messages(givenStart('a'), joint, step('b', end), step('c', end))).toEqual([
      'steps[1].outcomes 会签环节有多个同意的结果，各方意见可能不一致',
    ])
    expect(messages(givenStart('a'), givenStep({ id: 'a', quorum: 'all', outcomes: [end] }))).toEqual([
      'steps[1].quorum 会签、或签环节只写了一个单位',
    ])
    expect(messages(givenStart('a'), givenStep({ id: 'a', holders: two, outcomes: [end] }))).toEqual([
      'steps[1].quorum 一人办理的环节写了多个单位',
    ])
    const fine = givenStep({ id: 'a', quorum: 'all', holders: two, outcomes: [go('b')] })
    expect(messages(givenStart('a'), fine, step('b', end, back('a', 'straight-back')))).toEqual([
      'steps[2].outcomes[1].mode 退回会签环节时不能直接返回',
    ])
  })

  test('a step that only the applicant’s own duty decides needs a stated reason', () => {
    const own = givenStep({ id: 'a', holders: [{ duty: 'applicant', resolve: 'subject-org' }], outcomes: [end] })
    expect(messages(givenStart('a'), own)).toEqual(['steps[1] “a”只由申请人所在单位的同一职责办理'])
    expect(messages(givenStart('a'), { ...own, separation: '由另一人办理' })).toEqual([])
    expect(messages(givenStart('a'), { ...own, quorum: 'all', holders: [...own.holders, { duty: 'drc', resolve: 'duty' }] })).toEqual([])
  })

  test('an ex officio procedure hears the party it concerns', () => {
    const procedure: Procedure = { ...givenProcedure(givenStart('a'), step('a', end)), initiation: 'ex-officio' }
    expect(messagesOf(procedure)).toEqual(['initiation 依职权的流程没有由相对方提交的环节'])
  })

  test('notBy names an earlier step', () => {
    expect(messages(givenStart('a'), givenStep({ id: 'a', notBy: ['b'], outcomes: [go('b')] }), step('b', end))).toEqual([
      'steps[1].notBy “b”不是本环节之前的环节',
    ])
  })
})

describe('the states', () => {
  const join = (from: string[], ...outcomes: Outcome[]) => givenStep({ id: 'join', joins: from, outcomes })

  test('branches that all meet are sound, with every kind of return', () => {
    const joint = givenStep({ id: 'b', quorum: 'all', holders: two, outcomes: [go('join'), back('start', 'straight-back'), back('start')] })
    const sound = [givenStart('a', 'b'), step('a', go('join'), back('start', 'straight-back'), back('start')), joint]
    expect(messages(...sound, join(['a', 'b'], end, back('start'), back('a', 'straight-back')))).toEqual([])
  })

  test('a step that nothing leads to is named', () => {
    expect(messages(givenStart('a'), step('a', end), step('b', end))).toEqual(['steps[2] “b”永远不会到达'])
  })

  test('a procedure that can only be rejected never ends', () => {
    const rejects = step('a', givenOutcome({ id: 'no', kind: 'reject' }))
    expect(messages(givenStart('a'), rejects)).toEqual(['steps[0] 办件到“start”后可能无法办结', 'steps[1] 办件到“a”后可能无法办结'])
  })

  test('a join that waits for a branch that was not taken is a dead end', () => {
    const fork = step('a', go('b', 'c'), givenOutcome({ id: 'only-b', kind: 'forward', next: ['b'] }))
    const found = messages(givenStart('a'), fork, step('b', go('join')), step('c', go('join')), join(['b', 'c'], end))
    expect(found).toEqual(['steps[2] 办件到“b”后可能无法办结'])
  })

  test('branches that meet without a join are two at once', () => {
    const found = messages(givenStart('a', 'b'), step('a', go('c')), step('b', go('c')), step('c', end))
    expect(found).toContain('steps[3] 两个并联分支同时到达本环节而未汇合')
  })

  test('an end in one branch while another is open is named', () => {
    expect(messages(givenStart('a', 'b'), step('a', end), step('b', end))).toContain('steps[1] 其他并联分支尚未办理，办件即已办结')
  })

  test('an orphan join, a stranger and a double are named', () => {
    const steps = [givenStart('a', 'b'), step('a', go('join')), step('b', go('join'))]
    expect(messages(...steps, join(['a'], end))).toEqual([
      'steps[3].joins 汇合环节只等待一个分支',
      'steps[3].joins “b”通向本汇合环节，但未列入 joins',
    ])
    expect(messages(...steps, join(['a', 'b', 'x'], end))).toEqual(['steps[3].joins 汇合环节等待的“x”不通向本环节'])
    expect(messages(...steps, join(['a', 'b', 'b'], end))).toEqual(['steps[3].joins[2] 同一分支重复汇合'])
  })

  test('a return over the join into one branch is sound, because the others stay done', () => {
    const steps = [givenStart('a', 'b'), step('a', go('join')), step('b', go('join'))]
    expect(messages(...steps, join(['a', 'b'], end, back('a')))).toEqual([])
  })

  test('a return into a branch that the case may have gone around is a dead end', () => {
    const fork = step('fork', go('a', 'b'), { ...go('last'), id: 'around' })
    const steps = [givenStart('fork'), fork, step('a', go('join')), step('b', go('join')), join(['a', 'b'], go('last'))]
    expect(messages(...steps, step('last', end, back('a')))).toContain('steps[2] 办件到“a”后可能无法办结')
  })
})
