import { randomUUID } from 'node:crypto'
import { testDatabase } from '@tongchou/testing'
import type { Insertable } from 'kysely'
import { describe, expect, test } from 'vitest'
import { grantInForce, insertGrant } from './grant.store.ts'
import type { GrantTable } from './sharing.tables.ts'

const { db } = await testDatabase()
/** 08:00 of 30 November in Wuhai. */
const now = new Date('2026-11-30T00:00:00Z')

async function granted(set: Partial<Insertable<GrantTable>> = {}): Promise<string> {
  const { id } = await insertGrant(db, {
    ...{ id: randomUUID(), resource: 'households', provider_org_id: 'civil-affairs', org_id: 'housing', way: 'query' },
    ...{ items: JSON.stringify({ i1: null, i2: 'middle' }), row_conditions: JSON.stringify([{ item: 'i5', is: '1' }]) },
    ...{ purpose: '公租房资格审核', valid_from: '2026-11-01', valid_until: '2026-11-30', quota_per_day: null },
    ...{ state: 'in-force', state_reason: null, state_at: now, granted_at: now, updated_by: 'test', updated_at: now },
    ...set,
  })
  return id
}

describe('a grant', () => {
  test('in force is told with what may be seen of which records, for what and until when', async () => {
    const id = await granted()
    expect(await grantInForce(db, id, now)).toEqual({
      ...{ id, resource: 'households', orgId: 'housing', providerOrgId: 'civil-affairs', way: 'query' },
      ...{ validUntil: '2026-11-30', purpose: '公租房资格审核', quotaPerDay: null },
      grant: { items: { i1: null, i2: 'middle' }, rows: [{ item: 'i5', is: '1' }] },
    })
  })

  test('holds on its first and its last day, in the time of the city', async () => {
    const id = await granted()
    const inForce = async (at: string) => (await grantInForce(db, id, new Date(at))) !== undefined
    expect(await inForce('2026-10-31T15:59:59Z')).toBe(false)
    expect(await inForce('2026-10-31T16:00:00Z')).toBe(true)
    expect(await inForce('2026-11-30T15:59:59Z')).toBe(true)
    expect(await inForce('2026-11-30T16:00:00Z')).toBe(false)
  })

  test.each(['suspended', 'revoked'] as const)('that is %s does not hold', async (state) => {
    expect(await grantInForce(db, await granted({ state, state_reason: '用途不符' }), now)).toBeUndefined()
  })

  test('that nobody has does not hold', async () => {
    expect(await grantInForce(db, randomUUID(), now)).toBeUndefined()
  })

  test.each<[string, Partial<Insertable<GrantTable>>]>([
    ['to the provider itself', { org_id: 'civil-affairs' }],
    ['of no item', { items: '{}' }],
    ['that ends before it begins', { valid_until: '2026-10-31' }],
    ['stopped without a reason', { state: 'revoked' }],
  ])('%s cannot be stored', async (_, set) => {
    await expect(granted(set)).rejects.toThrow(/violates check constraint/)
  })
})
