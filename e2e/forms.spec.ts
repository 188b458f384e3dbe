import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { goodProposal } from '../apps/server/src/testing/small-city.ts'
import { declareNotSecret, takeUp } from './acts.ts'
import { browsedCity, needsBrowser } from './city.ts'
import { readPaper } from './pdf.ts'

const { city, stranger, signInAs, signInOn } = await browsedCity()

async function fileEntry(name: string): Promise<void> {
  const clerk = await city.as('clerk')
  const { body } = await clerk.post<{ id: string }>('/api/v1/projects', goodProposal({ name }))
  const filed = await clerk.post(`/api/v1/projects/${body.id}/plan-entries`, { year: 2027, opinion: '' })
  expect(filed.status, JSON.stringify(filed.body)).toBe(201)
}

/** Pastes what a spreadsheet puts on the clipboard into the cell of this name. */
async function paste(page: Page, cell: string, text: string): Promise<void> {
  await page.getByLabel(cell).evaluate((element, pasted) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', pasted)
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, text)
}

test('a proposal is saved from the first character, and taken up again from the list of drafts', async (context) => {
  needsBrowser(context)
  const { page, ...clerk } = await signInAs('clerk')
  await clerk.open('/projects/new')
  await declareNotSecret({ page, ...clerk })
  await clerk.type('项目名称', '婚')
  await clerk.sees('已保存', page.getByRole('complementary', { name: '申报核对' }))
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/projects\/drafts\//)
  await clerk.type('项目名称', '婚姻登记档案系统')
  await clerk.type('年运维费', '约三万')
  await clerk.sees('金额须为数字')
  await clerk.sees('已保存', page.getByRole('complementary', { name: '申报核对' }))
  await expect
    .poll(async () => JSON.stringify((await (await city.as('clerk')).get('/api/v1/proposal-drafts')).body))
    .toContain('婚姻登记档案系统')

  await clerk.open('/projects/new')
  await clerk.follow('婚姻登记档案系统')
  await clerk.settled()
  expect(await page.getByLabel('项目名称', { exact: true }).inputValue()).toBe('婚姻登记档案系统')
  expect(await page.getByLabel('年运维费').inputValue()).toBe('约三万')
  // What is missing is named in view, and leads to its item.
  await page.getByRole('region', { name: '尚缺内容' }).getByRole('button', { name: '责任人' }).click()
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.closest('[data-path]')?.getAttribute('data-path')))
    .toBe('responsiblePerson')
})

test('a table pasted from Excel: headings, units and sums are understood, bad cells are named and keep their text, and it can be taken back', async (context) => {
  needsBrowser(context)
  const { page, ...clerk } = await signInAs('clerk')
  await clerk.open('/projects/new')
  await declareNotSecret({ page, ...clerk })
  const table = page.getByRole('table', { name: '投资明细' })
  await clerk.type('第 1 行名称', '先填的一行', table)
  await paste(
    page,
    '第 1 行名称',
    '序号\t名称\t金额（元）\t类别\n1\t软件开发\t800,000\t软件开发\n2\t服务器\t1.005\t硬件\n3\t集成\t６万元\t系统集成\n合计\t\t860000\t\n',
  )
  await clerk.sees('有 2 个单元格未能读入')
  await clerk.sees('第 2 行金额：金额不能有三位小数')
  await clerk.sees('第 2 行类别：“硬件”不在可选范围之内')
  expect(await table.getByLabel('第 2 行金额').inputValue()).toBe('1.005')
  expect(await table.getByLabel('第 3 行金额').inputValue()).toBe('6')
  await clerk.sees('86.00 万元', table)
  await clerk.check()
  await clerk.press('撤销粘贴')
  await expect.poll(() => table.getByLabel('第 1 行名称').inputValue()).toBe('先填的一行')
  expect(await table.getByRole('row').count()).toBe(3)
})

test('this year’s proposal begins from last year’s; each item is looked at before it can be handed in', async (context) => {
  needsBrowser(context)
  const speaker = await city.as('clerk')
  await speaker.post('/api/v1/projects', goodProposal({ name: '低保系统2026年运维', kind: 'operation' }))
  // Somebody who has typed nothing yet: what the clerk left unsaved above would be restored here, and nothing is copied over it.
  const { page, ...clerk } = await signInAs('head')
  await clerk.open('/projects/new')
  await declareNotSecret({ page, ...clerk })
  await clerk.pick('项目类型', '运行维护')
  await page.getByLabel('沿用上年').click()
  await page.getByTitle('低保系统2026年运维（运行维护）').click()
  await clerk.sees(/本申报沿用“低保系统2026年运维”的内容，尚有 \d+ 项待核对/)
  await clerk.settled()
  expect(await page.getByLabel('项目名称', { exact: true }).inputValue()).toBe('低保系统2026年运维')
  await clerk.press('报送年度计划')
  await clerk.sees('项目名称：沿用内容待核对')
  for (;;) {
    const next = page.getByRole('button', { name: /^已核对：/ }).first()
    if ((await next.count()) === 0) break
    await next.click()
  }
  await expect.poll(() => new URL(page.url()).pathname, { timeout: 15_000 }).toMatch(/^\/projects\/[0-9a-f-]{36}\/edit$/)
})

test('an entry of last year’s plan is where this year’s begins, with its year', async (context) => {
  needsBrowser(context)
  const speaker = await city.as('clerk')
  const made = await speaker.post<{ id: string }>('/api/v1/projects', goodProposal({ name: '低保平台续建', kind: 'continuation' }))
  await speaker.post(`/api/v1/projects/${made.body.id}/plan-entries`, { year: 2027, opinion: '' })
  const { page, ...clerk } = await signInAs('clerk')
  await clerk.open('/plans')
  await clerk.follow('沿用到2028年：低保平台续建')
  await declareNotSecret({ page, ...clerk })
  await clerk.sees('沿用“低保平台续建”的申报内容填写新的年度申报', page.locator('main'))
  await clerk.settled()
  await clerk.press('沿用并填写')
  await clerk.sees(/本申报沿用“低保平台续建”2027年度的内容，尚有 \d+ 项待核对/)
  await clerk.sees('2028年', page.getByRole('region', { name: '报送年度计划' }))
})

test('an opinion survives a reload and the end of the session, for its writer alone, and is gone once it is signed', async (context) => {
  needsBrowser(context)
  await fileEntry('殡葬惠民补贴系统')
  const reviewer = await stranger()
  await signInOn(reviewer, 'center')
  const { page } = reviewer
  await takeUp(reviewer, '初审', '殡葬惠民补贴系统')
  const place = page.url()
  await reviewer.type('办理意见', '投资依据充分，建议同意。', page.locator('form'))
  await page.getByRole('radio', { name: '同意', exact: true }).check()
  await page.reload()
  await reviewer.sees('已恢复')
  expect(await page.getByRole('textbox', { name: '办理意见' }).inputValue()).toBe('投资依据充分，建议同意。')
  expect(await page.getByRole('radio', { name: '同意', exact: true }).isChecked()).toBe(true)

  // The session ends without a sign-out; a colleague at the same machine sees nothing of it.
  await page.context().clearCookies()
  await signInOn(reviewer, 'center2')
  await reviewer.open(place)
  expect(await page.getByRole('textbox', { name: '办理意见' }).inputValue()).toBe('')
  await page.context().clearCookies()
  await signInOn(reviewer, 'center')
  await reviewer.open(place)
  await reviewer.sees('已恢复')
  await reviewer.check()

  await page.context().setOffline(true)
  await reviewer.sees('网络不通，填写的内容已保存在本机')
  await reviewer.press('同意')
  await reviewer.sees('填写的内容已保存在本机，恢复网络后再次办理即可')
  await page.context().setOffline(false)
  await reviewer.press('同意')
  await page.getByRole('region', { name: '办理意见' }).getByText('投资依据充分，建议同意。').waitFor()
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('tongchou.kept.')))).toEqual([])
})

test('signing out removes what was kept on the machine, and nothing is kept before the secrecy question is answered', async (context) => {
  needsBrowser(context)
  const clerk = await stranger()
  await signInOn(clerk, 'clerk')
  const { page } = clerk
  const kept = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('tongchou.kept.')).length)
  await clerk.open('/systems/new')
  await page.getByRole('radio', { name: '是，涉及国家秘密' }).check()
  await clerk.press('继续')
  await clerk.sees('涉密信息系统不在本系统办理')
  expect(await kept()).toBe(0)
  await clerk.open('/systems/new')
  await declareNotSecret(clerk)
  await clerk.type('系统名称', '殡葬系统')
  await expect.poll(kept).toBe(1)
  await page.reload()
  await declareNotSecret(clerk)
  await expect.poll(() => page.getByLabel('系统名称').inputValue()).toBe('殡葬系统')
  await clerk.press('清除')
  await expect.poll(() => page.getByLabel('系统名称').inputValue()).toBe('')
  await clerk.type('系统名称', '殡葬系统')
  await expect.poll(kept).toBe(1)
  await clerk.press('退出')
  await page.getByRole('heading', { name: '统筹' }).first().waitFor()
  expect(await kept()).toBe(0)
})

test('a case, a project and a plan print as papers: A4, every character there, every font in the file', async (context) => {
  needsBrowser(context)
  await fileEntry('流浪乞讨人员救助系统')
  const { page, ...center } = await signInAs('center2')
  await takeUp({ page, ...center }, '初审', '流浪乞讨人员救助系统')
  await center.follow('打印')
  await page.getByRole('article', { name: '年度计划申报办件单' }).waitFor()
  await center.settled()
  const sheet = page.locator('article.tc-paper')
  const words = (await sheet.innerText()).replaceAll(/\s/g, '')
  expect(words).toContain('流浪乞讨人员救助系统')
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  const paper = readPaper(await page.pdf({ preferCSSPageSize: true, printBackground: true }))
  expect(paper.sizes.map((size) => size.split(/\s+/).map((one) => Math.round(Number(one))))).toEqual([[0, 0, 595, 842]])
  expect(paper.pageCount).toBeGreaterThan(0)
  expect(paper.fontCount).toBeGreaterThan(0)
  expect(paper.embedded).toHaveLength(paper.fontCount)
  const missing = [...new Set(words)].filter((one) => !paper.characters.has(one))
  expect(missing).toEqual([])
  // The page number after GB/T 9704.
  expect(paper.characters.has('—')).toBe(true)
  // Nothing of the frame is printed: no button, no menu.
  await page.emulateMedia({ media: 'print' })
  expect(await page.getByRole('button', { name: '打印' }).isVisible()).toBe(false)
  expect(await page.getByRole('navigation').first().isVisible()).toBe(false)
  await page.emulateMedia({ media: 'screen' })
})

test('an order to rectify prints under its number, in the words of the pack and in those of who wrote it', async (context) => {
  needsBrowser(context)
  const clerk = await city.as('clerk')
  const project = await clerk.post<{ id: string }>('/api/v1/projects', goodProposal({ name: '核对系统 {demand}' }))
  await clerk.post(`/api/v1/projects/${project.body.id}/plan-entries`, { year: 2027, opinion: '' })
  const problem = await (await city.as('center')).post<{ id: string; cases: { caseId: string }[] }>('/api/v1/supervision/problems', {
    ...{ secrecy: false, projectId: project.body.id, party: 'builder', kind: 'data-not-shared', description: '数据未按要求共享。' },
    ...{ demand: '完成数据对接。', foundOn: '2026-03-01', dueOn: '2026-12-31' },
  })
  const caseUrl = `/api/v1/cases/${problem.body.cases[0]?.caseId}`
  for (const seat of ['center2', 'drc'] as const) {
    const signer = await city.as(seat)
    const { body: view } = await signer.get<{ tasks: { id: string }[] }>(caseUrl)
    const act = { outcome: 'agree', opinion: '同意。', form: {}, documents: [], choices: [], dates: {} }
    expect((await signer.post(`${caseUrl}/acts`, { ...act, taskId: view.tasks[0]?.id })).status).toBe(200)
  }
  const center = await signInAs('center2')
  await center.open(`/problems/${problem.body.id}/print`)
  const sheet = center.page.locator('article.tc-paper')
  await sheet.waitFor()
  const words = await sheet.innerText()
  for (const line of [
    '乌数整〔2026〕1号',
    '关于责令整改“核对系统 {demand}”有关问题的通知',
    '二、整改要求。完成数据对接。',
    '乌海市发展和改革委员会',
  ])
    expect(words).toContain(line)
})

test('text twice as large loses nothing, high contrast is black on white', async (context) => {
  needsBrowser(context)
  const { page, ...clerk } = await signInAs('head')
  for (const path of ['/', '/projects/new', '/policy/wuhai-2023/WH23-4', '/systems']) {
    await clerk.open(path)
    await page.evaluate(() => {
      document.documentElement.style.setProperty('--tc-text', '2')
      document.documentElement.dataset.contrast = 'high'
    })
    const lost = await page.evaluate(() => {
      const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth
      const cut = [...document.querySelectorAll<HTMLElement>('main *, nav *')].filter((one) => {
        const { overflowX, overflowY, textOverflow, clipPath } = getComputedStyle(one)
        if (clipPath !== 'none' || textOverflow === 'ellipsis' || !one.innerText?.trim()) return false
        return (
          (overflowX === 'hidden' && one.scrollWidth > one.clientWidth + 1) ||
          (overflowY === 'hidden' && one.scrollHeight > one.clientHeight + 1)
        )
      })
      return [...(wide > 1 ? [`page ${wide}px wider`] : []), ...cut.map((one) => `${one.className}: ${one.innerText.slice(0, 20)}`)]
    })
    expect(lost, path).toEqual([])
    expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe('rgb(0, 0, 0)')
    expect(await page.locator('main').evaluate((main) => getComputedStyle(main).fontSize)).toBe('28px')
    await clerk.check()
  }
})

test('a file of a wrong kind, an empty one and one that is too large are named with what would do, and are not sent; the same one is listed once', async (context) => {
  needsBrowser(context)
  await fileEntry('养老机构备案系统')
  const { body } = await (await city.as('clerk')).get<{ items: { id: string; name: string }[] }>('/api/v1/projects?q=养老机构备案系统')
  const { page, ...clerk } = await signInAs('clerk')
  await clerk.open(`/projects/${body.items[0]?.id}/acts/construction-plan`)
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/api/v1/attachments')) sent.push(request.url())
  })
  const give = (name: string, buffer: Buffer) =>
    page.locator('input[type=file][aria-label="建设方案"]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
  await give('建设方案.exe', Buffer.from('MZ'))
  await clerk.sees('“.exe”格式不能接收，请转换为 pdf、docx、xlsx、ofd')
  await give('空白.pdf', Buffer.alloc(0))
  await clerk.sees('文件是空的')
  await give('图纸.pdf', Buffer.alloc(21 * 1024 * 1024))
  await clerk.sees('文件 21.0 MB，超过 20.0 MB 的大小限制')
  expect(sent).toEqual([])
  await give('方案.txt', Buffer.from('低保核对系统建设方案'))
  await page.getByRole('button', { name: '移除 方案.txt' }).waitFor()
  await give('方案副本.txt', Buffer.from('低保核对系统建设方案'))
  await clerk.sees('内容与已上传的“方案.txt”相同，不重复列入。')
  expect(await page.getByRole('button', { name: /^移除 方案/ }).count()).toBe(1)
})
