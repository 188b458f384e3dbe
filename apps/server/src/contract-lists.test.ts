import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { testDatabase } from '@tongchou/testing'
import { expect, test } from 'vitest'
import { smallCity } from './testing/small-city.ts'

const { db } = await testDatabase()
const city = await smallCity(db)

interface Operation {
  operationId: string
  responses: Record<string, { content?: Record<string, { schema?: { properties?: Record<string, { type?: string }> } }> }>
  'x-list-columns'?: { key: string; title: string; kind: string }[]
}

const document = (await city.app.inject('/openapi.json')).json<{ paths: Record<string, Record<string, Operation>> }>()
const operations = Object.values(document.paths).flatMap(({ get }) => get ?? [])
const lists = operations.filter(
  ({ responses }) => Object.values(responses['200']?.content ?? {})[0]?.schema?.properties?.items?.type === 'array',
)

/** Lists that no screen shows as a list of their own, each with the reason why nobody takes it along. */
const notExported: Readonly<Record<string, string>> = {
  listDemoAccounts: 'the sign-in page of a demo',
  search: 'hits of all kinds; each kind has its list',
  searchPolicyArticles: 'hits in a text that is public as a whole',
  listDivisions: 'choices of a form, published by the state',
  listPolicyPacks: 'regulations, public as files',
  listSubjectCases: 'beside its subject; the work list exports cases',
  listFailedJobs: 'a few, each to be acted on by an administrator',
  listSystemAnswers: 'beside its system',
  listPostDuties: 'beside its post',
  listDelegates: 'choices of a form',
  listHolidayNotices: 'one a year, public',
  listOfficeHours: 'one an organisation, on its page',
  listProposalDrafts: 'a few of one’s own, not handed in',
  listLockOuts: 'a few, each to be acted on',
  listCaseParties: 'beside its case',
  listLeadingCases: 'choices of a form',
  listAuditActions: 'choices of a filter',
  listAuditHeads: 'to be held as they are, by machines',
  listAuditSigningKeys: 'a few, to be held as they are',
  listAuditArchives: 'a few, each to be verified and removed by the audit administrator',
  searchCatalog: 'the best hits first; the list of entries goes out whole, with its filters',
  listSharingBases: 'choices of a form',
  listComparisons: 'what the packs name, each to be started',
  listResourcePacks: 'packs that come with the product, each resource to be introduced',
  listChannelBatches: 'a part of the page of the channel; the list of the resource has the receipts',
  listReceivedBatches: 'each with its receipt, to be proved one by one',
  listCatalogImports: 'a few of one’s own, kept for a week',
  listCatalogImportLines: 'beside their import; the marked workbook takes them along',
  listCatalogClasses: 'choices of a form; a tree that the center keeps on its page',
  listEvidenceLeaves: 'to be proved one by one, each with its receipt',
  listEvidenceHeads: 'to be held as they are, by machines',
  listResourceVersions: 'beside its resource',
  listDeclaredResources: 'beside its project',
  readProjectTrail: 'the audit log exports trails',
  getChannelTrail: 'the audit log exports trails',
  getSharingRequestTrail: 'the audit log exports trails',
  getSharingGrantTrail: 'the audit log exports trails',
  getSystemTrail: 'the audit log exports trails',
  getResourceTrail: 'the audit log exports trails',
  getCatalogAmendmentTrail: 'the audit log exports trails',
  getProblemTrail: 'the audit log exports trails',
  getWithheldRecordTrail: 'the audit log exports trails',
}

test('every list declares the columns that it is exported with, or a reason stands here', () => {
  const without = lists.filter((list) => !list['x-list-columns']).map(({ operationId }) => operationId)
  expect(without.filter((id) => !(id in notExported))).toEqual([])
  // A reason that is no longer needed goes.
  const ids = new Set(without)
  expect(Object.keys(notExported).filter((id) => !ids.has(id))).toEqual([])
})

test('the keys and titles of a list are each there once', () => {
  for (const list of lists) {
    const columns = list['x-list-columns'] ?? []
    for (const part of ['key', 'title'] as const)
      expect(new Set(columns.map((column) => column[part])).size, list.operationId).toBe(columns.length)
  }
})

/** Every file of web pages with a ListTable: the operations it names, and the columns that hold data where they stand in it. */
function listTables(): { file: string; operations: string[]; columns: string[] }[] {
  const root = join(import.meta.dirname, '../../..')
  return globSync('modules/*/web/*.tsx', { cwd: root }).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    const uses = text.match(/<ListTable\b/g)?.length ?? 0
    if (uses === 0) return []
    const operations = [...text.matchAll(/\boperation="(\w+)"/g)].flatMap(([, operation]) => operation ?? [])
    const columns = [...text.matchAll(/\bkey: '(\w+)',\s+title: '[^']*',([\s\S]*?)\brender\b/g)]
    return [{ file, operations, columns: columns.flatMap(([, key = '', more]) => (more?.includes('act: true') ? [] : [key])) }]
  })
}

test('every list of the screens can be exported, in every column that holds data', () => {
  const uses = listTables()
  expect(uses.length).toBeGreaterThan(9)
  for (const { file, operations, columns } of uses) {
    expect(operations.length, file).toBeGreaterThan(0)
    const declared = operations.map((operation) => {
      const list = lists.find(({ operationId }) => operationId === operation)
      expect(list?.['x-list-columns'], `${file}: ${operation}`).toBeDefined()
      return list?.['x-list-columns']?.map(({ key }) => key) ?? []
    })
    expect(declared.flat(), file).toEqual(expect.arrayContaining(columns))
  }
})
