import { hash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { sm2Fingerprint, sm2Signer } from '@tongchou/evidence'
import { addressOf, headersOf, signParcel } from '@tongchou/wire'
import { expect, test } from 'vitest'
import { resourceEntry } from '../apps/server/src/authorization-matrix.world.ts'
import { deskOf } from '../apps/server/src/testing/desk.ts'
import { decide, declareNotSecret, takeUp, tryToDecide } from './acts.ts'
import { browsedCity, needsBrowser } from './city.ts'
import type { Person } from './person.ts'

const { city, database, address, signInAs } = await browsedCity({ libraries: true })
const desk = deskOf(city)
const pictures = join(import.meta.dirname, '../node_modules/.cache/tongchou/e2e-catalog')
mkdirSync(pictures, { recursive: true })
const picture = (person: Person, name: string) => person.page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })

/** An entry of 民政局 that everybody reads. */
async function givenPublished(name: string, over: object = {}): Promise<string> {
  const steward = await city.as('steward')
  const { body } = await steward.post<{ id: string }>('/api/v1/catalog/resources', { ...resourceEntry(name), ...over })
  const submitted = await steward.post<{ cases: { caseId: string }[] }>(`/api/v1/catalog/resources/${body.id}/submission`, { version: 1 })
  const caseId = submitted.body.cases[0]?.caseId ?? ''
  await desk.decide('leader', caseId, 'sign')
  await desk.decide('secrecy', caseId, 'pass')
  await desk.decide('center', caseId, 'approve')
  await desk.decide('center2', caseId, 'register')
  return body.id
}

test('a published entry is changed: signed off by another hand, compared with what is in force, and read anew once it is published', async (context) => {
  needsBrowser(context)
  const id = await givenPublished('低保家庭信息')
  const steward = await signInAs('steward')
  await steward.open(`/catalog/${id}`)
  await steward.follow('变更目录')
  await declareNotSecret(steward)
  await steward.type('情况说明', '口径调整。')
  await steward.press('开始变更')
  await steward.page.waitForURL(/\/edit$/)
  await steward.type('资源摘要', '低保家庭成员、收入、财产和核对结论。')
  await steward.press('保存')
  await steward.page.waitForURL(/\/amendments\/[^/]+$/)
  const changed = steward.page.getByRole('region', { name: '变更内容' })
  await steward.sees('1个字段不同', changed)
  await steward.sees('低保家庭成员、收入、财产和核对结论。', changed)
  await picture(steward, 'change')
  await steward.press('提交审核')
  await steward.sees('部门负责人审签')

  // Until it is published, what is in force is what everybody reads.
  const stranger = await signInAs('stranger')
  await stranger.open(`/catalog/${id}`)
  await stranger.sees('低保家庭成员、收入和核对结论。')
  expect(await stranger.page.getByText('变更在办').count()).toBe(0)
  await steward.open(`/catalog/${id}`)
  await steward.sees('变更发布前继续有效')

  const leader = await signInAs('leader')
  await takeUp(leader, '部门负责人审签', '低保家庭信息')
  await leader.sees('变更内容较现行目录')
  await decide(leader, '同意报审', { opinion: '变更属实，同意报审。' })
  const caseId = leader.page.url().split('/').at(-1) ?? ''
  await desk.decide('secrecy', caseId, 'pass')
  await desk.decide('center', caseId, 'approve')
  await desk.decide('center2', caseId, 'publish')
  await stranger.open(`/catalog/${id}`)
  await stranger.sees('低保家庭成员、收入、财产和核对结论。')
  await stranger.sees('最近变更')
})

test('whoever compiled an entry is refused its signature, with the article and who may sign', async (context) => {
  needsBrowser(context)
  const steward = await city.as('steward')
  const { body } = await steward.post<{ id: string }>('/api/v1/catalog/resources', resourceEntry('救助金发放信息'))
  // As if the head had typed some of it at another post.
  await database.owner.query(
    `update catalog.resource set compiled_by = compiled_by || (select to_jsonb(person_id::text) from identity.account where username = 'leader')
     where id = $1`,
    [body.id],
  )
  await steward.post(`/api/v1/catalog/resources/${body.id}/submission`, { version: 1 })
  const person = await signInAs('leader')
  await takeUp(person, '部门负责人审签', '救助金发放信息')
  await tryToDecide(person, '同意报审', { opinion: '同意。' })
  await person.sees(/编制和审签不得由同一人办理（第十五条，本地补充）。请由本部门其他负责人审签/)
})

test('an entry is withdrawn when nothing waits for it any more, and is shown as withdrawn', async (context) => {
  needsBrowser(context)
  const project = await desk.draft({ name: '低保核对项目' })
  const page = await (await city.as('clerk')).get<{ dataResources: { id: string }[] }>(`/api/v1/projects/${project.id}`)
  const relied = await givenPublished('核对信息', { projectId: project.id, declaredResourceId: page.body.dataResources[0]?.id })
  const steward = await signInAs('steward')
  const ask = async (id: string) => {
    await steward.open(`/catalog/${id}`)
    await steward.follow('申请撤销')
    await steward.pick('撤销理由', '数据来源取消')
    await steward.type('情况说明', '业务停办，数据已归档。')
    await steward.press('保存撤销申请')
  }
  await ask(relied)
  await steward.sees(/项目“低保核对项目”尚未验收.*第十五条.*待该项目验收后再撤销/)
  await picture(steward, 'relied')

  const id = await givenPublished('殡葬服务信息')
  await ask(id)
  await steward.page.waitForURL(/\/amendments\/[^/]+$/)
  await steward.press('提交审核')
  await steward.sees('部门负责人审签')
  const leader = await signInAs('leader')
  await takeUp(leader, '部门负责人审签', '殡葬服务信息')
  await leader.sees('业务停办，数据已归档。')
  await decide(leader, '同意报审', { opinion: '同意。' })
  const center = await signInAs('center')
  await takeUp(center, '撤销审核', '殡葬服务信息')
  await decide(center, '同意撤销', { opinion: '同意撤销。' })
  const stranger = await signInAs('stranger')
  await stranger.open('/catalog?state=withdrawn')
  await stranger.follow('殡葬服务信息')
  await stranger.sees(/撤销，理由：数据来源取消/)
  await picture(stranger, 'withdrawn')
})

/** The department's machine by hand: starts on a channel, and sends batches. */
async function senderOf(channel: string, token: string, signer: ReturnType<typeof sm2Signer>) {
  const authorization = `Bearer ${token}`
  const call = async (path: string, init: RequestInit) => {
    const answer = await fetch(`${address}/api/v1${path}`, { ...init, headers: { ...init.headers, authorization } })
    const body = await answer.json()
    if (!answer.ok) throw new Error(JSON.stringify(body))
    return body
  }
  const json = { 'content-type': 'application/json' }
  const { epoch, structure } = await call(`/channels/${channel}/lanes/main/epochs`, { method: 'POST', headers: json, body: '{}' })
  const items = structure.items.map(({ id }: { id: string }) => id)
  let number = 0
  return async (...lines: unknown[]) => {
    const body = [{ format: 1, schema: structure.version, items }, ...lines].map((line) => JSON.stringify(line)).join('\n')
    number += 1
    const parcel = { channel, lane: 'main', epoch, number, batchId: `b${number}`, digest: hash('sm3', body, 'hex') }
    const headers = { ...headersOf(await signParcel(signer, parcel)), 'content-type': 'application/x-ndjson' }
    return call(addressOf(parcel), { method: 'PUT', headers, body })
  }
}

test('a channel is set up, its bad rows wait in the quarantine, one is corrected there and one at the source, and the monitor is green again', async (context) => {
  needsBrowser(context)
  const [first] = resourceEntry('').items
  const number = { ...first, name: '家庭编号', code: 'JTBH', length: 8, sensitivity: 'general', masking: null }
  const id = await givenPublished('低保对象信息', {
    updateCycle: 'daily',
    format: 'database',
    sharingForm: 'database',
    items: [number, { ...first, isKey: false }],
  })
  const runner = await city.runner.start({
    pool: database.pool,
    db: database.db,
    clock: city.clock,
    onError: (error) => console.error(error),
  })
  const centerDesk = await city.as('center')
  const built = async () => (await centerDesk.get<{ items: { state: string; id: string }[] }>('/api/v1/libraries')).body.items
  await expect.poll(async () => (await built()).find((line) => line.id === id)?.state, { timeout: 30_000 }).toBe('installed')
  await runner.stop()

  const center = await signInAs('center')
  await center.open('/')
  await center.follow('交换通道')
  // An empty list offers it a second time.
  await center.page.getByRole('link', { name: '建立通道' }).first().click()
  await center.choose('数据资源', '低保对象信息（市民政局）')
  await center.choose('报送单位', '市民政局')
  await center.type('通道名称', '民政低保通道')
  await center.press('建立通道')
  await center.page.waitForURL(/\/channels\/[0-9a-f-]{36}$/)
  await center.sees('尚未登记公钥')
  const signer = sm2Signer('3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8')
  await center.press('登记公钥')
  await center.type('公钥', `{"algorithm":"SM2","privateKey":"${'1'.repeat(64)}"}`)
  await center.sees(/文件含有私钥，不得外传/)
  await center.type('公钥', signer.publicKey)
  await center.sees(sm2Fingerprint(signer.publicKey).slice(0, 4))
  await center.tick('已与报送单位电话核对，指纹一致')
  await picture(center, 'channel-key')
  await center.press('登记公钥', center.page.locator('form'))
  await center.sees('有效', center.page.getByRole('table', { name: '签名公钥' }))
  const channel = center.page.url().split('/').at(-1) ?? ''

  const steward = await signInAs('steward')
  await steward.open(`/channels/${channel}`)
  await steward.press('签发报送令牌')
  await steward.date('有效期至', '2026-12-31')
  await steward.press('签发报送令牌', steward.page.locator('form'))
  await steward.sees('令牌已签发')
  const token = await steward.page.getByRole('status').filter({ hasText: '令牌已签发' }).locator('code').innerText()
  const send = await senderOf(channel, token, signer)
  // Both have a number that is too long, and the third is as it should be.
  const [one, other] = ['150302196410210001', '150302195812070002']
  const receipt = await send(['DB1', `${one}0`], ['DB2', `${other}0`], ['DB3', '150302199001020003'])
  expect(receipt).toMatchObject({ inserted: 1, bad: 2 })
  const watch = async () => {
    await center.open('/channel-monitor')
    await center.settled()
  }
  await watch()
  await center.sees('2 条问题数据待处理', center.page.getByRole('table', { name: '告警' }))
  await picture(center, 'monitor')

  await steward.open('/')
  await steward.follow('隔离区')
  await steward.sees('民政低保通道')
  await picture(steward, 'quarantine')
  await steward.follow(/“公民身份号码”超过 18 字/, steward.page.getByRole('row').filter({ hasText: 'DB1' }))
  await steward.press('查看内容')
  await steward.sees(/查阅须说明用途和事由/)
  await steward.choose('用途', '核对数据质量')
  await steward.type('事由', '退回数据更正')
  await steward.press('查看内容')
  await steward.sees('请填写更正依据。')
  await steward.type('公民身份号码', one)
  await steward.type('更正依据', '经核对申请表原件')
  await picture(steward, 'correction')
  await steward.press('更正重投')
  await steward.sees(/经核对申请表原件/)
  await steward.sees('已更正重投')
  // The other at the source: the row comes again, and nobody touches the quarantine.
  expect(await send(['DB2', other])).toMatchObject({ inserted: 1, bad: 0 })
  await steward.open('/quarantine')
  await steward.sees('没有待处理的问题数据')
  await steward.open('/quarantine?state=all')
  await steward.sees('来源已更正')
  await steward.open(`/libraries/${id}/records`)
  await steward.choose('用途', '核对数据质量')
  await steward.type('事由', '退回数据更正')
  await steward.press('查询')
  for (const key of ['DB1', 'DB2', 'DB3']) await steward.sees(key)
  await watch()
  await center.sees('正常')
  await center.sees(/在用的 1 条通道没有告警/)
  await center.open(`/channels/${channel}`)
  await center.sees('没有告警。')
  await picture(center, 'channel')
  await center.open('/channels')
  await center.sees('民政低保通道')
  await picture(center, 'channels')
})
