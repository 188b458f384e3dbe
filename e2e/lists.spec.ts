import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readWorkbook } from '@tongchou/exports'
import { expect, test } from 'vitest'
import { goodProposal } from '../apps/server/src/testing/small-city.ts'
import { browsedCity, needsBrowser } from './city.ts'
import type { Person } from './person.ts'

const { city, database, signInAs, stranger, signInOn } = await browsedCity()
const pictures = join(import.meta.dirname, '../node_modules/.cache/tongchou/e2e-lists')
mkdirSync(pictures, { recursive: true })
const picture = (person: Person, name: string) => person.page.screenshot({ path: join(pictures, `${name}.png`) })

/** The cells of the list in the file that the browser keeps after an act. */
async function downloaded(person: Person, act: () => Promise<unknown>) {
  const [download] = await Promise.all([person.page.waitForEvent('download', { timeout: 60_000 }), act()])
  const sheets = await readWorkbook(readFileSync(await download.path()))
  return { name: download.suggestedFilename(), rows: (sheets[0]?.rows ?? []).map((row) => row.map((cell) => cell.value)) }
}

test('a list is filtered, the filter kept under a name, and what is shown is exported as it is shown', async (context) => {
  needsBrowser(context)
  const api = await city.as('clerk')
  for (const name of ['智慧养老服务平台', '殡葬服务系统', '=低保核对'])
    expect((await api.post('/api/v1/projects', goodProposal({ name }))).status).toBe(201)
  const clerk = await signInAs('clerk')
  const { page } = clerk
  await clerk.open('/projects')
  await clerk.type('项目名称', '服务')
  await page.keyboard.press('Enter')
  await clerk.sees('只显示')
  await clerk.press('常用筛选')
  await clerk.type('名称', '服务类')
  await clerk.press('保存')
  await clerk.sees('服务类')
  await picture(clerk, 'saved-view')
  await page.keyboard.press('Escape')
  await clerk.press('清除筛选')
  await clerk.sees('=低保核对')
  await clerk.press('常用筛选')
  await clerk.press('服务类')
  await clerk.sees('只显示')
  await page.keyboard.press('Escape')
  const file = await downloaded(clerk, () => clerk.press('导出当前列表'))
  expect(file.name).toBe('项目列表_20260302_0900.xlsx')
  const shown = await page.getByRole('table', { name: '项目列表' }).locator('tbody tr td:first-child').allTextContents()
  expect(file.rows.slice(1).map(([name]) => name)).toEqual(shown)
  expect(file.rows[0]).not.toContain('建设单位')
})

test('a chosen column stays chosen on another machine, and stands in the file', async (context) => {
  needsBrowser(context)
  const clerk = await signInAs('clerk')
  await clerk.open('/projects')
  await clerk.press('选择列')
  await clerk.tick('建设单位')
  await clerk.press('选择列')
  await clerk.settled()
  const other = await stranger()
  await signInOn(other, 'clerk')
  await other.open('/projects')
  await other.page.getByRole('columnheader', { name: '建设单位' }).waitFor()
  const file = await downloaded(other, () => other.press('导出当前列表'))
  expect(file.rows[0]).toContain('建设单位')
  expect(file.rows.flat()).toContain("'=低保核对")
})

test('rows are gone through by keys', async (context) => {
  needsBrowser(context)
  const clerk = await signInAs('clerk')
  await clerk.open('/projects')
  const links = clerk.page.getByRole('table', { name: '项目列表' }).locator('tbody tr td:first-child a')
  await links.first().focus()
  await clerk.page.keyboard.press('ArrowDown')
  expect(await links.nth(1).evaluate((link) => link === document.activeElement)).toBe(true)
  const name = await links.nth(1).textContent()
  await clerk.page.keyboard.press('Enter')
  await clerk.page.getByRole('heading', { level: 1, name: name ?? '' }).waitFor()
})

test('a long list is exported in the background: progress in view, stopped or finished', async (context) => {
  needsBrowser(context)
  await database.pool.query(
    `insert into projects.project (name, kind, stage, owner_org_id, owner_org_kind, builder_org_id, user_unit_org_id, summary, plan_basis, builder, reach,
       deliverables, funding, superior_coordinated, app_stage, necessity, planned_deployment, om_cost_fen, budget_fen, responsible_person,
       no_data_reason, urgency, urgency_reason, created_by, created_at, updated_by, updated_at)
     select '第' || n || '期平台', 'new', 'draft', 'health', 'city-department', 'health', 'health', '', '', 'department', 'single-department', '{}', '{}',
       false, 'none', '', 'gov-cloud', 0, n, '', '', 'none', '', 'x', now(), 'x', '2026-01-01'::timestamptz + n * interval '1 second'
     from generate_series(1, 6000) n`,
  )
  const person = await signInAs('stranger')
  const { page } = person
  await person.open('/projects')
  const progress = page.getByRole('region', { name: '导出进度' })
  await person.press('导出当前列表')
  await person.sees('正在导出', progress)
  await person.check()
  await picture(person, 'progress')
  await person.press('停止', progress)
  await person.sees('已停止', progress)
  await person.press('关闭', progress)
  await person.press('导出当前列表')
  await person.sees('正在导出', progress)
  const runner = await city.runner.start({ ...database, clock: city.clock, onError: (error) => expect.unreachable(String(error)) })
  const file = await downloaded(person, () => person.sees('已导出', progress))
  await runner.stop()
  expect(file.rows).toHaveLength(6001)
  await person.follow('导出记录', progress)
  await person.sees('已完成')
  await person.settled()
  await picture(person, 'exports')
})

test('what waits is narrowed, and the narrowing kept under a name', async (context) => {
  needsBrowser(context)
  const api = await city.as('clerk')
  for (const name of ['城管指挥平台', '养老补贴系统']) {
    const made = await api.post<{ id: string }>('/api/v1/projects', goodProposal({ name }))
    expect((await api.post(`/api/v1/projects/${made.body.id}/plan-entries`, { year: 2026, opinion: '' })).status).toBe(201)
  }
  const center = await signInAs('center')
  await center.open('/')
  await center.sees('养老补贴系统')
  await center.type('名称或来自', '城管')
  await center.page.keyboard.press('Enter')
  await center.sees('只显示')
  expect(await center.page.getByText('养老补贴系统').count()).toBe(0)
  await center.press('常用筛选')
  await center.type('名称', '城管类')
  await center.press('保存')
  await center.sees('城管类')
  await center.page.keyboard.press('Escape')
  await center.settled()
  await picture(center, 'workbench')
  const file = await downloaded(center, () => center.press('导出当前列表'))
  expect(file.rows).toHaveLength(2)
  await center.press('清除筛选')
  await center.sees('养老补贴系统')
  const phone = await stranger({ width: 390, height: 844 })
  await signInOn(phone, 'center')
  await phone.sees('养老补贴系统')
  await picture(phone, 'workbench-phone')
  expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
})

test('a list is sorted by its headings, also where it is exported', async (context) => {
  needsBrowser(context)
  const clerk = await signInAs('clerk')
  await clerk.open('/projects')
  await clerk.press(/申报投资（万元）/)
  await clerk.page.locator('th[aria-sort="descending"]', { hasText: '申报投资' }).waitFor()
  await clerk.settled()
  const file = await downloaded(clerk, () => clerk.press('导出当前列表'))
  const shown = await clerk.page.getByRole('table', { name: '项目列表' }).locator('tbody tr td:first-child').allTextContents()
  const money = file.rows[0]?.indexOf('申报投资（万元）') ?? -1
  const exported = file.rows.slice(1).map((row) => Number(row[money]))
  // A name that a spreadsheet would run as a formula is written with an apostrophe.
  expect(file.rows.slice(1).map(([name]) => String(name).replace(/^'/, ''))).toEqual(shown)
  expect(exported).toEqual(exported.toSorted((one, other) => other - one))
})

test('anything is found by keys from every page', async (context) => {
  needsBrowser(context)
  const clerk = await signInAs('clerk')
  const { page } = clerk
  await clerk.open('/')
  await page.keyboard.press('/')
  await page.keyboard.type('养老')
  await page.getByRole('option', { name: '智慧养老服务平台' }).first().waitFor()
  await clerk.check()
  await picture(clerk, 'search-box')
  // Down to it, wherever it stands among what was found: of what was worked on at one moment either may be first.
  const wanted = page.getByRole('option', { name: '智慧养老服务平台', selected: true })
  for (let at = 0; at < 8 && (await wanted.count()) === 0; at++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: '智慧养老服务平台' }).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('服务')
  await page.keyboard.press('Enter')
  await clerk.sees('查看全部制度条文')
  await clerk.settled()
  await picture(clerk, 'search')
  await clerk.follow('查看全部制度条文')
  await clerk.settled()
  await clerk.open('/search?q=%E6%97%A0%E6%AD%A4%E5%AD%97%E8%AF%8D%E7%94%B2%E4%B9%99')
  await clerk.sees('没有找到“无此字词甲乙”')
})

test('on a phone the search is a page', async (context) => {
  needsBrowser(context)
  const phone = await stranger({ width: 390, height: 844 })
  await signInOn(phone, 'clerk')
  await phone.follow('搜索')
  await phone.sees('输入要找的名称或文号')
  await phone.type('名称、文号或条文', '养老')
  await phone.page.keyboard.press('Enter')
  await phone.sees('智慧养老服务平台')
  await phone.settled()
  await picture(phone, 'search-phone')
  expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await phone.open('/projects')
  await picture(phone, 'projects-phone')
  expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
})

test('a catalog that was filled in comes back marked, a part of it is consented to, and what went out can come in again', async (context) => {
  needsBrowser(context)
  const steward = await signInAs('steward')
  const { page } = steward
  await steward.open('/catalog')
  await steward.follow('导入目录')
  await steward.settled()
  await page.getByRole('radio', { name: '否，不涉及国家秘密' }).click()
  await steward.press('继续')
  await picture(steward, 'imports')
  const rows = [
    '信息资源名称,信息资源摘要,信息项名称,数据类型,数据长度,共享类型,更新周期',
    '养老机构信息,各类养老机构的登记和评定信息,机构名称,字符型,100,2 有条件共享,每月',
    '殡葬服务信息,殡葬服务机构,服务名称,图片,,,',
  ]
  const file = { name: '民政目录.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\r\n')) }
  await page.locator('input[type=file][aria-label="目录文件"]').setInputFiles(file)
  await steward.sees('1项不能导入')
  await steward.sees('“数据类型”没有“图片”这一项')
  await steward.sees(/R01/)
  await steward.settled()
  await picture(steward, 'import')
  const marked = await downloaded(steward, () => steward.press('下载标注后的文件'))
  expect(marked.name).toBe('民政目录（校验意见）.xlsx')
  expect(marked.rows[2]?.at(-1)).toContain('没有“图片”这一项')
  await steward.press('略去不能导入的，导入其余1项')
  await steward.sees('写入1项目录，均为草稿')
  await steward.follow('查看草稿')
  await steward.sees('养老机构信息')
  await steward.settled()
  await steward.press('导出目录')
  const out = await downloaded(steward, () => page.getByRole('menuitem', { name: '目录与信息项两表模板' }).click())
  expect(out.rows[0]).toContain('*数据资源目录名称')
  expect(out.rows.flat()).toContain('养老机构信息')
  await steward.open('/catalog/search?q=yljg')
  await steward.sees('养老机构信息')
  expect(await page.locator('.tc-hits mark').allTextContents()).toContain('养老机构')
  await picture(steward, 'search')
  await page.getByRole('navigation', { name: '缩小范围' }).or(page.getByText('共1项目录')).first().waitFor()
  await steward.type('名称、代码、提供方、信息项或拼音', '没有这样的目录')
  await steward.press('查找')
  await steward.sees('可以减少字词')
  await steward.settled()
  const clerk = await signInAs('center')
  await clerk.open('/catalog/imports')
  await clerk.sees('当前岗位不能导入目录')
}, 120_000)
