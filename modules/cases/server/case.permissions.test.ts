import { systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { holdsTask } from './case.permissions.ts'
import { casesDb } from './case.tables.ts'

const { db, owner } = await testDatabase()
const ctx = { db, actor: systemActor, now: () => new Date('2026-11-22T01:00:00Z'), requestId: 'test', inside: false }
const caseId = '11111111-1111-4111-8111-111111111111'
const duties = ['applicant', 'big-data-center', 'drc', 'finance', 'user-unit']
const orgs = ['civil-affairs', 'health', 'center']
const tasks = duties.flatMap((duty) => [null, ...orgs].map((org_id) => ({ task_id: `${duty}@${org_id ?? 'any'}`, duty, org_id })))

beforeAll(async () => {
  await owner.query(`insert into cases.definition values ('p', 'v', 'x', 1, '{}', '{}', now())`)
  await owner.query(
    `insert into cases.case_file (id, pack, pack_version, procedure, procedure_version, subject_kind, subject_id, subject_version, title,
       applicant_person_id, applicant_name, applicant_org_id, applicant_org_name, status, state, opened_at, updated_at)
     values ($1, 'p', 'v', 'x', 1, 'project', 's', 1, '办件', 'a', 'a', 'a', 'a', 'running', '{}', now(), now())`,
    [caseId],
  )
  for (const task of tasks)
    await owner.query(
      `insert into cases.task (case_id, task_id, step, step_title, duty, org_id, since_at, provisional, cause, from_name)
       values ($1, $2, 's', '环节', $3, $4, now(), false, 'forward', '甲')`,
      [caseId, task.task_id, task.duty, task.org_id],
    )
})

test('whose task it is, is the same as a function and as SQL', async () => {
  const actors = fc
    .record({ roles: fc.subarray([...duties, 'citizen']), orgId: fc.constantFrom(...orgs, 'elsewhere') })
    .map(({ roles, orgId }) => ({ ...systemActor, orgId, roles: new Set(roles) }))
  const seen = new Set<number>()
  await fc.assert(
    fc.asyncProperty(actors, async (actor) => {
      const rows = await casesDb(ctx).selectFrom('cases.task').select('task_id').where(holdsTask.where(actor)).execute()
      const held = tasks.filter((task) => holdsTask.allows(actor, task)).map((task) => task.task_id)
      expect(rows.map((row) => row.task_id).sort()).toEqual(held.sort())
      seen.add(held.length)
    }),
    { numRuns: 200, seed: 1 },
  )
  // The property would hold trivially if everybody held everything, or nothing.
  expect(seen.size).toBeGreaterThan(4)
  expect(seen).toContain(0)
})

test('a task of one organisation is not held by the same duty in another', () => {
  const actor = { ...systemActor, orgId: 'health', roles: new Set(['applicant']) }
  expect(holdsTask.allows(actor, { duty: 'applicant', org_id: 'civil-affairs' })).toBe(false)
  expect(holdsTask.allows(actor, { duty: 'applicant', org_id: null })).toBe(true)
})
