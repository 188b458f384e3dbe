import { testDatabase } from '@tongchou/testing'
import { beforeAll, expect, test } from 'vitest'
import { goodProposal, type SmallCity, smallCity } from './testing/small-city.ts'

let city: SmallCity
beforeAll(async () => {
  const { db } = await testDatabase()
  city = await smallCity(db)
})

interface Checked {
  findings: { rule: string; effect: string; facts: string[] }[]
}

test('a proposal is judged as far as it is filled in: what is typed is refused at once, what is not typed is unknown', async () => {
  const clerk = await city.as('clerk')
  const check = (proposal: object) => clerk.post<Checked>('/api/v1/projects/check', { act: 'plan.file', proposal })
  const begun = await check({ secrecy: false, deliverables: ['machine-room'] })
  expect(begun.status).toBe(200)
  expect(begun.body.findings).toContainEqual(expect.objectContaining({ rule: 'no-own-infrastructure', effect: 'refuse' }))
  expect(begun.body.findings).toContainEqual(expect.objectContaining({ effect: 'undecidable', facts: ['project.deployment'] }))
  const elsewhere = await check({ secrecy: false, plannedDeployment: 'own' })
  expect(elsewhere.body.findings).toContainEqual(expect.objectContaining({ rule: 'government-cloud', effect: 'refuse' }))
  expect((await check(goodProposal())).body.findings).toEqual([])
})

test('the check takes no unknown field and no secret, and stores nothing', async () => {
  const clerk = await city.as('clerk')
  const check = (proposal: object) => clerk.post<{ code: string }>('/api/v1/projects/check', { act: 'plan.file', proposal })
  expect((await check({ secrecy: false, colour: 'red' })).status).toBe(400)
  expect((await check({ deliverables: [] })).status).toBe(400)
  expect(await check({ secrecy: true })).toMatchObject({ status: 409, body: { code: 'secrecy.out_of_scope' } })
  expect((await clerk.get<{ items: unknown[] }>('/api/v1/projects')).body.items).toEqual([])
})

test('how a procedure begins is told to who is signed in: form, documents, guard; an unknown one is not found', async () => {
  const finance = await city.as('finance')
  const { status, body } = await finance.get<{ step: { form: { fields: { id: string; type: string }[] }; outcomes: { guard: string }[] } }>(
    '/api/v1/procedures/funding',
  )
  expect(status).toBe(200)
  expect(body.step.outcomes[0]?.guard).toBe('funding.schedule')
  expect(body.step.form.fields).toContainEqual(expect.objectContaining({ id: 'amountFen', type: 'money' }))
  const plan = await finance.get<{ step: { documents: unknown[] } }>('/api/v1/procedures/construction-plan')
  expect(plan.body.step.documents).toContainEqual({ kind: 'construction-plan', title: '建设方案', required: true })
  expect((await finance.get('/api/v1/procedures/nonsense')).status).toBe(404)
  expect((await city.app.inject({ url: '/api/v1/procedures/funding' })).statusCode).toBe(401)
})

test('entries of the annual plan come with the totals of what is filtered, whatever page is shown; strangers count nothing', async () => {
  const clerk = await city.as('clerk')
  const file = async (amountFen: number, year: number) => {
    const budgetLines = [{ title: '软件开发', category: 'software', amountFen }]
    const { body } = await clerk.post<{ id: string }>('/api/v1/projects', goodProposal({ budgetLines, omCostFen: 5 }))
    expect((await clerk.post(`/api/v1/projects/${body.id}/plan-entries`, { year, opinion: '' })).status).toBe(201)
    return body.id
  }
  const first = await file(100, 2027)
  await file(200, 2027)
  await file(400, 2028)
  const read = async (query: string) => (await clerk.get<{ items: unknown[]; totals: object }>(`/api/v1/plan-entries?${query}`)).body
  const page = await read('year=2027&limit=1')
  expect(page.items).toHaveLength(1)
  expect(page.totals).toEqual({ count: 2, budgetFen: 300, omCostFen: 10 })
  expect((await read(`projectId=${first}`)).totals).toEqual({ count: 1, budgetFen: 100, omCostFen: 5 })
  const stranger = await city.as('stranger')
  const none = await stranger.get<{ totals: object }>('/api/v1/plan-entries')
  expect(none.body.totals).toEqual({ count: 0, budgetFen: 0, omCostFen: 0 })
})

test('a refused act stands in the trail of the project, with the articles that stopped it', async () => {
  const clerk = await city.as('clerk')
  const { body } = await clerk.post<{ id: string }>('/api/v1/projects', goodProposal({ deliverables: ['machine-room'] }))
  expect((await clerk.post(`/api/v1/projects/${body.id}/plan-entries`, { year: 2027, opinion: '' })).status).toBe(409)
  const trail = await clerk.get<{ items: object[] }>(`/api/v1/projects/${body.id}/audit`)
  expect(trail.body.items[0]).toMatchObject({
    action: 'filePlanEntry',
    outcome: 'refused',
    detail: { rules: ['WH23-4/no-own-infrastructure'] },
  })
})
