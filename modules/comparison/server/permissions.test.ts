import { type Actor, systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { readFinding, readRun } from './comparison.permissions.ts'

const { db } = await testDatabase()
const orgs = ['a', 'b', 'c']
const actors = fc.record({
  roles: fc.subarray(['big-data-center', 'data-steward', 'user-unit', 'department-head', 'applicant', 'citizen', 'system-admin']),
  orgId: fc.constantFrom(...orgs),
  within: fc.option(fc.subarray(orgs)),
})

function actorOf({ roles, orgId, within }: { roles: string[]; orgId: string; within: string[] | null }): Actor {
  const area = within ? { within: new Map([['big-data-center', new Set(within)]]) } : {}
  return { ...systemActor, orgId, roles: new Set(roles), ...area }
}

test('who reads a run is the same as a function and in SQL', async () => {
  await fc.assert(
    fc.asyncProperty(actors, async (given) => {
      const actor = actorOf(given)
      const { rows } = await sql<{ org: string }>`with run as (select org as org_id from unnest(${orgs}::text[]) as t (org))
        select org_id as org from run where ${readRun.where(actor, 'run')}`.execute(db)
      expect(rows.map(({ org }) => org).sort()).toEqual(orgs.filter((org) => readRun.allows(actor, { org_id: org })))
    }),
    { numRuns: 60 },
  )
})

test('who reads a finding is the same as a function and in SQL', async () => {
  const pairs = orgs.flatMap((org) => orgs.map((sender) => ({ org_id: org, sender_org_id: sender })))
  await fc.assert(
    fc.asyncProperty(actors, async (given) => {
      const actor = actorOf(given)
      const { rows } = await sql<{ org_id: string; sender_org_id: string }>`with pair as (
          select a as org_id, b as sender_org_id from unnest(${orgs}::text[]) as x (a), unnest(${orgs}::text[]) as y (b))
        select org_id, sender_org_id from pair where ${readFinding.where(actor, 'pair')} order by 1, 2`.execute(db)
      expect(rows).toEqual(pairs.filter((pair) => readFinding.allows(actor, pair)))
    }),
    { numRuns: 60 },
  )
})
