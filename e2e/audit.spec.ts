import { auditJobs } from '@tongchou/audit'
import { type Ctx, systemActor } from '@tongchou/kernel'
import { expect, test } from 'vitest'
import { goodProposal } from '../apps/server/src/testing/small-city.ts'
import { browsedCity, needsBrowser } from './city.ts'

const { city, database, signInAs } = await browsedCity()

/** What the job runner would do with the verification that was begun last. */
async function verifyInBackground(): Promise<void> {
  const { body } = await (await city.as('auditAdmin')).get<{ lastVerification: { id: string } }>('/api/v1/audit/chain')
  const system: Ctx = { db: database.db, actor: systemActor, now: () => city.clock.now(), requestId: 'job', inside: false }
  const job = { id: 'job', stopping: new AbortController().signal }
  await auditJobs.kinds?.[0]?.work(system, { verificationId: body.lastVerification.id }, job)
}

async function prepare(): Promise<string> {
  const clerk = await city.as('clerk')
  const { body } = await clerk.post<{ id: string }>('/api/v1/projects', goodProposal({ name: '留痕测试项目' }))
  await clerk.get(`/api/v1/projects/${body.id}`)
  await (await city.as('stranger')).post(`/api/v1/projects/${body.id}/urgency`, { reason: '测试' })
  await (await city.as('admin')).post('/api/v1/people', { name: '新来的人' })
  return body.id
}

test('the audit administrator searches, opens a record, takes the list along, and all of it stands in the log', async (context) => {
  needsBrowser(context)
  const id = await prepare()
  const admin = await signInAs('auditAdmin')
  const { page } = admin
  await admin.open('/')
  await admin.follow('审计日志')
  await admin.sees('起草项目')
  await admin.choose('结果', '被拒绝')
  await admin.settled()
  const list = page.getByRole('table', { name: '审计日志' })
  await admin.sees('卫健申报员', list)
  expect(await list.getByRole('row').count()).toBe(2)
  await list.getByRole('button').first().click()
  const drawer = page.getByRole('dialog')
  await admin.sees('申报紧急项目', drawer)
  await admin.sees(id, drawer)
  await admin.settled()
  await page.keyboard.press('Escape')

  const download = page.waitForEvent('download')
  await admin.press(/^导出/)
  expect((await download).suggestedFilename()).toContain('审计日志')
  await admin.open('/audit?person=审计管理员')
  await admin.sees('导出列表')
  await admin.sees('查阅审计日志详情')
})

test('the chain is verified in the background: progress, a stop, and what was found; the head is taken away', async (context) => {
  needsBrowser(context)
  const admin = await signInAs('auditAdmin')
  const { page } = admin
  await admin.open('/audit/chain')
  await admin.press('立即校验')
  await admin.sees('正在校验')
  await admin.press('停止')
  await admin.sees('已停止')
  await admin.press('立即校验')
  await admin.sees('正在校验')
  await verifyInBackground()
  await admin.sees(/共校验 \d+ 条，全部成立/)
  await admin.type('保存日数', '90')
  await admin.type('变更理由', '节省空间')
  await admin.press('设置保存期限')
  await admin.sees(/网络安全法》第二十一条：.*请填写/)
  const download = page.waitForEvent('download')
  await admin.press('取得当前链头')
  expect((await download).suggestedFilename()).toMatch(/审计日志链头-\d+\.jsonl/)
  await admin.settled()

  await admin.open('/audit/statistics')
  await admin.sees('各单位被拒绝次数')
  await admin.follow('市卫生健康委')
  await admin.sees('申报紧急项目')
})

test('each of the three administrators and the audit office sees what is theirs; others are told whose it is', async (context) => {
  needsBrowser(context)
  await (await city.as('auditAdmin')).get('/api/v1/audit/events')
  const office = await signInAs('auditor')
  await office.open('/audit')
  await office.sees('起草项目')
  expect(await office.page.getByRole('table', { name: '审计日志' }).getByText('登记人员').count()).toBe(0)
  const security = await signInAs('securityAdmin')
  await security.open('/audit')
  await security.sees('查阅审计日志')
  expect(await security.page.getByRole('table', { name: '审计日志' }).getByText('起草项目').count()).toBe(0)
  const system = await signInAs('admin')
  await system.open('/audit')
  await system.sees('当前岗位不能查看审计日志')
})

test('everybody sees their own acts, looks and sign-ins', async (context) => {
  needsBrowser(context)
  const clerk = await signInAs('clerk')
  await clerk.open('/')
  await clerk.follow('我的操作记录')
  await clerk.sees('起草项目')
  await clerk.sees('登录')
  expect(await clerk.page.getByText('卫健申报员').count()).toBe(0)
})
