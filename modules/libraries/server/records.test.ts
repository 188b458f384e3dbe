import { hash } from 'node:crypto'
import { type Actor, type Ctx, keyRingOf, newKeys, personDigest, syntheticCitizenId, systemActor } from '@tongchou/kernel'
import type { ResourceDefinition } from '@tongchou/records'
import { testDatabase } from '@tongchou/testing'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { viewOf } from './field-view.ts'
import { installResource } from './installer.ts'
import { carryLooks } from './look.digest.ts'
import { lookPage } from './look.service.ts'
import { masked } from './mask.ts'
import { ownLookPage } from './own-look.service.ts'
import type { LibrariesPorts, LookingGrant } from './ports.ts'
import type { AggregateQuery, RecordQuery } from './query.api.ts'
import { receiveBatch } from './receive.service.ts'
import { aggregateRecords, findRecords } from './record.query.ts'
import { countRecords, queryRecords } from './records.service.ts'

const { db, pool, owner } = await testDatabase()
const at = new Date('2026-11-29T02:00:00Z')
const definition = (resource: string, items: ResourceDefinition['items'] = all): ResourceDefinition => ({
  ...{ resource, version: 1, title: '低保家庭', kind: 'state', key: ['i1'] as const, items },
})
const all: ResourceDefinition['items'] = [
  { id: 'i1', title: '家庭编号', type: { kind: 'text', length: 20 }, required: true },
  { id: 'i2', title: '公民身份号码', type: { kind: 'citizen-id' }, required: true },
  { id: 'i3', title: '姓名', type: { kind: 'text', length: 20 }, required: false },
  { id: 'i4', title: '月收入', type: { kind: 'money' }, required: false },
  { id: 'i5', title: '状态', type: { kind: 'code', codes: ['1', '2'] }, required: false },
]
const row = { resource: 'households', org_id: 'civil-affairs', title: '低保家庭' }

const grades = all.map(({ id }) => ({
  ...{ id, name: id, code: id },
  sensitivity: id === 'i1' || id === 'i5' ? 'general' : 'sensitive-personal',
  masking: { i2: 'middle', i3: 'keep-ends', i4: 'range' }[id] ?? null,
  valueRange: id === 'i5' ? '1 在保；2 停保；9 不在代码表中' : null,
}))
const ports = {
  keys: keyRingOf(newKeys()),
  dutyTitle: (duty: string) => duty,
  catalog: { registered: async () => [{ id: 'households', version: 1, orgId: 'civil-affairs', content: { items: grades } }] },
} as unknown as LibrariesPorts
const as = (orgId: string, role: string): Ctx => {
  const actor: Actor = { ...systemActor, name: `${orgId}经办人`, orgId, orgName: orgId, roles: new Set([role]) }
  return { db, actor, now: () => at, requestId: 'test', inside: false }
}
const steward = as('civil-affairs', 'data-steward')
const center = as('big-data-center', 'big-data-center')
const purpose = { kind: 'verification', note: '低保复核' } as const

async function built(of: ResourceDefinition, rows: unknown[][]) {
  const client = await owner.connect()
  const { table } = await installResource(client, of, at)
  client.release()
  const text = [{ format: 1, schema: 1, items: of.items.map(({ id }) => id) }, ...rows].map((line) => JSON.stringify(line)).join('\n')
  expect(await receiveBatch(pool, { resource: of.resource, batchId: 'b1', text, receivedBy: 'test', receivedAt: at })).toMatchObject({
    bad: 0,
  })
  return table
}

const amounts = [100, 1234, 90_000, null]
let ids: string[] = []
beforeAll(async () => {
  ids = ['1964-10-21', '1958-12-07', '1990-01-02', '2001-05-06'].map((day) => syntheticCitizenId('150302', day))
  await built(
    definition('households'),
    ids.map((id, i) => [`DB${i}`, id, `郝磊${i}`, amounts[i] ?? null, i % 2 ? '2' : '1']),
  )
})

describe('a view', () => {
  test('names the codes of what it shows as the catalog does, and of nothing that it masks or leaves out', async () => {
    const codesFor = async (items: Record<string, 'full' | null>) => {
      const grant = { id: '00000000-0000-4000-8000-000000000001', number: 1, purpose: '核对', grant: { items, rows: [] } }
      const grants = { beginLook: async () => null, endLook: async () => undefined }
      const { structure } = await queryRecords(as('health', 'applicant'), { ...ports, grants } as unknown as LibrariesPorts, row, {}, grant)
      return structure.map(({ id, codes }) => [id, codes])
    }
    expect(await codesFor({ i1: null, i5: null })).toEqual([
      ['i1', null],
      ['i5', { 1: '在保', 2: '停保' }],
    ])
    expect(await codesFor({ i1: null, i5: 'full' })).toEqual([
      ['i1', null],
      ['i5', null],
    ])
    expect(await codesFor({ i1: null })).toEqual([['i1', null]])
  })

  test('the owner sees all, the center what is sensitive masked, and both only with a purpose', async () => {
    const own = await queryRecords(steward, ports, row, { purpose, filter: [{ item: 'i4', op: 'from', value: '1000' }] })
    expect(own.records).toEqual([
      { i1: 'DB1', i2: ids[1], i3: '郝磊1', i4: '1234', i5: '2' },
      { i1: 'DB2', i2: ids[2], i3: '郝磊2', i4: '90000', i5: '1' },
    ])
    const seen = await queryRecords(center, ports, row, { purpose, sort: { item: 'i1', direction: 'desc' }, limit: 2, offset: 1 })
    expect(seen).toMatchObject({ total: 4, needsPurpose: true })
    expect(seen.records[0]).toEqual({ i1: 'DB2', i2: masked(ids[2] ?? '', 'middle'), i3: '郝＊2', i4: '90000 至 99999', i5: '1' })
    expect(JSON.stringify(seen)).not.toMatch(new RegExp(ids.join('|')))
    await expect(queryRecords(steward, ports, row, {})).rejects.toMatchObject({ code: 'libraries.purpose_missing' })
  })

  test.each<[string, RecordQuery | AggregateQuery, 'query' | 'sum']>([
    ['filter', { purpose, filter: [{ item: 'i4', op: 'from', value: '1' }] }, 'query'],
    ['sort', { purpose, sort: { item: 'i3', direction: 'asc' } }, 'query'],
    ['group', { groupBy: 'i3' }, 'sum'],
    ['sum', { addUp: 'i4' }, 'sum'],
  ])('what is masked cannot be used to %s by', async (_, query, kind) => {
    const asked = kind === 'query' ? queryRecords(center, ports, row, query as RecordQuery) : countRecords(center, ports, row, query)
    await expect(asked).rejects.toMatchObject({ code: 'libraries.item_masked' })
  })

  test('a search reads nothing that is masked', async () => {
    expect(await queryRecords(center, ports, row, { purpose, search: '郝磊' })).toMatchObject({ total: 0 })
    expect(await queryRecords(steward, ports, row, { purpose, search: '磊1' })).toMatchObject({ total: 1 })
  })

  test('counts and sums; small groups of persons are not told', async () => {
    expect((await countRecords(steward, ports, row, { addUp: 'i4' })).groups).toEqual([{ value: null, count: 4, addedUp: '91334' }])
    expect((await countRecords(steward, ports, row, { groupBy: 'i5' })).groups).toEqual([])
    const one = { filter: [{ item: 'i1', op: 'is' as const, value: 'DB1' }], addUp: 'i4' }
    expect((await countRecords(steward, ports, row, one)).groups).toEqual([{ value: null, count: null, addedUp: null }])
    // Nobody is listed by number or by name without a purpose, not even without a count.
    for (const groupBy of ['i2', 'i3']) expect((await countRecords(steward, ports, row, { groupBy })).groups).toEqual([])
  })

  test.each<[string, RecordQuery]>([
    ['libraries.bad_filter', { filter: [{ item: 'i4', op: 'is', value: 'x' }] }],
    ['libraries.bad_filter', { filter: [{ item: 'i4', op: 'contains', value: '1' }] }],
    ['libraries.bad_filter', { filter: [{ item: 'i1', op: 'is' }] }],
    ['libraries.unknown_item', { filter: [{ item: 'i9', op: 'empty' }] }],
  ])('%s is a refusal and no statement', async (code, query) => {
    await expect(queryRecords(steward, ports, row, { ...query, purpose })).rejects.toMatchObject({ code })
  })
})

describe('what is hidden', () => {
  const grant = { items: { i1: null, i5: null }, rows: [{ item: 'i4', is: '1234' }] }

  test('cannot be told from what is not there, whatever is asked (oracle pairs)', async () => {
    // The same records, once with the hidden items and once without: every answer is the same, refusals too.
    const few = all.filter(({ id }) => id === 'i1' || id === 'i5')
    const table = await built(
      definition('with'),
      ids.map((id, i) => [`DB${i}`, id, `郝磊${i}`, amounts[i] ?? null, i % 2 ? '2' : '1']),
    )
    const without = await built(
      definition('without', few),
      ids.map((_, i) => [`DB${i}`, i % 2 ? '2' : '1']),
    )
    const open = { items: grant.items, rows: [] }
    const views = [
      { table, view: viewOf(definition('with'), open) },
      { table: without, view: viewOf(definition('without', few), open) },
    ]
    const item = fc.constantFrom('i1', 'i2', 'i3', 'i4', 'i5', 'i9')
    const filter = fc.array(
      fc.record(
        { item, op: fc.constantFrom('is', 'from', 'to', 'contains', 'empty'), value: fc.constantFrom('1', '2', 'DB1', '郝', ids[0] ?? '') },
        { requiredKeys: ['item', 'op'] },
      ),
      { maxLength: 2 },
    )
    const query = fc.record(
      {
        filter,
        search: fc.constantFrom('郝', 'DB', '1503', '1234'),
        sort: fc.record({ item, direction: fc.constantFrom('asc', 'desc') }),
        groupBy: item,
        addUp: item,
      },
      { requiredKeys: [] },
    )
    const answer = async (ask: () => Promise<unknown>) => {
      try {
        return await ask()
      } catch (error) {
        return { code: (error as { code?: string }).code, message: (error as Error).message }
      }
    }
    await fc.assert(
      fc.asyncProperty(query, async ({ groupBy, addUp, ...rest }) => {
        const answers = []
        for (const { table: name, view } of views)
          answers.push([
            await answer(() => findRecords(steward, name, view, [], rest as RecordQuery)),
            await answer(() => aggregateRecords(steward, name, view, { ...rest, groupBy, addUp } as AggregateQuery)),
          ])
        expect(answers[0]).toEqual(answers[1])
      }),
      { numRuns: 80 },
    )
  })

  test('a condition of the grant holds though its item is hidden', async () => {
    const { rows } = await owner.query("select number from libraries.resource where resource = 'households'")
    const found = await findRecords(steward, `library_data.r_${rows[0].number}`, viewOf(definition('households'), grant), [], {})
    expect(found.found.map(({ values }) => values)).toEqual([{ i1: 'DB1', i5: '2' }])
  })
})

describe('a grantee', () => {
  const office = as('housing', 'user-unit')
  const uses: string[] = []
  const left = { today: null as number | null }
  const granted = {
    ...ports,
    grants: {
      beginLook: async () => left.today,
      endLook: async (_tx: Ctx, id: string, records: number) => void uses.push(`${id}:${records}`),
    },
  } as unknown as LibrariesPorts
  const grantOf = (rows: { item: string; is: string }[] = []): LookingGrant => ({
    ...{ id: '018f0000-0000-7000-8000-00000000000a', number: 7, purpose: '公租房资格审核' },
    grant: { items: { i1: null, i2: 'middle', i5: null }, rows },
  })

  test('sees the granted items, masked as granted, of the granted records; the grant says what for, and the look names it', async () => {
    const grant = grantOf([{ item: 'i5', is: '1' }])
    const seen = await queryRecords(office, granted, row, { sort: { item: 'i1', direction: 'asc' } }, grant)
    expect(seen).toMatchObject({ total: 2, needsPurpose: false, grant: { number: 7, purpose: '公租房资格审核' } })
    expect(seen.records).toEqual([
      { i1: 'DB0', i2: masked(ids[0] ?? '', 'middle'), i5: '1' },
      { i1: 'DB2', i2: masked(ids[2] ?? '', 'middle'), i5: '1' },
    ])
    expect(uses.pop()).toBe(`${grant.id}:2`)
    const { rows } = await owner.query('select note, grant_id, masked from libraries.person_look order by seq desc limit 1')
    expect(rows).toEqual([{ note: '授权7：公租房资格审核', grant_id: grant.id, masked: true }])
    const more = { purpose: { kind: 'case', note: '张某申请' } as const, filter: [{ item: 'i1', op: 'is' as const, value: 'DB2' }] }
    await queryRecords(office, granted, row, more, grant)
    expect((await lookPage(office, ports, { identifier: ids[2] ?? '', limit: 1 })).items).toMatchObject([
      { note: '授权7：公租房资格审核；张某申请' },
    ])
  })

  test('is shown no more records than the day’s quota leaves', async () => {
    left.today = 1
    expect((await queryRecords(office, granted, row, { limit: 50 }, grantOf())).records).toHaveLength(1)
    left.today = null
  })

  test('cannot tell what is hidden from what is not there, whatever is asked (oracle pairs)', async () => {
    const few = all.filter(({ id }) => id !== 'i3' && id !== 'i4')
    await built(
      definition('granted-with'),
      ids.map((id, i) => [`DB${i}`, id, `郝磊${i}`, amounts[i] ?? null, i % 2 ? '2' : '1']),
    )
    await built(
      definition('granted-without', few),
      ids.map((id, i) => [`DB${i}`, id, i % 2 ? '2' : '1']),
    )
    const item = fc.constantFrom('i1', 'i2', 'i3', 'i4', 'i5', 'i9')
    const filter = fc.array(
      fc.record({ item, op: fc.constantFrom('is', 'contains', 'empty'), value: fc.constantFrom('1', 'DB1', '郝', ids[0] ?? '') }),
      { maxLength: 2 },
    )
    const query = fc.record(
      { filter, search: fc.constantFrom('郝', 'DB', '1503'), sort: fc.record({ item, direction: fc.constantFrom('asc', 'desc') }) },
      { requiredKeys: [] },
    )
    const counts = fc.record({ filter, groupBy: item, addUp: item }, { requiredKeys: [] })
    const answer = async (ask: () => Promise<unknown>) => {
      try {
        return await ask()
      } catch (error) {
        return { code: (error as { code?: string }).code, message: (error as Error).message }
      }
    }
    await fc.assert(
      fc.asyncProperty(query, counts, async (asked, counted) => {
        const answers = []
        for (const resource of ['granted-with', 'granted-without']) {
          const of = { ...row, resource }
          answers.push([
            await answer(() => queryRecords(office, granted, of, asked as RecordQuery, grantOf())),
            await answer(() => countRecords(office, granted, of, counted as AggregateQuery, grantOf())),
          ])
        }
        expect(answers[0]).toEqual(answers[1])
      }),
      { numRuns: 40 },
    )
  })
})

describe('who looked', () => {
  test('is kept with the purpose in the same transaction, and found by the person’s number alone', async () => {
    await queryRecords(steward, ports, row, {
      purpose: { kind: 'request', note: '本人申请' },
      filter: [{ item: 'i2', op: 'is', value: ids[3] ?? '' }],
    })
    const { items } = await lookPage(steward, ports, { identifier: ids[3] ?? '', limit: 1 })
    expect(items).toEqual([
      {
        ...{ at: at.toISOString(), resource: '低保家庭', orgName: 'civil-affairs', personName: 'civil-affairs经办人' },
        ...{ purpose: 'request', note: '本人申请', masked: false, items: all.map(({ title }) => title) },
      },
    ])
    await expect(lookPage(steward, ports, { identifier: '150302199001020001' })).rejects.toMatchObject({ code: 'libraries.bad_identifier' })
    const { rows } = await owner.query('select person from libraries.person_look')
    expect(rows.every(({ person }) => /^[0-9a-f]{16}[.][0-9a-f]{64}$/.test(person))).toBe(true)
  })

  test('is also kept where the number of a person is a plain text to the catalog', async () => {
    const items: ResourceDefinition['items'] = [
      { id: 'i1', title: '编号', type: { kind: 'text', length: 20 }, required: true },
      { id: 'i2', title: '户主身份证号', type: { kind: 'text', length: 18 }, required: false },
    ]
    await built(definition('plain', items), [['A', ids[2]]])
    const plain = { ...row, resource: 'plain' }
    await expect(queryRecords(steward, ports, plain, {})).rejects.toMatchObject({ code: 'libraries.purpose_missing' })
    await queryRecords(steward, ports, plain, { purpose: { kind: 'case', note: '核对户主' } })
    expect((await lookPage(steward, ports, { identifier: ids[2] ?? '', limit: 1 })).items).toMatchObject([{ note: '核对户主' }])
  })

  test('what cannot be written down is not shown', async () => {
    await owner.query('alter table libraries.person_look rename to person_look_gone')
    try {
      await expect(queryRecords(steward, ports, row, { purpose })).rejects.toThrow()
    } finally {
      await owner.query('alter table libraries.person_look_gone rename to person_look')
    }
  })
})

describe('who looked at my data (谁查看了我的数据)', () => {
  const born = '1971-02-03'
  const citizen = (bornOn: string, role = 'citizen'): Ctx => {
    const id = personDigest(ports.keys, syntheticCitizenId('150302', bornOn))
    const relation = { id: 'r', kind: 'data-subject', subject: { kind: 'person', id }, withinOrgId: null }
    return { ...steward, actor: { ...systemActor, orgId: `person:${id}`, roles: new Set([role]), relation } }
  }

  beforeAll(async () => {
    await built({ ...definition('own-looks'), title: '低保成员' }, [
      ['A', syntheticCitizenId('150302', born), '甲', 100, '1'],
      ['B', syntheticCitizenId('150302', '1972-02-03'), '乙', 200, '1'],
    ])
    const own = { ...row, resource: 'own-looks', title: '低保成员' }
    const only = (value: string) => [{ item: 'i1', op: 'is' as const, value }]
    await queryRecords(steward, ports, own, { purpose, filter: only('A') })
    const later = { ...center, now: () => new Date('2026-12-01T02:00:00Z') }
    await queryRecords(later, ports, own, { purpose: { kind: 'quality', note: '抽查' }, filter: only('A') })
    await queryRecords(steward, ports, own, { purpose: { kind: 'case', note: '办理乙的申请' }, filter: only('B') })
  })

  test('the office, the post and its duty, when, what for, on what ground and which items; not the name of who looked', async () => {
    const { items } = await ownLookPage(citizen(born), ports, {})
    expect(items).toMatchObject([
      {
        at: '2026-12-01T02:00:00.000Z',
        orgName: 'big-data-center',
        duties: 'big-data-center',
        ground: 'keeper',
        masked: true,
        note: '抽查',
      },
      { orgName: 'civil-affairs', postTitle: '系统', duties: 'data-steward', ground: 'provider', masked: false, purpose: 'verification' },
    ])
    expect(items[0]?.items).toEqual(all.map(({ title }) => title))
    expect(JSON.stringify(items)).not.toMatch(/经办人|乙/)
  })

  test('by time, office and purpose, and page by page', async () => {
    const found = async (query: object) => (await ownLookPage(citizen(born), ports, query)).items.map(({ orgName }) => orgName)
    expect(await found({ from: '2026-12-01' })).toEqual(['big-data-center'])
    expect(await found({ to: '2026-11-30' })).toEqual(['civil-affairs'])
    expect(await found({ org: 'CIVIL' })).toEqual(['civil-affairs'])
    expect(await found({ purpose: 'quality' })).toEqual(['big-data-center'])
    const first = await ownLookPage(citizen(born), ports, { limit: 1 })
    expect(await found({ limit: 1, cursor: first.nextCursor })).toEqual(['civil-affairs'])
  })

  test('nothing of others, whatever is asked (oracle pairs): looks at another person change no answer', async () => {
    const asks = [{}, { org: 'civil' }, { purpose: 'case' }, { from: '2020-01-01' }, { to: '2030-01-01' }, { limit: 1 }] as const
    const answers = async () => JSON.stringify(await Promise.all(asks.map((query) => ownLookPage(citizen(born), ports, query))))
    const before = await answers()
    const own = { ...row, resource: 'own-looks', title: '低保成员' }
    await queryRecords(steward, ports, own, { purpose: { kind: 'case', note: '再办' }, filter: [{ item: 'i1', op: 'is', value: 'B' }] })
    expect(await answers()).toBe(before)
    expect((await ownLookPage(citizen('1972-02-03'), ports, {})).items).toHaveLength(2)
  })

  test('is refused to a post with the duty, and to a relation that is to somebody else', async () => {
    for (const who of [as('public', 'citizen'), citizen(born, 'enterprise')])
      await expect(ownLookPage(who, ports, {})).rejects.toMatchObject({ code: 'libraries.not_data_subject' })
  })

  test('looks of before the key are carried on to it, and found by the auditor and by the person, without their note', async () => {
    const number = syntheticCitizenId('150302', '1973-02-03')
    const cells = "now(), $1, 'x', '旧记录', '[]', false, 'case', '从前的事由', 'a', '甲', 'o', '旧单位', 'r'"
    await owner.query(
      `insert into libraries.person_look (at, person, resource, title, items, masked, purpose, note, account_id, person_name, org_id, org_name, request_id) values (${cells})`,
      [hash('sm3', `person:${number}`, 'hex')],
    )
    const client = await owner.connect()
    try {
      expect(await carryLooks(client, ports.keys)).toBe(1)
      expect(await carryLooks(client, ports.keys)).toBe(0)
      // Of a key that is gone nothing is made, and nothing stops.
      expect(await carryLooks(client, keyRingOf(newKeys()))).toBe(0)
    } finally {
      client.release()
    }
    expect((await lookPage(steward, ports, { identifier: number })).items).toMatchObject([{ note: '从前的事由' }])
    expect((await ownLookPage(citizen('1973-02-03'), ports, {})).items).toMatchObject([
      { orgName: '旧单位', note: null, ground: null, duties: null, postTitle: null },
    ])
  })
})
