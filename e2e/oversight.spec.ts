import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fireUntil } from '@tongchou/cases'
import { systemActor } from '@tongchou/kernel'
import { expect, test } from 'vitest'
import { deskOf } from '../apps/server/src/testing/desk.ts'
import { browsedCity, needsBrowser } from './city.ts'
import type { Person } from './person.ts'

const { city, database, signInAs } = await browsedCity()
const desk = deskOf(city)
const pictures = join(import.meta.dirname, '../node_modules/.cache/tongchou/e2e-oversight')
mkdirSync(pictures, { recursive: true })
const picture = (person: Person, name: string) => person.page.screenshot({ path: join(pictures, `${name}.png`) })

const system = { db: database.db, actor: systemActor, now: () => city.clock.now(), requestId: 'test', inside: false }

/** Time passes, and what comes due on the way fires at its own hour. */
async function passTo(instant: string): Promise<void> {
  await fireUntil(system, city.cases, new Date(instant), (at) => city.clock.set(at))
  city.clock.set(instant)
}

/** A rectification that 民政局 has to report on by the 10th of March, and the head of its office as its superior. */
async function givenRectification(): Promise<void> {
  const admin = await city.as('admin')
  const { rows } = await database.owner.query(`select current_post_id as id from identity.account where username = 'head'`)
  await admin.put('/api/v1/organisations/civil-affairs/superior', { postId: rows[0]?.id })
  const project = await desk.draft({ name: '养老服务平台' })
  await desk.file(project.id)
  const center = await city.as('center')
  const proposed = await center.post<{ cases: { caseId: string }[] }>('/api/v1/supervision/problems', {
    secrecy: false,
    projectId: project.id,
    party: 'builder',
    kind: 'not-on-cloud',
    description: '未上云',
    demand: '迁移上云',
    foundOn: '2026-03-01',
    dueOn: '2026-03-10',
  })
  const caseId = proposed.body.cases[0]?.caseId ?? ''
  await desk.decide('center2', caseId, 'agree')
  await desk.decide('drc', caseId, 'agree')
}

test('a late rectification has its card, its reason and its verdict; the superior is told, the office ranked', async (context) => {
  needsBrowser(context)
  await givenRectification()
  await passTo('2026-03-12T02:00:00Z')

  // Other browsers begin here, so that their clocks are the city's.
  const clerk = await signInAs('clerk')
  await clerk.follow(/消息，\d+ 条未读/)
  await clerk.sees('红牌：办理已逾期')
  await clerk.sees('黄牌：办理时限将满')
  await picture(clerk, 'notices')
  await clerk.open('/cards')
  const red = clerk.page.getByRole('row').filter({ hasText: '红牌' })
  await clerk.sees('待说明理由', red)
  await clerk.press('说明理由', red)
  await clerk.type('逾期理由（必填）', '政务云资源三月九日才开通。')
  await picture(clerk, 'explain')
  await clerk.press('提交理由')
  await clerk.sees('待审核')
  await picture(clerk, 'my-cards')

  const head = await signInAs('head')
  await head.open('/notices')
  await head.sees('逾期报告：请督促办理')
  // Either of the two seats of the step has its report.
  await head.follow('逾期报告：请督促办理', head.page.getByRole('row').filter({ hasText: '逾期报告' }).first())
  await head.sees('我的黄红牌')

  const supervisor = await signInAs('supervisor')
  await supervisor.open('/oversight')
  await supervisor.sees('逾期 2 个工作日')
  await picture(supervisor, 'oversight')
  const late = supervisor.page.getByRole('row').filter({ hasText: '逾期 2 个工作日' }).first()
  await supervisor.press(/^催办：/, late)
  const dialog = supervisor.page.getByRole('dialog')
  await supervisor.type('催办说明', '请抓紧办理。', dialog)
  await picture(supervisor, 'urge')
  await supervisor.check()
  await supervisor.press('催办', dialog)
  await dialog.waitFor({ state: 'hidden' })
  await supervisor.press(/^催办：/, late)
  await supervisor.sees(/该任务已于.*催办.*之后可以再次催办/, dialog)
  await picture(supervisor, 'urge-refused')
  await supervisor.press('返回列表', dialog)
  await dialog.waitFor({ state: 'hidden' })
  await supervisor.press(/^督办：/, late)
  await supervisor.press('提出督办', dialog)
  await supervisor.sees(/还需：填写日期/, dialog)
  await supervisor.date('督办期限', '2026-03-20', dialog)
  await supervisor.type('督办要求', '请限期办结并回复。', dialog)
  await supervisor.press('提出督办', dialog)
  await dialog.waitFor({ state: 'hidden' })
  await clerk.open('/notices')
  await clerk.sees(/请限期办结并回复/)
  await supervisor.follow(/^\d+ 张$/, supervisor.page.getByText('理由待审核').locator('..'))
  await supervisor.press('审核理由')
  await supervisor.page.getByRole('radio', { name: '接受', exact: true }).check()
  await supervisor.press('提交审核')
  // None of them waits for a verdict any more.
  await supervisor.sees('没有符合筛选条件的记录')
  await supervisor.open('/oversight/cards')
  await supervisor.sees('已接受')
  await picture(supervisor, 'cards')
  await supervisor.open('/oversight/offices')
  await supervisor.sees('按时率 = 按时办结')
  const office = supervisor.page.getByRole('row').filter({ hasText: '市民政局' })
  expect(await office.count()).toBeGreaterThan(0)
  await picture(supervisor, 'offices')

  const stranger = await signInAs('stranger')
  await stranger.open('/cards')
  await stranger.sees('没有黄牌和红牌')
  await stranger.open('/oversight')
  await stranger.sees('当前岗位不能查看电子监察清单')
  await picture(stranger, 'forbidden')
})
