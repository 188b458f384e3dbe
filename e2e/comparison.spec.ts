import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demo, givenLibraries, givenProviders } from '../apps/server/src/comparison.given.ts'
import { DEMO_PASSWORD } from '../apps/server/src/demo/people.ts'
import { decide, takeUp } from './acts.ts'
import { browsedCity, needsBrowser } from './city.ts'
import type { Person } from './person.ts'

const { city, database, signInAs, stranger } = await browsedCity({ libraries: true })
const pictures = join(import.meta.dirname, '../node_modules/.cache/tongchou/e2e-comparison')
mkdirSync(pictures, { recursive: true })
const picture = (person: Person, name: string) => person.page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
let stop = async () => {}
let vehicles: (readonly unknown[])[]
let send: Awaited<ReturnType<typeof givenLibraries>>['send']

beforeAll(async () => {
  await givenProviders({ ...city, db: database.db })
  const libraries = await givenLibraries(city, database, { ...demo, seed: 5, families: 400 })
  send = libraries.send
  vehicles = [...(libraries.tables.find(({ resource }) => resource.name === 'vehicle')?.rows() ?? [])]
  const [line = []] = vehicles
  await send('vehicle', 'wrong', [[...line.slice(0, 3), '错误名', ...line.slice(4)]])
  const runner = await city.runner.start({ pool: database.pool, db: database.db, clock: city.clock, onError: console.error })
  stop = () => runner.stop()
})
afterAll(() => stop())

/** Runs the comparison and waits for its end. */
async function compares(person: Person): Promise<void> {
  await person.open('/comparison-runs')
  await person.press('发起比对')
  await person.type('事由', '2026年第一季度低保复核')
  await person.press('发起比对', person.page.locator('form'))
  // Not the list, where the run before stands as done.
  await person.page.waitForURL(/\/comparison-runs\/[^/?]+$/)
  await person.sees('已完成')
  await person.sees('不符合条件')
  await person.settled()
}

test('the comparison is run, a household decided, a name corrected at its source, and the next run is clean of it', async (context) => {
  needsBrowser(context)
  const center = await signInAs('center')
  await center.open('/comparison-runs')
  await picture(center, 'runs')
  await compares(center)
  await picture(center, 'run')
  await center.press(/^转办 \d+ 项结果$/)
  await center.page.getByRole('button', { name: /^转办/ }).waitFor({ state: 'detached' })

  await center.open('/comparison-findings?kind=error&ground=e2')
  await picture(center, 'findings')
  await center.follow(/^第 \d+ 号结果$/)
  await center.sees('机动车所有人姓名与户籍登记不一致')

  const business = await signInAs('user')
  await takeUp(business, '核查', '低保家庭经济状况核对')
  await picture(business, 'case')
  await decide(business, '拟停发', { opinion: '经入户核实，家庭拥有机动车，不再符合条件。' })
  const head = await signInAs('leader')
  await takeUp(head, '负责人审定', '低保家庭经济状况核对')
  await decide(head, '同意')
  await business.open('/comparison-findings?state=handled')
  await business.follow(/^第 \d+ 号结果$/)
  await business.press('查看双方记录')
  await business.page.getByRole('region', { name: '对方记录' }).waitFor()
  await business.settled()
  await business.sees('停发')
  await picture(business, 'finding')
  // 最少够用: whose it is follows from the task, and is not told again.
  expect(await business.page.getByRole('region', { name: '对方记录' }).innerText()).not.toMatch(/公民身份号码/)

  const source = await stranger()
  await source.open('/')
  await source.page.getByText('使用账号口令登录').click()
  await source.type('用户名', 'steward-public-security')
  await source.type('口令', DEMO_PASSWORD)
  await source.press('登录')
  await source.page.getByRole('button', { name: '退出' }).waitFor()
  await takeUp(source, '来源部门校核', '机动车所有人姓名与户籍登记不一致')
  await decide(source, '已在来源更正', { opinion: '登记有误，已按户籍登记更正。' })
  await source.open('/comparison-findings?ground=e2')
  await source.follow(/^第 \d+ 号结果$/)
  await source.press('查看双方记录')
  await source.sees('错误名')
  await picture(source, 'correction')
  await send('vehicle', 'right', vehicles.slice(0, 1))

  await compares(center)
  await center.open('/comparison-findings?ground=e2&state=gone')
  await center.follow(/^第 \d+ 号结果$/)
  await center.sees('已不再发现')
  await picture(center, 'gone')
})
