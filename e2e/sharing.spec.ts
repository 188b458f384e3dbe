import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { installResource, receiveBatch } from '@tongchou/libraries'
import { expect, test } from 'vitest'
import { resourceEntry } from '../apps/server/src/authorization-matrix.world.ts'
import { deskOf } from '../apps/server/src/testing/desk.ts'
import { decide, takeUp } from './acts.ts'
import { browsedCity, needsBrowser } from './city.ts'
import type { Person } from './person.ts'

const { city, database, signInAs } = await browsedCity()
const desk = deskOf(city)
const pictures = join(import.meta.dirname, '../node_modules/.cache/tongchou/e2e-sharing')
mkdirSync(pictures, { recursive: true })
const picture = (person: Person, name: string) => person.page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })

const item = (name: string, code: string, more: object = {}) => ({
  ...{ name, code, type: 'C', length: 40, isKey: false, sensitivity: 'general', masking: null, sharing: null },
  ...more,
})
const items = [
  item('家庭编号', 'JTBH', { isKey: true }),
  item('申请人姓名', 'SQRXM', { sensitivity: 'sensitive-personal', masking: 'keep-ends' }),
  item('家庭住址', 'JTZZ', { sensitivity: 'sensitive-personal', masking: 'full' }),
]

/** An entry of 民政局 that is in force, with two records. */
async function givenCollected(): Promise<string> {
  const steward = await city.as('steward')
  const { body } = await steward.post<{ id: string }>('/api/v1/catalog/resources', { ...resourceEntry('低保家庭信息'), items })
  const sent = await steward.post<{ cases: { caseId: string }[] }>(`/api/v1/catalog/resources/${body.id}/submission`, { version: 1 })
  const caseId = sent.body.cases[0]?.caseId ?? ''
  await desk.decide('leader', caseId, 'sign')
  await desk.decide('secrecy', caseId, 'pass')
  await desk.decide('center', caseId, 'approve')
  await desk.decide('center2', caseId, 'register')
  const at = city.clock.now()
  const client = await database.owner.connect()
  const text40 = { kind: 'text', length: 40 } as const
  const titles = items.map(({ name }, place) => ({ id: `i${place + 1}`, title: name, type: text40, required: place === 0 }))
  await installResource(client, { resource: body.id, version: 1, title: '低保家庭信息', kind: 'state', key: ['i1'], items: titles }, at)
  client.release()
  const lines = [{ format: 1, schema: 1, items: ['i1', 'i2', 'i3'] }, ['DB1', '郝磊爱', '海勃湾区一号'], ['DB2', '王小明', '乌达区二号']]
  const batch = { resource: body.id, batchId: 'b1', receivedBy: 'test', receivedAt: at }
  await receiveBatch(database.pool, { ...batch, text: lines.map((line) => JSON.stringify(line)).join('\n') })
  await database.owner.query(
    `insert into libraries.installation (resource, title, org_id, version, state, reasons, tries, tried_at)
     values ($1, '低保家庭信息', 'civil-affairs', 1, 'installed', '[]', 1, $2)`,
    [body.id, at],
  )
  return body.id
}

test('a department asks, the provider grants less, the department sees what it was granted and no more, until it is revoked', async (context) => {
  needsBrowser(context)
  await givenCollected()
  const clerk = await signInAs('stranger')
  await clerk.open('/market')
  await clerk.sees('低保家庭信息')
  await picture(clerk, 'market')
  await clerk.follow('申请共享“低保家庭信息”')
  await clerk.page.waitForURL(/\/market\/.+/)
  await clerk.sees('10个工作日（国发〔2016〕51号第十二条，未核对原文）')
  const wanted = clerk.page.getByRole('group', { name: /^申请的信息项/ })
  await clerk.tick('家庭编号（有条件共享）', wanted)
  await clerk.tick('申请人姓名（有条件共享，敏感）', wanted)
  await clerk.tick('家庭住址（有条件共享，敏感）', wanted)
  await clerk.type('用途', '核对医疗救助对象的低保身份')
  await clerk.type('办理事项', '医疗救助资格审核')
  await clerk.type('依据', '《社会救助暂行办法》第五十八条')
  await clerk.type('最小必要说明', '须按姓名和住址核对家庭。')
  await clerk.date('起始日期', '2026-03-02')
  await clerk.date('截止日期', '2026-12-31')
  await picture(clerk, 'ask')
  await clerk.press('保存申请')
  await clerk.page.waitForURL(/\/sharing\/requests\/[^/]+$/)
  await clerk.sees('由本单位的数据专员提交。')
  const request = new URL(clerk.page.url()).pathname

  const asking = await signInAs('healthSteward')
  await asking.open('/sharing/mine')
  await asking.follow('低保家庭信息')
  await asking.sees(/提交后经本部门负责人审签，由提供方在期限内答复/)
  await asking.press('提交申请')
  await asking.sees(/申请单位负责人审签/)
  const leader = await signInAs('healthLeader')
  await takeUp(leader, '申请单位负责人审签', '低保家庭信息')
  await leader.sees('须按姓名和住址核对家庭。')
  await decide(leader, '同意申请', { opinion: '同意申请。' })

  const provider = await signInAs('steward')
  await provider.open('/sharing/ours')
  await picture(provider, 'ours')
  await provider.follow('低保家庭信息')
  await provider.sees(/答复期限至/)
  await provider.follow('填写决定')
  await provider.page.waitForURL(/\/decision$/)
  await provider.untick('家庭住址', provider.page.getByRole('group', { name: /^提供的信息项/ }))
  await provider.type('理由', '住址与资格核对无关。')
  await picture(provider, 'decision')
  await provider.press('保存决定')
  await provider.page.waitForURL(/\/sharing\/requests\/[^/]+$/)
  await provider.sees(/已填写“同意共享”/)
  await takeUp(provider, '提供方答复', '低保家庭信息')
  await picture(provider, 'case')
  await decide(provider, '同意共享', { opinion: '同意部分共享。' })

  await clerk.open(request)
  await clerk.sees('部分授权')
  await clerk.sees('理由：住址与资格核对无关。')
  await picture(clerk, 'request')
  await clerk.follow(/^授权\d+$/)
  await clerk.page.waitForURL(/\/sharing\/grants\//)
  const grant = new URL(clerk.page.url()).pathname
  await clerk.follow('查询数据')
  await clerk.page.waitForURL(/\/records\?grant=/)
  const records = new URL(clerk.page.url()).pathname + new URL(clerk.page.url()).search
  await clerk.press('查询')
  const results = clerk.page.getByRole('table', { name: '查询结果' })
  await clerk.sees('郝＊爱', results)
  expect(await results.innerText()).not.toMatch(/家庭住址|海勃湾区|郝磊爱/)
  await clerk.sees(/依据授权\d+查询，用途：核对医疗救助对象的低保身份/)
  await picture(clerk, 'records')
  await clerk.open(grant)
  await clerk.sees('2 条')
  await picture(clerk, 'grant')

  await provider.open(grant)
  await provider.press('收回授权', provider.page.locator('.tc-acts'))
  await provider.type('收回授权的理由', '业务取消。')
  await provider.press('收回授权', provider.page.locator('form'))
  await provider.sees('收回理由')
  await clerk.open(grant)
  await clerk.sees('已收回')
  await clerk.open(records)
  await clerk.press('查询')
  await clerk.sees(/查询未成/)
  await clerk.open('/sharing/requests')
  await picture(clerk, 'requests')
  await clerk.open('/sharing/grants')
  await clerk.sees('已收回')
  await picture(clerk, 'grants')
})
