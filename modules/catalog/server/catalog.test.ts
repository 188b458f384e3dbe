import { randomUUID } from 'node:crypto'
import { systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import fc from 'fast-check'
import type { Kysely } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { catalogFacts } from './catalog.facts.ts'
import { actorOf, declarationsOf, emptyWorld, entry, givenApp } from './catalog.given.ts'
import { readResource, readWorkings } from './resource.permissions.ts'
import { states } from './resource.schema.ts'
import type { CatalogTables } from './resource.tables.ts'

const { db, owner } = await testDatabase()
const at = new Date('2026-11-22T01:00:00Z')
const world = emptyWorld()
const steward = actorOf('民政局', 'data-steward')
const leader = actorOf('民政局', 'department-head')
const secrecy = actorOf('民政局', 'secrecy-reviewer')
const center = actorOf('大数据中心', 'big-data-center')
const health = actorOf('卫健委', 'applicant')
let app: Awaited<ReturnType<typeof givenApp>>
beforeAll(async () => {
  app = await givenApp(db, world, () => at)
})
const call = (...args: Parameters<typeof app.call>) => app.call(...args)

async function givenEntry(over: object = {}) {
  const { status, body } = await call(steward, 'POST', '/resources', entry({ name: `资源${randomUUID()}`, ...over }))
  expect([status, body.detail]).toEqual([201, undefined])
  return body as { id: string; version: number; content: { name: string } }
}

function givenProject(...names: string[]) {
  const id = randomUUID()
  world.projects.push({ id, name: '低保核对项目', builderOrgId: '民政局', userUnitOrgId: '卫健委' })
  world.declared.set(
    id,
    names.map((name) => ({ id: randomUUID(), name })),
  )
  return { id, declared: (world.declared.get(id) ?? []).map((one) => one.id) }
}

const { awaited } = world
const submit = (id: string, version = 1) => call(steward, 'POST', `/resources/${id}/submission`, { version })
const factsOf = (id: string) =>
  catalogFacts({ declarations: declarationsOf(world), platform: { holds: async (_, entry) => !awaited.has(entry) } }).factsOf(
    { db, actor: systemActor, now: () => at, requestId: 'test', inside: false },
    id,
  )
const marks = (compiled: boolean, approved: boolean, registered: boolean) => ({
  'catalog.compiled': compiled,
  'catalog.approved': approved,
  'catalog.registered': registered,
})

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

test('a steward compiles an entry in steps: a draft may be incomplete and says what is missing', async () => {
  const draft = await call(steward, 'POST', '/resources', entry({ name: '草稿', sharing: null, items: [] }))
  expect(draft.body).toMatchObject({ state: 'draft', mayDo: ['change', 'submit'], org: { id: '民政局' } })
  expect(draft.body.gaps.map((gap: { path: string }) => gap.path)).toEqual(['sharing', 'items'])
  const done = await call(steward, 'PUT', `/resources/${draft.body.id}`, { ...entry({ name: '草稿' }), version: 1 })
  expect(done.body).toMatchObject({ version: 2, gaps: [] })
  expect(done.body.content.items).toMatchObject(entry().items)
  expect(await auditOf(draft.body.id)).toEqual(['catalog.drafted done', 'catalog.changed done'])
})

test('a declared state secret is turned away before anything is stored', async () => {
  const { status, body } = await call(steward, 'POST', '/resources', { secrecy: true, name: '涉密资源' })
  expect([status, body.code]).toEqual([409, 'secrecy.out_of_scope'])
  expect((await owner.query("select from catalog.resource where name = '涉密资源'")).rowCount).toBe(0)
})

test('an incomplete entry is not handed in: every gap with its field, no case, nothing frozen', async () => {
  const draft = await givenEntry({ sharingCondition: '', providerCode: '123' })
  const { status, body } = await submit(draft.id)
  expect([status, body.code]).toEqual([422, 'catalog.incomplete'])
  expect(body.fields.map((field: { path: string }) => field.path)).toEqual(['providerCode', 'sharingCondition'])
  const page = await call(steward, 'GET', `/resources/${draft.id}`)
  expect(page.body).toMatchObject({ state: 'draft', cases: [] })
  expect((await call(steward, 'GET', `/resources/${draft.id}/versions`)).body.items).toEqual([])
})

test('from hand-in to registration only the procedure moves an entry, and what was handed in is frozen', async () => {
  const draft = await givenEntry()
  const submitted = await submit(draft.id)
  expect(submitted.body).toMatchObject({ state: 'submitted', mayDo: [], cases: [{ status: 'running' }] })
  const changed = await call(steward, 'PUT', `/resources/${draft.id}`, { ...entry({ name: '改名' }), version: 2 })
  expect([changed.status, changed.body.code]).toEqual([409, 'catalog.not_open'])
  await app.emit(secrecy, draft.id, 'catalog.secrecy-reviewed')
  await app.emit(center, draft.id, 'catalog.approved')
  await app.emit(center, draft.id, 'catalog.registered')
  const page = await call(steward, 'GET', `/resources/${draft.id}`)
  expect(page.body).toMatchObject({ state: 'registered', registeredAt: at.toISOString(), version: 5 })
  const versions = await call(steward, 'GET', `/resources/${draft.id}/versions`)
  expect(versions.body.items).toEqual([
    { version: 2, content: page.body.content, submittedBy: '民政局 民政局:data-steward', submittedAt: at.toISOString() },
  ])
  expect(await auditOf(draft.id)).toEqual([
    'catalog.drafted done',
    'catalog.submitted done',
    'changeResource refused',
    'catalog.secrecy-reviewed done',
    'catalog.approved done',
    'catalog.registered done',
  ])
  const handle = db as unknown as Kysely<CatalogTables>
  await expect(handle.deleteFrom('catalog.resource_version').execute()).rejects.toThrow(/permission denied/)
})

test('a step cannot be skipped: approval needs the secrecy review, registration the approval', async () => {
  const draft = await givenEntry()
  await submit(draft.id)
  await expect(app.emit(center, draft.id, 'catalog.approved')).rejects.toMatchObject({ code: 'catalog.wrong_state' })
  await expect(app.emit(center, draft.id, 'catalog.registered')).rejects.toMatchObject({ code: 'catalog.wrong_state' })
})

test('the head of the department signs before the secrecy review, and the center sends back to a step it names', async () => {
  const draft = await givenEntry()
  await submit(draft.id)
  await app.emit(leader, draft.id, 'catalog.signed-off')
  expect((await call(steward, 'GET', `/resources/${draft.id}`)).body.state).toBe('signed-off')
  await app.emit(secrecy, draft.id, 'catalog.secrecy-reviewed')
  await app.emit(center, draft.id, 'catalog.returned-to-secrecy', '请核对住址是否涉及敏感区域')
  expect((await call(steward, 'GET', `/resources/${draft.id}`)).body).toMatchObject({ state: 'signed-off', mayDo: [] })
  await app.emit(secrecy, draft.id, 'catalog.secrecy-reviewed')
  expect((await auditOf(draft.id)).slice(2)).toEqual([
    'catalog.signed-off done',
    'catalog.secrecy-reviewed done',
    'catalog.returned-to-secrecy done',
    'catalog.secrecy-reviewed done',
  ])
})

test('whoever compiled an entry does not sign it off, whoever handed it in, nor by a lent post', async () => {
  const both = actorOf('民政局', 'applicant', 'department-head')
  const draft = await givenEntry()
  await call(both, 'PUT', `/resources/${draft.id}`, { ...entry({ name: draft.content.name }), version: 1 })
  await submit(draft.id, 2)
  const own = app.emit(both, draft.id, 'catalog.signed-off')
  await expect(own).rejects.toMatchObject({ status: 403, code: 'catalog.signed_by_compiler', message: expect.stringContaining('第十五条') })
  const lent = { ...leader, onBehalfOf: { personId: both.personId, name: both.name } }
  await expect(app.emit(lent, draft.id, 'catalog.signed-off')).rejects.toMatchObject({ code: 'catalog.signed_by_compiler' })
  expect((await call(steward, 'GET', `/resources/${draft.id}`)).body.state).toBe('submitted')
  await app.emit(leader, draft.id, 'catalog.signed-off')
})

test('what comes back is changed and handed in again in its case, not anew', async () => {
  const draft = await givenEntry()
  await submit(draft.id)
  await app.emit(secrecy, draft.id, 'catalog.returned', '摘要含有不宜公开的内容')
  const page = await call(steward, 'GET', `/resources/${draft.id}`)
  expect(page.body).toMatchObject({ state: 'returned', returnedReason: '摘要含有不宜公开的内容', mayDo: ['change'] })
  const again = await submit(draft.id, 3)
  expect([again.status, again.body.code]).toEqual([409, 'catalog.already_running'])
  const name = draft.content.name
  await call(steward, 'PUT', `/resources/${draft.id}`, { ...entry({ name, items: [] }), version: 3 })
  await expect(app.emit(steward, draft.id, 'catalog.submitted')).rejects.toMatchObject({ code: 'catalog.incomplete' })
  await call(steward, 'PUT', `/resources/${draft.id}`, { ...entry({ name }), version: 4 })
  await app.emit(steward, draft.id, 'catalog.submitted')
  const versions = await call(steward, 'GET', `/resources/${draft.id}/versions`)
  expect(versions.body.items.map((one: { version: number }) => one.version)).toEqual([6, 2])
})

test('a hand-in that is taken back leaves the entry open for change', async () => {
  const draft = await givenEntry()
  await submit(draft.id)
  await app.retract(steward, draft.id, 'catalog.submitted')
  expect((await call(steward, 'GET', `/resources/${draft.id}`)).body).toMatchObject({ state: 'draft', mayDo: ['change'] })
  await expect(app.retract(steward, draft.id, 'catalog.approved')).rejects.toThrow(/cannot take back/)
})

test('a stranger gets 404, a reader without the duty 403, an enterprise and a citizen nothing at all', async () => {
  const draft = await givenEntry()
  const url = `/resources/${draft.id}`
  expect((await call(health, 'GET', url)).status).toBe(404)
  expect((await call(health, 'POST', `${url}/submission`, { version: 1 })).status).toBe(404)
  expect((await call(center, 'PUT', url, { ...entry(), version: 1 })).status).toBe(403)
  expect((await call(center, 'POST', `${url}/submission`, { version: 1 })).status).toBe(403)
  expect((await call(actorOf('民政局', 'applicant'), 'POST', `${url}/submission`, { version: 1 })).status).toBe(403)
  expect((await call(health, 'POST', '/resources/no-id/submission', { version: 1 })).status).toBe(404)
  for (const event of ['submitted', 'secrecy-reviewed', 'approved', 'registered'])
    if (event === 'submitted') await submit(draft.id)
    else await app.emit(center, draft.id, `catalog.${event}`)
  expect((await call(health, 'GET', url)).body).toMatchObject({ state: 'registered', cases: [] })
  const workings = await call(health, 'GET', `${url}/versions`)
  expect([workings.status, workings.body.code]).toEqual([403, 'catalog.workings_closed'])
  expect((await call(health, 'GET', `${url}/trail`)).status).toBe(403)
  for (const outsider of [actorOf('某公司', 'enterprise'), actorOf('民政局', 'citizen'), actorOf('某处')]) {
    expect((await call(outsider, 'GET', url)).status).toBe(404)
    expect((await call(outsider, 'GET', '/resources')).body.items).toEqual([])
  }
})

test('of two clerks who change one entry at once, one wins and the other is told who was first', async () => {
  const draft = await givenEntry()
  const change = (abstract: string) =>
    call(steward, 'PUT', `/resources/${draft.id}`, { ...entry({ name: draft.content.name, abstract }), version: 1 })
  const results = await Promise.all([change('甲的摘要'), change('乙的摘要')])
  expect(results.map((r) => r.status).sort()).toEqual([200, 409])
  expect(results.find((r) => r.status === 409)?.body.detail).toContain('已由民政局 民政局:data-steward于2026年11月22日09:00更改')
})

test('a hand-in of what has changed meanwhile is refused', async () => {
  const draft = await givenEntry()
  await call(steward, 'PUT', `/resources/${draft.id}`, { ...entry({ name: draft.content.name }), version: 1 })
  const stale = await submit(draft.id, 1)
  expect([stale.status, stale.body.code]).toEqual([409, 'subject.changed_meanwhile'])
})

test('a reviewer reads beside the form how the resource is shared and protected', async () => {
  const draft = await givenEntry({ sharing: 'none', sharingCondition: null, basisLaw: 'data-security-law', basisClause: '第三十八条' })
  const ctx = { db, actor: center, now: () => at, requestId: 'test', inside: false }
  const read = await app.subject.describe?.(ctx, draft.id)
  expect(read).toMatchObject({ title: draft.content.name, href: `/catalog/${draft.id}` })
  expect(read?.facts).toContainEqual({ label: '不予共享依据', value: '《中华人民共和国数据安全法》第三十八条', fen: null })
  expect(read?.facts).toContainEqual({ label: '信息项', value: '2项，其中脱敏1项', fen: null })
})

test('of two hand-ins at once one opens the case', async () => {
  const draft = await givenEntry()
  const results = await Promise.all([submit(draft.id), submit(draft.id)])
  expect(results.map((r) => r.status).sort()).toEqual([200, 409])
})

test('a declared resource has one entry, of a party of its project, also when two are made at once', async () => {
  const project = givenProject('低保家庭', '救助记录')
  const [first] = project.declared
  const link = { projectId: project.id, declaredResourceId: first }
  const make = () => call(steward, 'POST', '/resources', entry({ name: `资源${randomUUID()}`, ...link }))
  const results = await Promise.all([make(), make()])
  expect(results.map((r) => r.status).sort()).toEqual([201, 409])
  expect(results.find((r) => r.status === 409)?.body).toMatchObject({
    code: 'catalog.already_compiled',
    fields: [{ path: 'declaredResourceId' }],
  })
  const stranger = await call(actorOf('发改委', 'data-steward'), 'POST', '/resources', entry({ name: '代编', projectId: project.id }))
  expect([stranger.status, stranger.body.fields[0].path]).toEqual([422, 'projectId'])
  const undeclared = await call(steward, 'POST', '/resources', entry({ name: '未申报', ...link, declaredResourceId: randomUUID() }))
  expect([undeclared.status, undeclared.body.fields[0].path]).toEqual([422, 'declaredResourceId'])
})

test('what an entry names must exist: system, project and the organisations of the five duties', async () => {
  const system = await call(steward, 'POST', '/resources', entry({ systemId: randomUUID() }))
  expect([system.status, system.body.fields[0].path]).toEqual([422, 'systemId'])
  const project = await call(steward, 'POST', '/resources', entry({ projectId: randomUUID() }))
  expect([project.status, project.body.fields[0].path]).toEqual([422, 'projectId'])
  const duties = { ...entry().duties, archivedBy: { orgId: '没有的单位', post: null } }
  const org = await call(steward, 'POST', '/resources', entry({ duties }))
  expect([org.status, org.body.fields]).toEqual([422, [{ path: 'duties/archivedBy/orgId', message: '不在机构名录中，请从名录中选择' }]])
})

test('the gate: every declared resource must be compiled, then approved, then registered', async () => {
  const project = givenProject('低保家庭', '救助记录')
  expect(await factsOf(project.id)).toEqual(marks(false, false, false))
  const entries = []
  for (const declaredResourceId of project.declared) entries.push(await givenEntry({ projectId: project.id, declaredResourceId }))
  expect(await factsOf(project.id)).toEqual(marks(false, false, false))
  for (const one of entries) await submit(one.id)
  expect(await factsOf(project.id)).toEqual(marks(true, false, false))
  for (const one of entries) await app.emit(secrecy, one.id, 'catalog.secrecy-reviewed')
  const [first, second] = entries.map((one) => one.id)
  await app.emit(center, first ?? '', 'catalog.approved')
  await app.emit(center, first ?? '', 'catalog.registered')
  expect(await factsOf(project.id)).toEqual(marks(true, false, false))
  await app.emit(center, second ?? '', 'catalog.approved')
  expect(await factsOf(project.id)).toEqual(marks(true, true, false))
  await app.emit(center, second ?? '', 'catalog.returned', '代码有误')
  expect(await factsOf(project.id)).toEqual(marks(false, false, false))
})

test('the gate: what is registered is on the platform once its data is there, of every declared resource', async () => {
  const project = givenProject('低保家庭', '救助记录')
  for (const declaredResourceId of project.declared) {
    const { id } = await givenEntry({ projectId: project.id, declaredResourceId })
    await submit(id)
    for (const event of ['secrecy-reviewed', 'approved', 'registered']) await app.emit(center, id, `catalog.${event}`)
    awaited.add(id)
  }
  const [first = '', second = ''] = awaited
  expect(await factsOf(project.id)).toEqual(marks(true, true, false))
  awaited.delete(first)
  expect(await factsOf(project.id)).toEqual(marks(true, true, false))
  awaited.delete(second)
  expect(await factsOf(project.id)).toEqual(marks(true, true, true))
})

test('whoever reads the project sees which declared resource still lacks data, and by which channel it is to come', async () => {
  const project = givenProject('低保家庭', '救助记录', '核对报告')
  const shown = async () => {
    const { status, body } = await call(steward, 'GET', `/projects/${project.id}/resources`)
    expect(status).toBe(200)
    return body.items.map((one: { name: string; standing: string; channels: { name: string }[] }) => [
      ...[one.name, one.standing],
      ...one.channels.map(({ name }) => name),
    ])
  }
  const [first = '', second = ''] = project.declared
  const entries = new Map<string, string>()
  for (const declaredResourceId of [first, second]) {
    const { id } = await givenEntry({ projectId: project.id, declaredResourceId })
    entries.set(declaredResourceId, id)
    await submit(id)
  }
  expect(await shown()).toEqual([
    ['低保家庭', 'in-hand'],
    ['救助记录', 'in-hand'],
    ['核对报告', 'no-entry'],
  ])
  const entry = entries.get(first) ?? ''
  awaited.add(entry)
  for (const event of ['secrecy-reviewed', 'approved', 'registered']) await app.emit(center, entry, `catalog.${event}`)
  expect((await shown())[0]).toEqual(['低保家庭', 'awaits-data', '低保家庭归集'])
  awaited.delete(entry)
  expect((await shown())[0]).toEqual(['低保家庭', 'on-platform'])
  // Who cannot read the project is told nothing, and neither is whoever writes an id that is none.
  expect((await call(steward, 'GET', `/projects/${randomUUID()}/resources`)).status).toBe(404)
  expect((await call(steward, 'GET', '/projects/x/resources')).status).toBe(400)
})

test('a project that declares nothing passes the gate only with its reason; without one nothing is known', async () => {
  const project = givenProject()
  await givenEntry({ projectId: project.id })
  expect(await factsOf(project.id)).toEqual({})
  world.noResources.set(project.id, ' ')
  expect(await factsOf(project.id)).toEqual({})
  world.noResources.set(project.id, '仅采购终端设备，不产生数据资源')
  expect(await factsOf(project.id)).toEqual(marks(true, true, true))
})

test('unknown fields, unknown words and overlong lists are refused with their field', async () => {
  const unknown = await call(steward, 'POST', '/resources', entry({ state: 'registered' }))
  expect([unknown.status, unknown.body.fields[0].path]).toEqual([400, 'state'])
  const word = await call(steward, 'POST', '/resources', entry({ items: [{ ...entry().items[0], type: 'X' }] }))
  expect([word.status, word.body.fields[0].path]).toEqual([400, 'items/0/type'])
  const many = await call(steward, 'POST', '/resources', entry({ items: Array.from({ length: 1001 }, () => entry().items[0]) }))
  expect([many.status, many.body.fields[0].path]).toEqual([400, 'items'])
})

test('the list is cut into pages, filtered and searched', async () => {
  const unit = actorOf('档案馆', 'data-steward')
  for (const name of ['甲', '乙_丙', '丁']) await call(unit, 'POST', '/resources', entry({ name }))
  const names = (body: { items: { name: string }[] }) => body.items.map((line) => line.name)
  const first = await call(unit, 'GET', '/resources?orgId=%E6%A1%A3%E6%A1%88%E9%A6%86&limit=2')
  expect(names(first.body)).toEqual(['丁', '乙_丙'])
  expect(first.body.items[0]).toMatchObject({ itemCount: 2, state: 'draft', sharing: 'conditional' })
  const rest = await call(unit, 'GET', `/resources?orgId=${encodeURIComponent('档案馆')}&limit=2&cursor=${first.body.nextCursor}`)
  expect([names(rest.body), rest.body.nextCursor]).toEqual([['甲'], null])
  expect(names((await call(unit, 'GET', `/resources?q=_&orgId=${encodeURIComponent('档案馆')}`)).body)).toEqual(['乙_丙'])
  expect((await call(unit, 'GET', '/resources?cursor=WyJ4Il0')).status).toBe(400)
})

test('the permission as SQL and as a function give the same entries', async () => {
  const handle = db as unknown as Kysely<CatalogTables>
  const orgs = fc.constantFrom('民政局', '卫健委', '大数据中心')
  const roles = fc.uniqueArray(
    fc.constantFrom('applicant', 'big-data-center', 'drc', 'enterprise', 'citizen', 'data-steward', 'system-admin'),
    {
      maxLength: 3,
    },
  )
  const draft = await givenEntry()
  await fc.assert(
    fc.asyncProperty(orgs, fc.option(orgs), fc.constantFrom(...states), orgs, roles, async (org_id, userUnit, state, actorOrg, held) => {
      const row = await handle
        .updateTable('catalog.resource')
        .set({ org_id, user_unit_org_id: userUnit, state })
        .where('id', '=', draft.id)
        .returningAll()
        .executeTakeFirstOrThrow()
      // Every other duty is given for an area, in which one organisation lies.
      const within = new Map(held.filter((_, n) => n % 2 === 1).map((duty) => [duty, new Set(['民政局'])]))
      const actor = { ...actorOf(actorOrg, ...held), within }
      const one = handle.selectFrom('catalog.resource').select('id').where('id', '=', row.id)
      expect((await one.where(readResource.where(actor)).executeTakeFirst()) !== undefined).toBe(readResource.allows(actor, row))
      expect((await one.where(readWorkings.where(actor)).executeTakeFirst()) !== undefined).toBe(readWorkings.allows(actor, row))
    }),
    { numRuns: 120 },
  )
})
