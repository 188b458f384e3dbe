// SPDX-License-Identifier: Apache-2.0

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { checkProcedure, parseProcedure, referencesOf, slotsOf } from './index.ts'
import type { Procedure } from './procedure.ts'

const packs = join(import.meta.dirname, '../../policy-packs')
const folder = join(packs, 'wuhai-2023/procedures')
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'))

function load(file: string): Procedure {
  const parsed = parseProcedure(parse(readFileSync(join(folder, file), 'utf8')))
  if ('problems' in parsed) throw new Error(parsed.problems.map((problem) => `${problem.path}: ${problem.message}`).join('\n'))
  return parsed.procedure
}

const procedures = files.map(load)
const byId = (id: string) => procedures.find((procedure) => procedure.id === id)
const eventsOf = (id: string) =>
  referencesOf(byId(id) ?? expect.fail(id))
    .filter((reference) => reference.kind === 'event')
    .map((reference) => reference.value)

test('the procedures of WH23 are those that the other modules name', () => {
  expect(files.map((file) => file.replace('.yaml', ''))).toEqual(procedures.map((procedure) => procedure.id))
  expect(procedures.map((procedure) => procedure.id).sort()).toEqual(
    [
      ...[
        'acceptance',
        'catalog-change',
        'catalog-entry',
        'catalog-withdrawal',
        'city-plan',
        'construction-plan',
        'data-correction',
        'establishment',
        'evaluation',
        'finding-check',
        'funding',
      ],
      ...['handover', 'payment', 'plan-entry', 'project-change', 'rectification', 'sharing-dispute', 'sharing-request', 'tender'],
    ].sort(),
  )
})

describe.each(procedures.map((procedure) => [procedure.title, procedure] as const))('%s', (_, procedure) => {
  test('is sound in every state it can be in', () => {
    expect(checkProcedure(procedure)).toEqual([])
  })

  test('cites only articles of the measure, and names only its own duties and acts', () => {
    const text = readFileSync(join(packs, 'wuhai-2023/text.md'), 'utf8')
    const known = parse(readFileSync(join(packs, 'vocabulary.yaml'), 'utf8')) as {
      acts: Record<string, unknown>
      roles: Record<string, unknown>
    }
    for (const { kind, value, path } of referencesOf(procedure)) {
      if (kind === 'article') expect(text, path).toContain(`## ${value} `)
      if (kind === 'duty') expect(Object.keys(known.roles), path).toContain(value)
      if (kind === 'act') expect(Object.keys(known.acts), path).toContain(value)
    }
  })

  test('invents no days: every limit is the record’s, names the other text it is from, or says 未规定', () => {
    for (const step of procedure.steps) {
      if (step.limit.kind === 'fixed') {
        expect(step.limit).toMatchObject({ source: expect.stringMatching(/第.+条/), verified: false })
        expect(step.note).toContain('未持有原文')
      }
      if (step.limit.kind === 'none') expect(step.limit.reason).toMatch(/^未规定/)
    }
  })

  test('tells in a note what the city or an inference adds', () => {
    const notes = [procedure.note, ...procedure.steps.map((step) => step.note)].filter((note) => note !== null)
    const added = procedure.basis !== 'text' || procedure.steps.some((step) => step.basis !== 'text')
    if (added) expect(notes.join('')).toMatch(/本地补充|推论|未规定|理解/)
  })
})

test('each subject hears the events it lives by', () => {
  const lived = {
    'plan-entry': ['plan-entry.filed', 'plan-entry.reviewed', 'plan-entry.rejected'],
    'city-plan': ['city-plan.joint-reviewed', 'city-plan.approved'],
    'construction-plan': ['project.reviewed', 'project.argued', 'project.not-argued'],
    establishment: [
      'project.proposal-approved',
      'project.feasibility-approved',
      'project.preliminary-design-approved',
      'project.established',
    ],
    funding: ['project.funded'],
    tender: ['project.tender-started', 'project.tender-result', 'project.contracted'],
    acceptance: ['project.in-acceptance', 'project.accepted', 'project.acceptance-failed'],
    handover: ['project.handed-over'],
    payment: ['payment.released'],
    evaluation: ['project.evaluation-opened', 'project.evaluated'],
    rectification: ['problem.ordered', 'problem.reported', 'problem.confirmed', 'problem.not-accepted'],
    'catalog-entry': [
      ...['catalog.submitted', 'catalog.signed-off', 'catalog.secrecy-reviewed', 'catalog.approved', 'catalog.registered'],
      ...['catalog.returned', 'catalog.returned-to-secrecy'],
    ],
    'catalog-change': [
      ...['catalog-change.submitted', 'catalog-change.signed-off', 'catalog-change.secrecy-reviewed', 'catalog-change.approved'],
      ...['catalog-change.published', 'catalog-change.returned', 'catalog-change.returned-to-secrecy', 'catalog-change.abandoned'],
    ],
    'catalog-withdrawal': [
      ...['catalog-withdrawal.submitted', 'catalog-withdrawal.signed-off', 'catalog-withdrawal.published'],
      ...['catalog-withdrawal.returned', 'catalog-withdrawal.abandoned'],
    ],
    'project-change': ['project.changed'],
    'sharing-request': [
      ...['sharing-request.submitted', 'sharing-request.signed-off', 'sharing-request.granted', 'sharing-request.refused'],
      ...['sharing-request.returned', 'sharing-request.abandoned'],
    ],
    'sharing-dispute': ['sharing-request.disputed', 'sharing-request.directed', 'sharing-request.upheld'],
    'finding-check': [
      ...['finding.sent', 'finding.stop-proposed', 'finding.adjust-proposed', 'finding.keep-proposed'],
      ...['finding.confirmed', 'finding.returned'],
    ],
    'data-correction': ['finding.sent', 'correction.corrected', 'correction.right', 'correction.undecidable'],
  }
  for (const [id, events] of Object.entries(lived)) expect(eventsOf(id), id).toEqual(expect.arrayContaining(events))
})

test('the guards stand where the measure places them', () => {
  const guards = procedures.flatMap((procedure) =>
    procedure.steps.flatMap((step) =>
      step.outcomes.flatMap((outcome) => (outcome.guard === null ? [] : [`${procedure.id}/${step.id} ${outcome.guard}`])),
    ),
  )
  expect(guards.sort()).toEqual([
    'acceptance/apply project.accept',
    'acceptance/conclude project.accept',
    'construction-plan/submit-plan project.apply',
    'establishment/approve-design project.establish',
    'establishment/submit-proposal project.establish',
    'funding/approve funding.schedule',
    'funding/prepare funding.schedule',
    'handover/hand-over project.handover',
    'payment/release payment.release',
    'plan-entry/file plan.file',
    'tender/start-tender project.tender',
  ])
})

test('the organisations a case must bring are those its steps name', () => {
  expect(Object.fromEntries(procedures.map((procedure) => [procedure.id, slotsOf(procedure)]))).toEqual({
    acceptance: ['builder', 'user-unit'],
    'catalog-change': ['subject-org'],
    'catalog-entry': ['subject-org'],
    'catalog-withdrawal': ['subject-org'],
    'city-plan': [],
    'construction-plan': ['builder'],
    'data-correction': ['responsible'],
    establishment: ['builder'],
    evaluation: ['builder'],
    'finding-check': ['responsible'],
    funding: [],
    handover: ['builder', 'user-unit'],
    payment: ['builder'],
    'plan-entry': ['subject-org'],
    'project-change': ['builder'],
    rectification: ['responsible'],
    'sharing-dispute': ['subject-org'],
    'sharing-request': ['subject-org', 'provider'],
    tender: ['builder'],
  })
})
