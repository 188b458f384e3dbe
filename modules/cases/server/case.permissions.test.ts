import { systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { holdsTask, seesTask } from './case.permissions.ts'
import { casesDb } from './case.tables.ts'

const { db, owner } = await testDatabase()
const ctx = { db, actor: systemActor, now: () => new Date('2026-11-22T01:00:00Z'), requestId: 'test', inside: false }
const caseId = '11111111-1111-4111-8111-111111111111'
const duties = ['applicant', 'big-data-center', 'drc', 'finance', 'user-unit']
const orgs = ['civil-affairs', 'health', 'center']
const tasks = duties.flatMap((duty) =>
  [null, ...orgs].flatMap((org_id) =>
    [null, 'zhang', 'li'].flatMap((person_id, n) =>
      (['task', 'countersign', 'ask'] as const).map((kind) => ({
        ...{
          task_id: `${duty}@${org_id ?? 'any'}/${person_id ?? 'any'}/${kind}`,
          duty,
          org_id,
          person_id,
          kind,
          concerns_org_id: n % 2 === 0 ? 'haibowan' : 'wuda',
        },
      })),
    ),
  ),
)

beforeAll(async () => {
  await owner.query(`insert into cases.definition values ('p', 'v', 'x', 1, '{}', '{}', now())`)
  await owner.query(
    `insert into cases.case_file (id, pack, pack_version, procedure, procedure_version, subject_kind, subject_id, subject_version, title,
       applicant_person_id, applicant_name, applicant_org_id, applicant_org_name, applicant_now_org_id, status, state, opened_at, updated_at)
     values ($1, 'p', 'v', 'x', 1, 'project', 's', 1, '办件', 'a', 'a', 'a', 'a', 'a', 'running', '{}', now(), now())`,
    [caseId],
  )
  for (const task of tasks)
    await owner.query(
      `insert into cases.task (case_id, task_id, step, step_title, duty, org_id, concerns_org_id, since_at, provisional, cause, from_name, person_id, kind)
       values ($1, $2, 's', '环节', $3, $4, $7, now(), false, 'forward', '甲', $5, $6)`,
      [caseId, task.task_id, task.duty, task.org_id, task.person_id, task.kind, task.concerns_org_id],
    )
})

test.each([
  ['whose task it is', holdsTask],
  ['who may see a task that is open', seesTask],
] as const)('%s, is the same as a function and as SQL', async (_, rule) => {
  const actors = fc
    .record({
      roles: fc.subarray([...duties, 'citizen']),
      orgId: fc.constantFrom(...orgs, 'elsewhere'),
      personId: fc.constantFrom('zhang', 'li', 'wang'),
      areas: fc.subarray(['haibowan', 'wuda']),
      limited: fc.subarray(duties),
    })
    .map(({ roles, orgId, personId, areas, limited }) => {
      const within = new Map(limited.map((duty) => [duty, new Set(areas)]))
      return { ...systemActor, orgId, personId, roles: new Set(roles), within }
    })
  const seen = new Set<number>()
  await fc.assert(
    fc.asyncProperty(actors, async (actor) => {
      const rows = await casesDb(ctx).selectFrom('cases.task').select('task_id').where(rule.where(actor)).execute()
      const held = tasks.filter((task) => rule.allows(actor, task)).map((task) => task.task_id)
      expect(rows.map((row) => row.task_id).sort()).toEqual(held.sort())
      seen.add(held.length)
    }),
    { numRuns: 200, seed: 1 },
  )
  // The property would hold trivially if everybody held everything, or nothing.
  expect(seen.size).toBeGreaterThan(4)
})

test('a task of one organisation is not held by the same duty in another', () => {
  const actor = { ...systemActor, orgId: 'health', roles: new Set(['applicant']) }
  expect(holdsTask.allows(actor, { duty: 'applicant', org_id: 'civil-affairs', person_id: null, concerns_org_id: 'a' })).toBe(false)
  expect(holdsTask.allows(actor, { duty: 'applicant', org_id: null, person_id: null, concerns_org_id: 'a' })).toBe(true)
})

test('what waits for one person is not their colleague’s, who may see a step of the procedure all the same', () => {
  const actor = { ...systemActor, personId: 'li', orgId: 'center', roles: new Set(['big-data-center']) }
  const task = { duty: 'big-data-center', org_id: 'center', person_id: 'zhang', concerns_org_id: 'a' }
  expect(holdsTask.allows(actor, task)).toBe(false)
  expect(seesTask.allows(actor, { ...task, kind: 'task' })).toBe(true)
  expect(seesTask.allows(actor, { ...task, kind: 'countersign' })).toBe(false)
})

test('a duty given for an area holds what the offices in it handed in, and nothing else', () => {
  const within = new Map([['big-data-center', new Set(['haibowan'])]])
  const actor = { ...systemActor, orgId: 'center', roles: new Set(['big-data-center']), within }
  const task = { duty: 'big-data-center', org_id: null, person_id: null }
  expect(holdsTask.allows(actor, { ...task, concerns_org_id: 'haibowan' })).toBe(true)
  expect(holdsTask.allows(actor, { ...task, concerns_org_id: 'wuda' })).toBe(false)
})
