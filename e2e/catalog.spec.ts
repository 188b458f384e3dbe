import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { resourceEntry } from '../apps/server/src/authorization-matrix.world.ts'
import { deskOf } from '../apps/server/src/testing/desk.ts'
import { decide, declareNotSecret, takeUp, tryToDecide } from './acts.ts'
import { browsedCity, needsBrowser } from './city.ts'
import type { Person } from './person.ts'

const { city, database, signInAs } = await browsedCity()
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
