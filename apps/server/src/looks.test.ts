import { testDatabase } from '@tongchou/testing'
import { expect, test } from 'vitest'
import { deskOf } from './testing/desk.ts'
import { smallCity } from './testing/small-city.ts'

const { db, owner } = await testDatabase()
const city = await smallCity(db)
const desk = deskOf(city)

/** Operations that read one thing, or lists of people and keys, and leave no access row, each with the reason. */
const withoutRow: Readonly<Record<string, string>> = {
  readExport: 'how far one’s own export is; taking the file along is recorded',
  readCatalogImport: 'how far one’s own import is; uploading and writing are recorded',
  listCatalogImportLines: 'a part of the page of one’s own import',
  downloadMarkedCatalog: 'one’s own file, given back; that it was is recorded as an act of its own',
  readAuditVerification: 'how far a verification is; beginning and ending are recorded',
  listCaseParties: 'whom a case may be passed to: a part of its page',
  listLeadingCases: 'which cases it may be merged into: a part of its page',
  readCaseSubject: 'a part of the page of the case, whose opening is recorded',
  checkProjectAct: 'a dry run on a page whose opening is recorded',
  readProjectTrail: 'a part of the page of the project',
  listDeclaredResources: 'a part of the page of the project',
  listSystemAnswers: 'a part of the page of the system',
  loadFeed: 'a machine reads; that a load began is recorded as an act',
  readFeed: 'a machine reads without end; that it was opened is recorded as an act, how far it is stands in the list',
  getChannelTrail: 'a part of the page of the channel',
  getSharingOffer: 'a registered entry, open to every department, as it can be asked for',
  getSharingRequestTrail: 'a part of the page of the request',
  getSharingGrantTrail: 'a part of the page of the grant',
  getSystemTrail: 'a part of the page of the system',
  listResourceVersions: 'a part of the page of the resource',
  compareResourceVersions: 'a part of the page of the resource',
  getResourceTrail: 'a part of the page of the resource',
  getCatalogAmendmentTrail: 'a part of the page of the change or withdrawal',
  getProblemTrail: 'a part of the page of the problem',
  getWithheldRecordTrail: 'a part of the page of the record',
  listReorganisationMoves: 'what a reorganisation moved, for everybody in the offices',
  listPostDuties: 'a part of the page of people, whose opening is recorded',
  readProposalDraft: 'one’s own draft: nobody else can open it',
  readProcedureStart: 'a form of the pack: nothing of anybody stands in it',
  getPaper: 'a form of the pack: nothing of anybody stands in it',
  getPolicyPack: 'law is public',
  getDivision: 'as published by the state',
  getPolicyArticle: 'law is public',
  getPolicyModes: 'how the city enforces a published measure, for everybody signed in',
}

test('every operation that reads one thing records who looked, or says here why not', () => {
  const silent = [...city.app.operations.values()].filter(
    ({ method, url, recordsRead }) => method === 'GET' && url.includes(':') && !recordsRead,
  )
  expect(silent.map(({ operationId }) => operationId).filter((id) => !(id in withoutRow))).toEqual([])
  const known = new Set(city.app.operations.keys())
  expect(Object.keys(withoutRow).filter((id) => !known.has(id))).toEqual([])
})

test('lists of people and of keys record who looked', () => {
  for (const id of ['listPeople', 'listTokens']) expect(city.app.operations.get(id)?.recordsRead, id).toBeTruthy()
})

test('the page of a project that is opened twice leaves one row; one that may not be seen leaves a refused one', async () => {
  const id = (await desk.draft()).id
  const clerk = await city.as('clerk')
  for (let times = 0; times < 2; times++) expect((await clerk.get(`/api/v1/projects/${id}`)).status).toBe(200)
  expect((await (await city.as('stranger')).get(`/api/v1/projects/${id}`)).status).toBe(404)
  const { rows } = await owner.query(
    "select person_name, outcome, detail from kernel.audit_event where action = 'project.viewed' and subject_id = $1 order by seq",
    [id],
  )
  expect(rows).toEqual([
    { person_name: '民政申报员', outcome: 'looked', detail: {} },
    { person_name: '卫健申报员', outcome: 'refused', detail: { code: 'project.not_found' } },
  ])
})
