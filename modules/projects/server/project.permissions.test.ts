import { systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { actAsBuilder, editProposal, readProject } from './project.permissions.ts'
import { type ProjectRow, projectsDb } from './project.tables.ts'

const { db, owner } = await testDatabase()
const ctx = { db, actor: systemActor, now: () => new Date('2026-11-22T01:00:00Z'), requestId: 'test', inside: false }

const orgs = ['civil-affairs', 'health', 'center', 'trading']
const duties = [
  'applicant',
  'district',
  'user-unit',
  'big-data-center',
  'drc',
  'finance',
  'audit',
  'supervisor',
  'vice-mayor',
  'city-government',
  'tender-center',
  'expert',
  'citizen',
  'enterprise',
  'system-admin',
  'security-admin',
  'audit-admin',
]
let projects: ProjectRow[]

beforeAll(async () => {
  // Every owner, builder and user unit, each as a draft, handed in, and out to tender.
  const states = [
    [null, null],
    ['2026-01-01T00:00:00Z', null],
    ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'],
    // The start of a tender alone opens nothing that was never handed in.
    [null, '2026-02-01T00:00:00Z'],
  ]
  for (const ownerOrg of ['civil-affairs', 'health'])
    for (const builder of ['civil-affairs', 'center'])
      for (const user of ['health', 'center'])
        for (const [submitted, tender] of states)
          await owner.query(
            `insert into projects.project (name, kind, owner_org_id, owner_org_kind, builder, builder_org_id, user_unit_org_id, reach, deliverables,
               funding, summary, plan_basis, planned_deployment, superior_coordinated, om_cost_fen, budget_fen, responsible_person, created_by,
               created_at, updated_by, updated_at, submitted_at, tender_started_at)
             values ('项目', 'new', $1, 'city-department', 'department', $2, $3, 'single-department', '{}', '{}', '', '', 'gov-cloud', false, 0, 0,
               '张三', '张三', now(), '张三', now(), $4, $5)`,
            [ownerOrg, builder, user, submitted, tender],
          )
  projects = await projectsDb(ctx).selectFrom('projects.project').selectAll().execute()
})

const actors = fc
  .record({
    roles: fc.subarray(duties, { maxLength: 3 }),
    orgId: fc.constantFrom(...orgs),
    limited: fc.subarray(['district', 'audit', 'big-data-center', 'tender-center']),
    area: fc.subarray(['civil-affairs', 'health']),
  })
  .map(({ roles, orgId, limited, area }) => {
    const within = new Map(limited.map((duty) => [duty, new Set(area)]))
    return { ...systemActor, orgId, roles: new Set(roles), within }
  })

test('who may read a project is the same as a function and as SQL', async () => {
  const seen = new Set<number>()
  await fc.assert(
    fc.asyncProperty(actors, async (actor) => {
      const rows = await projectsDb(ctx).selectFrom('projects.project').select('id').where(readProject.where(actor)).execute()
      const allowed = projects.filter((project) => readProject.allows(actor, project)).map((project) => project.id)
      expect(rows.map((row) => row.id).sort()).toEqual(allowed.sort())
      seen.add(allowed.length)
    }),
    { numRuns: 300, seed: 1 },
  )
  // The property would hold trivially if everybody saw everything, or nothing.
  expect(seen.size).toBeGreaterThan(4)
  expect(seen).toContain(0)
})

test('a draft belongs to its unit alone, whatever duty somebody else bears', () => {
  fc.assert(
    fc.property(actors, (actor) => {
      const drafts = projects.filter((project) => project.submitted_at === null && project.owner_org_id !== actor.orgId)
      expect(drafts.filter((draft) => readProject.allows(actor, draft))).toEqual([])
    }),
    { numRuns: 200, seed: 2 },
  )
})

test('the trading centre sees a project from the start of its tender, and no sooner', () => {
  const actor = { ...systemActor, orgId: 'trading', roles: new Set(['tender-center']) }
  const seen = projects.filter((project) => readProject.allows(actor, project))
  expect(seen.length).toBeGreaterThan(0)
  expect(seen.every((project) => project.submitted_at !== null && project.tender_started_at !== null)).toBe(true)
})

test('who writes or builds a project may read it, once the builder could know of it', () => {
  const onlyBusiness = actors.filter(
    (actor) => !['citizen', 'enterprise', 'audit-admin', 'system-admin', 'security-admin'].some((d) => actor.roles.has(d)),
  )
  fc.assert(
    fc.property(onlyBusiness, (actor) => {
      for (const project of projects) {
        if (editProposal.allows(actor, project)) expect(readProject.allows(actor, project)).toBe(true)
        if (actAsBuilder.allows(actor, project) && project.submitted_at) expect(readProject.allows(actor, project)).toBe(true)
      }
    }),
    { numRuns: 200, seed: 3 },
  )
})

test('without the duty to apply nobody writes a proposal, not even in its own unit', () => {
  const reader = { ...systemActor, orgId: 'civil-affairs', roles: new Set(['user-unit', 'data-steward']) }
  expect(editProposal.allows(reader, { owner_org_id: 'civil-affairs' })).toBe(false)
  expect(actAsBuilder.allows(reader, { builder_org_id: 'civil-affairs' })).toBe(false)
  const clerk = { ...reader, roles: new Set(['applicant']) }
  expect(editProposal.allows(clerk, { owner_org_id: 'civil-affairs' })).toBe(true)
  expect(editProposal.allows(clerk, { owner_org_id: 'health' })).toBe(false)
})

test('a duty given for an area sees the projects of the offices in it, a district’s office too', () => {
  const submitted = projects.filter((project) => project.submitted_at !== null)
  for (const duty of ['audit', 'district']) {
    const actor = { ...systemActor, orgId: 'elsewhere', roles: new Set([duty]), within: new Map([[duty, new Set(['health'])]]) }
    expect(projects.filter((project) => readProject.allows(actor, project))).toEqual(
      submitted.filter((one) => one.owner_org_id === 'health'),
    )
  }
  // Without an area a district's office sees its own, an auditor all.
  const seen = (duty: string) =>
    submitted.filter((project) => readProject.allows({ ...systemActor, orgId: 'elsewhere', roles: new Set([duty]) }, project)).length
  expect([seen('district'), seen('audit')]).toEqual([0, submitted.length])
})
