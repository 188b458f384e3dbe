// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@tongchou/api-client'
import { anchorFindings, type FormValues, formTroubles, withLines } from '@tongchou/ui'
import { expect, test } from 'vitest'
import { bodyOf, draftContentOf, emptyProposal, placeOfFinding, proposalPlaces, soFar, tellingFindings, valuesOfDraft } from './proposal.ts'
import { proposalFields } from './proposal-fields.ts'

const fieldsOf = (values: FormValues, ownerKind = 'city-department') => proposalFields(values, { ownerKind, nameOf: (one) => one })
const lacksOf = (values: FormValues) => formTroubles(fieldsOf(values), values).map((one) => one.path)
const filled = withLines

const whole = filled({
  ...emptyProposal('civil-affairs'),
  name: '低保核对系统',
  kind: 'new',
  builder: 'department',
  reach: 'single-department',
  deliverables: ['business-system'],
  funding: ['city-finance'],
  superiorCoordinated: 'no',
  plannedDeployment: 'gov-cloud',
  omCostFen: 0,
  responsiblePerson: '格日勒图',
  budgetLines: [{ title: '软件', category: 'software', amountFen: 100 }, {}],
  systems: [{ name: '核对系统' }],
})

function finding(effect: Finding['effect'], facts: string[]): Finding {
  return { rule: 'r', effect, modality: 'must', basis: 'text', mode: 'enforce', article: 'WH23-4', text: '', message: '', cure: '', facts }
}

test('an empty proposal lacks what the server requires, in the order of the form, and nothing is chosen for the applicant', () => {
  expect(lacksOf(emptyProposal('civil-affairs'))).toEqual([
    'name',
    'kind',
    'responsiblePerson',
    'builder',
    'reach',
    'plannedDeployment',
    'superiorCoordinated',
    'deliverables',
    'budgetLines',
    'omCostFen',
    'funding',
  ])
  expect(soFar(fieldsOf({}), emptyProposal('civil-affairs'))).toEqual({
    secrecy: false,
    summary: '',
    planBasis: '',
    userUnitOrgId: 'civil-affairs',
    necessity: '',
    noDataReason: '',
    urgencyReason: '',
  })
})

test('a whole proposal lacks nothing; blank lines are not sent, a system without functions is', () => {
  expect(lacksOf(whole)).toEqual([])
  expect(bodyOf(fieldsOf(whole), whole)).toMatchObject({
    secrecy: false,
    appStage: 'none',
    standardInterface: null,
    superiorCoordinated: false,
    omCostFen: 0,
    budgetLines: [{ title: '软件', category: 'software', amountFen: 100 }],
    systems: [{ name: '核对系统', functions: '' }],
    dataResources: [],
  })
})

test('the stage of a public app is asked for once one is built, and forgotten when it is not', () => {
  const app: FormValues = { ...whole, deliverables: ['public-app'], standardInterface: 'yes' }
  expect(lacksOf(app)).toEqual(['appStage'])
  expect(soFar(fieldsOf(app), app)).not.toHaveProperty('appStage')
  const built = { ...app, appStage: 'built' }
  expect(bodyOf(fieldsOf(built), built)).toMatchObject({ appStage: 'built', standardInterface: true })
  const dropped = { ...built, deliverables: ['business-system'] }
  expect(bodyOf(fieldsOf(dropped), dropped)).toMatchObject({ appStage: 'none', standardInterface: null })
})

test('who can build follows from who proposes; an urgent project says why', () => {
  const buildersOf = (kind: string) => {
    const field = fieldsOf({}, kind).find((one) => one.id === 'builder')
    return field?.type === 'choice' ? field.choices.map((one) => one.value) : []
  }
  expect(buildersOf('city-department')).toEqual(['big-data-center', 'department'])
  expect(buildersOf('district')).toEqual(['big-data-center', 'district'])
  expect(buildersOf('big-data-center')).toEqual(['big-data-center'])
  expect(lacksOf({ ...whole, urgent: 'yes' })).toEqual(['urgencyReason'])
})

test('a draft keeps what is half typed and wrong, and comes back as it was', () => {
  const half = filled({
    name: '低',
    omCostFen: '约三万',
    superiorCoordinated: 'no',
    budgetLines: [{ title: '软件', amountFen: '1.005' }],
    urgent: 'yes',
    urgencyReason: '汛情',
  })
  const content = draftContentOf(fieldsOf(half), half)
  expect(content).toEqual({
    name: '低',
    superiorCoordinated: false,
    budgetLines: [{ title: '软件' }],
    urgencyReason: '汛情',
    unread: [
      { path: 'budgetLines/0/amountFen', text: '1.005' },
      { path: 'omCostFen', text: '约三万' },
    ],
  })
  const back = filled(valuesOfDraft(content))
  expect(back.omCostFen).toBe('约三万')
  expect(draftContentOf(fieldsOf(back), back)).toEqual(content)
  expect(soFar(fieldsOf(half), half)).not.toHaveProperty('omCostFen')
})

test('a finding stands beside the item that cures it, not beside every fact it reads, and names the other items', () => {
  expect(placeOfFinding(finding('refuse', ['project.organisation', 'project.deliverables']))).toBe('deliverables')
  expect(placeOfFinding(finding('require', ['project.reach', 'project.builder', 'project.necessityShown']))).toBe('necessity')
  expect(placeOfFinding(finding('refuse', ['project.reach', 'project.builder']))).toBe('builder')
  expect(placeOfFinding(finding('refuse', ['project.inAnnualPlan']))).toBeUndefined()
  expect(anchorFindings([finding('refuse', ['project.reach', 'project.builder'])], proposalPlaces)).toMatchObject([
    { path: 'builder', others: ['reach'] },
  ])
})

test('that a rule cannot decide yet is not told while the item it needs is empty; what no item answers is', () => {
  const waiting = finding('undecidable', ['project.reach'])
  const open = finding('undecidable', ['project.emergency'])
  // Proven all the same: the rule needed nothing more.
  const refused = finding('refuse', ['project.deliverables', 'project.reach'])
  expect(tellingFindings([waiting, open, refused], [{ path: 'reach', message: '' }])).toEqual([open, refused])
  expect(tellingFindings([waiting], [])).toEqual([waiting])
})
