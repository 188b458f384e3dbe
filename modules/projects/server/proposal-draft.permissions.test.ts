import { systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { expect, test } from 'vitest'
import { projectsDb } from './project.tables.ts'
import { ownDraft } from './proposal-draft.permissions.ts'

const { db, owner } = await testDatabase()
const ctx = { db, actor: systemActor, now: () => new Date('2026-11-22T01:00:00Z'), requestId: 'test', inside: false }
const people = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002']
const units = ['civil-affairs', 'health']

test('whose draft it is, is the same as a function and as SQL: the person’s, at the post of that unit', async () => {
  for (const person of people)
    for (const unit of units)
      await owner.query(
        `insert into projects.proposal_draft (owner_org_id, person_id, content, created_at, updated_at) values ($1, $2, '{}', now(), now())`,
        [unit, person],
      )
  const drafts = projectsDb(ctx).selectFrom('projects.proposal_draft')
  const all = await drafts.selectAll().execute()
  for (const personId of [...people, 'nobody'])
    for (const orgId of [...units, 'center']) {
      const actor = { ...systemActor, personId, orgId }
      const listed = await drafts.select('id').where(ownDraft.where(actor)).execute()
      const allowed = all.filter((draft) => ownDraft.allows(actor, draft))
      expect(listed.map(({ id }) => id).sort(), `${personId} ${orgId}`).toEqual(allowed.map(({ id }) => id).sort())
    }
})
