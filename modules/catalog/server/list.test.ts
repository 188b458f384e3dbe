import { testDatabase } from '@tongchou/testing'
import { beforeAll, expect, test } from 'vitest'
import { actorOf, emptyWorld, entry, givenApp } from './catalog.given.ts'

const { db, owner } = await testDatabase()
const at = new Date('2026-11-22T01:00:00Z')
const steward = actorOf('民政局', 'data-steward')
const center = actorOf('大数据中心', 'big-data-center')
const health = actorOf('卫健委', 'applicant')
let app: Awaited<ReturnType<typeof givenApp>>
beforeAll(async () => {
  app = await givenApp(db, emptyWorld(), () => at)
})
const call = (...args: Parameters<typeof app.call>) => app.call(...args)

const basis = { basisLaw: 'personal-information-protection-law', basisClause: '第二十五条' }
const [key, amount] = entry().items
const partly = [key, { ...amount, sharing: 'none', sharingReason: '涉及家庭收入', opening: 'none', ...basis }]

async function givenEntry(name: string, over: object, published = true): Promise<string> {
  const { status, body } = await call(steward, 'POST', '/resources', entry({ name, ...over }))
  expect([status, body.detail]).toEqual([201, undefined])
  if (!published) return body.id
  await call(steward, 'POST', `/resources/${body.id}/submission`, { version: 1 })
  for (const event of ['signed-off', 'secrecy-reviewed', 'approved', 'registered']) await app.emit(center, body.id, `catalog.${event}`)
  return body.id
}

test('the no-share list has whole resources and single items with their basis, and shows others only what is published', async () => {
  await givenEntry('甲资源', { sharing: 'none', sharingCondition: null, opening: 'none', ...basis })
  await givenEntry('乙资源', { items: partly })
  await givenEntry('丙资源', { sharing: 'none', sharingCondition: null, opening: 'none', ...basis }, false)
  await givenEntry('丁资源', {})
  const read = async (as: typeof steward, query = '') => (await call(as, 'GET', `/unshared?${query}`)).body.items
  const names = (lines: { name: string; item: { name: string } | null }[]) =>
    lines.map(({ name, item }) => `${name} ${item?.name ?? '全部'}`)
  expect(names(await read(steward))).toEqual(['丙资源 全部', '乙资源 保障金额', '甲资源 全部'])
  const published = await read(health)
  expect(names(published)).toEqual(['乙资源 保障金额', '甲资源 全部'])
  expect(published[0]).toMatchObject({
    scope: 'item',
    basis: '《中华人民共和国个人信息保护法》第二十五条',
    reason: '涉及家庭收入',
  })
  expect(names(await read(steward, 'scope=item'))).toEqual(['乙资源 保障金额'])
  expect(names(await read(steward, 'basisLaw=statistics-law'))).toEqual([])
  expect(names(await read(steward, `q=${encodeURIComponent('甲')}`))).toEqual(['甲资源 全部'])
  expect(names(await read(steward, 'state=draft'))).toEqual(['丙资源 全部'])
  for (const outsider of [actorOf('某公司', 'enterprise'), actorOf('某处')]) expect(await read(outsider)).toEqual([])
  const first = (await call(steward, 'GET', '/unshared?limit=2')).body
  expect(names((await call(steward, 'GET', `/unshared?limit=2&cursor=${first.nextCursor}`)).body.items)).toEqual(['甲资源 全部'])
})

test('the responsibility list names the five of each resource, and finds whose it is and what is not borne', async () => {
  const duties = { ...entry().duties, archivedBy: null }
  const id = await givenEntry('戊资源', { duties }, false)
  const read = async (as: typeof steward, query: string) => (await call(as, 'GET', `/responsibilities?${query}`)).body.items
  expect(await read(health, `q=${encodeURIComponent('戊')}`)).toEqual([])
  const [line] = await read(steward, 'lacking=archivedBy')
  expect(line).toMatchObject({ id, name: '戊资源', archivedBy: null, answersFor: { orgName: '民政局', post: '信息科' } })
  const archived = await read(steward, `bearerId=${encodeURIComponent('档案馆')}`)
  expect(archived.map(({ name }: { name: string }) => name)).not.toContain('戊资源')
  expect(archived.length).toBeGreaterThan(0)
  await owner.query("update catalog.resource set state = 'withdrawn' where name = '甲资源'")
  expect((await read(health, '')).map(({ name }: { name: string }) => name)).not.toContain('甲资源')
  expect((await read(health, 'state=withdrawn')).map(({ name }: { name: string }) => name)).toEqual(['甲资源'])
  expect((await call(steward, 'GET', '/responsibilities?lacking=nobody')).status).toBe(400)
})

test('what is not shared is handed in only with a basis picked from law, what is shared on conditions only with its condition', async () => {
  const fieldsOf = async (name: string, over: object) => {
    const id = await givenEntry(name, over, false)
    const { status, body } = await call(steward, 'POST', `/resources/${id}/submission`, { version: 1 })
    return [status, body.fields?.map(({ path }: { path: string }) => path)]
  }
  const closed = { sharing: 'none', sharingCondition: null, opening: 'none' }
  expect(await fieldsOf('己', { ...closed, basisLaw: null, basisClause: null })).toEqual([422, ['basisLaw', 'basisClause']])
  expect(await fieldsOf('庚', { ...closed, basisLaw: '内部规定', basisClause: '第一条' })).toEqual([422, ['basisLaw']])
  expect(await fieldsOf('辛', { sharingCondition: null })).toEqual([422, ['sharingCondition']])
})
