import { type Actor, systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { readLibrary, readOwnLook } from './library.permissions.ts'
import type { LibrariesDb } from './library.schema.ts'

const { db, owner } = await testDatabase()
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

test('who is told of looks at a person is the same as a function and in SQL: the person alone, by the relation', async () => {
  const people = ['a', 'b', 'c']
  for (const person of people)
    await owner.query(
      `insert into libraries.person_look (at, person, resource, title, items, masked, purpose, note, account_id, person_name, org_id, org_name, request_id)
       values (now(), $1, 'r', 't', '[]', false, 'case', 'n', 'a', 'p', 'o', 'o', 'r')`,
      [person],
    )
  const actors = fc.record({
    roles: fc.subarray(['citizen', 'enterprise', 'audit', 'big-data-center']),
    subject: fc.option(fc.record({ kind: fc.constantFrom('person', 'enterprise'), id: fc.constantFrom(...people) })),
  })
  const told = new Set<number>()
  await fc.assert(
    fc.asyncProperty(actors, async ({ roles, subject }) => {
      const relation = subject && { id: 'r', kind: 'k', subject, withinOrgId: null }
      const actor: Actor = { ...systemActor, roles: new Set(roles), ...(relation ? { relation } : {}) }
      const rows = await (db as unknown as LibrariesDb)
        .selectFrom('libraries.person_look')
        .select('person')
        .where(readOwnLook.where(actor))
        .execute()
      expect(rows.map(({ person }) => person).sort()).toEqual(people.filter((person) => readOwnLook.allows(actor, { person })))
      told.add(rows.length)
    }),
    { numRuns: 100, seed: 1 },
  )
  expect([...told].sort()).toEqual([0, 1])
})
