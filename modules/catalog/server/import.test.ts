import { catalogProfile, catalogProfiles, readCatalog, type TableEntry, writeCatalog } from '@tongchou/catalog-tables'
import type { Entry } from '@tongchou/metadata'
import { testDatabase } from '@tongchou/testing'
import { readTable, type Table } from '@tongchou/workbook'
import type { Kysely } from 'kysely'
import { expect, test } from 'vitest'
import { actorOf, emptyWorld, entry, givenApp, type World } from './catalog.given.ts'
import type { Content } from './content.schema.ts'
import { readImport } from './import.permissions.ts'
import type { CatalogImport, ImportLine } from './import.schema.ts'
import type { ImportTable } from './import.tables.ts'

const { db } = await testDatabase()
const steward = actorOf('民政局', 'data-steward')
const world: World = { ...emptyWorld(), posts: [steward] }
const app = await givenApp(db, world, () => new Date('2026-11-22T01:00:00Z'))
const stranger = actorOf('卫健委', 'data-steward')

interface Stored {
  id: string
  content: Content
  version: number
  state: string
}
const draft = async (over: object = {}): Promise<Stored> => (await app.call(steward, 'POST', '/resources', entry(over))).body as Stored
const read = async (id: string): Promise<Stored> => (await app.call(steward, 'GET', `/resources/${id}`)).body as Stored
const lines = async (id: string, query = ''): Promise<ImportLine[]> =>
  ((await app.call(steward, 'GET', `/imports/${id}/lines${query}`)).body as { items: ImportLine[] }).items
const exported = async (query: string) => (await app.file(steward, `/workbook?${query}`)).content
const consent = ({ id, sha256, version }: CatalogImport, scope: string, over: object = {}) =>
  app.call(steward, 'POST', `/imports/${id}/commitment`, { sha256, version, scope, ...over })

/** A workbook of entries as a unit would fill it in. */
const workbook = (entries: readonly Partial<Entry>[], id: 'national' | 'two-sheet' = 'national') =>
  writeCatalog(
    catalogProfile(id),
    entries.map((one): TableEntry => ({ id: null, entry: { ...(wholeEntry as unknown as Entry), ...one }, nameOf: (_field, of) => of })),
  )
const { secrecy: _secrecy, ...fields } = entry() as Record<string, unknown>
const wholeEntry = {
  ...{ internalUnit: null, formatNote: null, openLevel: null, relatedCodes: [], spatialScope: null, scenario: null, census: {}, ext: {} },
  ...fields,
}

test.each(catalogProfiles)(
  'what went out and comes back changes nothing; changed cells change their fields, items keep their ids ($title)',
  async ({ id }) => {
    const kept = await draft({ name: `往返一${id}` })
    const upload = await app.upload(steward, await exported(`profile=${id}&id=${kept.id}`))
    expect(upload.status).toBe(201)
    expect(upload.body).toMatchObject({ state: 'ready', profile: id, counts: { unchanged: 1, new: 0, changed: 0, refused: 0 }, scopes: [] })

    const changed = await app.upload(
      steward,
      await rewritten(await exported(`profile=${id}&id=${kept.id}`), {
        公民身份号码: '身份证件号码',
        用于社会救助对象核对: '用于社会救助和医疗救助对象核对',
      }),
    )
    expect(changed.body).toMatchObject({ state: 'ready', counts: { changed: 1 }, scopes: [{ scope: 'all', count: 1 }] })
    const [line] = await lines(changed.body.id)
    expect(line).toMatchObject({
      verdict: 'changed',
      fields: [{ title: '共享条件', before: '用于社会救助对象核对', after: '用于社会救助和医疗救助对象核对' }],
      parts: [{ id: 'i1', changes: ['renamed'] }],
    })
    expect((await consent(changed.body, 'all')).body).toMatchObject({ state: 'written', doneCount: 1 })
    const now = await read(kept.id)
    expect(now.content).toEqual({
      ...kept.content,
      sharingCondition: '用于社会救助和医疗救助对象核对',
      items: [{ ...kept.content.items[0], name: '身份证件号码' }, kept.content.items[1]],
    })
    // Out again: the same cells as what came in.
    expect(cellsOf(await readTable(await exported(`profile=${id}&id=${kept.id}`), { name: 'a.xlsx' }))).toContain('身份证件号码')
  },
)

test('new entries become drafts of the own unit, with the ids that their items bring; each leaves its audit row', async () => {
  const items = (wholeEntry as unknown as Entry).items.map((item, at) => ({ ...item, id: `i${at * 2 + 3}` }))
  const { body } = await app.upload(
    steward,
    await workbook(
      [
        { name: '新编一', items },
        { name: '新编二', provider: '民政局' },
      ],
      'two-sheet',
    ),
  )
  expect(body).toMatchObject({ counts: { new: 2, faulty: 0 }, scopes: [{ scope: 'all', count: 2 }] })
  expect((await consent(body, 'all')).status).toBe(200)
  const listed = (await app.call(steward, 'GET', `/resources?q=${encodeURIComponent('新编')}`)).body.items as {
    id: string
    state: string
  }[]
  expect(listed.map(({ state }) => state)).toEqual(['draft', 'draft'])
  const first = await read(listed[1]?.id ?? '')
  expect(first.content.items.map((item) => item.id)).toEqual(['i3', 'i5'])
  const events = await db
    .selectFrom('kernel.audit_event')
    .select(['action', 'subject_id'])
    .where('subject_id', 'in', [first.id, body.id])
    .orderBy('seq')
    .execute()
  expect(events.map(({ action }) => action).filter((action) => !action.endsWith('viewed'))).toEqual([
    'catalog.import_uploaded',
    'catalog.drafted',
    'catalog.imported',
  ])
})

test('what cannot be imported is named at its cell; all is refused, a part is written only when it is asked for', async () => {
  const handedIn = await draft({ name: '已交审的' })
  expect((await app.call(steward, 'POST', `/resources/${handedIn.id}/submission`, { version: 1 })).status).toBe(200)
  const out = await exported(`profile=national&id=${handedIn.id}`)
  const mixed = await app.upload(
    steward,
    await workbook([
      { name: '好的' },
      { name: '缺条件的', sharingCondition: null },
      { name: '别家的', provider: '卫健委' },
      { name: '已交审的', abstract: '改过的摘要，不能以导入修改' },
    ]),
  )
  expect(mixed.body).toMatchObject({
    counts: { new: 2, refused: 2, faulty: 1 },
    scopes: [
      { scope: 'storable', count: 2 },
      { scope: 'faultless', count: 1 },
    ],
  })
  const refused = await lines(mixed.body.id, '?verdict=refused')
  expect(
    refused
      .flatMap(({ findings }) => findings.filter(({ rule }) => rule.startsWith('import.')))
      .map(({ rule, row, title }) => ({ rule, row, title })),
  ).toEqual([
    { rule: 'import.other_unit', row: 6, title: '信息资源提供方' },
    { rule: 'import.not_open', row: 8, title: '信息资源名称' },
  ])
  expect((await consent(mixed.body, 'all')).body).toMatchObject({ status: 409, code: 'catalog.import_in_part' })
  expect((await consent(mixed.body, 'faultless')).body).toMatchObject({ state: 'written', writtenScope: 'faultless', doneCount: 1 })
  const names = (await app.call(steward, 'GET', '/resources?limit=200')).body.items.map(({ name }: { name: string }) => name)
  expect(names).toContain('好的')
  expect(names).not.toContain('缺条件的')
  // What stands as it is needs no permission to change.
  expect((await app.upload(steward, out)).body.counts).toMatchObject({ unchanged: 1, refused: 0 })
})

test('the marked workbook has the cell red and the rule named, and is read again', async () => {
  const { body } = await app.upload(steward, await workbook([{ name: '标注的', sharingCondition: null }]))
  const marked = await app.file(steward, `/imports/${body.id}/marked`)
  const table = await readTable(marked.content, { name: 'a.xlsx' })
  expect(cellsOf(table).filter((text) => text.includes('（R01）'))).toHaveLength(1)
  expect(readCatalog(table).entries.map(({ name }) => name)).toEqual(['标注的'])
})

test('consent is to one file as it was looked at: another digest, an older look, or an entry that changed meanwhile writes nothing', async () => {
  const kept = await draft({ name: '会变的' })
  const file = await rewritten(await exported(`profile=national&id=${kept.id}`), {
    享受最低生活保障家庭的基本信息: '享受最低生活保障的家庭',
  })
  const { body } = await app.upload(steward, file)
  expect((await consent(body, 'all', { sha256: '0'.repeat(64) })).body.code).toBe('catalog.import_other_file')
  expect((await consent(body, 'all', { version: 1 })).body.code).toBe('catalog.import_looked_again')
  const { id: _id, ...content } = kept.content as Content & { id?: string }
  expect(
    (await app.call(steward, 'PUT', `/resources/${kept.id}`, { ...content, secrecy: false, version: 1, maskingRule: '另有规定' })).status,
  ).toBe(200)
  const late = await consent(body, 'all')
  expect(late.body).toMatchObject({ status: 409, code: 'catalog.import_outdated', detail: expect.stringContaining('“会变的”') })
  expect((await read(kept.id)).content.abstract).toBe('享受最低生活保障家庭的基本信息')
  // Looked at again it is a change of what is there now, and says so.
  const again = await app.call(steward, 'POST', `/imports/${body.id}/check`, { version: body.version })
  expect(again.body).toMatchObject({ state: 'ready', version: body.version + 1, counts: { changed: 1 } })
  expect((await lines(body.id))[0]?.fields.map(({ before, after }) => ({ before, after }))).toContainEqual({
    before: '另有规定',
    after: kept.content.maskingRule,
  })
  expect((await consent(again.body, 'all')).body.state).toBe('written')
  expect((await read(kept.id)).content).toMatchObject({ abstract: '享受最低生活保障的家庭', maskingRule: kept.content.maskingRule })
  expect((await consent(again.body, 'all')).body.code).toBe('catalog.import_not_ready')
})

test('a long file is looked at and written in the background, in one piece', async () => {
  const many = Array.from({ length: 120 }, (_, at) => ({
    name: `批量${'甲乙丙丁'[at % 4]}（${String(at)
      .split('')
      .map((digit) => '零一二三四五六七八九'[Number(digit)])
      .join('')}）`,
  }))
  const begun = await app.upload(steward, await workbook(many))
  expect(begun.body).toMatchObject({ state: 'checking', totalCount: 120 })
  await app.work()
  const ready = (await app.call(steward, 'GET', `/imports/${begun.body.id}`)).body as CatalogImport
  expect(ready).toMatchObject({ state: 'ready', counts: { new: 120 } })
  expect((await consent(ready, 'all')).body.state).toBe('writing')
  // One name is taken before the work begins: nothing is written.
  await draft({ name: many[119]?.name ?? '' })
  await app.work()
  expect((await app.call(steward, 'GET', `/imports/${begun.body.id}`)).body).toMatchObject({
    state: 'ready',
    failure: expect.stringContaining('又有变化'),
  })
  expect((await app.call(steward, 'GET', `/resources?q=${encodeURIComponent(many[0]?.name ?? '')}`)).body.items).toEqual([])
  const discarded = await app.call(steward, 'POST', `/imports/${begun.body.id}/cancellation`)
  expect(discarded.body).toMatchObject({ state: 'discarded', hasFile: false })
  expect(await lines(begun.body.id)).toEqual([])
})

test('nothing is kept of what is secret, empty or unreadable; nobody else sees an import, and only who compiles may upload', async () => {
  const before = await db.selectFrom('kernel.audit_event').select('seq').where('action', '=', 'catalog.import_uploaded').execute()
  const book = await workbook([{ name: '有密项的' }], 'two-sheet')
  expect((await app.upload(steward, await rewritten(book, { 非涉密: '涉密' }))).body.code).toBe('secrecy.out_of_scope')
  expect((await app.upload(steward, book, 'a.xlsx', 'true')).body.code).toBe('secrecy.out_of_scope')
  expect((await app.upload(steward, await workbook([]))).body.code).toBe('catalog.no_entries')
  expect((await app.upload(steward, Buffer.from('not a workbook'), 'a.xls')).status).toBeGreaterThanOrEqual(400)
  expect(await db.selectFrom('kernel.audit_event').select('seq').where('action', '=', 'catalog.import_uploaded').execute()).toEqual(before)
  const { body } = await app.upload(steward, book)
  for (const path of [`/imports/${body.id}`, `/imports/${body.id}/lines`, `/imports/${body.id}/marked`])
    expect((await app.call(stranger, 'GET', path)).status).toBe(404)
  expect((await app.upload(actorOf('民政局', 'secrecy-reviewer'), book)).status).toBe(403)
  expect((await app.upload(null, book)).status).toBe(401)
})

function cellsOf(table: Table): string[] {
  return table.sheets.flatMap((sheet) => sheet.rows.flatMap(({ cells }) => cells.map(({ text }) => text)))
}

/** The workbook again with other texts in its cells. */
async function rewritten(content: Buffer, words: Record<string, string>): Promise<Buffer> {
  const { Workbook } = await import('@cj-tech-master/excelts')
  const book = new Workbook()
  await book.xlsx.load(content)
  for (const sheet of book.worksheets)
    sheet.eachRow((row) =>
      row.eachCell((cell) => {
        if (typeof cell.value === 'string') cell.value = words[cell.value] ?? cell.value
      }),
    )
  return Buffer.from(await book.xlsx.writeBuffer())
}

test('an import is for the account that uploaded it in the post it was uploaded in: the function and the SQL say the same of everybody', async () => {
  const { body } = await app.upload(steward, await workbook([{ name: '归属' }]))
  const imports = db as unknown as Kysely<{ 'catalog.import': ImportTable }>
  const stored = imports.selectFrom('catalog.import').select(['account_id', 'post_id']).where('id', '=', body.id)
  const row = await stored.executeTakeFirstOrThrow()
  const found: boolean[] = []
  for (const actor of [steward, { ...steward, postId: stranger.postId }, { ...steward, accountId: stranger.accountId }, stranger]) {
    const bySql = (await stored.where(readImport.where(actor)).execute()).length === 1
    expect(bySql).toBe(readImport.allows(actor, row))
    found.push(bySql)
  }
  expect(found).toEqual([true, false, false, false])
})
