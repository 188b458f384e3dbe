import { type Actor, systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { readLibrary } from './library.permissions.ts'

const { db } = await testDatabase()
const orgs = ['a', 'b', 'c']

test('who reads how a library is kept is the same as a function and in SQL', async () => {
  const actors = fc.record({
    roles: fc.subarray(['big-data-center', 'data-steward', 'applicant', 'citizen', 'system-admin']),
    orgId: fc.constantFrom(...orgs),
    within: fc.option(fc.subarray(orgs)),
  })
  await fc.assert(
    fc.asyncProperty(actors, async ({ roles, orgId, within }) => {
      const actor: Actor = {
        ...{ ...systemActor, orgId, roles: new Set(roles) },
        ...(within ? { within: new Map([['big-data-center', new Set(within)]]) } : {}),
      }
      const { rows } = await sql<{
        org: string
      }>`select org from unnest(${orgs}::text[]) as t (org) where ${readLibrary.where(actor, 't.org')}`.execute(db)
      expect(rows.map(({ org }) => org).sort()).toEqual(orgs.filter((org) => readLibrary.allows(actor, { orgId: org })))
    }),
    { numRuns: 60 },
  )
})
