import { testDatabase } from '@tongchou/testing'
import { expect, test } from 'vitest'
import { actorOf, emptyWorld, entry, givenApp, type World } from './catalog.given.ts'
import type { CatalogSearchAnswer } from './search.schema.ts'

const { db } = await testDatabase()
const world: World = { ...emptyWorld() }
const app = await givenApp(db, world, () => new Date('2026-11-22T01:00:00Z'))
const steward = actorOf('民政局', 'data-steward')
const center = actorOf('大数据中心', 'big-data-center')
const stranger = actorOf('卫健委', 'user-unit')

const item = (name: string, code: string) => ({
  name,
  code,
  type: 'C',
  length: 20,
  isKey: false,
  sensitivity: 'general',
  masking: null,
  sharing: null,
})
const draft = async (over: object, as = steward) =>
  (await app.call(as, 'POST', '/resources', entry(over))).body as { id: string; version: number; content: object }
const search = async (q: string, as = center, more: Record<string, string> = {}): Promise<CatalogSearchAnswer> => {
  const answer = await app.call(as, 'GET', `/search?${new URLSearchParams({ q, ...more })}`)
  expect(answer.status).toBe(200)
  return answer.body as CatalogSearchAnswer
}
const named = async (q: string, as = center, more = {}) => (await search(q, as, more)).items.map(({ name }) => name)

const insurance = await draft({
  name: '社会保险参保信息',
  abstract: '职工和居民参加各项社会保险的登记',
  items: [item('行业代码', 'HYDM'), item('证券代码', 'ZQDM')],
})
await draft({
  name: '重点人群名册',
  abstract: '需要帮扶的人群',
  sharing: 'unconditional',
  items: [item('长者姓名', 'ZZXM')],
  updateCycle: 'daily',
})
await draft({ name: '低保', abstract: '简', items: [item('户号', 'HH')] })
await draft({ name: '低保家庭名单', abstract: '保险之外', items: [item('户主', 'HZ')] })
await draft({ name: '疫苗接种记录', abstract: '低保家庭另行统计', items: [item('批号', 'PH')] }, actorOf('卫健委', 'data-steward'))

test('words of one character and more are found in names, codes of fields, items, descriptions and departments, all of them at once', async () => {
  expect(await named('险')).toEqual(['社会保险参保信息', '低保家庭名单'])
  expect(await named('证券代码')).toEqual(['社会保险参保信息'])
  expect(await named('代码')).toEqual(['社会保险参保信息'])
  expect(await named('zqdm')).toEqual(['社会保险参保信息'])
  expect(await named('ＺＱＤＭ')).toEqual(['社会保险参保信息'])
  expect(await named('卫健委')).toEqual(['疫苗接种记录'])
  expect(await named('卫健 批号')).toEqual(['疫苗接种记录'])
  expect(await named('民政 批号')).toEqual([])
  expect(await named('%')).toEqual([])
})

test('the name itself comes first, then what begins with it, holds it, has it in an item or only in its description', async () => {
  expect(await named('低保')).toEqual(['低保', '低保家庭名单', '疫苗接种记录'])
  expect(await named('保险')).toEqual(['社会保险参保信息', '低保家庭名单'])
})

test('拼音 in full, by first letters and mixed, with every reading of a character; the characters that are meant are named', async () => {
  for (const typed of ['shehuibaoxian', 'shbx', 'shehbx', 'SHBX', 'canbao']) expect(await named(typed)).toContain('社会保险参保信息')
  for (const typed of ['zhongdian', 'chongdian', 'zdrq', 'cdrq']) expect(await named(typed)).toEqual(['重点人群名册'])
  // 行 in an item, both ways, and 长.
  for (const typed of ['hangye', 'xingye']) expect(await named(typed)).toEqual(['社会保险参保信息'])
  expect((await search('hydm')).items[0]).toMatchObject({ foundItems: ['行业代码'] })
  expect((await search('zhangzhe')).items[0]).toMatchObject({ name: '重点人群名册', foundItems: ['长者姓名'], marks: ['长者'] })
  expect(await named('weijian')).toEqual(['疫苗接种记录'])
  expect(await named('dianzhong')).toEqual([])
})

test('what is written is found at once, and what was is found no more', async () => {
  const made = await draft({ name: '殡葬服务登记', items: [item('墓位', 'MW')] })
  expect(await named('殡葬')).toEqual(['殡葬服务登记'])
  const { content, version } = made
  await app.call(steward, 'PUT', `/resources/${made.id}`, {
    ...content,
    secrecy: false,
    version,
    name: '安葬服务登记',
    items: [item('穴位', 'XW')],
  })
  expect(await named('殡葬')).toEqual([])
  expect(await named('墓位')).toEqual([])
  expect(await named('azfw')).toEqual(['安葬服务登记'])
  expect(await named('穴位')).toEqual(['安葬服务登记'])
})

test('facets count what could be chosen, each under what is chosen of the others; pages go on where they ended', async () => {
  const all = await search('')
  const facet = (answer: CatalogSearchAnswer, name: string) =>
    Object.fromEntries(answer.facets.find((one) => one.name === name)?.values.map(({ title, count }) => [title, count]) ?? [])
  expect(all.total).toBe(6)
  expect(facet(all, 'sharing')).toEqual({ 有条件共享: 5, 无条件共享: 1 })
  expect(facet(all, 'orgId')).toEqual({ 民政局: 5, 卫健委: 1 })
  const chosen = await search('', center, { sharing: 'unconditional' })
  expect(chosen.total).toBe(1)
  expect(facet(chosen, 'sharing')).toEqual({ 有条件共享: 5, 无条件共享: 1 })
  expect(facet(chosen, 'cycle')).toEqual({ 每日: 1 })
  const pages: string[] = []
  let cursor = ''
  for (let at = 0; at < 9; at++) {
    const page = await search('', center, { limit: '1', ...(cursor === '' ? {} : { cursor }) })
    pages.push(...page.items.map(({ name }) => name))
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  expect(pages).toHaveLength(6)
  expect(new Set(pages).size).toBe(6)
})

test('an entry that somebody may not read cannot be told from one that is not there: by lines, counts, facets or order', async () => {
  const asked = ['社会保险', 'shbx', '险', '民政局', 'minzheng', '', '代码']
  const answers = async () => JSON.stringify(await Promise.all(asked.map((q) => search(q, stranger))))
  const before = await answers()
  const hidden = await draft({ name: '社会保险稽核名单', items: [item('稽核代码', 'JHDM')] })
  expect(await answers()).toBe(before)
  expect(await named('稽核', steward)).toEqual(['社会保险稽核名单'])
  // Those of its own unit see it with it.
  expect((await search('险', steward)).total).toBe((await search('险', center)).total)
  expect(hidden.id).not.toBe(insurance.id)
  expect((await app.call(null, 'GET', '/search?q=x')).status).toBe(401)
  expect((await app.call(actorOf('甲公司', 'enterprise'), 'GET', '/search?q=险')).body).toMatchObject({ items: [], total: 0 })
})
