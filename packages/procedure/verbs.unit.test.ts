// SPDX-License-Identifier: Apache-2.0

import { describe, expect, test } from 'vitest'
import type { Actor, Case, Effect, Party, Result, Verb } from './case.ts'
import {
  applicant,
  caseOf,
  codesOf,
  deadlines,
  decide,
  effectsOf,
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
import { act, describePath, mayDo, opinionsOf } from './index.ts'
import type { Procedure } from './procedure.ts'

const zhang = givenActor('zhang', 'bdc', 'office')
const li = givenActor('li', 'bdc', 'office')
const wang = givenActor('wang', 'drc', 'drc')
const chief = givenActor('chief', 'city', 'leader')
const supplement = { ground: 'supplement', title: '补正', article: 'WH23-5', basis: 'local' } as const

const procedure: Procedure = {
  ...givenProcedure(
    givenStart('review'),
    givenStep({
      id: 'review',
      title: '初审',
      limit: { kind: 'fixed', amount: 10, unit: 'work-day' },
      pauses: [supplement],
      asks: { extend: 'leader', extendTimes: 1, extendLate: false, shelve: 'leader', 'not-mine': 'leader' },
      outcomes: [
        givenOutcome({ id: 'pass', title: '同意', kind: 'forward', next: ['end'] }),
        givenOutcome({ id: 'back', title: '退回补正', kind: 'return', next: ['start'], mode: 'straight-back' }),
        givenOutcome({ id: 'reject', title: '不同意', kind: 'reject' }),
      ],
    }),
    givenStep({
      id: 'end',
      title: '办结',
      holders: [{ duty: 'drc', resolve: 'duty' }],
      outcomes: [givenOutcome({ id: 'end', kind: 'end' }), givenOutcome({ id: 'back', kind: 'return', next: ['review'], mode: 'again' })],
    }),
  ),
  control: { supervise: ['leader'], void: ['leader'], merge: ['office'], urgeHours: 24 },
}

const filed = () => caseOf(decide(procedure, opened(procedure), applicant, 'start', 'submit'))
type Loose = { kind: Verb['kind']; actor: Actor } & Record<string, unknown>

/** Does a verb on the first open task, unless it says another. */
function verb(kase: Case, deed: Loose, now = later(1)): Result {
  return act(procedure, kase, { taskId: kase.tasks[0]?.id, opinion: '说明', ...deed } as unknown as Verb, now, deadlines)
}
const done = (kase: Case, deed: Loose, now = later(1)) => caseOf(verb(kase, deed, now))
const codes = (kase: Case, deed: Loose, now = later(1)) => codesOf(verb(kase, deed, now))
const pass = (kase: Case, actor: Actor, outcome = 'pass', now = later(2)) =>
  decide(procedure, kase, actor, kase.tasks[0]?.step ?? '', outcome, {}, now)

function party(actor: Actor, named = true): Party {
  const person = named ? { personId: actor.personId, name: actor.name } : null
  return { orgId: actor.orgId, orgName: actor.orgName, duty: actor.duties[0] ?? '', person }
}
const told = (result: Result) => effectsOf(result).flatMap((effect: Effect) => (effect.type === 'notice' ? effect.to : []))

describe('转办', () => {
  test('hands the task to a person; the clock runs on, the others of the office may hand it on but not decide', () => {
    const result = verb(filed(), { kind: 'transfer', actor: zhang, to: party(li) })
    const kase = caseOf(result)
    expect(kase.tasks[0]).toMatchObject({ orgId: 'bdc', holder: { personId: 'li' }, due: deadlines.due(MONDAY, 10, 'work-day', null).due })
    expect(kase.history.at(-1)).toMatchObject({
      act: 'transfer',
      outcomeTitle: '转办至机构bdcli',
      opinion: '说明',
      by: { personId: 'zhang' },
    })
    expect(told(result)).toEqual([{ personId: 'li' }])
    expect(codesOf(pass(kase, zhang))).toEqual(['task.held_by_other'])
    expect(caseOf(pass(kase, li)).tasks[0]?.step).toBe('end')
    expect(done(kase, { kind: 'transfer', actor: zhang, to: party(givenActor('zhao', 'bdc', 'office')) }).tasks[0]?.holder?.personId).toBe(
      'zhao',
    )
  })

  test('hands the task to another office that bears the duty, and only to one', () => {
    const office = givenActor('hu', 'branch', 'office')
    const kase = done(filed(), { kind: 'transfer', actor: zhang, to: party(office, false) })
    expect(codesOf(pass(kase, zhang))).toEqual(['task.not_holder'])
    expect(caseOf(pass(kase, office)).tasks[0]?.step).toBe('end')
    expect(codes(filed(), { kind: 'transfer', actor: zhang, to: party(wang, false) })).toEqual(['transfer.other_duty'])
    expect(codes(filed(), { kind: 'transfer', actor: wang, to: party(li) })).toEqual(['task.not_holder'])
    expect(codes(filed(), { kind: 'transfer', actor: zhang, to: party(li), opinion: ' ' })).toEqual(['opinion.missing'])
    expect(codes(kase, { kind: 'transfer', actor: office, to: party(office, false) })).toEqual(['transfer.same'])
  })

  test('never to somebody of the other side, and what the applicant holds stays with the applicant', () => {
    const same = givenActor('shen', 'bdc', 'office')
    expect(codes(filed(), { kind: 'transfer', actor: zhang, to: party(same) })).toEqual(['party.barred'])
    expect(codes(filed(), { kind: 'transfer', actor: zhang, to: party(zhang) })).toEqual(['party.self'])
    const draft = opened(procedure)
    expect(codes(draft, { kind: 'transfer', actor: applicant, to: party(givenActor('x', 'other', 'applicant')) })).toEqual([
      'transfer.bound',
    ])
    const kase = done(draft, { kind: 'transfer', actor: applicant, to: party(givenActor('sun', 'dept', 'applicant')) })
    expect(kase.status).toBe('draft')
  })

  test('a paper that was returned comes straight back to whom it had been handed', () => {
    const kase = done(filed(), { kind: 'transfer', actor: zhang, to: party(li) })
    const back = caseOf(pass(kase, li, 'back'))
    const again = caseOf(decide(procedure, back, applicant, 'start', 'submit', {}, later(9)))
    expect(again.tasks[0]).toMatchObject({ cause: 'resumed', holder: { personId: 'li' } })
  })
})

describe('委托', () => {
  test('the colleague signs for who entrusted, nobody else decides, and it can be taken back', () => {
    const kase = done(filed(), { kind: 'entrust', actor: zhang, to: party(li), opinion: '' })
    expect(findingsOf(pass(kase, zhang))[0]).toMatchObject({ code: 'task.held_by_other', message: '“初审”已由zhang委托li办理' })
    expect(caseOf(pass(kase, li)).history.at(-1)).toMatchObject({ by: { personId: 'li', onBehalfOf: { personId: 'zhang' } } })
    expect(codes(kase, { kind: 'take-back', actor: li })).toEqual(['entrust.not_by_actor'])
    const back = done(kase, { kind: 'take-back', actor: zhang })
    expect(back.tasks[0]).toMatchObject({ holder: null, entrusted: null })
    expect(caseOf(pass(back, zhang)).history.at(-1)?.by.onBehalfOf).toBeUndefined()
    expect(codes(back, { kind: 'take-back', actor: zhang })).toEqual(['entrust.none'])
  })

  test('what is taken back is held by whom it was handed to before, and what is handed on is entrusted no longer', () => {
    const handed = done(filed(), { kind: 'transfer', actor: zhang, to: party(li) })
    const lent = done(handed, { kind: 'entrust', actor: li, to: party(zhang) })
    expect(done(lent, { kind: 'take-back', actor: li }).tasks[0]).toMatchObject({ holder: { personId: 'li' }, entrusted: null })
    const zhao = givenActor('zhao', 'bdc', 'office')
    const moved = done(lent, { kind: 'transfer', actor: li, to: party(zhao) })
    expect(moved.tasks[0]).toMatchObject({ holder: { personId: 'zhao' }, entrusted: null })
    expect(caseOf(pass(moved, zhao)).history.at(-1)?.by.onBehalfOf).toBeUndefined()
  })

  test('only a colleague of the same office, by name, and not further', () => {
    expect(codes(filed(), { kind: 'entrust', actor: zhang, to: party(wang) })).toEqual(['entrust.other_office'])
    expect(codes(filed(), { kind: 'entrust', actor: zhang, to: party(li, false) })).toEqual(['entrust.no_person'])
    const kase = done(filed(), { kind: 'entrust', actor: zhang, to: party(li) })
    expect(codes(kase, { kind: 'entrust', actor: li, to: party(zhang) })).toEqual(['entrust.already'])
  })
})

describe('加签、减签、或签', () => {
  const ask = (form: string, to: Party[], rule = 'all') => done(filed(), { kind: 'countersign', actor: zhang, form, to, rule })

  test('before: the decision waits for the opinion, which then stands beside the step', () => {
    const kase = ask('before', [party(wang)])
    expect(findingsOf(pass(kase, zhang))[0]).toMatchObject({ code: 'countersign.waiting', message: '加签意见尚未签署：机构drcwang' })
    expect(describePath(procedure, kase, later(1)).steps[1]?.countersigns).toMatchObject([{ to: { person: { personId: 'wang' } } }])
    const signed = done(kase, { kind: 'sign', actor: wang, ref: 'k3', opinion: '同意，建议核减' })
    expect(opinionsOf(signed).at(-1)).toMatchObject({ act: 'sign', opinion: '同意，建议核减', by: { personId: 'wang', duty: 'drc' } })
    expect(caseOf(pass(signed, zhang)).tasks[0]?.step).toBe('end')
    expect(codes(signed, { kind: 'uncountersign', actor: zhang, ref: 'k3' })).toEqual(['countersign.signed'])
  })

  test('beside: the decision does not wait, what follows it does', () => {
    const kase = caseOf(pass(ask('beside', [party(li)]), zhang))
    expect(codesOf(pass(kase, wang, 'end'))).toEqual(['countersign.waiting'])
    expect(caseOf(pass(done(kase, { kind: 'sign', actor: li, ref: 'k3' }), wang, 'end')).status).toBe('ended')
    expect(caseOf(pass(kase, wang, 'back')).countersigns).toEqual([])
    expect(codesOf(pass(ask('beside', [party(li)]), zhang, 'reject'))).toEqual(['countersign.waiting'])
  })

  test('after: asked when the decision is made, and waited for by what follows', () => {
    const kase = ask('after', [party(li)])
    expect(codes(kase, { kind: 'sign', actor: li, ref: 'k3' })).toEqual(['countersign.not_yet'])
    const result = pass(kase, zhang)
    expect(told(result)).toContainEqual({ personId: 'li' })
    expect(codesOf(pass(caseOf(result), wang, 'end'))).toEqual(['countersign.waiting'])
    expect(caseOf(pass(done(caseOf(result), { kind: 'sign', actor: li, ref: 'k3' }), wang, 'end')).status).toBe('ended')
    expect(caseOf(pass(kase, zhang, 'back')).countersigns).toEqual([])
    const last = caseOf(pass(filed(), zhang))
    expect(codes(last, { kind: 'countersign', actor: wang, form: 'after', rule: 'all', to: [party(li)] })).toEqual(['countersign.no_after'])
  })

  test('any: the first who signs answers for all', () => {
    const result = verb(ask('before', [party(wang), party(li)], 'any'), { kind: 'sign', actor: li, ref: 'k4' })
    expect(caseOf(result).countersigns).toEqual([])
    expect(told(result)).toEqual([{ personId: 'zhang' }, { personId: 'wang' }])
    expect(caseOf(pass(caseOf(result), zhang)).tasks[0]?.step).toBe('end')
  })

  test('an office may be asked, and one of it signs, once', () => {
    const kase = ask('before', [party(wang, false), party(givenActor('x', 'fin', 'drc'), false)])
    const signed = done(kase, { kind: 'sign', actor: wang, ref: 'k3' })
    const both = { ...wang, orgId: 'fin' }
    expect(codes(signed, { kind: 'sign', actor: both, ref: 'k4' })).toEqual(['person.signed_already'])
  })

  test('who asked, or a colleague, takes back what is not signed', () => {
    const kase = ask('before', [party(wang), party(li)])
    expect(codes(kase, { kind: 'uncountersign', actor: wang, ref: 'k3' })).toEqual(['countersign.not_by_actor'])
    expect(codes(kase, { kind: 'uncountersign', actor: givenActor('shen', 'bdc', 'office'), ref: 'k3' })).toEqual(['person.is_applicant'])
    expect(
      codes(kase, { kind: 'uncountersign', actor: givenActor('guo', 'bdc', 'finance'), ref: 'k3' }),
      'of the office, but another duty',
    ).toEqual(['countersign.not_by_actor'])
    const left = done(kase, { kind: 'uncountersign', actor: li, ref: 'k3' })
    expect(left.countersigns.map((one) => one.to.person?.personId)).toEqual(['li'])
    expect(left.history.at(-1)?.outcomeTitle).toBe('减签机构drcwang')
    expect(codes(left, { kind: 'sign', actor: wang, ref: 'k3' })).toEqual(['countersign.not_found'])
  })

  test('nobody is asked who is on the other side, twice, or oneself', () => {
    const to = (...parties: Party[]) => codes(filed(), { kind: 'countersign', actor: zhang, form: 'before', rule: 'all', to: parties })
    expect(to(party(givenActor('shen', 'drc', 'drc')))).toEqual(['party.barred'])
    expect(to(party(zhang))).toEqual(['party.self'])
    expect(to(party(wang), party(wang))).toEqual(['countersign.twice'])
    expect(to()).toEqual(['countersign.nobody'])
    const kase = ask('before', [party(wang)])
    expect(codes(kase, { kind: 'sign', actor: li, ref: 'k3' })).toEqual(['countersign.not_asked'])
  })
})

describe('不属本单位', () => {
  test('what was handed on goes back to who handed it on, and no clock stops', () => {
    const kase = done(filed(), { kind: 'transfer', actor: zhang, to: party(li) })
    const result = verb(kase, { kind: 'not-mine', actor: li })
    expect(caseOf(result).tasks[0]).toMatchObject({ holder: { personId: 'zhang' }, handoffs: [], due: kase.tasks[0]?.due })
    expect(told(result)).toEqual([{ personId: 'zhang' }])
  })

  test('what the procedure sent is put to the duty that dispatches: it names another, or refuses', () => {
    const kase = done(filed(), { kind: 'not-mine', actor: zhang })
    expect(kase.asks).toMatchObject([{ id: 'a3', kind: 'not-mine', duty: 'leader' }])
    expect(codes(kase, { kind: 'not-mine', actor: li })).toEqual(['ask.waiting'])
    const answer = { kind: 'answer' as const, actor: chief, ref: 'a3' }
    expect(codes(kase, { ...answer, granted: true, to: null })).toEqual(['party.none'])
    const branch = party(givenActor('hu', 'branch', 'office'), false)
    expect(done(kase, { ...answer, granted: true, to: branch }).tasks[0]).toMatchObject({ orgId: 'branch' })
    expect(done(kase, { ...answer, granted: false, to: null })).toMatchObject({ asks: [], tasks: [{ orgId: null }] })
    const last = caseOf(pass(filed(), zhang))
    expect(codes(last, { kind: 'not-mine', actor: wang })).toEqual(['not_mine.no_sender'])
  })
})

test('who dispatched a task to an office cannot work on it: what is not theirs either is put to the dispatching duty again', () => {
  const zhao = givenActor('zhao', 'bdc', 'office')
  const branch = givenActor('hu', 'branch', 'office')
  const put = done(filed(), { kind: 'not-mine', actor: zhang })
  const sent = done(put, { kind: 'answer', actor: chief, ref: put.asks[0]?.id, granted: true, to: party(branch, false) })
  expect(sent.tasks[0]).toMatchObject({ orgId: 'branch', handoffs: [{ by: { personId: 'chief' } }] })
  const again = done(sent, { kind: 'not-mine', actor: branch })
  expect(again.tasks[0]).toMatchObject({ orgId: 'branch', holder: null })
  expect(again.asks).toMatchObject([{ kind: 'not-mine', duty: 'leader', by: { personId: 'hu' } }])
  // What a colleague handed on afterwards goes back to the colleague, as ever.
  const handed = done(sent, { kind: 'transfer', actor: branch, to: party(zhao) })
  expect(done(handed, { kind: 'not-mine', actor: zhao }).tasks[0]).toMatchObject({ orgId: 'branch', holder: { personId: 'hu' } })
})

describe('延期', () => {
  const asked = () => done(filed(), { kind: 'extend', actor: zhang, until: '2026-12-31' })
  const answer = { kind: 'answer' as const, actor: chief, ref: 'a3', to: null }

  test('is asked with a reason and a new limit, and granted by the duty that the step names', () => {
    expect(asked().tasks[0]?.due).toBe(filed().tasks[0]?.due)
    const result = verb(asked(), { ...answer, granted: true })
    expect(caseOf(result).tasks[0]).toMatchObject({ due: '2026-12-31T15:59:59.999Z', extensions: 1 })
    expect(effectsOf(result)).toContainEqual(expect.objectContaining({ type: 'clock-changed', due: '2026-12-31T15:59:59.999Z' }))
    expect(codes(caseOf(result), { kind: 'extend', actor: zhang, until: '2027-01-31' })).toEqual(['extend.used'])
    const provisional = { ...asked(), tasks: asked().tasks.map((task) => ({ ...task, provisional: true })) }
    expect(done(provisional, { ...answer, granted: true }).tasks[0]?.provisional, 'a date that was granted rests on no calendar').toBe(
      false,
    )
  })

  test('is refused with a reason, and then nothing has changed', () => {
    expect(codes(asked(), { ...answer, granted: false, opinion: '' })).toEqual(['opinion.missing'])
    const kase = done(asked(), { ...answer, granted: false })
    expect(kase).toMatchObject({ asks: [], tasks: filed().tasks })
    expect(kase.history.at(-1)?.outcomeTitle).toBe('不同意延期')
    expect(codes(kase, { ...answer, granted: true })).toEqual(['ask.answered'])
  })

  test('not by who asked, not by another duty, not after the limit, not backwards, not without a limit or a rule', () => {
    expect(codes(asked(), { ...answer, actor: { ...zhang, duties: ['leader'] }, granted: true })).toEqual(['ask.own'])
    expect(codes(asked(), { ...answer, actor: wang, granted: true })).toEqual(['ask.not_answering'])
    expect(codes(asked(), { ...answer, actor: { ...applicant, duties: ['leader'] }, granted: true })).toEqual(['person.is_applicant'])
    expect(codes(asked(), { kind: 'extend', actor: li, until: '2027-01-01' })).toEqual(['ask.waiting'])
    expect(codes(filed(), { kind: 'extend', actor: zhang, until: '2026-12-31' }, later(20))).toEqual(['extend.late'])
    expect(codes(filed(), { kind: 'extend', actor: zhang, until: '2026-11-25' })).toEqual(['until.early'])
    expect(codes(filed(), { kind: 'extend', actor: zhang, until: '明天' })).toEqual(['until.invalid'])
    expect(codes(caseOf(pass(filed(), zhang)), { kind: 'extend', actor: wang, until: '2026-12-31' })).toEqual(['extend.not_allowed'])
  })

  test('not while the clock stands still: what was granted would be lost when it goes on', () => {
    const paused = done(asked(), { kind: 'pause', actor: zhang, ground: 'supplement' })
    expect(codes(paused, { ...answer, granted: true })).toEqual(['extend.paused'])
    expect(done(paused, { ...answer, granted: false }).asks).toEqual([])
    const resumed = done(paused, { kind: 'resume', actor: zhang })
    expect(done(resumed, { ...answer, granted: true }).tasks[0]?.due).toBe('2026-12-31T15:59:59.999Z')
  })
})

describe('挂账和中止计时', () => {
  const shelve = (ground: string | null) => done(filed(), { kind: 'shelve', actor: zhang, until: '2027-03-01', ground })
  const answer = { kind: 'answer' as const, actor: chief, ref: 'a3', to: null, granted: true }

  test('a shelved task is marked until its review, and its clock runs on', () => {
    const kase = done(shelve(null), answer)
    expect(kase.tasks[0]).toMatchObject({ shelved: { until: '2027-03-01T15:59:59.999Z' }, paused: null, due: filed().tasks[0]?.due })
    expect(codes(kase, { kind: 'shelve', actor: zhang, until: '2027-03-01', ground: null })).toEqual(['shelve.already'])
    expect(done(kase, { kind: 'unshelve', actor: zhang }).tasks[0]?.shelved).toBeNull()
    expect(caseOf(pass(kase, zhang)).tasks[0]?.step).toBe('end')
    expect(codes(filed(), { kind: 'unshelve', actor: zhang })).toEqual(['shelve.none'])
  })

  test('with a declared ground the clock stands still, and goes on with what was left', () => {
    const result = verb(shelve('supplement'), answer, later(4))
    expect(caseOf(result).tasks[0]).toMatchObject({ due: null, paused: { ground: 'supplement', left: 6, unit: 'work-day' } })
    expect(effectsOf(result)).toContainEqual({ type: 'clock-paused', taskId: 't2', ground: 'supplement', left: 6, unit: 'work-day' })
    const on = verb(caseOf(result), { kind: 'unshelve', actor: zhang }, later(30))
    expect(caseOf(on).tasks[0]).toMatchObject({ due: later(36), paused: null })
    expect(effectsOf(on)).toContainEqual({ type: 'clock-resumed', taskId: 't2', due: later(36), provisional: false })
  })

  test('a ground that the step does not declare is refused by name', () => {
    expect(findingsOf(verb(filed(), { kind: 'pause', actor: zhang, ground: 'publicity' }))[0]).toMatchObject({
      code: 'pause.no_ground',
      cure: '可以中止计时的法定事由：补正',
    })
    expect(codes(filed(), { kind: 'shelve', actor: zhang, until: '2027-03-01', ground: 'holiday' })).toEqual(['pause.no_ground'])
    expect(codes(caseOf(pass(filed(), zhang)), { kind: 'pause', actor: wang, ground: 'supplement' })).toEqual(['pause.no_limit'])
  })

  test('the holder pauses and resumes, once, and not after the limit', () => {
    const kase = done(filed(), { kind: 'pause', actor: zhang, ground: 'supplement' }, later(4))
    expect(kase.history.at(-1)).toMatchObject({ outcomeTitle: '中止计时：补正', detail: { ground: 'supplement' } })
    expect(codes(kase, { kind: 'pause', actor: zhang, ground: 'supplement' })).toEqual(['pause.already'])
    expect(codes(kase, { kind: 'extend', actor: zhang, until: '2026-12-31' })).toEqual(['extend.paused'])
    expect(done(kase, { kind: 'resume', actor: zhang }, later(5)).tasks[0]?.due).toBe(later(11))
    expect(codes(filed(), { kind: 'resume', actor: zhang })).toEqual(['pause.none'])
    expect(codes(filed(), { kind: 'pause', actor: zhang, ground: 'supplement' }, later(11))).toEqual(['pause.late'])
  })

  test('a return for 补正 stops the limit of the office where the step says so', () => {
    const back = caseOf(pass(filed(), zhang, 'back', later(4)))
    expect(back.history.at(-1)?.detail).toEqual({ ground: 'supplement' })
    const again = caseOf(decide(procedure, back, applicant, 'start', 'submit', {}, later(40)))
    expect(again.tasks[0]).toMatchObject({ step: 'review', due: later(46), limit: { amount: 10, unit: 'work-day' } })
    expect(again.kept).toEqual([])
  })
})

describe('并案和作废', () => {
  const leading = {
    id: 'c9',
    title: '先收到的办件',
    procedure: 'test',
    subject: { kind: 'thing', id: 's9', version: 1 },
    status: 'running',
  }

  test('a merged case closes its tasks, keeps its history and names the case that it follows', () => {
    const busy = [
      { kind: 'countersign', actor: zhang, form: 'before', rule: 'all', to: [party(wang)] },
      { kind: 'extend', actor: zhang, until: '2026-12-31' },
      { kind: 'oversee', actor: chief, until: '2026-12-01' },
    ] as const
    const waiting = busy.reduce((kase, deed) => done(kase, deed), filed())
    expect([waiting.countersigns, waiting.asks, waiting.demands].map((some) => some.length)).toEqual([1, 1, 1])
    expect(done(waiting, { kind: 'merge', actor: zhang, leading })).toMatchObject({ countersigns: [], asks: [], demands: [], kept: [] })
    const kase = done(filed(), { kind: 'merge', actor: zhang, leading })
    expect(kase).toMatchObject({ status: 'merged', mergedInto: 'c9', tasks: [], endedAt: later(1) })
    expect(describePath(procedure, kase, later(1))).toMatchObject({ mergedInto: 'c9' })
    expect(kase.history).toHaveLength(2)
    expect(codesOf(decide(procedure, kase, zhang, 'review', 'pass'))).toEqual(['task.not_found'])
  })

  test('only into a running case of the same procedure and kind, by the duty that the procedure names', () => {
    const into = (more: object) => codes(filed(), { kind: 'merge', actor: zhang, leading: { ...leading, ...more } })
    expect(into({ id: 'c1' })).toEqual(['merge.self'])
    expect(into({ procedure: 'other' })).toEqual(['merge.other_procedure'])
    expect(into({ subject: { kind: 'payment', id: 's', version: 1 } })).toEqual(['merge.other_subject'])
    expect(into({ status: 'merged' })).toEqual(['merge.not_running'])
    expect(codes(filed(), { kind: 'merge', actor: wang, leading })).toEqual(['merge.not_allowed'])
    expect(codes(opened(procedure), { kind: 'merge', actor: zhang, leading })).toEqual(['merge.draft'])
    expect(codes(filed(), { kind: 'merge', actor: givenActor('shen', 'bdc', 'office'), leading })).toEqual(['person.is_applicant'])
  })

  test('the opener’s office voids before any decision, the named duty at any time', () => {
    const sun = givenActor('sun', 'dept', 'applicant')
    expect(done(filed(), { kind: 'void', actor: sun })).toMatchObject({ status: 'voided', tasks: [] })
    const decided = caseOf(pass(filed(), zhang))
    expect(codes(decided, { kind: 'void', actor: sun })).toEqual(['void.too_late'])
    expect(done(decided, { kind: 'void', actor: chief }).status).toBe('voided')
    expect(codes(filed(), { kind: 'void', actor: wang })).toEqual(['void.not_allowed'])
    expect(codes(filed(), { kind: 'void', actor: sun, opinion: '' })).toEqual(['opinion.missing'])
    const both = { ...applicant, duties: ['leader'] }
    expect(codes(decided, { kind: 'void', actor: both }), 'nobody is on both sides').toEqual(['person.is_applicant'])
    expect(codes(done(filed(), { kind: 'void', actor: sun }), { kind: 'void', actor: sun })).toEqual(['case.over'])
  })
})

describe('催办、督办、抄送', () => {
  test('the applicant reminds the holder, once a day', () => {
    const result = verb(filed(), { kind: 'urge', actor: applicant })
    expect(told(result)).toEqual([{ duty: 'office', orgId: null }])
    expect(findingsOf(verb(caseOf(result), { kind: 'urge', actor: applicant }, later(1.5)))[0]?.code).toBe('urge.too_soon')
    expect(done(caseOf(result), { kind: 'urge', actor: chief }, later(2)).history).toHaveLength(3)
    expect(codes(filed(), { kind: 'urge', actor: wang })).toEqual(['urge.not_allowed'])
    expect(codes(opened(procedure), { kind: 'urge', actor: applicant })).toEqual(['urge.own'])
  })

  test('reminding takes nothing away from who handed in', () => {
    const kase = done(filed(), { kind: 'urge', actor: applicant })
    expect(caseOf(act(procedure, kase, { kind: 'withdraw', actor: applicant }, later(2), deadlines)).status).toBe('withdrawn')
    const handled = done(filed(), { kind: 'countersign', actor: zhang, form: 'before', rule: 'all', to: [party(wang)] })
    expect(codesOf(act(procedure, handled, { kind: 'withdraw', actor: applicant }, later(2), deadlines))).toEqual(['withdraw.too_late'])
  })

  test('a demand is answered by the holder before the case can end, and lifted by who placed it', () => {
    const kase = done(filed(), { kind: 'oversee', actor: chief, until: '2026-12-01', opinion: '本周内答复' })
    expect(kase.demands).toMatchObject([{ id: 'd3', demand: '本周内答复', until: '2026-12-01T15:59:59.999Z', reply: null }])
    expect(codesOf(pass(kase, zhang, 'reject'))).toEqual(['demand.waiting'])
    const onward = caseOf(pass(kase, zhang))
    expect(onward.tasks[0]?.step, 'it goes on, and only its end waits').toBe('end')
    expect(codesOf(decide(procedure, onward, wang, 'end', 'end', {}, later(3)))).toEqual(['demand.waiting'])
    const twice = done(kase, { kind: 'oversee', actor: chief, until: '2026-12-02' })
    expect(done(twice, { kind: 'reply', actor: zhang, ref: 'd4' }).demands).toMatchObject([
      { id: 'd3', reply: null },
      { id: 'd4', reply: 4 },
    ])
    expect(codes(kase, { kind: 'reply', actor: wang, ref: 'd3' })).toEqual(['demand.not_holder'])
    const replied = done(kase, { kind: 'reply', actor: zhang, ref: 'd3', opinion: '已完成初审' })
    expect(codes(replied, { kind: 'reply', actor: zhang, ref: 'd3' })).toEqual(['demand.replied'])
    expect(caseOf(pass(replied, zhang, 'reject')).status).toBe('rejected')
    expect(codes(replied, { kind: 'lift', actor: givenActor('other', 'city', 'leader'), ref: 'd3' })).toEqual(['demand.not_by_actor'])
    expect(done(replied, { kind: 'lift', actor: chief, ref: 'd3' }).demands).toEqual([])
    expect(codes(filed(), { kind: 'oversee', actor: zhang, until: '2026-12-01' })).toEqual(['oversee.not_allowed'])
    expect(codes(filed(), { kind: 'oversee', actor: chief, until: '2026-11-01' })).toEqual(['until.early'])
  })

  test('a copy is recorded and told, and leaves nothing to do', () => {
    const result = verb(filed(), { kind: 'copy', actor: zhang, to: [party(chief), party(wang, false)], opinion: '' })
    expect(told(result)).toEqual([{ personId: 'chief' }, { duty: 'drc', orgId: 'drc' }])
    expect(caseOf(result).tasks).toEqual(filed().tasks)
    expect(codes(filed(), { kind: 'copy', actor: wang, to: [party(chief)] })).toEqual(['copy.not_allowed'])
    expect(codes(filed(), { kind: 'copy', actor: zhang, to: [] })).toEqual(['copy.nobody'])
  })
})

test('who may do what can be asked before, with the same answer', () => {
  const kase = filed()
  const target = { taskId: kase.tasks[0]?.id ?? '' }
  expect(mayDo(procedure, kase, 'transfer', zhang, target, later(1))).toEqual([])
  expect(mayDo(procedure, kase, 'transfer', wang, target, later(1)).map((one) => one.code)).toEqual(['task.not_holder'])
  expect(mayDo(procedure, kase, 'transfer', zhang, { taskId: 't1' }, later(1)).map((one) => one.code)).toEqual(['task.closed'])
})
