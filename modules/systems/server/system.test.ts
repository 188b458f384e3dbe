import { randomUUID } from 'node:crypto'
import { systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { systemsFacts } from './system.facts.ts'
import { actorOf, givenApp, registration } from './system.given.ts'
import { readSystem } from './system.permissions.ts'
import type { SystemsTables } from './system.tables.ts'

const { db, owner } = await testDatabase()
const at = new Date('2026-11-22T01:00:00Z')
const projectId = randomUUID()
const projects = [
  { id: projectId, name: '低保核对项目', builderOrgId: '民政局', userUnitOrgId: '民政局' },
  { id: randomUUID(), name: '卫健委的项目', builderOrgId: '卫健委', userUnitOrgId: '卫健委' },
]
const clerk = actorOf('民政局', 'applicant')
const center = actorOf('大数据中心', 'big-data-center')
const police = actorOf('公安局', 'public-security')
let call: Awaited<ReturnType<typeof givenApp>>['call']
beforeAll(async () => {
  call = (await givenApp(db, projects, () => at)).call
})

async function givenSystem(over: object = {}) {
  const { status, body } = await call(clerk, 'POST', '', registration({ name: `系统${randomUUID()}`, ...over }))
  expect(status).toBe(201)
  return body as { id: string; version: number; name: string }
}

async function auditOf(id: string) {
  const rows = await db
    .selectFrom('kernel.audit_event')
    .select(['action', 'outcome'])
    .where('subject_id', '=', id)
    .where('action', 'not like', '%.viewed')
    .orderBy('seq')
    .execute()
  return rows.map((row) => `${row.action} ${row.outcome}`)
}

const ctx = { db, actor: systemActor, now: () => at, requestId: 'test', inside: false }
const factsOf = (id: string) => systemsFacts.factsOf(ctx, id)

test('a unit registers a system as planned, and nothing about it is answered yet', async () => {
  const system = await givenSystem({ projectId })
  const { body } = await call(clerk, 'GET', `/${system.id}`)
  expect(body).toMatchObject({
    status: 'planned',
    org: { id: '民政局' },
    project: { name: '低保核对项目' },
    answers: { deployment: null, cityBrainConnected: null },
    protection: null,
    mayDo: ['describe', 'change-status', 'declare-protection', 'request-confirmation'],
  })
  expect(await auditOf(system.id)).toEqual(['system.registered done'])
})

test('the applicant cannot tick what the center answers for: the fields do not exist in a registration', async () => {
  const { status, body } = await call(clerk, 'POST', '', registration({ deployment: 'gov-cloud' }))
  expect(status).toBe(400)
  expect(body.fields).toEqual([{ path: 'deployment', message: '没有这个字段，请删除或更正字段名' }])
})

test('a declared state secret is turned away before the rest of the form is looked at, and nothing is kept', async () => {
  const { status, body } = await call(clerk, 'POST', '', { secrecy: true, name: '涉密的名称' })
  expect(status).toBe(409)
  expect(body.code).toBe('secrecy.out_of_scope')
  const rows = await owner.query("select detail::text from kernel.audit_event where subject_id = 'secrecy'")
  expect(rows.rows).toEqual([{ detail: '{"code": "secrecy.out_of_scope"}' }])
  expect((await owner.query("select from systems.system where name = '涉密的名称'")).rowCount).toBe(0)
})

test('an unanswered secrecy question, a date that does not exist and an unknown unit are refused with their field', async () => {
  const { secrecy: _, ...unanswered } = registration()
  expect((await call(clerk, 'POST', '', unanswered)).body.fields).toEqual([{ path: 'secrecy', message: '必须填写' }])
  const date = await call(clerk, 'POST', '', registration({ approvedOn: '2026-02-30' }))
  expect([date.status, date.body.fields[0].path]).toEqual([400, 'approvedOn'])
  const unit = await call(clerk, 'POST', '', registration({ userUnitOrgId: '没有的单位' }))
  expect([unit.status, unit.body.fields[0].path]).toEqual([422, 'userUnitOrgId'])
})

test('a system is tied only to a project that the unit builds or uses', async () => {
  const foreign = await call(clerk, 'POST', '', registration({ projectId: projects[1]?.id }))
  expect([foreign.status, foreign.body.code]).toEqual([422, 'system.foreign_project'])
  const unknown = await call(clerk, 'POST', '', registration({ projectId: randomUUID() }))
  expect([unknown.status, unknown.body.code]).toEqual([422, 'system.unknown_project'])
})

test('the same system is not registered twice by one unit, also when two clerks do it at once', async () => {
  const name = `系统${randomUUID()}`
  const results = await Promise.all([call(clerk, 'POST', '', registration({ name })), call(clerk, 'POST', '', registration({ name }))])
  expect(results.map((r) => r.status).sort()).toEqual([201, 409])
  expect(results.find((r) => r.status === 409)?.body).toMatchObject({ code: 'system.duplicate_name', fields: [{ path: 'name' }] })
})

test('the owner asks, the center answers with its evidence, and the history keeps every answer', async () => {
  const system = await givenSystem()
  const asked = await call(clerk, 'POST', `/${system.id}/confirmation-requests`, { version: 1, note: '已部署完成' })
  expect(asked.body.confirmation).toMatchObject({ state: 'open', requestedBy: '民政局 民政局:applicant' })
  const list = await call(center, 'GET', '?awaiting=confirmation&limit=200')
  expect(list.body.items.map((line: { id: string }) => line.id)).toContain(system.id)
  const first = await call(center, 'POST', `/${system.id}/answers`, {
    version: 2,
    evidence: '现场核查',
    deployment: 'own',
    cityBrainConnected: false,
  })
  expect(first.body.answers.deployment).toMatchObject({ value: 'own', evidence: '现场核查', by: center.name })
  expect(first.body.confirmation).toMatchObject({ state: 'answered', closedBy: '大数据中心 大数据中心:big-data-center' })
  await call(center, 'POST', `/${system.id}/answers`, { version: 3, evidence: '迁云后复核', deployment: 'gov-cloud' })
  const history = await call(clerk, 'GET', `/${system.id}/answers`)
  expect(history.body.items.map((line: { fact: string; value: unknown }) => [line.fact, line.value])).toEqual([
    ['deployment', 'own'],
    ['cityBrainConnected', false],
    ['deployment', 'gov-cloud'],
  ])
  expect(await auditOf(system.id)).toEqual([
    'system.registered done',
    'system.confirmation_requested done',
    'system.answered done',
    'system.answered done',
  ])
  const gone = await call(center, 'GET', '?awaiting=confirmation&limit=200')
  expect(gone.body.items.map((line: { id: string }) => line.id)).not.toContain(system.id)
})

test('an answer cannot be changed or deleted by the application', async () => {
  const system = await givenSystem()
  await call(center, 'POST', `/${system.id}/answers`, { version: 1, evidence: '核查', dataShared: false })
  const handle = db as unknown as import('kysely').Kysely<SystemsTables>
  await expect(handle.updateTable('systems.answer').set({ evidence: '改' }).execute()).rejects.toThrow(/permission denied/)
  await expect(handle.deleteFrom('systems.answer').execute()).rejects.toThrow(/permission denied/)
})

test('an answer needs a fact and a ground', async () => {
  const system = await givenSystem()
  expect((await call(center, 'POST', `/${system.id}/answers`, { version: 1, evidence: '核查' })).status).toBe(400)
  const blank = await call(center, 'POST', `/${system.id}/answers`, { version: 1, evidence: ' ', dataShared: true })
  expect([blank.status, blank.body.fields[0].path]).toEqual([400, 'evidence'])
})

test('the center returns a request with what is missing; without an open request there is nothing to return', async () => {
  const system = await givenSystem()
  const none = await call(center, 'POST', `/${system.id}/confirmation-returns`, { version: 1, reason: '缺部署证明' })
  expect([none.status, none.body.code]).toEqual([409, 'confirmation.none_open'])
  await call(clerk, 'POST', `/${system.id}/confirmation-requests`, { version: 1, note: '' })
  const twice = await call(clerk, 'POST', `/${system.id}/confirmation-requests`, { version: 2, note: '' })
  expect([twice.status, twice.body.code]).toEqual([409, 'confirmation.already_requested'])
  const returned = await call(center, 'POST', `/${system.id}/confirmation-returns`, { version: 2, reason: '缺部署证明' })
  expect(returned.body.confirmation).toMatchObject({ state: 'returned', closingNote: '缺部署证明' })
  expect((await call(clerk, 'POST', `/${system.id}/confirmation-requests`, { version: 3, note: '已补' })).status).toBe(200)
})

test('a stranger gets 404, a reader without the duty 403, and a path that is no id 404', async () => {
  const system = await givenSystem()
  const health = actorOf('卫健委', 'applicant')
  const answer = { version: 1, evidence: '核查', deployment: 'gov-cloud' }
  expect((await call(health, 'GET', `/${system.id}`)).status).toBe(404)
  expect((await call(health, 'POST', `/${system.id}/answers`, answer)).status).toBe(404)
  expect((await call(health, 'POST', `/${system.id}/status`, { version: 1, status: 'building' })).status).toBe(404)
  expect((await call(clerk, 'POST', `/${system.id}/answers`, answer)).status).toBe(403)
  expect((await call(center, 'PUT', `/${system.id}`, { ...registration(), version: 1 })).status).toBe(403)
  expect((await call(actorOf('发改委', 'drc'), 'POST', `/${system.id}/status`, { version: 1, status: 'building' })).status).toBe(403)
  expect((await call(health, 'POST', '/not-an-id/answers', answer)).status).toBe(404)
  expect((await call(null, 'GET', `/${system.id}`)).status).toBe(401)
  expect(await auditOf(system.id)).toEqual([
    'system.registered done',
    'answerSystemFacts refused',
    'changeSystemStatus refused',
    'answerSystemFacts refused',
    'describeSystem refused',
    'changeSystemStatus refused',
  ])
})

test('the center answers for its own system through another person than the one who registered it', async () => {
  const registered = await call(center, 'POST', '', registration({ name: `中心的系统${randomUUID()}` }))
  const self = await call(center, 'POST', `/${registered.body.id}/answers`, { version: 1, evidence: '核查', deployment: 'gov-cloud' })
  expect([self.status, self.body.code]).toEqual([403, 'system.own_registration'])
  const colleague = { ...center, personId: '另一人', name: '另一人' }
  expect(
    (await call(colleague, 'POST', `/${registered.body.id}/answers`, { version: 1, evidence: '核查', deployment: 'gov-cloud' })).status,
  ).toBe(200)
})

test('of two people who answer at once one wins and the other is told who was first', async () => {
  const system = await givenSystem()
  const answers = ['gov-cloud', 'own'].map((deployment) =>
    call(center, 'POST', `/${system.id}/answers`, { version: 1, evidence: '核查', deployment }),
  )
  const results = await Promise.all(answers)
  expect(results.map((r) => r.status).sort()).toEqual([200, 409])
  expect(results.find((r) => r.status === 409)?.body).toMatchObject({
    code: 'subject.changed_meanwhile',
    detail: `信息系统“${system.name}”已由大数据中心 大数据中心:big-data-center于2026年11月22日09:00更改，请刷新后核对，再重新办理。`,
  })
})

test('the owner declares the grade with its filing number, public security confirms it', async () => {
  const system = await givenSystem()
  const grade = { version: 1, level: 3, filingNumber: '15030013001-26001', nextEvaluationOn: '2027-05-01', evidence: '备案证明' }
  const missing = await call(clerk, 'POST', `/${system.id}/protection`, { ...grade, filingNumber: null })
  expect([missing.status, missing.body.fields[0].path]).toEqual([422, 'filingNumber'])
  const declared = await call(clerk, 'POST', `/${system.id}/protection`, grade)
  expect(declared.body.protection).toMatchObject({ level: 3, standing: 'declared', filingNumber: '15030013001-26001' })
  const waiting = await call(police, 'GET', '?awaiting=protection&limit=200')
  expect(waiting.body.items.map((line: { id: string }) => line.id)).toContain(system.id)
  const confirmed = await call(police, 'POST', `/${system.id}/protection`, { ...grade, version: 2 })
  expect(confirmed.body.protection).toMatchObject({ standing: 'confirmed', by: police.name })
  const wrong = await call(center, 'POST', `/${system.id}/protection`, { ...grade, version: 3 })
  expect(wrong.status).toBe(403)
  expect(await auditOf(system.id)).toContain('system.protection_confirmed done')
})

test('a system goes from planned to closed and never back', async () => {
  const system = await givenSystem()
  expect((await call(clerk, 'POST', `/${system.id}/status`, { version: 1, status: 'running' })).body.status).toBe('running')
  const stale = await call(clerk, 'POST', `/${system.id}/status`, { version: 1, status: 'closed' })
  expect([stale.status, stale.body.code]).toEqual([409, 'subject.changed_meanwhile'])
  const back = await call(clerk, 'POST', `/${system.id}/status`, { version: 2, status: 'building' })
  expect([back.status, back.body.code]).toEqual([409, 'system.wrong_status'])
})

test('once an office has answered, the system stays with its project', async () => {
  const system = await givenSystem({ projectId })
  await call(center, 'POST', `/${system.id}/answers`, { version: 1, evidence: '核查', deployment: 'own' })
  const moved = await call(clerk, 'PUT', `/${system.id}`, { ...registration({ name: system.name }), version: 2 })
  expect([moved.status, moved.body.code]).toEqual([409, 'system.project_fixed'])
  const described = await call(clerk, 'PUT', `/${system.id}`, {
    ...registration({ name: system.name, projectId, usageScope: '全市' }),
    version: 2,
  })
  expect(described.body.usageScope).toBe('全市')
})

test('the gate reads the worst answer of all systems, and nothing while one of them is unanswered', async () => {
  const id = randomUUID()
  projects.push({ id, name: '两个系统的项目', builderOrgId: '民政局', userUnitOrgId: '民政局' })
  expect(await factsOf(id)).toEqual({})
  const [one, two] = [await givenSystem({ projectId: id }), await givenSystem({ projectId: id })]
  await call(center, 'POST', `/${one.id}/answers`, { version: 1, evidence: '核查', deployment: 'gov-cloud', cityBrainConnected: false })
  expect(await factsOf(id)).toEqual({ 'project.cityBrainConnected': false })
  await call(center, 'POST', `/${two.id}/answers`, {
    version: 1,
    evidence: '核查',
    deployment: 'own',
    cityBrainConnected: true,
    dataShared: true,
  })
  expect(await factsOf(id)).toEqual({ 'project.deployment': 'own', 'project.cityBrainConnected': false })
  await call(center, 'POST', `/${two.id}/answers`, { version: 2, evidence: '迁云', deployment: 'gov-cloud' })
  expect(await factsOf(id)).toEqual({ 'project.deployment': 'gov-cloud', 'project.cityBrainConnected': false })
})

test('closing a system does not take its bad answer from the gate until the center has seen that it is off', async () => {
  const id = randomUUID()
  projects.push({ id, name: '关停一个系统的项目', builderOrgId: '民政局', userUnitOrgId: '民政局' })
  const [good, bad] = [await givenSystem({ projectId: id }), await givenSystem({ projectId: id })]
  await call(center, 'POST', `/${good.id}/answers`, { version: 1, evidence: '核查', deployment: 'gov-cloud' })
  await call(center, 'POST', `/${bad.id}/answers`, { version: 1, evidence: '核查', deployment: 'other' })
  const early = await call(center, 'POST', `/${bad.id}/answers`, { version: 2, evidence: '核查', closureVerified: true })
  expect([early.status, early.body.code]).toEqual([409, 'system.not_closed'])
  await call(clerk, 'POST', `/${bad.id}/status`, { version: 2, status: 'closed' })
  expect(await factsOf(id)).toEqual({ 'project.deployment': 'other' })
  await call(center, 'POST', `/${bad.id}/answers`, { version: 3, evidence: '已断网下线', closureVerified: true })
  expect(await factsOf(id)).toEqual({ 'project.deployment': 'gov-cloud' })
})

test('the list is cut into pages, filtered and searched; % is a character like any other', async () => {
  const unit = actorOf('发改委', 'applicant')
  for (const name of ['甲系统', '乙100%系统', '丙系统']) await call(unit, 'POST', '', registration({ name }))
  const first = await call(unit, 'GET', '?limit=2')
  expect(first.body.items.map((line: { name: string }) => line.name)).toEqual(['丙系统', '乙100%系统'])
  const second = await call(unit, 'GET', `?limit=2&cursor=${first.body.nextCursor}`)
  expect([second.body.items.map((line: { name: string }) => line.name), second.body.nextCursor]).toEqual([['甲系统'], null])
  const found = await call(unit, 'GET', `?q=${encodeURIComponent('0%')}`)
  expect(found.body.items.map((line: { name: string }) => line.name)).toEqual(['乙100%系统'])
  expect((await call(unit, 'GET', '?status=running')).body.items).toEqual([])
  expect((await call(unit, 'GET', '?cursor=WyJ4Il0')).status).toBe(400)
  expect((await call(unit, 'GET', '?limit=201')).status).toBe(400)
})

test('the permission as SQL and as a function give the same systems', async () => {
  const handle = db as unknown as import('kysely').Kysely<SystemsTables>
  const orgs = fc.constantFrom('民政局', '卫健委', '大数据中心')
  const roles = fc.uniqueArray(
    fc.constantFrom('applicant', 'big-data-center', 'drc', 'enterprise', 'citizen', 'user-unit', 'public-security', 'system-admin'),
    { maxLength: 3 },
  )
  await fc.assert(
    fc.asyncProperty(orgs, fc.option(orgs), orgs, roles, async (orgId, userUnit, actorOrg, held) => {
      const row = await handle
        .insertInto('systems.system')
        .values({
          name: randomUUID(),
          org_id: orgId,
          user_unit_org_id: userUnit,
          project_id: null,
          functions: '',
          usage_scope: '',
          usage_frequency: 'daily',
          approving_body: null,
          approved_on: null,
          funding: [],
          status: 'planned',
          registered_by_person_id: 'x',
          created_at: at,
          updated_by: 'x',
          updated_at: at,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      // Every other duty is given for an area, in which one organisation lies.
      const within = new Map(held.filter((_, n) => n % 2 === 1).map((duty) => [duty, new Set(['民政局'])]))
      const actor = { ...actorOf(actorOrg, ...held), within }
      const listed = await handle
        .selectFrom('systems.system')
        .select('id')
        .where('id', '=', row.id)
        .where(readSystem.where(actor))
        .executeTakeFirst()
      expect(listed !== undefined).toBe(readSystem.allows(actor, row))
    }),
    { numRuns: 80 },
  )
})
