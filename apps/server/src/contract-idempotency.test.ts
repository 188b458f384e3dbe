import { testDatabase } from '@tongchou/testing'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DEMO_PASSWORD } from './demo/people.ts'
import { clientOf } from './testing/client.ts'
import { expectProblem } from './testing/expect-problem.ts'
import { goodProposal, type SeatName, seats, smallCity } from './testing/small-city.ts'

const { db, owner } = await testDatabase()
const city = await smallCity(db)
const { ask } = clientOf(city)

const held: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const release of held.splice(0)) await release()
})

let key = ''
const begun = city.clock.now()
beforeEach(() => {
  city.clock.set(begun)
  key = `key-${expect.getState().currentTestName?.replace(/[^a-z]+/gi, '-')}`
})

const propose = (seat: SeatName, name: string, withKey: string | undefined = key) =>
  ask(
    { method: 'POST', url: '/api/v1/projects', payload: goodProposal({ name }), headers: withKey ? { 'idempotency-key': withKey } : {} },
    seat,
  )

async function projectsNamed(name: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from projects.project where name = ${name}`.execute(db)
  return rows[0]?.count ?? -1
}

describe('Idempotency-Key', () => {
  test('is optional: without one, two requests are two', async () => {
    expect((await propose('clerk', '无键', '')).status).toBe(201)
    expect((await propose('clerk', '无键', '')).status).toBe(201)
    expect(await projectsNamed('无键')).toBe(2)
  })

  test('replays status, media type and body of a 201, and nothing happens again', async () => {
    const first = await propose('clerk', '重放')
    const second = await propose('clerk', '重放')
    expect(first.status).toBe(201)
    expect([second.status, second.contentType, second.text]).toEqual([first.status, first.contentType, first.text])
    expect(await projectsNamed('重放')).toBe(1)
  })

  test('replays the answer as it was then, not the thing as it is now', async () => {
    const first = await propose('clerk', '当时')
    const { id } = JSON.parse(first.text)
    const change = { method: 'PUT', url: `/api/v1/projects/${id}`, payload: { ...goodProposal({ name: '后来' }), version: 1 } } as const
    expect((await ask(change, 'clerk')).status).toBe(200)
    expect((await propose('clerk', '当时')).text).toBe(first.text)
  })

  test('replays a 204 without a body', async () => {
    const person = await ask({ method: 'POST', url: '/api/v1/people', payload: { name: '临时人员' } }, 'admin')
    const personId = JSON.parse(person.text).id
    const posting = { personId, organisationId: 'health', title: '借调', duties: ['applicant'] }
    const post = await ask({ method: 'POST', url: '/api/v1/posts', payload: posting }, 'admin')
    const { id } = JSON.parse(post.text)
    const end = () => ask({ method: 'POST', url: `/api/v1/posts/${id}/end`, headers: { 'idempotency-key': key } }, 'admin')
    const [first, second] = [await end(), await end()]
    expect([first.status, first.text]).toEqual([204, ''])
    expect([second.status, second.text]).toEqual([204, ''])
    // Without the key the ended post is not ended twice.
    expect((await ask({ method: 'POST', url: `/api/v1/posts/${id}/end` }, 'admin')).status).toBe(409)
  })

  test('keeps an answer for 24 hours and not longer', async () => {
    const first = await propose('head', '一日之内')
    expect(first.status).toBe(201)
    // Under a fresh sign-in each time: a session does not last that long, the key belongs to the account.
    const again = async () => {
      const payload = { username: seats.head.username, password: DEMO_PASSWORD }
      const session = await city.app.inject({ method: 'POST', url: '/api/v1/sessions', payload })
      return city.app.inject({
        method: 'POST',
        url: '/api/v1/projects',
        payload: goodProposal({ name: '一日之内' }),
        headers: { 'idempotency-key': key },
        cookies: { tongchou_session: session.cookies[0]?.value ?? '' },
      })
    }
    city.clock.advance({ hours: 23, minutes: 59 })
    expect((await again()).body).toBe(first.text)
    city.clock.advance({ minutes: 2 })
    const fresh = await again()
    expect(fresh.statusCode).toBe(first.status)
    expect(fresh.body).not.toBe(first.text)
  })

  test('with another body is a 422, and nothing happens', async () => {
    expect((await propose('clerk', '原文')).status).toBe(201)
    expectProblem(await propose('clerk', '别文'), 422, 'idempotency.other_body')
    expect(await projectsNamed('别文')).toBe(0)
  })

  test('belongs to the account: another person with the same key does their own', async () => {
    const mine = await propose('clerk', '各办各的')
    const theirs = await propose('stranger', '别人的项目')
    expect([mine.status, theirs.status]).toEqual([201, 201])
    expect(JSON.parse(theirs.text).id).not.toBe(JSON.parse(mine.text).id)
    expect(await propose('clerk', '各办各的')).toMatchObject({ text: mine.text })
  })

  test('two at once: one happens, the other is told that it is still running', async () => {
    const projects = await holdProjects()
    const first = propose('clerk', '同时')
    await until('select 1 from kernel.idempotency where key = $1', key)
    const second = await propose('clerk', '同时')
    await projects.release()
    expectProblem(second, 409, 'idempotency.running')
    expect((await first).status).toBe(201)
    expect((await propose('clerk', '同时')).text).toBe((await first).text)
    expect(await projectsNamed('同时')).toBe(1)
  })

  test('a request that was given up for dead and lives after all does not happen beside the one that took its key', async () => {
    const projects = await holdProjects()
    const slow = propose('clerk', '迟到')
    await until('select 1 from kernel.idempotency where key = $1', key)
    city.clock.advance({ minutes: 2 })
    const retry = propose('clerk', '迟到')
    await until('select 1 from kernel.idempotency where key = $1 and created_at > $2', key, begun)
    await projects.release()
    const answers = [await slow, await retry]
    expect(answers.map(({ status }) => status)).toEqual([409, 201])
    expect(await projectsNamed('迟到')).toBe(1)
  })

  test('a refusal is not an effect: once its reason is gone the same request is judged again', async () => {
    const made = JSON.parse((await propose('clerk', '先拒后准', '')).text)
    const entry = { method: 'POST', url: `/api/v1/projects/${made.id}/plan-entries`, payload: { year: 2027, opinion: '' } } as const
    const file = () => ask({ ...entry, headers: { 'idempotency-key': key } }, 'clerk')
    const room = goodProposal({ name: '先拒后准', deliverables: ['machine-room'] })
    await ask({ method: 'PUT', url: `/api/v1/projects/${made.id}`, payload: { ...room, version: 1 } }, 'clerk')
    expectProblem(await file(), 409)
    const cured = { ...goodProposal({ name: '先拒后准' }), version: 2 }
    expect((await ask({ method: 'PUT', url: `/api/v1/projects/${made.id}`, payload: cured }, 'clerk')).status).toBe(200)
    const filed = await file()
    expect(filed.status, filed.text).toBe(201)
    expect((await file()).text).toBe(filed.text)
  })

  test.each(['', ' ', 'a b', '键', 'k'.repeat(201), 'a\tb'])('%j is no key', async (bad) => {
    const answer = await ask(
      { method: 'POST', url: '/api/v1/projects', payload: goodProposal({ name: '坏键' }), headers: { 'idempotency-key': bad } },
      'clerk',
    )
    expectProblem(answer, 400, 'idempotency.bad_key')
    expect(await projectsNamed('坏键')).toBe(0)
  })

  test('is ignored by sessions', async () => {
    const payload = { username: 'drc', password: DEMO_PASSWORD }
    const signIn = () => ask({ method: 'POST', url: '/api/v1/sessions', payload, headers: { 'idempotency-key': key } }, 'drc2')
    const [first, second] = [await signIn(), await signIn()]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(first.answer.cookies[0]?.value).not.toBe(second.answer.cookies[0]?.value)
  })

  test('is ignored by evaluate, whatever stands in it', async () => {
    const evaluate = (act: string) =>
      ask(
        {
          method: 'POST',
          url: '/api/v1/policy-packs/wuhai-2023/evaluate',
          payload: { act, facts: {} },
          headers: { 'idempotency-key': key },
        },
        'clerk',
      )
    expect((await evaluate('project.apply')).text).not.toBe((await evaluate('payment.release')).text)
    const { rows } = await owner.query('select 1 from kernel.idempotency where key = $1', [key])
    expect(rows).toEqual([])
  })

  test('does not make reading a matter of keys', async () => {
    const read = () => ask({ url: '/api/v1/projects?limit=1', headers: { 'idempotency-key': key } }, 'clerk')
    const before = (await read()).text
    await propose('clerk', '最新一项', '')
    expect((await read()).text).not.toBe(before)
  })
})

/** Keeps every new project waiting, so that a request is surely still running when the next one comes. */
async function holdProjects(): Promise<{ release: () => Promise<void> }> {
  const client = await owner.connect()
  await client.query('begin')
  await client.query('lock table projects.project in exclusive mode')
  const release = async () => {
    await client.query('rollback')
    client.release()
  }
  held.push(release)
  return { release: () => held.splice(held.indexOf(release), 1)[0]?.() ?? Promise.resolve() }
}

async function until(question: string, ...values: unknown[]): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if ((await owner.query(question, values)).rowCount) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`never: ${question}`)
}
