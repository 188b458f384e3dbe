import { systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { type ProjectRow, projectsDb } from './project.tables.ts'
import { readSupplierContract, readSupplierReport } from './supplier.permissions.ts'

const { db, owner } = await testDatabase()
const ctx = { db, actor: systemActor, now: () => new Date('2026-11-22T01:00:00Z'), requestId: 'test', inside: false }

const firms = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b']
const units = ['civil-affairs', 'health']
interface Row {
  id: string
  enterprise_id: string
  builder_org_id: string
  project: ProjectRow
}
let rows: Row[]

beforeAll(async () => {
  for (const [n, firm] of firms.entries())
    await owner.query(`insert into projects.enterprise (id, name, registered_by, registered_at) values ($1, $2, 'x', now())`, [
      firm,
      `公司${n}`,
    ])
  for (const unit of units)
    for (const firm of firms) {
      const { rows: made } = await owner.query<{ id: string }>(
        `insert into projects.project (name, kind, owner_org_id, owner_org_kind, builder, builder_org_id, user_unit_org_id, reach, deliverables,
           funding, summary, plan_basis, planned_deployment, superior_coordinated, om_cost_fen, budget_fen, responsible_person, created_by,
           created_at, updated_by, updated_at, submitted_at, stage)
         values ('项目', 'new', $1, 'city-department', 'department', $1, $1, 'single-department', '{}', '{}', '', '', 'gov-cloud', false, 0, 0,
           '张三', '张三', now(), '张三', now(), now(), 'building') returning id`,
        [unit],
      )
      await owner.query(
        `insert into projects.contract (project_id, number, supplier, enterprise_id, amount_fen, signed_on, registered_by, registered_at)
         values ($1, 'HT', '公司', $2, 1, '2026-01-01', 'x', now())`,
        [made[0]?.id, firm],
      )
    }
  const contracts = await projectsDb(ctx).selectFrom('projects.contract').selectAll().execute()
  const projects = await projectsDb(ctx).selectFrom('projects.project').selectAll().execute()
  rows = contracts.map((contract) => {
    const project = projects.find(({ id }) => id === contract.project_id)
    if (!project) throw new Error('a contract without a project')
    return { id: contract.id, enterprise_id: contract.enterprise_id, builder_org_id: project.builder_org_id, project }
  })
})

const actors = fc
  .record({
    roles: fc.subarray(['enterprise', 'applicant', 'big-data-center', 'system-admin']),
    orgId: fc.constantFrom(...units, 'center'),
    related: fc.option(
      fc.record({
        kind: fc.constantFrom('enterprise', 'household'),
        id: fc.constantFrom(...firms),
        within: fc.constantFrom(null, ...units),
      }),
    ),
  })
  .map(({ roles, orgId, related }) => ({
    ...systemActor,
    orgId,
    roles: new Set(roles),
    ...(related && { relation: { id: 'r', kind: 'k', subject: { kind: related.kind, id: related.id }, withinOrgId: related.within } }),
  }))

const joined = () =>
  projectsDb(ctx)
    .selectFrom('projects.contract')
    .innerJoin('projects.project', 'projects.project.id', 'projects.contract.project_id')
    .select('projects.contract.id')

test('an agent reads the same contracts by function and by SQL: the own enterprise’s, perhaps within one unit', async () => {
  const seen = new Set<number>()
  await fc.assert(
    fc.asyncProperty(actors, async (actor) => {
      const listed = await joined().where(readSupplierContract.where(actor)).execute()
      const allowed = rows.filter((row) => readSupplierContract.allows(actor, row))
      expect(listed.map(({ id }) => id).sort()).toEqual(allowed.map(({ id }) => id).sort())
      seen.add(listed.length)
    }),
    { numRuns: 200, seed: 1 },
  )
  expect([...seen].sort()).toEqual([0, 1, 2])
})

test('what an agent handed in is read by the agents with the contract and by the offices with the project', async () => {
  const seen = new Set<number>()
  await fc.assert(
    fc.asyncProperty(actors, async (actor) => {
      const listed = await joined().where(readSupplierReport.where(actor)).execute()
      const allowed = rows.filter((row) => readSupplierReport.allows(actor, row, row.project))
      expect(listed.map(({ id }) => id).sort()).toEqual(allowed.map(({ id }) => id).sort())
      seen.add(listed.length)
    }),
    { numRuns: 200, seed: 1 },
  )
  expect([...seen].sort()).toEqual([0, 1, 2, 4])
})
