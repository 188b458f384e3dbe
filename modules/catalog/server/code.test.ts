import { randomUUID } from 'node:crypto'
import { type CaseRef, type Ctx, inTransaction } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import type { Kysely } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { actorOf, emptyWorld, entry, givenApp } from './catalog.given.ts'
import { issueCode } from './code.service.ts'
import { findResource } from './resource.store.ts'
import type { CatalogTables } from './resource.tables.ts'

const { db, owner } = await testDatabase()
const world = emptyWorld()
const now = () => new Date('2026-11-22T01:00:00Z')
const steward = actorOf('民政局', 'data-steward')
const center = actorOf('大数据中心', 'big-data-center')
let app: Awaited<ReturnType<typeof givenApp>>
beforeAll(async () => {
  app = await givenApp(db, world, now)
})
const ctx: Ctx = { db, actor: center, now, requestId: 'test', inside: false }
const call = (...args: Parameters<typeof app.call>) => app.call(...args)

async function registered(over: object = {}): Promise<string> {
  const { body } = await call(steward, 'POST', '/resources', entry({ name: `资源${randomUUID()}`, ...over }))
  await call(steward, 'POST', `/resources/${body.id}/submission`, { version: 1 })
  for (const event of ['secrecy-reviewed', 'approved', 'registered']) await app.emit(center, body.id, `catalog.${event}`)
  return body.id
}

test('a code is previewed before, given at registration, and shown from then on', async () => {
  const { body: draft } = await call(steward, 'POST', '/resources', entry({ name: '低保对象' }))
  expect([draft.code, draft.codePreview]).toEqual([null, '30700101/000001'])
  const id = await registered()
  expect((await call(steward, 'GET', `/resources/${id}`)).body).toMatchObject({
    code: '30700101/000001',
    codePreview: null,
    formerCodes: [],
  })
  // Somebody else was first: the preview was no promise.
  expect((await call(steward, 'GET', `/resources/${draft.id}`)).body.codePreview).toBe('30700101/000002')
  const found = await call(steward, 'GET', `/resources?code=${encodeURIComponent('30700101/000001')}`)
  expect(found.body.items.map((line: { id: string; code: string }) => [line.id, line.code])).toEqual([[id, '30700101/000001']])
})

test('a code is never changed or taken back, not even by the application itself', async () => {
  const id = await registered()
  const handle = db as unknown as Kysely<CatalogTables>
  await expect(handle.updateTable('catalog.resource_code').set({ code: 'x' }).where('resource_id', '=', id).execute()).rejects.toThrow(
    /permission denied/,
  )
  await expect(handle.deleteFrom('catalog.resource_code').where('resource_id', '=', id).execute()).rejects.toThrow(/permission denied/)
})

test('with another class the entry gets another code, and the former one still leads to it', async () => {
  const id = await registered()
  const before = (await call(steward, 'GET', `/resources/${id}`)).body.code
  await owner.query("update catalog.resource set class_code = '307001' where id = $1", [id])
  const again = async () => {
    const row = await findResource(ctx, id)
    if (!row) throw new Error('no row')
    return inTransaction(ctx, async (tx) => {
      const code = await issueCode(tx, { codeScheme: 'national-1272' }, row)
      await owner.query('update catalog.resource set code = $1 where id = $2', [code, id])
      return code
    })
  }
  expect(await again()).toBe('307001/000001')
  expect(await again()).toBe('307001/000001')
  expect((await call(steward, 'GET', `/resources/${id}`)).body).toMatchObject({ code: '307001/000001', formerCodes: [before] })
  const byFormer = await call(steward, 'GET', `/resources?code=${encodeURIComponent(before)}`)
  expect(byFormer.body.items.map((line: { id: string }) => line.id)).toEqual([id])
})

test('related resources are codes of the catalog, former ones too, and items of them', async () => {
  const id = await registered()
  const { code } = (await call(steward, 'GET', `/resources/${id}`)).body
  const gaps = async (...relatedCodes: string[]) =>
    (await call(steward, 'POST', '/resources', entry({ name: randomUUID(), relatedCodes }))).body.gaps.map(
      ({ path }: { path: string }) => path,
    )
  expect(await gaps(code, `${code}#i2`)).toEqual([])
  expect(await gaps(`${code}#i9`, '30700101/999999')).toEqual(['relatedCodes/0', 'relatedCodes/1'])
})

test('two hundred registrations at once get two hundred codes without a gap, also when some of them fail', {
  timeout: 60_000,
}, async () => {
  const content = { class_code: '30700102', abstract: '', duties: '{}' }
  const { rows } = await owner.query<{ id: string }>(
    `insert into catalog.resource (name, org_id, abstract, class_code, duties, contains_personal, contains_sensitive, state, created_at, updated_by, updated_at)
     select '并发' || n, '民政局', $1, $2, $3, false, false, 'approved', now(), '', now() from generate_series(1, 240) n returning id`,
    [content.abstract, content.class_code, content.duties],
  )
  const register = (id: string, fails: boolean) => {
    const kase = { caseId: id, subject: { kind: 'catalog-entry', id, version: 1 } } as unknown as CaseRef
    const act = { step: '', outcome: '', opinion: null, form: {}, documents: [], choices: [], dates: {} }
    return inTransaction(ctx, async (tx) => {
      await app.subject.apply(tx, kase, 'catalog.registered', act)
      if (fails) throw new Error('the transaction is lost')
    })
  }
  const results = await Promise.allSettled(rows.map(({ id }, index) => register(id, index % 6 === 0)))
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(40)
  const given = await owner.query<{ code: string }>(
    "select code from catalog.resource where class_code = '30700102' and code is not null order by code",
  )
  expect(given.rows.map(({ code }) => code)).toEqual(Array.from({ length: 200 }, (_, n) => `30700102/${String(n + 1).padStart(6, '0')}`))
})
