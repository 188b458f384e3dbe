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
  listPolicyPacks: 'regulations, public as files',
  listSubjectCases: 'beside its subject; the work list exports cases',
  listFailedJobs: 'a few, each to be acted on by an administrator',
  listSystemAnswers: 'beside its system',
  listSuperiors: 'beside its organisation',
  listPostDuties: 'beside its post',
  listDelegations: 'a few, on the page of who lends',
  listDelegates: 'choices of a form',
  listHolidayNotices: 'one a year, public',
  listOfficeHours: 'one an organisation, on its page',
  listProposalDrafts: 'a few of one’s own, not handed in',
  listSharingBases: 'choices of a form',
  listResourceVersions: 'beside its resource',
  readProjectTrail: 'the audit log exports trails',
  getSystemTrail: 'the audit log exports trails',
  getResourceTrail: 'the audit log exports trails',
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

/** Every use of ListTable in the web pages of the modules: its operation, and the columns that hold data. */
function listTables(): { file: string; operation: string; columns: string[] }[] {
  const root = join(import.meta.dirname, '../../..')
  return globSync('modules/*/web/*.tsx', { cwd: root }).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    return [...text.matchAll(/<ListTable\b[\s\S]*?\n\s+\/>/g)].map(([use]) => {
      // Columns stand in the use, or in the constants of its file.
      const columns = [...(use.includes('columns={[') ? use : text).matchAll(/\bkey: '(\w+)',\s+title: '[^']*',(\s+act: true)?/g)]
      return {
        file,
        operation: /\boperation="(\w+)"/.exec(use)?.[1] ?? '',
        columns: columns.flatMap(([, key, act]) => (act || key === undefined ? [] : [key])),
      }
    })
  })
}

test('every list of the screens can be exported, in every column that holds data', () => {
  const uses = listTables()
  expect(uses.length).toBeGreaterThan(9)
  for (const { file, operation, columns } of uses) {
    const list = lists.find(({ operationId }) => operationId === operation)
    expect(list, `${file}: ${operation}`).toBeDefined()
    expect(columns.length, file).toBeGreaterThan(2)
    expect(list?.['x-list-columns']?.map(({ key }) => key) ?? [], file).toEqual(expect.arrayContaining(columns))
  }
})
