import { expect, test } from 'vitest'
import { columnsSoFar, type ProposedColumns, proposedFacts, withoutAbsent } from './facts.ts'

const columns: ProposedColumns = {
  kind: 'new',
  owner_org_kind: 'city-department',
  builder: 'department',
  reach: 'single-department',
  deliverables: ['business-system'],
  funding: ['city-finance'],
  superior_coordinated: false,
  government_system: null,
  app_stage: 'none',
  necessity: '确需单独建设。',
  urgency: 'none',
  planned_deployment: 'gov-cloud',
  superior_received_at: null,
  responsible_person: '张建民',
  standard_interface: null,
}

test('what nobody answered is absent, and what was answered with no is false', () => {
  const facts = withoutAbsent(proposedFacts(columns))
  expect(facts).not.toHaveProperty('project.standardInterface')
  expect(facts['project.filedWithCenter']).toBe(false)
  expect(withoutAbsent(proposedFacts({ ...columns, standard_interface: false }))['project.standardInterface']).toBe(false)
})

test.each([
  ['none', false],
  ['declared', undefined],
  ['confirmed', true],
  ['rejected', false],
] as const)('an emergency that is %s is %s (WH23-22)', (urgency, emergency) => {
  expect(proposedFacts({ ...columns, urgency })['project.emergency']).toBe(emergency)
})

test('it is a government system unless the center decided that it is none (WH23-2)', () => {
  expect(proposedFacts(columns)['project.governmentSystem']).toBe(true)
  expect(proposedFacts({ ...columns, government_system: true })['project.governmentSystem']).toBe(true)
  expect(proposedFacts({ ...columns, government_system: false })['project.governmentSystem']).toBe(false)
})

test('blanks show no necessity (WH23-8)', () => {
  expect(proposedFacts({ ...columns, necessity: ' \n ' })['project.necessityShown']).toBe(false)
  expect(proposedFacts(columns)['project.necessityShown']).toBe(true)
})

test.each([
  ['city-department', 'city-department'],
  ['big-data-center', 'big-data-center'],
  ['district', 'district'],
  ['enterprise', 'enterprise'],
  ['public-body', 'public-body'],
  ['government', 'public-body'],
  ['other', 'public-body'],
])('an organisation of kind %s is a %s to the rules', (kind, fact) => {
  expect(proposedFacts({ ...columns, owner_org_kind: kind })['project.organisation']).toBe(fact)
})

test('of a form that has only begun nothing is known that was not filled in', () => {
  const facts = withoutAbsent(proposedFacts({ ...columnsSoFar({ secrecy: false }), owner_org_kind: 'district' }))
  expect(facts).toEqual({
    'project.organisation': 'district',
    'project.governmentSystem': true,
    'project.stateSecret': false,
    'project.emergency': false,
    'project.filedWithCenter': false,
  })
})
