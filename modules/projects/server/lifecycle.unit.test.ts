import { systemActor } from '@tongchou/kernel'
import { describe, expect, test } from 'vitest'
import { availableActs, isEditable, type LifecycleAct, lifecycleActs, mayDeclareUrgent, needsSuperiorFiling } from './lifecycle.ts'
import { furthest } from './project.store.ts'
import type { ProjectRow } from './project.tables.ts'

const at = new Date('2026-03-02T01:00:00Z')

/** A draft of the civil affairs bureau; tests say what they are about. */
function givenProject(changes: Partial<ProjectRow> = {}): ProjectRow {
  return {
    stage: 'draft',
    owner_org_id: 'civil-affairs',
    builder_org_id: 'civil-affairs',
    user_unit_org_id: 'civil-affairs',
    funding: ['city-finance'],
    superior_coordinated: false,
    editable: true,
    urgency: 'none',
    superior_filed_at: null,
    superior_received_at: null,
    submitted_at: null,
    argued_at: null,
    established_at: null,
    funded_at: null,
    tender_started_at: null,
    building_since: null,
    accepted_at: null,
    handed_over_at: null,
    evaluated_at: null,
    ...changes,
  } as ProjectRow
}

const clerk = { ...systemActor, orgId: 'civil-affairs', roles: new Set(['applicant']) }
const center = { ...systemActor, orgId: 'center', roles: new Set(['big-data-center']) }

describe('in which state an act makes sense', () => {
  const cases: [keyof typeof lifecycleActs, Partial<ProjectRow>, boolean][] = [
    ['construction-plan', {}, true],
    ['construction-plan', { argued_at: at }, false],
    ['establishment', {}, false],
    ['establishment', { submitted_at: at }, true],
    ['establishment', { submitted_at: at, established_at: at }, false],
    ['funding', {}, false],
    ['funding', { submitted_at: at }, true],
    ['funding', { submitted_at: at, funded_at: at }, false],
    ['tender', { submitted_at: at }, true],
    ['tender', { submitted_at: at, tender_started_at: at }, false],
    ['project-change', { stage: 'building' }, true],
    ['project-change', { stage: 'in-acceptance' }, false],
    ['acceptance', { stage: 'building' }, true],
    ['acceptance', { stage: 'tendering' }, false],
    ['acceptance', { stage: 'accepted' }, false],
    ['handover', { stage: 'building' }, false],
    ['handover', { accepted_at: at }, true],
    ['handover', { accepted_at: at, handed_over_at: at }, false],
    ['evaluation', { accepted_at: at }, false],
    ['evaluation', { handed_over_at: at }, true],
    ['evaluation', { handed_over_at: at, evaluated_at: at }, false],
  ]
  test.each(cases)('%s with %o: %s', (path, changes, makesSense) => {
    const act: LifecycleAct = lifecycleActs[path]
    const obstacle = act.obstacle(givenProject(changes))
    expect(obstacle === undefined).toBe(makesSense)
    if (obstacle !== undefined) expect(obstacle).toMatch(/[一-鿿]+。$/)
  })
})

describe('what is offered', () => {
  test('a draft offers its unit to edit, file and hand in, and nobody else anything', () => {
    expect(availableActs(clerk, givenProject())).toEqual(['construction-plan', 'edit', 'file-plan', 'declare-urgent'])
    expect(availableActs({ ...clerk, orgId: 'health' }, givenProject())).toEqual([])
    expect(availableActs(center, givenProject())).toEqual([])
  })

  test('the center is asked about urgency and a filing that wait, and about the scope of what was handed in', () => {
    const project = givenProject({ submitted_at: at, urgency: 'declared', superior_filed_at: at })
    expect(availableActs(center, project)).toEqual(['decide-urgency', 'decide-scope', 'receive-superior'])
    expect(availableActs(center, { ...project, urgency: 'rejected', superior_received_at: at })).toEqual(['decide-scope'])
  })

  test('while it is built the builder reports, changes, asks for payment and for acceptance', () => {
    const project = givenProject({
      submitted_at: at,
      stage: 'building',
      argued_at: at,
      established_at: at,
      tender_started_at: at,
      building_since: at,
    })
    expect(availableActs(clerk, project)).toEqual(['project-change', 'acceptance', 'report-progress', 'set-milestones', 'request-payment'])
    const elsewhere = { ...project, builder_org_id: 'center' }
    expect(availableActs(clerk, elsewhere)).toEqual([])
  })

  test('evaluation is opened by the DRC alone', () => {
    const project = givenProject({ submitted_at: at, handed_over_at: at, accepted_at: at })
    expect(availableActs({ ...center, roles: new Set(['drc']) }, project)).toContain('evaluation')
    expect(availableActs(clerk, project)).not.toContain('evaluation')
  })
})

test('a proposal is edited until it is argued, and not while an office holds it', () => {
  expect(isEditable(givenProject())).toBe(true)
  expect(isEditable(givenProject({ editable: false }))).toBe(false)
  expect(isEditable(givenProject({ argued_at: at }))).toBe(false)
})

test('urgency is declared once; a reason in a draft is not yet before the center', () => {
  expect(mayDeclareUrgent({ urgency: 'none', submitted_at: at })).toBe(true)
  expect(mayDeclareUrgent({ urgency: 'declared', submitted_at: null })).toBe(true)
  expect(mayDeclareUrgent({ urgency: 'declared', submitted_at: at })).toBe(false)
  expect(mayDeclareUrgent({ urgency: 'confirmed', submitted_at: null })).toBe(false)
  expect(mayDeclareUrgent({ urgency: 'rejected', submitted_at: at })).toBe(false)
})

test('only what is coordinated from above and paid from above is filed with the center: both (第五条)', () => {
  expect(needsSuperiorFiling({ superior_coordinated: true, funding: ['superior-finance', 'city-finance'] })).toBe(true)
  expect(needsSuperiorFiling({ superior_coordinated: true, funding: ['city-finance'] })).toBe(false)
  expect(needsSuperiorFiling({ superior_coordinated: false, funding: ['superior-finance'] })).toBe(false)
})

test('the stage never goes back', () => {
  expect(furthest('listed', 'filed')).toBe('listed')
  expect(furthest('filed', 'listed')).toBe('listed')
  expect(furthest('argued', 'argued')).toBe('argued')
})
