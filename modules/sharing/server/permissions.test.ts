import { randomUUID } from 'node:crypto'
import { type Actor, systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { beforeAll, expect, test } from 'vitest'
import { insertGrant } from './grant.store.ts'
import { insertRequest } from './request.store.ts'
import { readGrant, readRequest } from './sharing.permissions.ts'
import { type GrantRow, type RequestRow, sharingDb } from './sharing.tables.ts'

const { db } = await testDatabase()
const at = new Date('2026-11-30T00:00:00Z')
const orgs = ['civil', 'health', 'housing']
const ctx = { db, actor: systemActor, now: () => at, requestId: 'test', inside: false }
const grants: GrantRow[] = []
const requests: RequestRow[] = []

beforeAll(async () => {
  const said = { way: 'query', purpose: '核对', valid_from: '2026-11-01', valid_until: '2026-12-31', quota_per_day: null } as const
  const both = { ...said, resource: 'r', title: '低保家庭', items: '{"i1":false}', row_conditions: '[]', updated_by: 't', updated_at: at }
  for (const provider_org_id of orgs)
    for (const org_id of orgs.filter((one) => one !== provider_org_id)) {
      const standing = { state: 'in-force', state_reason: null, state_at: at, granted_at: at } as const
      grants.push(await insertGrant(db, { ...both, id: randomUUID(), provider_org_id, org_id, items: '{"i1":null}', ...standing }))
      for (const submitted_at of [null, at])
        requests.push(
          await insertRequest(ctx, {
            ...{ ...both, id: randomUUID(), provider_org_id, org_id, submitted_at, state: 'draft', renews: null },
            ...{ matter: '救助', basis: '办法', necessity: null, written_by: '[]', created_at: at },
          }),
        )
    }
})

const actors: [string, Actor][] = [
  ...['applicant', 'data-steward', 'department-head', 'district', 'user-unit', 'secrecy-reviewer', 'enterprise', 'system-admin'],
  ...['big-data-center', 'audit', 'supervisor', 'drc'],
].flatMap((role) => orgs.map((orgId): [string, Actor] => [`${role} of ${orgId}`, { ...systemActor, orgId, roles: new Set([role]) }]))
const within = new Map([['supervisor', new Set(['health'])]])
actors.push(['supervisor for health', { ...systemActor, orgId: 'city', roles: new Set(['supervisor']), within }])
actors.push(['nobody', systemActor])

test.each(actors)('%s sees by the function what the statement finds', async (_, actor) => {
  const grantsSeen = await sharingDb(db).selectFrom('sharing.grant').select('id').where(readGrant.where(actor, 'sharing.grant')).execute()
  expect(grantsSeen.map(({ id }) => id).sort()).toEqual(
    grants
      .filter((row) => readGrant.allows(actor, row))
      .map(({ id }) => id)
      .sort(),
  )
  const seen = await sharingDb(db).selectFrom('sharing.request').select('id').where(readRequest.where(actor, 'sharing.request')).execute()
  expect(seen.map(({ id }) => id).sort()).toEqual(
    requests
      .filter((row) => readRequest.allows(actor, row))
      .map(({ id }) => id)
      .sort(),
  )
})
