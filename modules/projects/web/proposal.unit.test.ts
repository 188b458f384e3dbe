// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@tongchou/api-client'
import { newLine } from '@tongchou/ui'
import { expect, test } from 'vitest'
import { bodyOf, type Draft, emptyDraft, fieldOfFinding, fieldOfPath, lacksOf, soFar, tellingFindings } from './proposal.ts'

const whole: Draft = {
  ...emptyDraft('civil-affairs'),
  name: '低保核对系统',
  kind: 'new',
  builder: 'department',
  reach: 'single-department',
  deliverables: ['business-system'],
  funding: ['city-finance'],
  superiorCoordinated: false,
  plannedDeployment: 'gov-cloud',
  omCostFen: 0,
  responsiblePerson: '格日勒图',
  lines: {
    budgetLines: [newLine({ title: '软件', category: 'software', amountFen: 100 }), newLine()],
    systems: [newLine({ name: '核对系统' })],
  },
}

function finding(effect: Finding['effect'], facts: string[]): Finding {
  return { rule: 'r', effect, modality: 'must', basis: 'text', mode: 'enforce', article: 'WH23-4', text: '', message: '', cure: '', facts }
}

test('an empty proposal lacks what the server requires, in the order of the form, and nothing is chosen for the applicant', () => {
  expect(lacksOf(emptyDraft('civil-affairs')).map((one) => one.field)).toEqual([
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
  expect(soFar(emptyDraft('civil-affairs'))).toEqual({
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
  expect(bodyOf(whole)).toMatchObject({
    secrecy: false,
    appStage: 'none',
    standardInterface: null,
    omCostFen: 0,
    budgetLines: [{ title: '软件', category: 'software', amountFen: 100 }],
    systems: [{ name: '核对系统', functions: '' }],
    dataResources: [],
  })
})

test('the stage of a public app is asked for once one is built, and forgotten when it is not', () => {
  const app: Draft = { ...whole, deliverables: ['public-app'], standardInterface: true }
  expect(lacksOf(app)).toEqual([{ field: 'appStage', message: '线上服务类APP的建设状态' }])
  expect(soFar(app)).not.toHaveProperty('appStage')
  expect(bodyOf({ ...app, appStage: 'built' })).toMatchObject({ appStage: 'built', standardInterface: true })
  expect(bodyOf({ ...app, appStage: 'built', deliverables: ['business-system'] })).toMatchObject({
    appStage: 'none',
    standardInterface: null,
  })
})

test('a finding stands beside the field that cures it, not beside every fact it reads', () => {
  expect(fieldOfFinding(finding('refuse', ['project.organisation', 'project.deliverables']))).toBe('deliverables')
  expect(fieldOfFinding(finding('require', ['project.reach', 'project.builder', 'project.necessityShown']))).toBe('necessity')
  expect(fieldOfFinding(finding('refuse', ['project.reach', 'project.builder']))).toBe('builder')
  expect(fieldOfFinding(finding('refuse', ['project.inAnnualPlan']))).toBeUndefined()
})

test('that a rule cannot decide yet is not told while the field it needs is empty; what no field answers is', () => {
  const waiting = finding('undecidable', ['project.reach'])
  const open = finding('undecidable', ['project.emergency'])
  // Proven all the same: the rule needed nothing more.
  const refused = finding('refuse', ['project.deliverables', 'project.reach'])
  expect(tellingFindings([waiting, open, refused], { ...whole, reach: null })).toEqual([open, refused])
  expect(tellingFindings([waiting], whole)).toEqual([waiting])
})

test('a problem of the server is shown at its field, also inside lines', () => {
  expect(['budgetLines/0/amountFen', '/userUnitOrgId', 'name'].map(fieldOfPath)).toEqual(['budgetLines', 'userUnitOrgId', 'name'])
})
