import { type Actor, type Ctx, keyRingOf, newKeys, systemActor, withNewKey } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { beforeAll, expect, test } from 'vitest'
import { readInterface } from './interface.permissions.ts'
import {
  credentialOf,
  findInterface,
  forgetLostCredentials,
  insertInterface,
  resealCredentials,
  sealCredential,
} from './interface.store.ts'
import { interfacesDb } from './interface.tables.ts'

const { db } = await testDatabase()
const at = new Date('2026-11-30T00:00:00Z')
const orgs = ['civil', 'health', 'housing']
const ctx: Ctx = { db, actor: systemActor, now: () => at, requestId: 'test', inside: false }
const stored = newKeys()
const keys = keyRingOf(stored)

beforeAll(async () => {
  for (const org_id of orgs)
    await insertInterface(ctx, {
      ...{ resource: org_id, title: '低保家庭', org_id, state: 'approved', state_reason: null, config: '{}' },
      credential: org_id === 'housing' ? null : sealCredential(keys, org_id, `secret of ${org_id}`),
      ...{ registered_by: 'p', registered_name: 'p', registered_at: at, updated_by: 'p', updated_at: at, decided_by: null },
    })
})

const actors: [string, Actor][] = ['data-steward', 'applicant', 'security-admin', 'big-data-center', 'audit', 'citizen'].flatMap((role) =>
  orgs.map((orgId): [string, Actor] => [`${role} of ${orgId}`, { ...systemActor, orgId, roles: new Set([role]) }]),
)
const within = new Map([['audit', new Set(['health'])]])
actors.push(['audit for health', { ...systemActor, orgId: 'city', roles: new Set(['audit']), within }], ['nobody', systemActor])

test.each(actors)('%s sees by the function what the statement finds', async (_, actor) => {
  const seen = await interfacesDb(ctx).selectFrom('interfaces.interface').select('resource').where(readInterface.where(actor)).execute()
  expect(seen.map(({ resource }) => resource).sort()).toEqual(orgs.filter((org_id) => readInterface.allows(actor, { org_id })).sort())
})

test('credentials are sealed under the key in use when it changes, each at its own place, and gone with an interface stopped where the key is lost', async () => {
  const next = keyRingOf(withNewKey(stored, 'sealing'))
  expect(await resealCredentials(ctx, next)).toBe(2)
  expect(await resealCredentials(ctx, next)).toBe(0)
  const sealed = (await findInterface(ctx, 'civil'))?.credential ?? ''
  expect(credentialOf(next, 'civil', sealed)).toBe('secret of civil')
  expect(() => credentialOf(next, 'health', sealed)).toThrow()
  expect(() => credentialOf(keys, 'civil', sealed)).toThrow()
  expect(await forgetLostCredentials(ctx, next)).toEqual([])
  expect(await forgetLostCredentials(ctx, keyRingOf(newKeys()))).toEqual(['civil', 'health'])
  expect(await findInterface(ctx, 'civil')).toMatchObject({ credential: null, state: 'stopped' })
})
