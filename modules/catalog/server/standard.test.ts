import { randomUUID } from 'node:crypto'
import { testDatabase } from '@tongchou/testing'
import { beforeAll, expect, test } from 'vitest'
import { actorOf, emptyWorld, entry, givenApp } from './catalog.given.ts'

const { db, owner } = await testDatabase()
const world = emptyWorld()
const steward = actorOf('民政局', 'data-steward')
const center = actorOf('大数据中心', 'big-data-center')
let app: Awaited<ReturnType<typeof givenApp>>
beforeAll(async () => {
  app = await givenApp(db, world, () => new Date('2026-11-22T01:00:00Z'))
})
const call = (...args: Parameters<typeof app.call>) => app.call(...args)
const named = (over: object = {}) => entry({ name: `资源${randomUUID()}`, ...over })
const draft = async (over: object = {}) => (await call(steward, 'POST', '/resources', named(over))).body
const [idCard, amount] = entry().items as [object, object]
const idsOf = (body: { content: { items: { id: string; name: string }[] } }) => body.content.items.map(({ id, name }) => `${id} ${name}`)

test('an item keeps its id through renaming, reordering and everything that is added and dropped', async () => {
  const first = await draft()
  expect(idsOf(first)).toEqual(['i1 公民身份号码', 'i2 保障金额'])
  const put = (version: number, items: object[]) =>
    call(steward, 'PUT', `/resources/${first.id}`, { ...entry({ name: first.content.name, items }), version })
  const renamed = await put(1, [
    { ...amount, id: 'i2', name: '月保障金额' },
    { ...idCard, id: 'i1' },
    { ...amount, name: '备注', code: 'BZ' },
  ])
  expect(idsOf(renamed.body)).toEqual(['i2 月保障金额', 'i1 公民身份号码', 'i3 备注'])
  // Dropped, and another one added: the number of what is gone is not given again.
  await put(2, [{ ...idCard, id: 'i1' }])
  const added = await put(3, [
    { ...idCard, id: 'i1' },
    { ...amount, name: '住址', code: 'ZZ' },
  ])
  expect(idsOf(added.body)).toEqual(['i1 公民身份号码', 'i4 住址'])
  const stolen = await put(4, [{ ...idCard, id: 'i3' }])
  expect([stolen.status, stolen.body.code, stolen.body.fields[0].path]).toEqual([422, 'catalog.unknown_item', 'items/0/id'])
  // A client that knows nothing of ids means the items by their technical names.
  expect(idsOf((await put(4, [{ ...amount, name: '家庭住址', code: 'zz' }, idCard])).body)).toEqual(['i4 家庭住址', 'i1 公民身份号码'])
})

test('everything of the standard is kept and given back as it was handed over', async () => {
  const rich = {
    internalUnit: '社会救助科',
    formatNote: '人大金仓V9',
    openLevel: null,
    relatedCodes: [],
    grading: [{ object: 'social-order', degree: 'serious', reason: '汇集后影响社会秩序' }],
    grade: 'important',
    census: { storedGb: '12.50', recordsWan: '300', sharedGb: '0', sharedWan: '0', openedGb: '0', openedWan: '0' },
    spatialScope: 'city',
    scenario: 'government-services',
    ext: { ...Object.fromEntries(extensions.map((name) => [name, null])), contactName: '王某', coveredPeriod: '2020年至今' },
    items: [
      {
        ...{ ...idCard, id: 'i1', precision: null, isTimestamp: false, valueRange: '18位', codeList: 'GB 11643', element: 'DE0001' },
        ...{ sharing: 'none', sharingCondition: null, sharingReason: '个人隐私', basisLaw: 'personal-information-protection-law' },
        ...{ basisClause: '第十条', opening: 'none', grade: 'important', gradeReason: '敏感', isOwn: true, sourceTable: 't_family' },
      },
    ],
  }
  const body = named(rich)
  const items = (body.items as unknown as { id?: string }[]).map(({ id: _, ...item }) => item)
  const made = await call(steward, 'POST', '/resources', { ...body, items })
  expect(made.body.content).toMatchObject(rich)
  expect(made.body).toMatchObject({
    gaps: [],
    partlyUnshared: true,
    classPath: '部门信息资源 / 省（自治区、直辖市）及下级 / 民政 / 社会救助',
  })
  expect((await call(steward, 'GET', `/resources/${made.body.id}`)).body.content).toEqual(made.body.content)
})

const extensions = [
  ...['smallestUnit', 'serviceArea', 'servedParties', 'origin', 'carrier', 'contactName', 'contactPhone'],
  ...['storagePlace', 'matter', 'coveredPeriod'],
]

test('a draft may hold a row that is half typed; it is not handed in', async () => {
  const half = await draft({ items: [idCard, { ...amount, name: '', code: '', type: null }] })
  expect(half.gaps.map(({ path }: { path: string }) => path)).toEqual(['items/1/name', 'items/1/code', 'items/1/type'])
  expect((await call(steward, 'POST', `/resources/${half.id}/submission`, { version: 1 })).status).toBe(422)
})

test('the page says what the rules found, where each comes from, and what they cannot decide yet', async () => {
  const page = await draft({ sharing: 'none', sharingCondition: null, abstract: '低保' })
  expect(page.findings).toContainEqual(
    expect.objectContaining({ rule: 'R02', severity: 'error', path: 'basisLaw', verified: false, fix: '从依据库中选择法律、行政法规' }),
  )
  expect(page.findings).toContainEqual(expect.objectContaining({ rule: 'E06', severity: 'warning', path: 'abstract' }))
  expect(page.undecided.map(({ rule }: { rule: string }) => rule)).toEqual(['R13'])
})

test('a name that differs from another of the unit by width and punctuation only is the same name', async () => {
  const first = await draft({ name: '特困人员（城市）名册' })
  const second = await draft({ name: '特困人员(城市)名册' })
  expect(second.gaps).toEqual([
    { path: 'name', message: `与本单位的“${first.content.name}”重名。核对是否重复编目；不重复的，改用有区别的名称` },
  ])
})

test('a version of before the item ids stays as it was handed in, and its items are those of today by their technical names', async () => {
  const now = await draft()
  const old = {
    ...entry({ name: '旧' }),
    classCode: undefined,
    items: [
      { ...amount, name: '金额' },
      { ...idCard, code: 'GONE' },
    ],
  }
  await owner.query('insert into catalog.resource_version values ($1, 9, $2, $3, now())', [now.id, old, '民政局'])
  const versions = await call(steward, 'GET', `/resources/${now.id}/versions`)
  expect(idsOf(versions.body.items[0])).toEqual(['i2 金额', '原第2项 公民身份号码'])
  expect(versions.body.items[0].content).toMatchObject({ classCode: null, relatedCodes: [] })
})

test('classes: the center adds below what is in use, and a code is never given twice', async () => {
  const add = (code: string, title = '分类') => call(center, 'POST', '/classes', { code, title })
  expect((await add('307002', '教育')).body).toEqual({
    code: '307002',
    title: '教育',
    level: '目',
    active: true,
    verified: true,
    version: 1,
  })
  expect((await add('307002')).body.code).toBe('catalog_class.code_taken')
  for (const code of ['3070', '30700', '9', '307003001', '399001', '4'])
    expect([code, [400, 422].includes((await add(code)).status)]).toEqual([code, true])
  const race = await Promise.all([add('30700203'), add('30700203')])
  expect(race.map(({ status }) => status).sort()).toEqual([201, 409])
  expect((await call(steward, 'POST', '/classes', { code: '307009', title: '越权' })).status).toBe(403)
  const listed = await call(steward, 'GET', '/classes?limit=200')
  expect(listed.body.items.find(({ code }: { code: string }) => code === '101')).toMatchObject({
    title: '人口',
    level: '项',
    verified: false,
    version: 0,
  })
})

test('a class that is out of use is not given to new entries, and comes back', async () => {
  await call(center, 'POST', '/classes', { code: '307004', title: '文化' })
  await call(center, 'POST', '/classes', { code: '30700401', title: '场馆' })
  const set = (id: string, version: number, active: boolean, title = '文化') =>
    call(center, 'PUT', `/classes/${id}`, { version, title, active })
  expect((await set('307004', 1, false)).body.code).toBe('catalog_class.has_below')
  expect((await set('30700401', 1, false, '场馆')).body).toMatchObject({ active: false, version: 2 })
  expect((await set('30700401', 1, true, '场馆')).body.code).toBe('catalog_class.changed_meanwhile')
  const page = await draft({ classCode: '30700401' })
  expect(page.gaps).toEqual([{ path: 'classCode', message: '分类“场馆”已停用。改选在用的分类' }])
  expect((await set('30700401', 2, true, '场馆设施')).body).toMatchObject({ active: true, title: '场馆设施' })
  // What comes with the product may be renamed by the city, which then has set it.
  expect((await set('203', 0, true, '社会保障和救助')).body).toMatchObject({ verified: true, version: 1 })
  expect((await set('399', 0, true)).status).toBe(404)
  expect((await call(steward, 'PUT', '/classes/307004', { version: 1, title: '改', active: true })).status).toBe(403)
  const trail = await db.selectFrom('kernel.audit_event').select('action').where('subject_id', '=', '30700401').orderBy('seq').execute()
  expect(trail.map(({ action }) => action)).toEqual([
    'catalog.class_added',
    'catalog.class_retired',
    'changeCatalogClass',
    'catalog.class_renamed',
    'catalog.class_restored',
  ])
})

test('validation stores nothing, answers every finding with its row, and knows the own unit only', async () => {
  const before = await owner.query('select count(*) from catalog.resource')
  const taken = await draft({ name: '孤儿名册' })
  const { secrecy: _, ...clean } = entry({ name: '儿童福利信息' })
  const asked = await call(steward, 'POST', '/validate', {
    resources: [clean, { ...clean, name: taken.content.name }, { ...clean, name: '其他单位信息', provider: '卫健委', sharing: '有条件' }],
  })
  expect([asked.status, asked.body.rows]).toEqual([200, 3])
  expect(asked.body.findings).toEqual([expect.objectContaining({ rule: 'E02', severity: 'error', sheet: null, row: 2, column: 'name' })])
  expect(asked.body.undecided.map(({ rule, row }: { rule: string; row: number }) => `${row} ${rule}`)).toEqual([
    '1 R13',
    '2 R13',
    '3 R14',
    '3 R13',
  ])
  expect((await owner.query('select count(*) from catalog.resource')).rows).toEqual([{ count: String(Number(before.rows[0].count) + 1) }])
  for (const bad of [undefined, {}, { resources: [] }, { resources: ['x'] }, { resources: 'x' }])
    expect((await call(steward, 'POST', '/validate', bad)).status).toBe(400)
  expect((await call(null, 'POST', '/validate', { resources: [clean] })).status).toBe(401)
})
