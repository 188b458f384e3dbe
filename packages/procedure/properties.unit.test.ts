// SPDX-License-Identifier: Apache-2.0

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Act, Case, Result } from './case.ts'
import { deadlines, givenInit, later, MONDAY } from './given.ts'
import { comesBefore, stepOf } from './graph.ts'
import { act, checkProcedure, describePath, openCase, opinionsOf, parseProcedure, verbTitles } from './index.ts'
import type { Procedure } from './procedure.ts'
import { deedOf, manyWishes, onward, people, soundProcedure, type Wish, wishes } from './random.given.ts'
import { sideOfEntry } from './standing.ts'

interface Moment {
  before: Case
  deed: Act
  result: Result
  after: Case
}

/** Opens a case and does what is wished, one act a day; a refused act leaves the case as it was. */
function run(procedure: Procedure, wished: readonly Wish[]): Moment[] {
  const slots = { 'subject-org': 'dept' }
  const first = openCase(procedure, givenInit(procedure, { slots }), MONDAY, deadlines)
  if ('findings' in first) throw new Error(first.findings[0]?.message)
  let kase = first.case
  return wished.map((wish, day) => {
    const before = kase
    const deed = deedOf(procedure, before, wish)
    const result = act(procedure, before, deed, later(day), deadlines)
    if ('case' in result) kase = result.case
    return { before, deed, result, after: kase }
  })
}

/** Holds something to be true at every moment of random cases of random procedures. */
function always(holds: (moment: Moment, procedure: Procedure) => void, options: fc.Parameters<unknown> = {}, wished = wishes): void {
  fc.assert(
    fc.property(soundProcedure, wished, (procedure, story) => {
      for (const moment of run(procedure, story)) holds(moment, procedure)
    }),
    { numRuns: 400, ...options } as fc.Parameters<[Procedure, Wish[]]>,
  )
}

test('every procedure that is built of sound parts passes the model check and the reader', () => {
  fc.assert(
    fc.property(soundProcedure, (procedure) => {
      expect(checkProcedure(procedure)).toEqual([])
      expect(parseProcedure(JSON.parse(JSON.stringify(procedure)))).toEqual({ procedure })
    }),
    { numRuns: 300 },
  )
})

test('the random acts reach what they are meant to test', () => {
  const seen = new Set<string>()
  always(
    ({ before, deed, result, after }) => {
      if ('findings' in result) return void seen.add(result.findings[0]?.code ?? '')
      const entry = after.history.at(-1)
      seen.add(entry?.kind ?? '').add(after.status)
      if (deed.kind === 'decide' && before.tasks.some((task) => task.id === deed.taskId && task.returnTo.length > 0)) seen.add('answered')
      if (after.tasks.some((task) => task.returnTo.length > 1)) seen.add('shared')
      if (after.tasks.some((task) => task.returnTo.some((back) => back.onward.length > 0))) seen.add('nested')
      if (after.arrivals.length > 0) seen.add('arrived')
      if (after.signed.length > 0) seen.add('signed')
      if (after.kept.length > 0) seen.add('kept')
      if (entry?.by.onBehalfOf) seen.add('on-behalf')
      // A fixed seed: this one asks what the generator reaches, not whether the engine holds.
    },
    { numRuns: 1200, seed: 1 },
    manyWishes,
  )
  const codes = ['person.is_applicant', 'person.has_decided', 'person.signed_already', 'task.closed', 'task.not_found', 'withdraw.too_late']
  const ways = [
    ...Object.keys(verbTitles),
    'countersign.waiting',
    'demand.waiting',
    'task.held_by_other',
    'party.barred',
    'merged',
    'voided',
    'kept',
    'on-behalf',
    'forward',
    'return',
    'reject',
    'end',
    'withdraw',
    'answered',
    'shared',
    'nested',
    'arrived',
    'signed',
    'returned',
    'withdrawn',
  ]
  expect([...seen]).toEqual(expect.arrayContaining([...codes, ...ways]))
})

test('no task is lost: a case that is not over always waits for somebody, and one that is over for nobody', () => {
  always(({ after }) => {
    expect(after.tasks.length === 0).toBe(after.endedAt !== null)
    expect(['ended', 'rejected', 'merged', 'voided'].includes(after.status)).toBe(after.endedAt !== null)
    if (after.endedAt === null) return
    expect([after.countersigns, after.asks, after.demands, after.kept]).toEqual([[], [], [], []])
  })
})

test('from wherever a case stands, an end can still be reached', () => {
  fc.assert(
    fc.property(soundProcedure, wishes, (procedure, wished) => {
      const stands = run(procedure, wished).at(-1)?.after
      if (!stands || stands.endedAt !== null) return
      let kase = stands
      for (let n = 0; n < 300 && kase.endedAt === null; n += 1) kase = onward(procedure, kase, n)
      expect(kase.status).toBe('ended')
    }),
    { numRuns: 400 },
  )
})

test('never two holders on one seat, and task numbers are never given twice', () => {
  always(({ before, after }) => {
    const seats = after.tasks.map((task) => `${task.step}/${task.seat}`)
    expect(new Set(seats).size).toBe(seats.length)
    const fresh = after.tasks.filter((task) => !before.tasks.some((old) => old.id === task.id))
    for (const task of fresh) expect(Number(task.id.slice(1))).toBeGreaterThan(before.counter)
  })
})

test('one who is meant alone stands alone: no step is open again behind or beside what it led to', () => {
  always(({ after }, procedure) => {
    // Only who was asked to come straight back is open before another who waits.
    for (const task of after.tasks)
      for (const later of after.tasks)
        if (task.returnTo.length === 0 && later.returnTo.length === 0) expect(comesBefore(procedure, task.step, later.step)).toBe(false)
  })
})

test('nothing is refused and done at once: a refusal has words and a cure, and leaves the case untouched', () => {
  always(({ before, result, after }) => {
    if ('case' in result) return expect(after.history.length).toBe(before.history.length + 1)
    expect(after).toBe(before)
    expect(result.findings.length).toBeGreaterThan(0)
    for (const finding of result.findings) for (const text of [finding.message, finding.cure]) expect(text).toMatch(/\p{Script=Han}/u)
  })
})

test('history only grows, its lines never change and are numbered without a gap', () => {
  always(({ before, after }) => {
    expect(after.history.slice(0, before.history.length)).toEqual(before.history)
    expect(after.history.map((entry) => entry.seq)).toEqual(after.history.map((_, index) => index + 1))
  })
})

test('signed opinions survive every return, withdrawal and ending', () => {
  always(({ before, deed, result, after }) => {
    const kept = opinionsOf(before)
    expect(opinionsOf(after).slice(0, kept.length)).toEqual(kept)
    if ('case' in result) expect(opinionsOf(after).at(-1)).toMatchObject({ opinion: deed.opinion, by: { personId: deed.actor.personId } })
  })
})

test('the applicant and whoever handed in never decide, and nobody is on both sides', () => {
  always(({ after }, procedure) => {
    const sides = new Map<string, Set<string>>()
    const note = (person: string, side: string) => sides.set(person, (sides.get(person) ?? new Set()).add(side))
    note(after.applicant.personId, procedure.initiation === 'application' ? 'applicant' : 'office')
    for (const entry of after.history) {
      const side = sideOfEntry(procedure, entry)
      if (side) note(entry.by.personId, side)
    }
    for (const [person, both] of sides) expect(both.size, person).toBe(1)
  })
})

test('nobody signs twice in one round of a 会签', () => {
  always(({ after }) => {
    const signed = after.signed.map((seat) => `${seat.step} ${seat.personId}`)
    expect(new Set(signed).size).toBe(signed.length)
  })
  always(({ result, after }, procedure) => {
    const last = after.history.at(-1)
    const step = last && stepOf(procedure, last.step)
    if (!('case' in result) || !last || last.kind !== 'forward' || step?.quorum !== 'all' || last.emits.length === 0) return
    const signers = step.holders.map(
      (_, seat) => after.history.findLast((entry) => entry.step === step.id && entry.seat === seat)?.by.personId,
    )
    expect(new Set(signers).size).toBe(step.holders.length)
  })
})

test('only who holds the task decides it', () => {
  always(({ before, deed, result }) => {
    if (!('case' in result) || deed.kind !== 'decide') return
    const task = before.tasks.find((open) => open.id === deed.taskId)
    expect(deed.actor.duties).toContain(task?.duty)
    if (task?.orgId) expect(deed.actor.orgId).toBe(task.orgId)
    // Who was named alone decides it; who was entrusted signs for who entrusted it.
    if (task?.holder) expect(deed.actor.personId).toBe(task.holder.personId)
    const signed = result.case.history.at(-1)
    expect(signed?.by.onBehalfOf?.personId ?? null).toBe(task?.entrusted?.by.personId ?? null)
  })
})

test('the effects tell the whole difference: tasks opened, closed and changed, and every clock', () => {
  always(({ before, result, after }) => {
    if (!('case' in result)) return
    const tasks = new Map(before.tasks.map((task) => [task.id, task]))
    const clocks = new Set(before.tasks.filter((task) => task.due !== null).map((task) => task.id))
    for (const effect of result.effects) {
      if (effect.type === 'task-opened' || effect.type === 'task-changed') tasks.set(effect.task.id, effect.task)
      if (effect.type === 'task-closed') expect(tasks.delete(effect.taskId)).toBe(true)
      if (effect.type === 'clock-started') clocks.add(effect.taskId)
      if (effect.type === 'clock-stopped' || effect.type === 'clock-paused') expect(clocks.delete(effect.taskId)).toBe(true)
      if (effect.type === 'clock-resumed') clocks.add(effect.taskId)
      if (effect.type === 'clock-changed') expect(tasks.get(effect.taskId)?.due).toBe(effect.due)
    }
    expect([...tasks.values()].sort(byId)).toEqual([...after.tasks].sort(byId))
    expect([...clocks].sort()).toEqual(
      after.tasks
        .filter((task) => task.due !== null)
        .map((task) => task.id)
        .sort(),
    )
  })
})

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)

test('the same input gives the same output, also from a case that went through JSON, and no input is changed', () => {
  always(
    ({ before, deed, result }, procedure) => {
      const stored: Case = JSON.parse(JSON.stringify(before))
      expect(act(frozen(procedure), frozen(stored), frozen(deed), later(0), deadlines)).toEqual(
        act(procedure, before, deed, later(0), deadlines),
      )
      expect(JSON.parse(JSON.stringify(result))).toEqual(result)
    },
    { numRuns: 150 },
  )
})

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(Object.freeze(value))) frozen(inner)
  return value
}

test('the picture agrees with the case: active is what is open, and after the end nothing lies ahead', () => {
  always(({ after }, procedure) => {
    const path = describePath(procedure, after, later(50))
    const active = path.steps.filter((step) => step.state === 'active').map((step) => step.id)
    expect(new Set(active)).toEqual(new Set(after.tasks.map((task) => task.step)))
    expect(path.steps.flatMap((step) => step.active).length).toBe(after.tasks.length)
    expect(path.steps.flatMap((step) => step.signed).length).toBe(after.history.length)
    if (after.endedAt !== null) expect(path.steps.every((step) => step.state === 'done' || step.state === 'skipped')).toBe(true)
    const column = new Map(path.steps.map((step) => [step.id, step.column]))
    for (const edge of path.edges) {
      const rightwards = (column.get(edge.to) ?? 0) - (column.get(edge.from) ?? 0)
      edge.kind === 'return' ? expect(rightwards).toBeLessThan(0) : expect(rightwards).toBeGreaterThan(0)
    }
  })
})

test('nothing that is handed in makes the engine throw', () => {
  fc.assert(
    fc.property(soundProcedure, wishes, fc.string(), fc.string(), fc.constantFrom(...people), (procedure, wished, text, other, actor) => {
      const kase = run(procedure, wished).at(-1)?.after
      if (!kase) return
      const deed: Act = {
        kind: 'decide',
        actor,
        taskId: text,
        outcome: other,
        opinion: text,
        documents: [{ kind: text, id: other }],
        choices: [text],
        dates: { [text]: other },
      }
      for (const taskId of [text, kase.tasks[0]?.id ?? text])
        expect(act(procedure, kase, { ...deed, taskId }, later(50), deadlines)).toHaveProperty('findings')
      expect(act(procedure, kase, { kind: 'withdraw', actor: { ...actor, personId: text } }, later(50), deadlines)).toHaveProperty(
        'findings',
      )
    }),
  )
})

test('what is done beside a decision stops no clock: only a declared ground does, and only an extension moves a limit', () => {
  const mayChange = ['pause', 'resume', 'answer', 'unshelve', 'decide', 'withdraw', 'merge', 'void']
  always(({ before, deed, result, after }, procedure) => {
    for (const task of after.tasks)
      if (task.paused) expect(stepOf(procedure, task.step)?.pauses.map((one) => one.ground)).toContain(task.paused.ground)
    if (!('case' in result) || mayChange.includes(deed.kind)) return
    const limits = (kase: Case) => kase.tasks.map(({ id, due, limit, paused }) => ({ id, due, limit, paused }))
    expect(limits(after)).toEqual(limits(before))
  })
})

test('an opinion that was asked for before a decision is waited for, and nothing ends while one is', () => {
  always(({ before, deed, result }) => {
    if (!('case' in result) || deed.kind !== 'decide') return
    const line = result.case.history.at(-1)
    const waits = before.countersigns.filter((one) => one.taskId === deed.taskId && one.form === 'before')
    expect(waits).toEqual([])
    if (line?.kind === 'end' || line?.kind === 'reject') expect(before.countersigns).toEqual([])
  })
})

test('a countersign that is signed was asked of who signed it, and leaves nothing to take back', () => {
  always(({ before, deed, result, after }, procedure) => {
    if (!('case' in result) || deed.kind !== 'sign') return
    const asked = before.countersigns.find((one) => one.id === deed.ref)
    expect(asked?.to.person?.personId ?? deed.actor.personId).toBe(deed.actor.personId)
    const taken = act(procedure, after, { kind: 'uncountersign', actor: deed.actor, ref: deed.ref, opinion: '撤销' }, later(0), deadlines)
    expect(taken).toMatchObject({ findings: [{ code: after.endedAt === null ? 'countersign.signed' : expect.anything() }] })
  })
})
