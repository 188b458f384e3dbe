import { randomUUID } from 'node:crypto'
import { testDatabase } from '@tongchou/testing'
import { beforeAll, expect, test } from 'vitest'
import { actorOf, emptyWorld, entry, givenApp } from './catalog.given.ts'

const { db } = await testDatabase()
const world = emptyWorld()
const now = () => new Date('2026-11-22T01:00:00Z')
const steward = actorOf('民政局', 'data-steward')
const secrecy = actorOf('民政局', 'secrecy-reviewer')
const center = actorOf('大数据中心', 'big-data-center')
let app: Awaited<ReturnType<typeof givenApp>>
beforeAll(async () => {
  app = await givenApp(db, world, now)
})
const call = (...args: Parameters<typeof app.call>) => app.call(...args)

/** Handed in, sent back, put right and handed in again: version 2, then 5. */
async function handedInTwice(change: (items: { id: string }[]) => object) {
  const name = `资源${randomUUID()}`
  const { body } = await call(steward, 'POST', '/resources', entry({ name }))
  await call(steward, 'POST', `/resources/${body.id}/submission`, { version: 1 })
  await app.emit(secrecy, body.id, 'catalog.returned', '请补正')
  const put = await call(steward, 'PUT', `/resources/${body.id}`, { ...entry({ name, ...change(body.content.items) }), version: 3 })
  expect(put.status).toBe(200)
  await app.emit(steward, body.id, 'catalog.submitted')
  return body.id as string
}
const versionsOf = async (id: string) =>
  (await call(steward, 'GET', `/resources/${id}/versions`)).body.items.map(({ version }: { version: number }) => version)

test('any two versions are compared by fields and by the ids of their items, in words', async () => {
  const id = await handedInTwice(([card]) => ({
    updateCycle: 'yearly',
    duties: { ...entry().duties, answersFor: { orgId: '档案馆', post: null } },
    items: [
      { ...card, name: '身份证号码' },
      { ...entry().items[1], name: '备注', code: 'BZ', type: 'M' },
    ].map((item) => ({ ...item, masking: item.name === '备注' ? null : 'full' })),
  }))
  expect(await versionsOf(id)).toEqual([5, 2])
  const { status, body } = await call(steward, 'GET', `/resources/${id}/difference?from=2&to=5`)
  expect(status).toBe(200)
  expect(body.fields.map((one: { title: string; before: string; after: string }) => `${one.title} ${one.before}→${one.after}`)).toEqual([
    '更新周期 每月→每年',
    '由谁负责 民政局 信息科→档案馆',
  ])
  expect(body.parts.map((one: { id: string; name: string; changes: string[] }) => `${one.id} ${one.name} ${one.changes}`)).toEqual([
    'i1 身份证号码 renamed,changed',
    'i3 备注 added',
    'i2 保障金额 dropped',
  ])
  expect((await call(steward, 'GET', `/resources/${id}/difference?from=5&to=5`)).body).toEqual({ fields: [], parts: [] })
  // The other way round what was added is dropped.
  const back = await call(steward, 'GET', `/resources/${id}/difference?from=5&to=2`)
  expect(back.body.parts.map((one: { id: string; changes: string[] }) => `${one.id} ${one.changes}`)).toEqual([
    'i1 renamed,changed',
    'i2 added',
    'i3 dropped',
  ])
})

test('who decides on what came back reads what changed since it was last handed in; of a first hand-in there is nothing to compare', async () => {
  const ctx = { db, actor: center, now, requestId: 'test', inside: false }
  const again = await handedInTwice(() => ({ updateCycle: 'daily' }))
  const described = await app.subject.describe?.(ctx, again)
  expect(described?.difference).toEqual({
    title: '第5版较上次提交的第2版',
    fields: [{ path: 'updateCycle', title: '更新周期', before: '每月', after: '每日' }],
    parts: [],
  })
  const { body } = await call(steward, 'POST', '/resources', entry({ name: randomUUID() }))
  await call(steward, 'POST', `/resources/${body.id}/submission`, { version: 1 })
  expect((await app.subject.describe?.(ctx, body.id))?.difference).toBeUndefined()
})

test('versions are compared by those whom the workings are open to, and only versions that there are', async () => {
  const id = await handedInTwice(() => ({}))
  const url = `/resources/${id}/difference`
  expect((await call(actorOf('卫健委', 'applicant'), 'GET', `${url}?from=2&to=5`)).status).toBe(404)
  for (const event of ['secrecy-reviewed', 'approved', 'registered']) await app.emit(center, id, `catalog.${event}`)
  expect((await call(actorOf('卫健委', 'applicant'), 'GET', `${url}?from=2&to=5`)).status).toBe(403)
  const absent = await call(center, 'GET', `${url}?from=2&to=4`)
  expect([absent.status, absent.body.code, absent.body.fields[0].path]).toEqual([409, 'catalog.no_version', 'to'])
  for (const query of ['', '?from=2', '?from=0&to=1', '?from=x&to=1', '?from=99999999999&to=1'])
    expect((await call(center, 'GET', `${url}${query}`)).status, query).toBe(400)
})
