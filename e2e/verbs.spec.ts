import { expect, test } from 'vitest'
import { goodProposal, type SeatName } from '../apps/server/src/testing/small-city.ts'
import { browsedCity, needsBrowser } from './city.ts'
import type { Person } from './person.ts'

const { city, signInAs, stranger, signInOn } = await browsedCity()

/** A plan entry that waits for the center's review. */
async function fileEntry(name: string): Promise<string> {
  const clerk = await city.as('clerk')
  const { body } = await clerk.post<{ id: string }>('/api/v1/projects', goodProposal({ name }))
  const filed = await clerk.post<{ caseId: string }>(`/api/v1/projects/${body.id}/plan-entries`, { year: 2027, opinion: '' })
  expect(filed.status, JSON.stringify(filed.body)).toBe(201)
  return filed.body.caseId
}

/** Opens the case as this seat. */
async function at(seat: SeatName, id: string): Promise<Person> {
  const person = await signInAs(seat)
  await person.open(`/cases/${id}`)
  return person
}

interface Filling {
  who?: string
  several?: string[]
  date?: string
  pick?: [string, string][]
  text?: [string, string]
  send?: string
}

/** Presses a verb under 更多办理, fills in its form and waits until it has been taken. */
async function press(person: Person, verb: string, filling: Filling = {}): Promise<void> {
  const { page } = person
  const region = page.getByRole('region', { name: '更多办理' })
  await region.getByRole('button', { name: verb }).first().click()
  const form = region.getByRole('form')
  await form.waitFor()
  const label = form.getByRole('combobox')
  if (filling.who !== undefined) {
    await label.click()
    await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').getByTitle(filling.who, { exact: true }).click()
  }
  for (const one of filling.several ?? []) {
    await label.fill(one)
    await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').getByTitle(one, { exact: true }).click()
  }
  if (filling.several) await page.keyboard.press('Escape')
  for (const [group, option] of filling.pick ?? []) await person.pick(group, option, form)
  if (filling.date)
    await person.date(
      /期限|日期/.exec(await form.innerText())?.[0] === '日期' ? '复核日期' : (dateLabels[verb] ?? '新的期限'),
      filling.date,
      form,
    )
  if (filling.text) {
    const field = form.getByRole('textbox', { name: new RegExp(`^${filling.text[0]}`) })
    await field.fill(filling.text[1])
  }
  await person.settled()
  await person.press(filling.send ?? verb, form)
  await form.waitFor({ state: 'hidden' })
  await person.settled()
}

const dateLabels: Record<string, string> = { 督办: '督办期限', 申请延期: '新的期限', 申请挂账: '复核日期' }

const path = (person: Person) => person.page.getByRole('region', { name: '办理流程' })
const sees = (person: Person, words: string) => path(person).getByText(words).first().waitFor({ state: 'attached' })

test('转办、不属本单位：the task goes to the colleague and back', async (context) => {
  needsBrowser(context)
  const id = await fileEntry('转办办件')
  const center = await at('center', id)
  await press(center, '转办', { who: '中心论证员 市大数据中心', text: ['转办理由', '按分工转有关人员办理。'] })
  await sees(center, '由市大数据中心中心审核员转来')
  const other = await at('center2', id)
  await press(other, '不属本单位', { text: ['不属本单位的理由', '该事项不属本人分管。'] })
  await sees(other, '不属本单位，退回中心审核员')
})

test('委托：the colleague signs for who entrusted, and it can be taken back', async (context) => {
  needsBrowser(context)
  const id = await fileEntry('委托办件')
  const center = await at('center', id)
  await press(center, '委托', { who: '中心论证员 市大数据中心' })
  await sees(center, '受中心审核员委托办理')
  await press(center, '收回委托')
  await sees(center, '收回委托')
  await press(center, '委托', { who: '中心论证员 市大数据中心' })
  const other = await at('center2', id)
  const form = other.page.locator('form.cases-decide').first()
  await form.getByRole('radiogroup', { name: '办理结果' }).getByRole('radio', { name: '同意', exact: true }).check()
  await other.press('同意', form)
  await sees(other, '（受中心审核员委托）')
})

test('加签、减签：the opinion stands beside the step; what nobody signed is taken back', async (context) => {
  needsBrowser(context)
  const id = await fileEntry('加签办件')
  const center = await at('center', id)
  await press(center, '加签', {
    several: ['财政审核员 市财政局', '发改审批员 市发展改革委（市发改委）'],
    text: ['请其说明的问题', '请就资金来源提出意见。'],
  })
  await sees(center, '前加签：市财政局财政审核员待签署')
  const finance = await at('finance', id)
  await press(finance, '签署意见', { text: ['意见', '资金来源明确。'] })
  await sees(await at('center', id), '资金来源明确。')
  await press(center, '减签', { text: ['减签理由', '无需再征求意见。'] })
  await sees(center, '减签市发展改革委发改审批员')
})

test('或签：one of several suffices', async (context) => {
  needsBrowser(context)
  const id = await fileEntry('或签办件')
  const center = await at('center', id)
  await press(center, '加签', {
    several: ['财政审核员 市财政局', '财政支付员 市财政局'],
    pick: [['签署要求', '或签（一人签署即可）']],
    send: '加签',
  })
  await sees(center, '前加签：市财政局财政支付员待签署')
  await press(await at('finance2', id), '签署意见', { text: ['意见', '无意见。'] })
  await center.open(`/cases/${id}`)
  await sees(center, '（或签）')
  expect(await path(center).getByText('待签署').count()).toBe(0)
})

test('催办、督办：the applicant reminds, the supervisor demands, the holder answers, the demand is lifted', async (context) => {
  needsBrowser(context)
  const id = await fileEntry('督办办件')
  const clerk = await at('clerk', id)
  await press(clerk, '催办', { text: ['催办说明', '请抓紧办理。'] })
  await sees(clerk, '2026年3月2日催办')
  const supervisor = await at('supervisor', id)
  await press(supervisor, '督办', { date: '2026-03-20', text: ['督办要求', '请限期办结并回复。'], send: '提出督办' })
  await supervisor.sees('尚未回复')
  const center = await at('center', id)
  await press(center, '回复督办', { text: ['回复内容', '正在办理，将按期办结。'] })
  await sees(center, '正在办理，将按期办结。')
  await center.open('/tasks/supervised')
  await center.sees('督办办件')
  await supervisor.open('/tasks/overseen')
  await supervisor.sees('督办办件')
  await supervisor.open(`/cases/${id}`)
  await press(supervisor, '解除督办')
  await sees(supervisor, '解除督办')
})

test('挂账：a colleague consents, and it is listed apart', async (context) => {
  needsBrowser(context)
  const id = await fileEntry('挂账办件')
  const center = await at('center', id)
  await press(center, '申请挂账', { date: '2026-06-01', text: ['挂账理由', '待有关条件具备后办理。'], send: '提交挂账申请' })
  await sees(center, '中心审核员申请挂账，待答复')
  const other = await at('center2', id)
  await press(other, '答复', { pick: [['答复', '同意']], send: '提交答复' })
  await sees(other, '挂账，2026年6月1日复核')
  await center.open('/tasks/shelved')
  await center.sees('挂账办件')
  await center.open(`/cases/${id}`)
  await press(center, '恢复办理')
  await sees(center, '恢复办理')
})

/** A rectification that waits for the unit's report, until the end of the year: the one limit that the measure knows. */
async function orderRectification(name: string): Promise<string> {
  const clerk = await city.as('clerk')
  const { body } = await clerk.post<{ id: string }>('/api/v1/projects', goodProposal({ name }))
  await clerk.post(`/api/v1/projects/${body.id}/plan-entries`, { year: 2027, opinion: '' })
  const problem = await (await city.as('center')).post<{ cases: { caseId: string }[] }>('/api/v1/supervision/problems', {
    ...{ secrecy: false, projectId: body.id, party: 'builder', kind: 'data-not-shared', description: '数据未按要求共享。' },
    ...{ demand: '完成数据对接。', foundOn: '2026-03-01', dueOn: '2026-12-31' },
  })
  const id = problem.body.cases[0]?.caseId ?? ''
  for (const seat of ['center2', 'drc'] as const) {
    const signer = await city.as(seat)
    const { body: view } = await signer.get<{ tasks: { id: string }[] }>(`/api/v1/cases/${id}`)
    const act = { outcome: 'agree', opinion: '同意。', form: {}, documents: [], choices: [], dates: {} }
    await signer.post(`/api/v1/cases/${id}/acts`, { ...act, taskId: view.tasks[0]?.id })
  }
  return id
}

test('延期：the unit asks for more time to rectify, the center grants it', async (context) => {
  needsBrowser(context)
  const id = await orderRectification('延期项目')
  const unit = await at('clerk', id)
  await press(unit, '申请延期', { date: '2027-03-31', text: ['延期理由', '需协调有关单位。'], send: '提交延期申请' })
  await sees(unit, '民政申报员申请延期，待答复')
  await press(await at('center', id), '答复', { pick: [['答复', '同意']], send: '提交答复' })
  await unit.open(`/cases/${id}`)
  await sees(unit, '已延期1次')
})

test('中止计时：the clock of a rectification stands still while experts review it, by consent, and goes on with what was left', async (context) => {
  needsBrowser(context)
  const id = await orderRectification('中止计时项目')
  const unit = await at('clerk', id)
  await press(unit, '申请挂账', {
    date: '2026-06-01',
    pick: [['时限', '因专家评审中止计时']],
    text: ['挂账理由', '整改方案须经专家评审。'],
    send: '提交挂账申请',
  })
  await sees(unit, '民政申报员申请挂账，待答复')
  await press(await at('center', id), '答复', { pick: [['答复', '同意']], send: '提交答复' })
  const supervisor = await signInAs('supervisor')
  await supervisor.open('/oversight?standing=paused')
  await supervisor.sees(/计时暂停：/, supervisor.page.getByRole('row').filter({ hasText: '中止计时项目' }).first())
  await unit.open(`/cases/${id}`)
  await press(unit, '恢复办理')
  await sees(unit, '恢复办理')
  await supervisor.open('/oversight?q=中止计时项目')
  await supervisor.sees(/剩 \d+ 个?/, supervisor.page.getByRole('row').filter({ hasText: '报告整改情况' }).first())
})

test('并案：the case ends and leads to the one it follows', async (context) => {
  needsBrowser(context)
  await fileEntry('先收到的办件')
  const id = await fileEntry('并入的办件')
  const center = await at('center', id)
  await press(center, '并案', { who: '2027年度计划：先收到的办件（市民政局）', text: ['并案理由', '内容相同，合并审核。'] })
  await center.sees('已并案')
  await sees(center, '并入“')
})

test('作废：the opener gives up what nobody has decided', async (context) => {
  needsBrowser(context)
  const id = await fileEntry('作废办件')
  const head = await at('head', id)
  await press(head, '作废', { text: ['作废理由', '项目取消。'] })
  await head.sees('已作废')
  await sees(head, '项目取消。')
})

test('抄送：who gets a copy finds it, reads it and says so', async (context) => {
  needsBrowser(context)
  const id = await fileEntry('抄送办件')
  const center = await at('center', id)
  await press(center, '抄送', { several: ['审计员 市审计局'], text: ['抄送说明', '请知悉。'] })
  await sees(center, '抄送市审计局审计员')
  const auditor = await signInAs('auditor')
  await auditor.open('/tasks/copied')
  await auditor.follow('2027年度计划：抄送办件', auditor.page.getByRole('table', { name: '抄送的办件' }))
  await auditor.press('已阅')
  await auditor.page.getByRole('button', { name: '已阅' }).waitFor({ state: 'hidden' })
  await auditor.settled()
  await auditor.open('/tasks/drafts')
  await auditor.sees('没有草稿')
})

test('on a phone: the holder hands on, the applicant urges', async (context) => {
  needsBrowser(context)
  const id = await fileEntry('手机办件')
  const phone = await stranger({ width: 390, height: 844 })
  await signInOn(phone, 'clerk')
  await phone.open(`/cases/${id}`)
  await press(phone, '催办')
  await phone.sees('2026年3月2日催办')
  const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
  expect(wide, 'nothing lies beyond the edge of the phone').toBe(false)
  const holder = await stranger({ width: 390, height: 844 })
  await signInOn(holder, 'center')
  await holder.open(`/cases/${id}`)
  await press(holder, '转办', { who: '中心论证员 市大数据中心', text: ['转办理由', '本人外出，转请办理。'] })
  await holder.sees('由市大数据中心中心审核员转来')
})
