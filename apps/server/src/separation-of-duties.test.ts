import { testDatabase } from '@tongchou/testing'
import { expect, test } from 'vitest'
import { roles } from './authorization-matrix.table.ts'
import { deskOf, type Refusal } from './testing/desk.ts'
import { type SeatName, seats, smallCity } from './testing/small-city.ts'

const { db, owner } = await testDatabase()
const city = await smallCity(db)
const desk = deskOf(city)

const administrators = ['system-admin', 'security-admin', 'audit-admin']
const business = roles.filter((role) => !administrators.includes(role))
/** No two of the three administrators in one person, and none of them with a duty of business. */
const exclusive = administrators.flatMap((one, i) => [...administrators.slice(i + 1), ...business].map((other) => [one, other] as const))

async function postOf(seat: SeatName): Promise<string> {
  const { rows } = await owner.query<{ id: string }>('select current_post_id as id from identity.account where username = $1', [
    seats[seat].username,
  ])
  return rows[0]?.id ?? ''
}

test('no person is two of the three administrators, or one of them and in business: not in one post, nor in two, nor by a later grant', async () => {
  const admin = await city.as('admin')
  const appoint = async (duties: readonly string[], personId?: string) => {
    const id = personId ?? (await admin.post<{ id: string }>('/api/v1/people', { name: '某人' })).body.id
    const post = await admin.post<{ id: string; code: string }>('/api/v1/posts', {
      personId: id,
      organisationId: 'health',
      title: '岗位',
      duties,
    })
    return { id, post }
  }
  for (const [one, other] of exclusive) {
    const pair = `${one} and ${other}`
    expect((await appoint([one, other])).post, pair).toMatchObject({ status: 409, body: { code: 'post.duties_conflict' } })
    for (const [first, second] of [
      [one, other],
      [other, one],
    ] as const) {
      const held = await appoint([first])
      expect(held.post.status, pair).toBe(201)
      expect((await appoint([second], held.id)).post.status, `${pair} in two posts`).toBe(409)
      const granted = await admin.post(`/api/v1/posts/${held.post.body.id}/duties`, { duty: second })
      expect(granted.status, `${pair} by a grant`).toBe(409)
    }
  }
  expect(exclusive).toHaveLength(3 + 3 * 19)
  console.log(`${exclusive.length * 5} forbidden appointments`)
})

test('an administrator’s post is lent to nobody, and none takes one of business', async () => {
  const period = { reason: '外出', validFrom: '2026-03-02', validTo: '2026-04-01' }
  const lend = async (from: SeatName, to: SeatName) =>
    (await city.as(from)).post('/api/v1/me/delegations', { ...period, toPostId: await postOf(to) })
  expect((await lend('admin', 'center')).status).toBeGreaterThanOrEqual(400)
  expect((await lend('clerk', 'admin')).status).toBeGreaterThanOrEqual(400)
})

test('the applicant is not asked to countersign, nor handed the task of judging what they handed in', async () => {
  const { caseId } = await desk.file((await desk.draft({ name: '会签项目' })).id)
  const center = await city.as('center')
  const { tasks } = await desk.view('center', caseId)
  const clerk = await owner.query<{ person: string }>("select person_id as person from identity.account where username = 'clerk'")
  const party = { orgId: 'civil-affairs', duty: 'applicant', personId: clerk.rows[0]?.person ?? null }
  const body = { taskId: tasks[0]?.id, opinion: '请签署。' }
  const asked = await center.post(`/api/v1/cases/${caseId}/countersigns`, { ...body, to: [party], form: 'beside', rule: 'all' })
  expect(asked.status, JSON.stringify(asked.body)).toBeGreaterThanOrEqual(400)
  const handed = await center.post(`/api/v1/cases/${caseId}/transfer`, { ...body, to: party })
  expect(handed.status, JSON.stringify(handed.body)).toBeGreaterThanOrEqual(400)
})

test('the person of the center who registered a system or asked for its confirmation does not answer for it', async () => {
  const registrar = await city.as('center')
  const registration = {
    ...{
      secrecy: false,
      projectId: null,
      name: '中心自建系统',
      userUnitOrgId: null,
      functions: '受理',
      usageScope: '全市',
      usageFrequency: 'daily',
    },
    ...{ approvingBody: null, approvedOn: null, funding: [] },
  }
  const system = await registrar.post<{ id: string; version: number }>('/api/v1/systems', registration)
  const answer = { version: system.body.version, evidence: '台账', deployment: 'gov-cloud' }
  expect((await registrar.post(`/api/v1/systems/${system.body.id}/answers`, answer)).status).toBe(403)
  expect((await (await city.as('center2')).post(`/api/v1/systems/${system.body.id}/answers`, answer)).status).toBe(200)
})

test('nobody sets up, changes or ends a post of their own', async () => {
  const admin = await city.as('admin')
  const own = await postOf('admin')
  expect((await admin.post(`/api/v1/posts/${own}/end`)).status).toBe(403)
  expect((await admin.post(`/api/v1/posts/${own}/duties`, { duty: 'drc' })).status).toBe(403)
})

test('who handed a paper in does not review it in the post that the reviewer lent them, and a reviewer not what was handed in for them', async () => {
  const period = { reason: '外出', validFrom: '2026-03-02', validTo: '2026-04-01' }
  const { caseId } = await desk.file((await desk.draft({ name: '受托项目' })).id)
  const lent = await (await city.as('center2')).post<{ id: string }>('/api/v1/me/delegations', {
    ...period,
    toPostId: await postOf('clerk'),
  })
  // Either it cannot be lent to them at all, or what they do with it is refused.
  if (lent.status < 300) {
    const clerk = await city.as('clerk')
    expect((await clerk.post('/api/v1/me/post', { postId: await postOf('center2') })).status).toBe(200)
    const refused = await desk.act<Refusal>('clerk', caseId, 'pass', { taskId: 't1' })
    expect([401, 403, 404, 409]).toContain(refused.status)
  }
  expect(await desk.decide('center', caseId, 'pass')).toMatchObject({ status: 'ended' })
})
