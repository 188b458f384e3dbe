import { randomUUID } from 'node:crypto'
import { systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import fc from 'fast-check'
import type { Kysely } from 'kysely'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { ProjectUnderSupervision } from './ports.ts'
import { readProblem, readWithheldRecord } from './problem.permissions.ts'
import type { SupervisionTables } from './problem.tables.ts'
import { supervisionFacts } from './supervision.facts.ts'
import { actorOf, givenApp, subjectOfProblems } from './supervision.given.ts'

const { db, owner } = await testDatabase()
const start = new Date('2026-11-22T01:00:00Z')
let now = start
const projects: ProjectUnderSupervision[] = []
const center = actorOf('大数据中心', 'big-data-center')
const drc = actorOf('发改委', 'drc')
const builder = actorOf('民政局', 'applicant')
const userUnit = actorOf('卫健委', 'user-unit')
const stranger = actorOf('教育局', 'applicant')
let app: Awaited<ReturnType<typeof givenApp>>
beforeAll(async () => {
  app = await givenApp(db, projects, () => now)
})
beforeEach(() => {
  now = start
})
const call = (...args: Parameters<typeof app.call>) => app.call(...args)

function givenProject(): string {
  const id = randomUUID()
  projects.push({ id, name: '低保核对项目', builderOrgId: '民政局', userUnitOrgId: '卫健委' })
  return id
}

function problem(projectId: string, over: object = {}) {
  return {
    secrecy: false,
    projectId,
    party: 'builder',
    kind: 'not-on-cloud',
    description: '系统部署在本单位机房',
    demand: '迁移至政务云',
    foundOn: '2026-11-20',
    dueOn: '2026-12-31',
    ...over,
  }
}

async function givenProposed(projectId = givenProject(), over: object = {}) {
  const { status, body } = await call(center, 'POST', '/problems', problem(projectId, over))
  expect([status, body.detail]).toEqual([201, undefined])
  return body as { id: string; version: number }
}

async function givenOrdered(projectId = givenProject(), over: object = {}) {
  const { id } = await givenProposed(projectId, over)
  await app.emit(drc, id, 'problem.ordered')
  return id
}

async function givenNotAccepted(projectId = givenProject(), over: object = {}) {
  const id = await givenOrdered(projectId, over)
  await app.emit(builder, id, 'problem.reported', { opinion: '已制定迁移方案' })
  await app.emit(center, id, 'problem.not-accepted', { opinion: '仅有方案，未迁移' })
  return id
}

const later = (day: string) => {
  now = new Date(`${day}T01:00:00Z`)
}
const page = async (id: string, as = center) => (await call(as, 'GET', `/problems/${id}`)).body
const hold = async (as: typeof center, id: string, over: object = {}) =>
  call(as, 'POST', `/problems/${id}/payment-hold`, { secrecy: false, version: (await page(id)).version, reason: '逾期未整改', ...over })
const factsOf = (id: string, act?: string) =>
  supervisionFacts.factsOf({ db, actor: systemActor, now: () => now, requestId: 'test', inside: false }, id, act)

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

test('the center proposes, the order follows the countersigning, and the deadline goes with the case', async () => {
  const { id } = await givenProposed()
  expect(await page(id)).toMatchObject({ state: 'proposed', responsible: { id: '民政局' }, failed: false, dueOn: '2026-12-31' })
  expect(app.caseOf(id)).toMatchObject({
    ref: { procedure: 'rectification', orgs: { responsible: '民政局' } },
    dates: { 'rectification.dueOn': '2026-12-31' },
  })
  expect((await call(builder, 'GET', `/problems/${id}`)).status).toBe(404)
  await app.emit(drc, id, 'problem.ordered')
  expect(await page(id, builder)).toMatchObject({ state: 'ordered' })
  expect(await auditOf(id)).toEqual(['problem.proposed done', 'problem.ordered done'])
})

test('a declared state secret is turned away before anything is stored', async () => {
  const { status, body } = await call(center, 'POST', '/problems', { secrecy: true, description: '涉密的内容' })
  expect([status, body.code]).toEqual([409, 'secrecy.out_of_scope'])
  expect((await owner.query("select from supervision.problem where description = '涉密的内容'")).rowCount).toBe(0)
})

test('a proposal names a project one may read, a day that has come and a deadline that has not', async () => {
  const unknown = await call(center, 'POST', '/problems', problem(randomUUID()))
  expect([unknown.status, unknown.body.fields[0].path]).toEqual([422, 'projectId'])
  const found = await call(center, 'POST', '/problems', problem(givenProject(), { foundOn: '2026-11-23' }))
  expect([found.status, found.body.fields[0].path]).toEqual([422, 'foundOn'])
  const due = await call(center, 'POST', '/problems', problem(givenProject(), { dueOn: '2026-11-22' }))
  expect([due.status, due.body.fields[0].path]).toEqual([422, 'dueOn'])
  const kind = await call(center, 'POST', '/problems', problem(givenProject(), { kind: 'other' }))
  expect([kind.status, kind.body.fields[0].path]).toEqual([400, 'kind'])
})

test('only the center proposes; the DRC countersigns what it sees', async () => {
  expect((await call(drc, 'POST', '/problems', problem(givenProject()))).status).toBe(403)
  expect((await call(builder, 'POST', '/problems', problem(givenProject()))).status).toBe(403)
  const { id } = await givenProposed()
  expect((await call(drc, 'GET', `/problems/${id}`)).status).toBe(200)
})

test('a proposal that comes back is changed and goes out again; what is ordered stays', async () => {
  const { id } = await givenProposed()
  const { projectId: _, party: __, ...change } = problem('', { dueOn: '2027-01-31' })
  const early = await call(center, 'PUT', `/problems/${id}`, { ...change, version: 2 })
  expect([early.status, early.body.code]).toEqual([409, 'problem.not_open'])
  await app.emit(drc, id, 'case.returned', { opinion: '期限过短' })
  const changed = await call(center, 'PUT', `/problems/${id}`, { ...change, version: 3 })
  expect(changed.body).toMatchObject({ state: 'draft', dueOn: '2027-01-31', mayDo: ['change'] })
  expect((await call(drc, 'PUT', `/problems/${id}`, { ...change, version: 4 })).status).toBe(403)
  await app.emit(center, id, 'case.resubmitted')
  expect(await page(id)).toMatchObject({ state: 'proposed', mayDo: [] })
})

test('of two people who change a returned proposal at once, one wins and the other is told who was first', async () => {
  const { id } = await givenProposed()
  await app.emit(drc, id, 'case.returned')
  const { projectId: _, party: __, ...change } = problem('')
  const results = await Promise.all(['甲', '乙'].map((demand) => call(center, 'PUT', `/problems/${id}`, { ...change, demand, version: 3 })))
  expect(results.map((r) => r.status).sort()).toEqual([200, 409])
  expect(results.find((r) => r.status === 409)?.body.detail).toContain('已由大数据中心 大数据中心:big-data-center于2026年11月22日09:00更改')
})

test('from order to confirmation only the procedure moves a problem, and no step is skipped', async () => {
  const id = await givenOrdered()
  await expect(app.emit(center, id, 'problem.confirmed')).rejects.toMatchObject({ code: 'problem.wrong_state' })
  await app.emit(builder, id, 'problem.reported', { opinion: '已迁移' })
  expect(await page(id)).toMatchObject({ state: 'reported', reportedOn: '2026-11-22', report: '已迁移' })
  await app.emit(center, id, 'problem.confirmed')
  expect(await page(id)).toMatchObject({ state: 'confirmed', confirmedAt: start.toISOString() })
  await expect(app.emit(center, id, 'problem.unheard-of')).rejects.toThrow(/knows no event/)
})

test('a report that is taken back leaves the problem as it was before', async () => {
  const id = await givenOrdered()
  await app.emit(builder, id, 'problem.reported', { opinion: '已迁移' })
  await app.retract(builder, id, 'problem.reported')
  expect(await page(id)).toMatchObject({ state: 'ordered', report: null, reportedOn: null })
  await expect(app.retract(center, id, 'problem.ordered')).rejects.toThrow(/cannot take back/)
  const refused = await givenNotAccepted()
  await app.emit(builder, refused, 'problem.reported', { opinion: '已迁移' })
  await app.retract(builder, refused, 'problem.reported')
  expect(await page(refused)).toMatchObject({ state: 'not-accepted' })
})

test('the day of the deadline is still in time; the day after, what is not reported is overdue and failed', async () => {
  const projectId = givenProject()
  const id = await givenOrdered(projectId)
  later('2026-12-31')
  expect(await page(id)).toMatchObject({ state: 'ordered', failed: false })
  later('2027-01-01')
  expect(await page(id)).toMatchObject({ state: 'overdue', failed: true })
  const overdue = await call(center, 'GET', `/problems?state=overdue&projectId=${projectId}`)
  expect(overdue.body.items).toMatchObject([{ id, state: 'overdue' }])
  expect((await call(center, 'GET', `/problems?state=ordered&projectId=${projectId}`)).body.items).toEqual([])
})

test('a report in time waits for the center without failing; a late one has failed until it is confirmed', async () => {
  const [inTime, late] = [await givenOrdered(), await givenOrdered()]
  await app.emit(builder, inTime, 'problem.reported', { opinion: '已迁移' })
  later('2027-01-10')
  await app.emit(builder, late, 'problem.reported', { opinion: '已迁移' })
  expect(await page(inTime)).toMatchObject({ state: 'reported', failed: false })
  expect(await page(late)).toMatchObject({ state: 'reported', failed: true })
})

test('not accepted has failed, also with a new deadline and a new report, until it is confirmed', async () => {
  const id = await givenOrdered()
  await app.emit(builder, id, 'problem.reported', { opinion: '已制定方案' })
  await app.emit(center, id, 'problem.not-accepted', { opinion: '未迁移', dates: { 'rectification.dueOn': '2027-03-31' } })
  expect(await page(id)).toMatchObject({ state: 'not-accepted', failed: true, dueOn: '2027-03-31', notAcceptedReason: '未迁移' })
  await app.emit(builder, id, 'problem.reported', { opinion: '已迁移' })
  expect(await page(id)).toMatchObject({ state: 'reported', failed: true })
  await app.emit(center, id, 'problem.confirmed')
  expect(await page(id)).toMatchObject({ state: 'confirmed', failed: false })
})

test('payment is held by a recorded decision on a failed builder, and the hold ends when the rectification is confirmed', async () => {
  const projectId = givenProject()
  const id = await givenNotAccepted(projectId)
  const held = await hold(drc, id)
  expect(held.body).toMatchObject({
    paymentHeld: true,
    holds: [
      { reason: '逾期未整改', duty: 'drc', basis: 'local', decidedBy: '发改委 发改委:drc', decidedAt: start.toISOString(), endedAt: null },
    ],
  })
  expect(await factsOf(projectId)).toMatchObject({ 'payment.holdOrdered': true })
  await app.emit(builder, id, 'problem.reported', { opinion: '已迁移' })
  expect(await factsOf(projectId)).toMatchObject({ 'payment.holdOrdered': true })
  await app.emit(center, id, 'problem.confirmed')
  expect(await factsOf(projectId)).toMatchObject({ 'payment.holdOrdered': false, 'rectification.open': false })
  expect((await page(id)).holds).toMatchObject([{ endedAt: start.toISOString() }])
  expect((await auditOf(id)).slice(-4)).toEqual([
    'payment.hold_ordered done',
    'problem.reported done',
    'problem.confirmed done',
    'payment.hold_ended done',
  ])
})

test('no hold before failure, none on a user unit, no second one, none by another office', async () => {
  const open = await givenOrdered()
  expect((await hold(center, open)).body).toMatchObject({ code: 'hold.not_failed' })
  const unit = await givenNotAccepted(givenProject(), { party: 'user-unit' })
  expect((await hold(center, unit)).body).toMatchObject({ code: 'hold.not_builder' })
  const failed = await givenNotAccepted()
  expect((await hold(actorOf('财政局', 'finance'), failed)).status).toBe(403)
  expect((await hold(builder, failed)).status).toBe(403)
  expect((await hold(stranger, failed)).status).toBe(404)
  expect((await hold(center, failed, { reason: ' ' })).status).toBe(400)
  await hold(center, failed)
  expect((await hold(drc, failed)).body).toMatchObject({ code: 'hold.already_ordered' })
})

test('of two offices that decide on one hold at once, one decides and the other is told who did', async () => {
  const id = await givenNotAccepted()
  const version = (await page(id)).version
  const results = await Promise.all([hold(center, id, { version }), hold(drc, id, { version })])
  expect(results.map((r) => r.status).sort()).toEqual([200, 409])
  expect(results.find((r) => r.status === 409)?.body.detail).toMatch(/已由(发改委|大数据中心) .+决定暂缓支付/)
})

test('nothing recorded is known to be nothing: every fact is false and no party is named', async () => {
  expect(await factsOf(givenProject())).toEqual({
    'rectification.open': false,
    'rectification.failed': false,
    'payment.holdOrdered': false,
    'builder.recordsWithheld': false,
  })
})

test('a proposal that is not ordered is no open rectification', async () => {
  const projectId = givenProject()
  await givenProposed(projectId)
  expect(await factsOf(projectId)).toMatchObject({ 'rectification.open': false })
})

test('one failed builder and one failed user unit: each gate hears of the party that it asks about', async () => {
  const projectId = givenProject()
  const builders = await givenNotAccepted(projectId)
  await givenNotAccepted(projectId, { party: 'user-unit' })
  expect(await factsOf(projectId)).toMatchObject({ 'rectification.failed': true, 'rectification.party': 'builder' })
  expect(await factsOf(projectId, 'payment.release')).toMatchObject({ 'rectification.party': 'builder' })
  expect(await factsOf(projectId, 'funding.schedule')).toMatchObject({ 'rectification.party': 'user-unit' })
  expect(await factsOf(projectId, 'system.operate')).toMatchObject({ 'rectification.party': 'user-unit' })
  await hold(center, builders)
  expect(await factsOf(projectId)).toMatchObject({ 'payment.holdOrdered': true, 'rectification.party': 'user-unit' })
})

test('a failed user unit speaks before a builder that is still in time, and a lone open problem names its party', async () => {
  const projectId = givenProject()
  await givenOrdered(projectId)
  expect(await factsOf(projectId, 'funding.schedule')).toMatchObject({ 'rectification.failed': false, 'rectification.party': 'builder' })
  await givenNotAccepted(projectId, { party: 'user-unit' })
  expect(await factsOf(projectId)).toMatchObject({ 'rectification.failed': true, 'rectification.party': 'user-unit' })
})

test('what a builder withheld is recorded and visible, answered by the builder, and revoked only by who recorded it', async () => {
  const projectId = givenProject()
  const audit = actorOf('审计局', 'audit')
  const record = { secrecy: false, projectId, kind: 'hid', description: '未提供合同原件', foundOn: '2026-11-20' }
  const made = await call(audit, 'POST', '/withheld-records', record)
  expect(made.body).toMatchObject({ kind: 'hid', builder: { id: '民政局' }, recordedBy: '审计局 审计局:audit', mayDo: ['revoke'] })
  const url = `/withheld-records/${made.body.id}`
  expect(await factsOf(projectId)).toMatchObject({ 'builder.recordsWithheld': true })
  expect((await call(userUnit, 'GET', url)).status).toBe(200)
  expect((await call(stranger, 'GET', url)).status).toBe(404)
  expect((await call(builder, 'POST', '/withheld-records', record)).status).toBe(403)
  expect((await call(stranger, 'POST', `${url}/reply`, { secrecy: false, version: 1, reply: '代答' })).status).toBe(404)
  expect((await call(audit, 'POST', `${url}/reply`, { secrecy: false, version: 1, reply: '代答' })).status).toBe(403)
  const reply = await call(builder, 'POST', `${url}/reply`, { secrecy: false, version: 1, reply: '原件已送审计局' })
  expect(reply.body.reply).toMatchObject({ text: '原件已送审计局', by: '民政局 民政局:applicant' })
  const again = await call(builder, 'POST', `${url}/reply`, { secrecy: false, version: 2, reply: '再答' })
  expect(again.body.code).toBe('withheld.already_replied')
  expect((await call(center, 'POST', `${url}/revocation`, { version: 2, reason: '已补交' })).status).toBe(403)
  const revoked = await call(audit, 'POST', `${url}/revocation`, { version: 2, reason: '核实系误记' })
  expect(revoked.body).toMatchObject({ revocation: { reason: '核实系误记' }, mayDo: [] })
  expect(await factsOf(projectId)).toMatchObject({ 'builder.recordsWithheld': false })
  expect((await auditOf(made.body.id)).filter((line) => line.endsWith('done'))).toEqual([
    'withheld.recorded done',
    'withheld.replied done',
    'withheld.revoked done',
  ])
})

test('a reviewer reads beside the form what was found, by when it is to be cured and what was reported', async () => {
  const id = await givenNotAccepted()
  const ctx = { db, actor: center, now: () => now, requestId: 'test', inside: false }
  const read = await subjectOfProblems.describe?.(ctx, id)
  expect(read).toMatchObject({ title: '低保核对项目：未基于市政务云计算中心建设', href: `/problems/${id}` })
  expect(read?.facts).toContainEqual({ label: '整改期限', value: '2026-12-31', fen: null })
  expect(read?.facts).toContainEqual({ label: '上次核查意见', value: '仅有方案，未迁移', fen: null })
})

test('of two revocations at once one is recorded', async () => {
  const record = { secrecy: false, projectId: givenProject(), kind: 'refused', description: '拒绝提供', foundOn: '2026-11-20' }
  const { body } = await call(center, 'POST', '/withheld-records', record)
  const revoke = () => call(center, 'POST', `/withheld-records/${body.id}/revocation`, { version: 1, reason: '误记' })
  expect((await Promise.all([revoke(), revoke()])).map((r) => r.status).sort()).toEqual([200, 409])
})

test('the lists are cut into pages, filtered and searched', async () => {
  const projectId = givenProject()
  for (const description of ['甲', '乙%', '丙']) await givenOrdered(projectId, { description })
  const first = await call(center, 'GET', `/problems?projectId=${projectId}&limit=2`)
  expect(first.body.items).toHaveLength(2)
  const second = await call(center, 'GET', `/problems?projectId=${projectId}&limit=2&cursor=${first.body.nextCursor}`)
  expect([second.body.items.length, second.body.nextCursor]).toEqual([1, null])
  expect((await call(center, 'GET', `/problems?projectId=${projectId}&q=%25`)).body.items).toHaveLength(1)
  expect((await call(center, 'GET', `/problems?projectId=${projectId}&kind=not-connected`)).body.items).toEqual([])
  expect((await call(center, 'GET', '/problems?cursor=WyJ4Il0')).status).toBe(400)
  expect((await call(stranger, 'GET', `/problems?projectId=${projectId}`)).body.items).toEqual([])
})

test('the permissions as SQL and as functions give the same problems and records', async () => {
  const handle = db as unknown as Kysely<SupervisionTables>
  const id = await givenOrdered()
  const record = { secrecy: false, projectId: givenProject(), kind: 'hid', description: '未提供', foundOn: '2026-11-20' }
  const recordId = (await call(center, 'POST', '/withheld-records', record)).body.id
  const orgs = fc.constantFrom('民政局', '卫健委', '大数据中心')
  const roles = fc.uniqueArray(
    fc.constantFrom('applicant', 'big-data-center', 'drc', 'enterprise', 'citizen', 'user-unit', 'system-admin'),
    {
      maxLength: 3,
    },
  )
  await fc.assert(
    fc.asyncProperty(orgs, orgs, fc.boolean(), orgs, roles, async (builder_org_id, user_unit_org_id, ordered, actorOrg, held) => {
      const parties = { builder_org_id, user_unit_org_id }
      // Every other duty is given for an area, in which one organisation lies.
      const within = new Map(held.filter((_, n) => n % 2 === 1).map((duty) => [duty, new Set(['民政局'])]))
      const actor = { ...actorOf(actorOrg, ...held), within }
      const row = await handle
        .updateTable('supervision.problem')
        .set({ ...parties, ordered_at: ordered ? start : null })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow()
      const listed = await handle
        .selectFrom('supervision.problem')
        .select('id')
        .where('id', '=', id)
        .where(readProblem.where(actor))
        .executeTakeFirst()
      expect(listed !== undefined).toBe(readProblem.allows(actor, row))
      await handle.updateTable('supervision.withheld_record').set(parties).where('id', '=', recordId).execute()
      const seen = await handle
        .selectFrom('supervision.withheld_record')
        .select('id')
        .where('id', '=', recordId)
        .where(readWithheldRecord.where(actor))
        .executeTakeFirst()
      expect(seen !== undefined).toBe(readWithheldRecord.allows(actor, parties))
    }),
    { numRuns: 120 },
  )
})
