import { randomUUID } from 'node:crypto'
import { type Ctx, inTransaction } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { beforeAll, expect, test } from 'vitest'
import { amendmentSubject } from './amendment.subject.ts'
import { catalogFacts } from './catalog.facts.ts'
import { actorOf, declarationsOf, emptyWorld, entry, givenApp } from './catalog.given.ts'
import { catalogReorganised } from './reorganised.ts'

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
const ctxOf = (actor: Ctx['actor']): Ctx => ({ db, actor, now: () => at, requestId: 'test', inside: false })

async function givenRegistered(over: object = {}) {
  const made = await call(steward, 'POST', '/resources', entry({ name: `资源${randomUUID()}`, ...over }))
  expect([made.status, made.body.detail]).toEqual([201, undefined])
  const id: string = made.body.id
  await call(steward, 'POST', `/resources/${id}/submission`, { version: 1 })
  await app.emit(leader, id, 'catalog.signed-off')
  await app.emit(secrecy, id, 'catalog.secrecy-reviewed')
  for (const event of ['approved', 'registered']) await app.emit(center, id, `catalog.${event}`)
  return (await call(steward, 'GET', `/resources/${id}`)).body
}

const begin = (id: string, as = steward, reason = '业务口径调整') =>
  call(as, 'POST', `/resources/${id}/changes`, { secrecy: false, reason })

/** Writes over what the change says now. */
async function edit(change: { id: string; version: number; content: object }, over: object, as = steward) {
  const body = { secrecy: false, reason: '业务口径调整', ...change.content, version: change.version, ...over }
  return call(as, 'PUT', `/amendments/${change.id}/change`, body)
}

const hand = (id: string, version: number, as = steward) => call(as, 'POST', `/amendments/${id}/submission`, { version })
const emit = (as: typeof steward, id: string, event: string, opinion: string | null = null) =>
  app.emit(as, id, event, opinion, event.startsWith('catalog-change') ? 'change' : 'withdrawal')

/** A change that says something else than what is in force. */
async function beginChanged(id: string, as = steward) {
  return (await edit((await begin(id, as)).body, { abstract: '变更后的资源摘要，口径已调整' }, as)).body
}

async function publish(id: string) {
  await emit(leader, id, 'catalog-change.signed-off')
  await emit(secrecy, id, 'catalog-change.secrecy-reviewed')
  for (const event of ['approved', 'published']) await emit(center, id, `catalog-change.${event}`)
}

test('a published entry is changed by a record of its own; until that is published everybody reads what was in force', async () => {
  const entryBefore = await givenRegistered()
  const began = await begin(entryBefore.id)
  expect([began.status, began.body.state, began.body.mayDo]).toEqual([201, 'draft', ['edit', 'submit', 'abandon']])
  const [key, amount] = began.body.content.items
  const items = [
    { ...key, name: '身份证件号码' },
    { name: '家庭人口', code: 'JTRK', type: 'I', length: null, isKey: false, sensitivity: 'general', masking: null, sharing: null },
  ]
  const edited = await edit(began.body, { abstract: '享受最低生活保障家庭及其成员的基本信息', items })
  expect([edited.status, edited.body.detail]).toEqual([200, undefined])
  const { fields, parts } = edited.body.difference
  expect(fields).toEqual([expect.objectContaining({ path: 'abstract', before: entryBefore.content.abstract })])
  expect(parts.map((part: { id: string; changes: string[] }) => [part.id, part.changes])).toEqual([
    [key.id, ['renamed']],
    ['i3', ['added']],
    [amount.id, ['dropped']],
  ])
  await hand(began.body.id, edited.body.version)
  const reads = (await call(health, 'GET', `/resources/${entryBefore.id}`)).body
  expect([reads.state, reads.content, reads.amendment]).toEqual(['registered', entryBefore.content, null])
  const described = await amendmentSubject(app.ports, 'change').describe?.(ctxOf(center), began.body.id)
  expect(described?.difference?.parts.map(({ changes }) => changes)).toEqual([['改名'], ['新增'], ['删除']])
  await publish(began.body.id)

  const after = (await call(health, 'GET', `/resources/${entryBefore.id}`)).body
  expect(after).toMatchObject({
    state: 'registered',
    code: entryBefore.code,
    changedAt: at.toISOString(),
    registeredAt: entryBefore.registeredAt,
  })
  expect(after.content.items.map((item: { id: string; name: string }) => [item.id, item.name])).toEqual([
    [key.id, '身份证件号码'],
    ['i3', '家庭人口'],
  ])
  // What the change was stays to be read against what it replaced.
  const over = (await call(steward, 'GET', `/amendments/${began.body.id}`)).body
  expect([over.state, over.difference.fields.length, over.mayDo]).toEqual(['settled', 1, []])
  const versions = (await call(steward, 'GET', `/resources/${entryBefore.id}/versions`)).body.items
  expect(versions[0]).toMatchObject({ version: after.version, submittedBy: '民政局 民政局:data-steward' })
  expect(versions).toHaveLength(2)
  const trail = (await call(steward, 'GET', `/resources/${entryBefore.id}/trail`)).body.items.map((one: { action: string }) => one.action)
  expect(trail).toEqual(expect.arrayContaining(['catalog.change_published', 'catalog-change.signed-off', 'catalog-change.published']))
  // An id that was given is not given again, whatever became of its item.
  const next = (await begin(entryBefore.id)).body
  const more = await edit(next, { items: [...next.content.items, { ...items[1], code: 'JTZZ', name: '家庭住址' }] })
  expect(more.body.content.items.at(-1).id).toBe('i4')
})

test('an item that a draft takes out and puts in again is the item it was', async () => {
  const { id } = await givenRegistered()
  const began = (await begin(id)).body
  const [key, amount] = began.content.items
  const without = (await edit(began, { items: [key] })).body
  const { id: _id, ...anew } = amount
  const again = (await edit(without, { items: [key, anew] })).body
  expect(again.content.items.map((item: { id: string }) => item.id)).toEqual([key.id, amount.id])
  expect(again.difference).toEqual({ fields: [], parts: [] })
})

test('one change at a time: a second, or a withdrawal, is told what is under way; of two at once one begins', async () => {
  const { id } = await givenRegistered()
  const both = await Promise.all([begin(id), begin(id, actorOf('民政局', 'applicant'))])
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
  const refused = both.find(({ status }) => status === 409)?.body
  expect([refused.code, refused.detail]).toEqual([
    'catalog.amendment_open',
    expect.stringMatching(/已有变更在办.*请待其办结，或由编制人撤回/),
  ])
  const withdrawal = await call(steward, 'POST', `/resources/${id}/withdrawals`, {
    ground: 'other',
    reason: '不再产生',
    mergedIntoId: null,
  })
  expect([withdrawal.status, withdrawal.body.code]).toEqual([409, 'catalog.amendment_open'])
  const begun = both.find(({ status }) => status === 201)?.body
  const gone = await call(steward, 'POST', `/amendments/${begun.id}/abandonment`, { version: begun.version })
  expect([gone.status, gone.body.state]).toEqual([200, 'abandoned'])
  expect((await begin(id)).status).toBe(201)
})

test('a change is handed in whole, taken back, returned and given up; what came back waits in its case', async () => {
  const { id, content } = await givenRegistered()
  const began = (await begin(id)).body
  const lacking = (await edit(began, { sharingCondition: '' })).body
  const refused = await hand(began.id, lacking.version)
  expect([refused.status, refused.body.code]).toEqual([422, 'catalog.incomplete'])
  const same = (await edit(lacking, {})).body
  const empty = (await edit(same, { sharingCondition: content.sharingCondition })).body
  expect(await hand(began.id, empty.version)).toMatchObject({ status: 409, body: { code: 'catalog.nothing_changed' } })
  const whole = (await edit(empty, { sharingCondition: '用于社会救助' })).body
  await hand(began.id, whole.version)
  const late = await edit({ ...whole, version: whole.version + 1 }, {})
  expect([late.status, late.body.code]).toEqual([409, 'catalog.amendment_not_open'])
  await app.retract(steward, began.id, 'catalog-change.submitted', 'change')
  expect((await call(steward, 'GET', `/amendments/${began.id}`)).body).toMatchObject({ state: 'draft', mayDo: ['edit'] })
  await emit(steward, began.id, 'catalog-change.submitted')
  await emit(leader, began.id, 'catalog-change.returned', '请说明依据')
  const back = (await call(steward, 'GET', `/amendments/${began.id}`)).body
  expect(back).toMatchObject({ state: 'returned', returnedReason: '请说明依据', mayDo: ['edit'] })
  const again = await hand(began.id, back.version)
  expect([again.status, again.body.code]).toEqual([409, 'catalog.already_running'])
  const inCase = await call(steward, 'POST', `/amendments/${began.id}/abandonment`, { version: back.version })
  expect([inCase.status, inCase.body.code]).toEqual([409, 'catalog.in_case'])
  await emit(steward, began.id, 'catalog-change.abandoned')
  expect((await call(health, 'GET', `/resources/${id}`)).body.content).toEqual(content)
  const frozen = await owner.query('select version from catalog.amendment_version where amendment_id = $1 order by 1', [began.id])
  expect(frozen.rows).toHaveLength(2)
})

test('who may: the unit compiles, its steward hands in, another hand signs; strangers are told nothing', async () => {
  const { id } = await givenRegistered()
  expect((await begin(id, health)).status).toBe(403)
  expect((await begin(id, center)).status).toBe(403)
  const both = actorOf('民政局', 'applicant', 'department-head')
  const began = await beginChanged(id, both)
  const url = `/amendments/${began.id}`
  expect((await call(health, 'GET', url)).status).toBe(404)
  expect((await call(health, 'POST', `${url}/submission`, { version: 1 })).status).toBe(404)
  expect((await call(health, 'GET', '/amendments')).body.items).toEqual([])
  expect((await call(center, 'GET', url)).status).toBe(200)
  expect((await hand(began.id, 2, both)).status).toBe(403)
  expect((await edit(began, {}, center)).status).toBe(403)
  await hand(began.id, 2)
  await expect(emit(both, began.id, 'catalog-change.signed-off')).rejects.toMatchObject({ code: 'catalog.signed_by_compiler' })
  await expect(emit(center, began.id, 'catalog-change.approved')).rejects.toMatchObject({ code: 'catalog.wrong_state' })
})

test('what was never registered is edited and not changed; a state secret leaves nothing', async () => {
  const draft = await call(steward, 'POST', '/resources', entry({ name: '未登记' }))
  const refused = await begin(draft.body.id)
  expect([refused.status, refused.body.code]).toEqual([409, 'catalog.not_registered'])
  const { id } = await givenRegistered()
  const secret = await call(steward, 'POST', `/resources/${id}/changes`, { secrecy: true, reason: '涉密' })
  expect([secret.status, secret.body.code]).toEqual([409, 'secrecy.out_of_scope'])
  expect((await owner.query('select from catalog.amendment where resource_id = $1', [id])).rowCount).toBe(0)
})

test('gates read the version in force; a change may not take the entry away from a project that waits for it', async () => {
  const projectId = randomUUID()
  const declaredResourceId = randomUUID()
  world.projects.push({ id: projectId, name: '低保核对项目', builderOrgId: '民政局', userUnitOrgId: '卫健委' })
  world.declared.set(projectId, [{ id: declaredResourceId, name: '低保家庭' }])
  const made = await givenRegistered({ projectId, declaredResourceId })
  const facts = () =>
    catalogFacts({ declarations: declarationsOf(world), platform: { holds: async () => true } }).factsOf(ctxOf(center), projectId)
  const began = await beginChanged(made.id)
  await hand(began.id, began.version)
  expect(await facts()).toMatchObject({ 'catalog.registered': true, 'catalog.compiled': true })
  await emit(leader, began.id, 'catalog-change.returned', '退回')
  const back = (await call(steward, 'GET', `/amendments/${began.id}`)).body
  await edit(back, { projectId: null, declaredResourceId: null })
  await expect(emit(steward, began.id, 'catalog-change.submitted')).rejects.toMatchObject({
    code: 'catalog.relied_on',
    message: expect.stringContaining('第十五条'),
  })
  await emit(steward, began.id, 'catalog-change.abandoned')
  const asked = { ground: 'source-abolished', reason: '业务停办', mergedIntoId: null }
  const refused = await call(steward, 'POST', `/resources/${made.id}/withdrawals`, asked)
  expect([refused.status, refused.body.code]).toEqual([409, 'catalog.relied_on'])
  expect(refused.body.detail).toMatch(/项目“低保核对项目”尚未验收.*第十五条.*待该项目验收后再撤销/)
  // What comes to rely on it while the withdrawal is reviewed stops it as well.
  world.accepted.add(projectId)
  const withdrawal = await call(steward, 'POST', `/resources/${made.id}/withdrawals`, asked)
  await hand(withdrawal.body.id, 1)
  await emit(leader, withdrawal.body.id, 'catalog-withdrawal.signed-off')
  world.reliances.set(made.id, [{ message: '有1项授权在用', cure: '请先收回授权' }])
  await expect(emit(center, withdrawal.body.id, 'catalog-withdrawal.published')).rejects.toMatchObject({ code: 'catalog.relied_on' })
  expect((await call(center, 'GET', `/amendments/${withdrawal.body.id}`)).body.relied).toEqual([
    { message: '有1项授权在用', cure: '请先收回授权' },
  ])
  world.reliances.delete(made.id)
  await emit(center, withdrawal.body.id, 'catalog-withdrawal.published')
  expect(await facts()).toMatchObject({ 'catalog.registered': false })
})

test('a withdrawn entry is shown as such with its reason, keeps its code for good, and frees its name and what it stood for', async () => {
  const into = await givenRegistered()
  const gone = await givenRegistered()
  const bad = async (over: object) => {
    const body = { ground: 'merged', reason: '两项目录重复', mergedIntoId: null, ...over }
    return (await call(steward, 'POST', `/resources/${gone.id}/withdrawals`, body)).body.fields?.[0]?.message
  }
  expect(await bad({})).toContain('须写明并入的目录')
  expect(await bad({ mergedIntoId: gone.id })).toContain('不能并入本目录')
  expect(await bad({ mergedIntoId: randomUUID() })).toContain('不存在')
  expect(await bad({ ground: 'other', mergedIntoId: into.id })).toContain('不填并入的目录')
  const asked = await call(steward, 'POST', `/resources/${gone.id}/withdrawals`, {
    ground: 'merged',
    reason: '两项目录重复',
    mergedIntoId: into.id,
  })
  expect([asked.status, asked.body.mergedInto?.name]).toEqual([201, into.content.name])
  await hand(asked.body.id, 1)
  await emit(leader, asked.body.id, 'catalog-withdrawal.signed-off')
  await emit(center, asked.body.id, 'catalog-withdrawal.published', '同意撤销')
  const read = (await call(health, 'GET', `/resources/${gone.id}`)).body
  expect(read).toMatchObject({ state: 'withdrawn', code: gone.code, withdrawnAt: at.toISOString(), mayDo: [] })
  expect(read.withdrawal).toEqual({ ground: 'merged', mergedInto: { id: into.id, name: into.content.name } })
  const listed = (await call(health, 'GET', '/resources?state=withdrawn')).body.items.map((one: { id: string }) => one.id)
  expect(listed).toContain(gone.id)
  expect((await begin(gone.id)).body.code).toBe('catalog.withdrawn')
  const again = await givenRegistered({ name: gone.content.name })
  expect(again.code).not.toBe(gone.code)
})

test('the list shows what is under way and done to those who see the workings, filtered and page by page', async () => {
  const { id } = await givenRegistered()
  const first = (await begin(id)).body
  await call(steward, 'POST', `/amendments/${first.id}/abandonment`, { version: 1 })
  const second = (await begin(id)).body
  const ids = async (query: string) =>
    (await call(center, 'GET', `/amendments?resourceId=${id}${query}`)).body.items.map((one: { id: string }) => one.id)
  expect(await ids('')).toEqual([second.id, first.id])
  expect(await ids('&state=abandoned')).toEqual([first.id])
  expect(await ids('&kind=withdrawal')).toEqual([])
  const page = (await call(center, 'GET', `/amendments?resourceId=${id}&limit=1`)).body
  expect(await ids(`&limit=1&cursor=${page.nextCursor}`)).toEqual([first.id])
})

test('when offices are reorganised, a change under way names who takes over', async () => {
  const { id } = await givenRegistered()
  const began = (await begin(id)).body
  const reorganisation = { id: randomUUID(), from: ['档案馆'], to: ['发改委'], effectiveOn: '2026-11-22', successorOf: () => '发改委' }
  const port = catalogReorganised({ organisations: app.ports.organisations })
  await inTransaction(ctxOf(center), (tx) => port.onReorganised(tx, reorganisation))
  const { content } = (await call(steward, 'GET', `/amendments/${began.id}`)).body
  expect(content.duties.archivedBy.orgId).toBe('发改委')
})
