import { buildApp, type Notice } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { holdsCard, readCard } from './card.permissions.ts'
import type { Card } from './card.schema.ts'
import { listCards } from './card.store.ts'
import { caseRoutes } from './case.routes.ts'
import { clockedCases, people } from './clock.given.ts'
import { ranked } from './oversight.service.ts'
import type { OfficeRow } from './oversight.store.ts'

const { db, owner } = await testDatabase()
const superior = { personId: 'chief', name: '王局', postId: 'post-chief', postTitle: '局长', orgName: '市office' }
const city = clockedCases(db, { superior })
const { clock, told, file, decide, fireAll, ports } = city
const both = { ...people.handler, roles: new Set(['handler', 'supervisor']) }
const center = { ...people.other, personId: 'center', orgId: 'office', roles: new Set(['big-data-center']) }
const district = { ...people.supervisor, personId: 'district', within: new Map([['supervisor', new Set(['district'])]]) }
const known = new Map(Object.entries({ ...people, both, center, district }))
const app = await buildApp({
  db,
  now: clock.now,
  authenticate: async ({ headers }) => known.get(String(headers['x-as'])) ?? null,
})
await app.register(caseRoutes, { ports })

async function call<T = Record<string, unknown>>(
  as: string,
  method: 'GET' | 'POST',
  url: string,
  body?: object,
): Promise<{ status: number; body: T }> {
  const answer = await app.inject({ method, url, headers: { 'x-as': as }, ...(body && { payload: body }) })
  return { status: answer.statusCode, body: answer.json() as T }
}
const cards = async (as: string, query = '') => (await call<{ items: Card[] }>(as, 'GET', `/cards${query}`)).body.items

beforeEach(async () => {
  clock.set('2026-03-02T01:00:00Z')
  told.length = 0
  await owner.query(
    `truncate cases.explanation, cases.card, cases.deadline, cases.due_change, cases.entry, cases.task, cases.attachment, cases.case_file, kernel.audit_event cascade`,
  )
})

/** A case of ten working days whose red card was issued. */
async function givenRed(): Promise<Card> {
  await file('usual')
  clock.set('2026-03-17T02:00:00Z')
  await fireAll()
  const [red] = await cards('handler', '?colour=red')
  if (!red) throw new Error('no red card')
  told.length = 0
  return red
}

describe('a card', () => {
  test('is read by its holder, the supervisor, the superior it was reported to and the center of its own office; by nobody else', async () => {
    const red = await givenRed()
    for (const who of ['handler', 'supervisor', 'chief', 'center'])
      expect((await call(who, 'GET', `/cards/${red.id}`)).status, who).toBe(200)
    for (const who of ['other', 'clerk']) {
      expect((await call(who, 'GET', `/cards/${red.id}`)).status, who).toBe(404)
      expect((await call(who, 'POST', `/cards/${red.id}/explanations`, { reason: '忙' })).status, who).toBe(404)
      expect((await call(who, 'POST', `/cards/${red.id}/verdict`, { accepted: true, opinion: '' })).status, who).toBe(404)
      expect(await cards(who)).toEqual([])
    }
    expect((await call('handler', 'POST', `/cards/${red.id}/verdict`, { accepted: true, opinion: '' })).status).toBe(403)
    expect(await call('chief', 'POST', `/cards/${red.id}/explanations`, { reason: '忙' })).toMatchObject({
      status: 403,
      body: { code: 'card.not_holder' },
    })
  })

  test('has its reason given by the holder and accepted by the supervisor; both are told', async () => {
    const red = await givenRed()
    expect(red).toMatchObject({ colour: 'red', state: 'due', mayExplain: true, mayReview: false, orgId: 'office' })
    const given = await call<Card>('handler', 'POST', `/cards/${red.id}/explanations`, { reason: '等待外省回函。' })
    expect(given.body).toMatchObject({ state: 'given', explanations: [{ reason: '等待外省回函。', personName: 'handler' }] })
    expect(await call('handler', 'POST', `/cards/${red.id}/explanations`, { reason: '再说' })).toMatchObject({
      status: 409,
      body: { code: 'explanation.given' },
    })
    const [waiting] = await cards('supervisor', '?state=given')
    expect(waiting).toMatchObject({ id: red.id, mayReview: true })
    const accepted = await call<Card>('supervisor', 'POST', `/cards/${red.id}/verdict`, { accepted: true, opinion: '' })
    expect(accepted.body).toMatchObject({ state: 'accepted', explanations: [{ verdict: 'accepted', reviewedByName: 'supervisor' }] })
    expect(told.map(({ kind, to }: Notice) => [kind, to])).toEqual([
      ['card.explained', [{ duty: 'supervisor', orgId: null }]],
      ['card.reviewed', [{ personId: 'handler' }]],
    ])
    const { rows } = await owner.query(`select action from kernel.audit_event where action like 'card.%' and outcome = 'done' order by seq`)
    expect(rows.map(({ action }) => action).slice(-2)).toEqual(['card.explained', 'card.reviewed'])
  })

  test('whose reason was not accepted asks for another; why must be said', async () => {
    const red = await givenRed()
    await call('handler', 'POST', `/cards/${red.id}/explanations`, { reason: '忘记了。' })
    expect((await call('supervisor', 'POST', `/cards/${red.id}/verdict`, { accepted: false, opinion: ' ' })).status).toBe(422)
    await call('supervisor', 'POST', `/cards/${red.id}/verdict`, { accepted: false, opinion: '不成理由。' })
    clock.advance({ minutes: 5 })
    const again = await call<Card>('handler', 'POST', `/cards/${red.id}/explanations`, { reason: '系统停机三天，附通知。' })
    expect(again.body.explanations.map(({ verdict }) => verdict)).toEqual(['rejected', null])
  })

  test('has one reason when two give it at once, and one verdict when two judge it at once', async () => {
    const red = await givenRed()
    const given = await Promise.all([1, 2, 3].map(() => call('handler', 'POST', `/cards/${red.id}/explanations`, { reason: '等待回函。' })))
    expect(given.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    const judged = await Promise.all(
      [true, false].map((accepted) => call('supervisor', 'POST', `/cards/${red.id}/verdict`, { accepted, opinion: '已核实。' })),
    )
    expect(judged.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('is not judged by who gave the reason, whatever else they are', async () => {
    const red = await givenRed()
    await call('both', 'POST', `/cards/${red.id}/explanations`, { reason: '等待回函。' })
    expect(await call('both', 'POST', `/cards/${red.id}/verdict`, { accepted: true, opinion: '' })).toMatchObject({
      status: 403,
      body: { code: 'person.is_explainer' },
    })
  })

  test('that is yellow asks for no reason', async () => {
    await file('usual')
    clock.set('2026-03-12T02:00:00Z')
    await fireAll()
    const [yellow] = await cards('handler')
    expect(yellow).toMatchObject({ state: 'none', mayExplain: false })
    expect(await call('handler', 'POST', `/cards/${yellow?.id}/explanations`, { reason: '忙' })).toMatchObject({ status: 409 })
  })

  test('may be read as the list says and as the function says, for anybody', async () => {
    await givenRed()
    await file('usual')
    clock.set('2026-04-17T02:00:00Z')
    await fireAll()
    await owner.query(`update cases.card set org_id = 'office' where colour = 'red'`)
    await owner.query(`update cases.task set concerns_org_id = 'district' where since_at < '2026-03-03T00:00:00Z'`)
    const all = await listCards({ ...city.system, actor: people.supervisor }, people.supervisor, { limit: 100 })
    const duties = fc.subarray(['handler', 'other', 'supervisor', 'vice-mayor', 'audit', 'big-data-center'])
    const anybody = fc.record({
      roles: duties,
      orgId: fc.constantFrom('office', 'elsewhere'),
      personId: fc.constantFrom('chief', 'handler', 'x'),
      area: fc.subarray(['district', 'clerks']),
      limited: duties,
    })
    const seen = new Set<number>()
    await fc.assert(
      fc.asyncProperty(anybody, async ({ roles, orgId, personId, area, limited }) => {
        const within = new Map(limited.map((duty) => [duty, new Set(area)]))
        const actor = { ...people.other, orgId, personId, roles: new Set(roles), within }
        const ids = async (mine: boolean) => new Set((await listCards(city.system, actor, { limit: 100, mine })).map(({ id }) => id))
        expect(await ids(false)).toEqual(new Set(all.filter((card) => readCard.allows(actor, card)).map(({ id }) => id)))
        expect(await ids(true)).toEqual(new Set(all.filter((card) => holdsCard.allows(actor, card)).map(({ id }) => id)))
        seen.add((await ids(false)).size)
      }),
      { numRuns: 60, seed: 1 },
    )
    // The property would hold trivially if everybody saw all cards, or none.
    expect(seen.size).toBeGreaterThan(2)
  })
})

describe('electronic supervision', () => {
  type Line = { standing: string; leftText: string; orgId: string; redCount: number; reason: string | null }
  const lines = async (query = '', as = 'supervisor') => (await call<{ items: Line[] }>(as, 'GET', `/oversight/tasks${query}`)).body.items

  test('shows every running task, how late it is in its own unit, its cards and the reason; the longest overdue first', async () => {
    await file('usual')
    await file('short')
    await file('long')
    clock.set('2026-03-18T02:30:00Z')
    await fireAll()
    expect(await lines()).toMatchObject([
      { standing: 'late', leftText: '逾期 75.5 个工作小时', redCount: 1, reason: 'due', orgId: 'office' },
      { standing: 'late', leftText: '逾期 2 个工作日', redCount: 1 },
      { standing: 'in-time', leftText: '剩 30 个工作日', redCount: 0, reason: null },
    ])
    expect((await call('supervisor', 'GET', '/oversight/figures')).body).toMatchObject({
      running: 3,
      late: 2,
      inTime: 1,
      redCards: 2,
      unexplained: 2,
      toReview: 0,
    })
    for (const [standing, count] of [
      ['late', 2],
      ['in-time', 1],
      ['soon', 0],
    ])
      expect(await lines(`?standing=${standing}`), String(standing)).toHaveLength(Number(count))
  })

  test('every figure has as many rows as it says, page by page', async () => {
    for (let n = 0; n < 7; n++) await file(n % 2 ? 'urgent' : 'usual')
    clock.set('2026-03-04T02:00:00Z')
    await fireAll()
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await call<{ items: { caseId: string }[]; nextCursor: string | null }>(
        'supervisor',
        'GET',
        `/oversight/tasks?limit=3${cursor}`,
      )
      seen.push(...page.body.items.map(({ caseId }) => caseId))
      cursor = page.body.nextCursor ? `&cursor=${page.body.nextCursor}` : ''
    } while (cursor !== '')
    expect(new Set(seen).size).toBe(7)
    expect(seen).toHaveLength(7)
  })

  test('ranks the offices of a period by what they closed in time, with the days they took', async () => {
    const quick = await file('usual')
    const slow = await file('usual')
    clock.set('2026-03-05T02:00:00Z')
    await decide('handler', quick, 'close')
    clock.set('2026-03-19T02:00:00Z')
    await fireAll()
    await decide('handler', slow, 'close')
    const ranking = await call<{ items: object[] }>('supervisor', 'GET', '/oversight/offices?from=2026-03-01&to=2026-03-31')
    expect(ranking.body.items).toEqual([
      {
        rank: 1,
        orgId: 'office',
        orgName: '市office',
        doneInTime: 1,
        doneLate: 1,
        inTimePermille: 500,
        averageDays: 8,
        lateNow: 0,
        yellowCount: 1,
        redCount: 1,
      },
    ])
    expect(await lines('?standing=done-late&from=2026-03-01&to=2026-03-31')).toMatchObject([{ leftText: '办结时逾期 3 个工作日' }])
    expect(await lines('?standing=done-late&from=2026-04-01')).toEqual([])
    expect((await call('supervisor', 'GET', '/oversight/offices?from=2026-04-01&to=2026-03-31')).status).toBe(422)
  })

  test('the center sees its own office, others nothing', async () => {
    await file('usual')
    expect(await lines('', 'center')).toHaveLength(1)
    await owner.query(`update cases.task set org_id = 'elsewhere'`)
    expect(await lines('', 'center')).toEqual([])
    for (const url of ['/oversight/tasks', '/oversight/figures', '/oversight/offices'])
      expect((await call('handler', 'GET', url)).status, url).toBe(403)
  })

  test('of an area is for what the offices in it handed in: tasks, figures, cards, ranking', async () => {
    await givenRed()
    await owner.query(`update cases.task set concerns_org_id = 'district'`)
    await file('usual')
    const figures = async (as: string) => (await call<{ running: number; redCards: number }>(as, 'GET', '/oversight/figures')).body
    expect(await lines()).toHaveLength(2)
    expect(await lines('', 'district')).toMatchObject([{ standing: 'late' }])
    expect(await figures('district')).toMatchObject({ running: 1, redCards: 1 })
    const [card] = await cards('district', '?colour=red')
    expect(card).toMatchObject({ state: 'due', mayReadCase: true })
    await owner.query(`update cases.task set concerns_org_id = 'elsewhere' where concerns_org_id = 'district'`)
    expect(await lines('', 'district')).toEqual([])
    expect(await figures('district')).toMatchObject({ running: 0, redCards: 0 })
    expect(await cards('district')).toEqual([])
    expect((await call('district', 'GET', `/cards/${card?.id}`)).status).toBe(404)
    expect((await call<{ items: object[] }>('district', 'GET', '/oversight/offices')).body.items).toEqual([])
  })

  test('equal shares share a rank; who closed nothing has none', () => {
    const row = (office: string, in_time: number, late: number): OfficeRow => ({
      office,
      duty: '',
      in_time,
      late,
      average_days: 1,
      open_late: 1,
      yellow: 0,
      red: 0,
    })
    const places = ranked([row('a', 1, 1), row('b', 0, 0), row('c', 3, 0), row('d', 2, 2)], ({ office }) => office ?? '')
    expect(places.map(({ orgId, rank }) => [orgId, rank])).toEqual([
      ['c', 1],
      ['a', 2],
      ['d', 2],
      ['b', null],
    ])
  })
})

describe('urging and supervising from a list', () => {
  interface Row {
    caseId: string
    taskId: string
    verbs: string[]
  }
  const rows = async (as: string) => (await call<{ items: Row[] }>(as, 'GET', '/oversight/tasks')).body.items

  test('is offered to who supervises beside every running task that they may read, by the rule of the case itself', async () => {
    const red = await givenRed()
    expect(await rows('supervisor')).toMatchObject([{ caseId: red.caseId, taskId: red.taskId, verbs: ['urge', 'oversee'] }])
    expect((await cards('supervisor'))[0]?.verbs).toEqual(['urge', 'oversee'])
    for (const who of ['handler', 'chief', 'center']) expect((await cards(who))[0]?.verbs, who).toEqual([])
    expect((await rows('center'))[0]?.verbs).toEqual([])
  })

  test('stays offered while it may not be done again yet, and says on the case why', async () => {
    const { caseId, taskId } = await givenRed()
    const urge = () => call('supervisor', 'POST', `/cases/${caseId}/urging`, { taskId, opinion: '请抓紧办理。' })
    expect((await urge()).status).toBe(200)
    expect(await urge()).toMatchObject({ status: 409, body: { code: 'urge.too_soon' } })
    expect((await rows('supervisor'))[0]?.verbs).toEqual(['urge', 'oversee'])
    const { body } = await call<{ verbs: { kind: string; refused: string | null }[] }>('supervisor', 'GET', `/cases/${caseId}`)
    expect(body.verbs.find(({ kind }) => kind === 'urge')?.refused).toContain('之后可以再次催办')
  })

  test('is not offered where the task is done', async () => {
    const { caseId } = await givenRed()
    await decide('handler', caseId, 'close')
    expect((await cards('supervisor')).map(({ verbs }) => verbs)).toEqual([[], []])
  })
})

test('overseen tasks and cards are sorted up and down, page by page each once', async () => {
  for (const [at, kind] of (['usual', 'short', 'urgent'] as const).entries()) {
    clock.set(`2026-03-0${2 + at}T01:00:00Z`)
    await file(kind)
  }
  clock.set('2026-03-20T02:00:00Z')
  await fireAll()
  interface Row extends Record<string, unknown> {
    id?: string
    taskId: string
    caseId: string
  }
  const read = async (url: string, sort: string) => {
    const rows: Row[] = []
    let cursor = ''
    do {
      const { body } = await call<{ items: Row[]; nextCursor: string | null }>('supervisor', 'GET', `${url}?limit=1&sort=${sort}${cursor}`)
      rows.push(...body.items)
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`
    } while (cursor !== '')
    return rows
  }
  for (const [url, sort, field] of [
    ['/oversight/tasks', 'due', 'dueAt'],
    ['/oversight/tasks', 'since', 'sinceAt'],
    ['/cards', 'due', 'dueAt'],
    ['/cards', 'issued', 'issuedAt'],
  ] as const) {
    const [rising, falling] = [await read(url, sort), await read(url, `-${sort}`)]
    const keys = rising.map((row) => row.id ?? `${row.caseId} ${row.taskId}`)
    expect(new Set(keys).size, url).toBe(url === '/cards' ? 6 : 3)
    expect(rising.map((row) => String(row[field]))).toEqual(rising.map((row) => String(row[field])).toSorted())
    expect(
      falling.map((row) => row.id ?? `${row.caseId} ${row.taskId}`),
      `${url} ${sort}`,
    ).toEqual(keys.toReversed())
  }
})
