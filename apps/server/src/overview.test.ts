import { applicationLogin } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { DEMO_PASSWORD } from './demo/people.ts'
import { performDemoCity } from './demo/perform.ts'
import { openPlay } from './demo/play.ts'

const { db, pool, owner, connection } = await testDatabase()
const PRESENT = '2026-11-22T01:00:00Z'
const play = await openPlay({ db, pool, owner: connection, application: applicationLogin(connection) }, PRESENT)
const { city, clock } = play

beforeAll(async () => {
  let project = 0
  // Every fourth project is enough of a city to count in, with those whose rectification failed.
  await performDemoCity(play, { recipe: null, chooses: ({ target }) => project++ % 4 === 0 || target === 'payment-held' })
}, 240_000)

/** Somebody who has this duty and no other, signed in. */
async function cookieOf(duty: string): Promise<string> {
  const listed = await city.app.inject('/api/v1/demo/accounts')
  const { items } = listed.json<{ items: { username: string; roles: string[] }[] }>()
  const account = items.find(({ roles }) => roles.length === 1 && roles[0] === duty)
  const payload = { username: account?.username, password: DEMO_PASSWORD }
  const answer = await city.app.inject({ method: 'POST', url: '/api/v1/sessions', payload })
  return String(answer.headers['set-cookie']).split(';')[0] ?? ''
}

interface Overview {
  year: number | null
  planYears: number[]
  money: Record<string, number>
  risk: {
    failed: { count: number; items: { problemId: string; dueOn: string }[] }
    behind: { count: number; items: { projectId: string; dueOn: string }[] }
    heldProjectCount: number
  }
  late: { lateCount: number; openCount: number; offices: { organisation: { id: string }; lateCount: number }[] }
  waiting: { count: number; items: { caseId: string }[] }
}

async function read(duty: string, query = ''): Promise<{ status: number; body: Overview }> {
  const answer = await city.app.inject({ url: `/api/v1/overview${query}`, headers: { cookie: await cookieOf(duty) } })
  return { status: answer.statusCode, body: answer.json<Overview>() }
}

async function rows<T>(text: string): Promise<T[]> {
  return (await owner.query(text)).rows as T[]
}

interface ProjectRow {
  id: string
  submitted_at: Date | null
  accepted_at: Date | null
  budget_fen: string
  approved_fen: string | null
  funded_fen: string | null
}

const sum = <T>(of: readonly T[], amount: (row: T) => string | number | null) =>
  of.reduce((total, row) => total + Number(amount(row) ?? 0), 0)

describe('领导一页', () => {
  test('the money is that of the projects that were handed in, added up by hand', async () => {
    const projects = (await rows<ProjectRow>('select * from projects.project')).filter((project) => project.submitted_at !== null)
    const ids = new Set(projects.map(({ id }) => id))
    const ofThem = <T extends { project_id: string }>(all: readonly T[]) => all.filter(({ project_id }) => ids.has(project_id))
    const contracts = ofThem(await rows<{ project_id: string; amount_fen: string }>('select * from projects.contract'))
    const paid = ofThem(await rows<{ project_id: string; amount_fen: string; state: string }>('select * from projects.payment')).filter(
      ({ state }) => state === 'released',
    )
    const held = new Set(
      (await rows<{ project_id: string }>('select project_id from supervision.payment_hold where ended_at is null')).map(
        (h) => h.project_id,
      ),
    )
    const unpaidOf = (id: string) =>
      sum(
        contracts.filter((c) => c.project_id === id),
        (c) => c.amount_fen,
      ) -
      sum(
        paid.filter((p) => p.project_id === id),
        (p) => p.amount_fen,
      )

    const { body } = await read('vice-mayor')
    expect(body.money).toEqual({
      projectCount: projects.length,
      budgetFen: sum(projects, (p) => p.budget_fen),
      approvedFen: sum(projects, (p) => p.approved_fen),
      fundedFen: sum(projects, (p) => p.funded_fen),
      contractedFen: sum(contracts, (c) => c.amount_fen),
      paidFen: sum(paid, (p) => p.amount_fen),
      heldFen: sum([...held], unpaidOf),
    })
    expect(body.money.paidFen).toBeGreaterThan(0)
    expect(body.money.heldFen).toBeGreaterThan(0)
    expect(body.risk.heldProjectCount).toBe(held.size)
  })

  test('the money of a year is that of the projects listed in its plan', async () => {
    const [entry] = await rows<{ year: number; count: string }>(
      "select year, count(*) from projects.plan_entry where state = 'listed' group by year order by year limit 1",
    )
    const { body } = await read('vice-mayor', `?year=${entry?.year}`)
    expect(body.money.projectCount).toBe(Number(entry?.count))
    expect(body.planYears).toContain(entry?.year)
    expect((await read('vice-mayor', '?year=2001')).body.money.projectCount).toBe(0)
  })

  test('who is late is counted over every open task with a limit, once where an office may do it at either of two seats, whatever day it is', async () => {
    const all = await rows<{ case_id: string; step: string; org_id: string | null; task_id: string; due_at: Date }>(
      `select * from cases.task where closed_at is null and due_at is not null and paused_since is null`,
    )
    // Only reporting a rectification (WH23-20) is open at two seats of one office.
    const tasks = [
      ...new Map(
        all.map((task) => [task.step === 'report' ? `${task.case_id} ${task.org_id}` : `${task.case_id} ${task.task_id}`, task]),
      ).values(),
    ]
    expect(tasks.length).toBeLessThan(all.length)
    for (const day of [PRESENT, '2027-11-22T01:00:00Z']) {
      clock.set(day)
      const { body } = await read('vice-mayor')
      expect(body.late.openCount).toBe(tasks.length)
      expect(body.late.lateCount).toBe(tasks.filter(({ due_at }) => due_at < new Date(day)).length)
      expect(sum(body.late.offices, ({ lateCount }) => lateCount)).toBeLessThanOrEqual(body.late.lateCount)
    }
    clock.set(PRESENT)
    expect(tasks.length).toBeGreaterThan(0)
  })

  test('a project is behind once, by the milestone it missed longest ago; accepted ones are not', async () => {
    const missed = await rows<{ project_id: string; due_on: string; accepted_at: Date | null }>(
      `select m.project_id, m.due_on::text, p.accepted_at from projects.milestone m join projects.project p on p.id = m.project_id
       where m.done_on is null and m.due_on < '2026-11-22'`,
    )
    const behind = missed.filter(({ accepted_at }) => accepted_at === null)
    const { body } = await read('city-government')
    expect(body.risk.behind.count).toBe(new Set(behind.map(({ project_id }) => project_id)).size)
    for (const item of body.risk.behind.items) {
      const days = behind.filter(({ project_id }) => project_id === item.projectId).map(({ due_on }) => due_on)
      expect(item.dueOn).toBe(days.sort()[0])
    }
  })

  test('what waits is what stands in the reader’s own work list', async () => {
    const cookie = await cookieOf('big-data-center')
    const list = await city.app.inject({ url: '/api/v1/tasks?box=todo&limit=200', headers: { cookie } })
    const { items } = list.json<{ items: { caseId: string }[] }>()
    const { body } = await read('big-data-center')
    expect(body.waiting.count).toBe(items.length)
    expect(body.waiting.items.map(({ caseId }) => caseId)).toEqual(items.slice(0, 5).map(({ caseId }) => caseId))
  })

  test('it is for those who answer for the whole: not for a unit, a citizen or an administrator, and not without signing in', async () => {
    for (const duty of ['applicant', 'citizen', 'enterprise', 'system-admin', 'finance']) expect((await read(duty)).status, duty).toBe(403)
    expect((await city.app.inject('/api/v1/overview')).statusCode).toBe(401)
    expect((await read('vice-mayor', '?year=zwei')).status).toBe(400)
  })
})
