import { catalogProfiles, readCatalog, takeEntry } from '@tongchou/catalog-tables'
import { testDatabase } from '@tongchou/testing'
import { readTable } from '@tongchou/workbook'
import { expect, test } from 'vitest'
import { actorOf, emptyWorld, entry, givenApp, type World } from './catalog.given.ts'

const { db } = await testDatabase()
const world: World = {
  ...emptyWorld(),
  systems: [{ id: '0b8f3a7e-0000-4000-8000-000000000001', name: '社会救助管理系统' }],
}
const app = await givenApp(db, world, () => new Date('2026-11-22T01:00:00Z'))
const steward = actorOf('民政局', 'data-steward')
const stranger = actorOf('卫健委', 'applicant')

const first = (await app.call(steward, 'POST', '/resources', entry({ systemId: world.systems[0]?.id }))).body as {
  id: string
  content: object
}
await app.call(steward, 'POST', '/resources', entry({ name: '临时救助信息', sharing: 'unconditional' }))

const exported = async (as: typeof steward, query: string) =>
  readCatalog(await readTable((await app.file(as, `/workbook?${query}`)).content, { name: 'a.xlsx' }))

test.each(catalogProfiles)('the catalog goes out as it is filtered, whole ($title)', async ({ id }) => {
  const all = await exported(steward, `profile=${id}`)
  expect(all.profile.id).toBe(id)
  expect(all.entries.map(({ name }) => name).sort()).toEqual(['临时救助信息', '低保家庭信息'])
  const one = await exported(steward, `profile=${id}&id=${first.id}`)
  const { entry: read } = takeEntry(one, one.entries[0] as never, {
    idsOf: (_kind, text) => [world.systems.find(({ name }) => name === text)?.id ?? text],
    declared: () => [],
    classOf: (text) => text,
  })
  expect({ ...read, provider: undefined, code: undefined, publishedOn: undefined }).toEqual({
    ...first.content,
    provider: undefined,
    code: undefined,
    publishedOn: undefined,
  })
  expect((await exported(steward, `profile=${id}&sharing=unconditional`)).entries).toHaveLength(1)
})

test('what somebody may not read is not in the file, as if there were none; each export is in the log', async () => {
  expect((await exported(stranger, 'profile=national')).entries).toEqual([])
  expect((await app.file(null, '/workbook')).status).toBe(401)
  const rows = await db.selectFrom('kernel.audit_event').select(['action', 'detail']).where('action', '=', 'catalog.exported').execute()
  expect(rows.at(-1)?.detail).toMatchObject({ entries: 0, items: 0, profile: 'national' })
})

test('the empty template is read as a catalog of nothing: its headings fit', async () => {
  const { content } = await app.file(steward, '/template?profile=two-sheet')
  const table = await readTable(content, { name: 'a.xlsx' })
  expect(readCatalog(table).entries).toEqual([])
})

test('a workbook is validated as its resources are: row and column as the spreadsheet counts', async () => {
  await app.call(steward, 'POST', '/resources', entry({ name: '不合规信息', sharingCondition: null }))
  const { content } = await app.file(steward, '/workbook?profile=national')
  const answer = await app.validate(steward, content)
  expect(answer.status).toBe(200)
  const found = answer.body as { rows: number; findings: { rule: string; sheet: string; row: number; column: string }[] }
  expect(found.rows).toBe(3)
  expect(found.findings.filter(({ rule }) => rule === 'R01')).toEqual([
    expect.objectContaining({ sheet: '信息资源目录', row: 2, column: '共享条件', value: null }),
  ])
  expect(await app.validate(steward, Buffer.from('PK'))).toMatchObject({ status: 415 })
  expect((await app.validate(null, content)).status).toBe(401)
})
