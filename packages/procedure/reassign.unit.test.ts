// SPDX-License-Identifier: Apache-2.0

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Actor, Case } from './case.ts'
import { deadlines, givenInit, givenProcedure, givenStart, givenStep, later, MONDAY } from './given.ts'
import { act, applicantOrgOf, openCase, reassign } from './index.ts'
import type { Procedure } from './procedure.ts'
import { deedOf, onward, people, soundProcedure, type Wish, wishes } from './random.given.ts'
import { sharesPerson, sideOfEntry } from './standing.ts'

const procedureOf = () => givenProcedure(givenStart('review'), givenStep({ id: 'review' }))

function begun(procedure: Procedure): Case {
  const opened = openCase(procedure, givenInit(procedure, { slots: { 'subject-org': 'dept' } }), MONDAY, deadlines)
  if ('findings' in opened) throw new Error(opened.findings[0]?.message)
  return opened.case
}

function carriedOn(procedure: Procedure, kase: Case, wished: readonly Wish[], as: (actor: Actor, wish: Wish) => Actor): Case {
  return wished.reduce((before, wish, day) => {
    const deed = deedOf(procedure, before, wish)
    const result = act(procedure, before, { ...deed, actor: as(deed.actor, wish) }, later(day), deadlines)
    return 'case' in result ? result.case : before
  }, kase)
}

test('a reorganisation hands over what is open and touches nothing that was signed', () => {
  fc.assert(
    fc.property(soundProcedure, wishes, (procedure, wished) => {
      const before = carriedOn(procedure, begun(procedure), wished, (actor) => actor)
      const after = reassign(before, 'dept', 'new-bureau')
      const moved = (kase: Case) => ({ tasks: kase.tasks, slots: kase.slots, countersigns: kase.countersigns, kept: kase.kept })
      const { applicantOrgId, ...rest } = after
      expect({ ...rest, ...moved(before) }).toEqual(before)
      expect(applicantOrgOf(after)).toBe(before.endedAt === null ? 'new-bureau' : 'dept')
      expect(JSON.parse(JSON.stringify(moved(after)).replaceAll('"new-bureau"', '"dept"'))).toEqual(moved(before))
      if (before.endedAt === null) {
        expect(Object.values(after.slots)).not.toContain('dept')
        expect(after.tasks.map((task) => task.orgId)).not.toContain('dept')
      } else expect(after).toBe(before)
    }),
    { numRuns: 400 },
  )
})

test('everything that names the organisation in what waits names the new one, and nothing else does', () => {
  const by = (orgId: string) => ({ personId: 'p', name: '某', postId: 'q', orgId, orgName: '机构', duty: 'office' })
  const [open] = begun(procedureOf()).tasks
  if (!open) throw new Error('no task')
  const kase: Case = {
    ...begun(procedureOf()),
    tasks: ['dept', 'other', null].map((orgId, index) => ({
      ...{ ...open, id: `t${index}`, orgId },
      entrusted: { by: by('dept'), before: null },
      handoffs: [
        { by: by('other'), at: MONDAY },
        { by: by('dept'), at: MONDAY },
      ],
    })),
    countersigns: (['dept', 'other'] as const).map((orgId, index) => ({
      ...{ id: `k${index}`, group: 'k0', taskId: 't0', step: open.step, seat: 0, form: 'before', rule: 'all', question: '', since: MONDAY },
      ...{ open: true, decided: false, to: { orgId, orgName: '机构', duty: 'office', person: null }, by: by(orgId) },
    })),
    kept: ['dept', 'other', null].map((orgId) => ({ step: open.step, seat: 0, left: 3, unit: 'day', orgId, holder: null })),
  }
  const after = reassign(kase, 'dept', 'new-bureau')
  expect(after.tasks.map((task) => task.orgId)).toEqual(['new-bureau', 'other', null])
  expect(after.tasks.map((task) => task.entrusted?.by.orgId)).toEqual(['new-bureau', 'new-bureau', 'new-bureau'])
  expect(after.tasks[0]?.handoffs.map((one) => one.by.orgId)).toEqual(['other', 'new-bureau'])
  expect(after.countersigns.map((one) => [one.to.orgId, one.by.orgId])).toEqual([
    ['new-bureau', 'new-bureau'],
    ['other', 'other'],
  ])
  expect(after.kept.map((one) => one.orgId)).toEqual(['new-bureau', 'other', null])
  expect(after.tasks.map(({ due, paused }) => [due, paused])).toEqual(kase.tasks.map(({ due, paused }) => [due, paused]))
})

test('whoever came along to the new organisation carries the case to its end', () => {
  fc.assert(
    fc.property(soundProcedure, wishes, (procedure, wished) => {
      let kase = reassign(
        carriedOn(procedure, begun(procedure), wished, (actor) => actor),
        'dept',
        'new-bureau',
      )
      for (let n = 0; n < 300 && kase.endedAt === null; n += 1) kase = onward(procedure, kase, n)
      expect(['ended', 'rejected', 'merged', 'voided']).toContain(kase.status)
      expect(kase.history.filter((line) => line.by.personId.startsWith('fresh')).every((line) => line.by.orgId !== 'dept')).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test('neither who lends a post nor who borrows it is ever on both sides of a case, and nobody signs a round twice', () => {
  let lent = 0
  fc.assert(
    fc.property(soundProcedure, wishes, (procedure, wished) => {
      const after = carriedOn(procedure, begun(procedure), wished, (actor, wish) => {
        const delegate = people[wish.outcome % people.length]
        if (!delegate || wish.who % 2 === 0 || delegate.personId === actor.personId) return actor
        // The delegate acts at the holder's post: with its duties, in its organisation, and in both names.
        return {
          ...actor,
          personId: delegate.personId,
          name: delegate.name,
          onBehalfOf: { personId: actor.personId, name: actor.name },
        }
      })
      const behind = (side: 'applicant' | 'office') =>
        after.history
          .filter((line) => sideOfEntry(procedure, line) === side)
          .flatMap((line) => [line.by.personId, ...(line.by.onBehalfOf ? [line.by.onBehalfOf.personId] : [])])
      lent += after.history.filter((line) => line.by.onBehalfOf).length
      const office = new Set(behind('office'))
      expect(behind('applicant').filter((person) => office.has(person))).toEqual([])
      for (const round of after.signed) {
        const signers = after.signed.filter((seat) => seat.step === round.step).map((seat) => seat.personId)
        expect(new Set(signers).size).toBe(signers.length)
      }
    }),
    { numRuns: 600 },
  )
  expect(lent).toBeGreaterThan(100)
})

test('a signature of either name bars both', () => {
  const signed = { personId: 'li', name: '李', postId: 'p', orgId: 'o', orgName: '局', duty: 'office' }
  const behalf = { personId: 'zhang', name: '张' }
  const actor = (personId: string, onBehalfOf?: { personId: string; name: string }) => ({
    personId,
    name: personId,
    postId: 'p',
    orgId: 'o',
    orgName: '局',
    duties: [],
    ...(onBehalfOf ? { onBehalfOf } : {}),
  })
  expect(sharesPerson(actor('li'), signed)).toBe(true)
  expect(sharesPerson(actor('zhang'), signed)).toBe(false)
  expect(sharesPerson(actor('zhang'), { ...signed, onBehalfOf: behalf })).toBe(true)
  expect(sharesPerson(actor('wang', { personId: 'li', name: '李' }), signed)).toBe(true)
  expect(sharesPerson(actor('wang', behalf), { ...signed, onBehalfOf: behalf })).toBe(true)
})
