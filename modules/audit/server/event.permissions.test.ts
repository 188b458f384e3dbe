import { systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readEvent } from './event.permissions.ts'
import { actionTitles } from './titles.ts'

const { db, owner } = await testDatabase()
const operations = new Map([
  ['openAccount', { tag: 'identity', summary: '开通账号', url: '/api/v1/accounts' }],
  ['createProposal', { tag: 'projects', summary: '新建项目申报', url: '/api/v1/projects' }],
])
const titles = actionTitles(operations as never)
const duties = ['audit-admin', 'audit', 'security-admin', 'system-admin', 'applicant', 'big-data-center', 'citizen']

test('which records somebody may read is the same as a function and as SQL, also of acts that nobody knows any more', async () => {
  const actions = [...titles.all().map(({ action }) => action), 'forgotten.act']
  for (const action of actions)
    await owner.query(
      `insert into kernel.audit_event (at, request_id, action, outcome, subject_kind, subject_id) values (now(), 'r', $1, 'done', 'k', 'i')`,
      [action],
    )
  const all = await db.selectFrom('kernel.audit_event').select(['seq', 'action']).execute()
  const { allows, where } = readEvent(titles)
  await fc.assert(
    fc.asyncProperty(fc.subarray(duties), async (roles) => {
      const actor = { ...systemActor, roles: new Set(roles) }
      const listed = await db.selectFrom('kernel.audit_event').select('seq').where(where(actor)).execute()
      const allowed = all.filter((event) => allows(actor, event))
      expect(listed.map(({ seq }) => seq).sort()).toEqual(allowed.map(({ seq }) => seq).sort())
    }),
    { numRuns: 60, seed: 3 },
  )
})
