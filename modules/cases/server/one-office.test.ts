import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildApp } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Card } from './card.schema.ts'
import { caseRoutes } from './case.routes.ts'
import { clockedCases, definitionOfClasses, people } from './clock.given.ts'
import { latenessByOffice } from './figures.store.ts'

// 或签 within one office, as at a rectification whose builder is its user: the clerk who applies or the one who uses reports for the office.
const { db, owner } = await testDatabase()
const seats = ['handler', 'second'].map((duty) => ({ duty, resolve: 'responsible' }))
const definition = definitionOfClasses({ holders: seats, quorum: 'any' })
const city = clockedCases(db, { definition: () => definition, stepDuties: () => ['handler', 'second'] })
const { clock, told, file, decide, fireAll, ports } = city
const second = { ...people.handler, personId: 'second', roles: new Set(['second']) }
const known = new Map(Object.entries({ ...people, second }))
const app = await buildApp({ db, now: clock.now, authenticate: async ({ headers }) => known.get(String(headers['x-as'])) ?? null })
await app.register(caseRoutes, { ports })

async function call<T>(as: string, url: string, payload?: object): Promise<T> {
  const answer = await app.inject({ method: payload ? 'POST' : 'GET', url, headers: { 'x-as': as }, ...(payload && { payload }) })
  expect(answer.statusCode, `${as} ${url}`).toBe(200)
  return answer.json() as T
}
const itemsOf = async <T>(as: string, url: string) => (await call<{ items: T[] }>(as, url)).items

beforeEach(async () => {
  clock.set('2026-03-02T01:00:00Z')
  told.length = 0
  await owner.query(
    `truncate cases.explanation, cases.card, cases.deadline, cases.due_change, cases.entry, cases.task, cases.attachment, cases.case_file cascade`,
  )
})

const fileOne = () => file('usual', { responsible: 'office' })

describe('a case that waits at two seats of one office, either of which decides', () => {
  test('is one case in electronic supervision, of the leaders and in the ranking, while it runs, when it is late and when it is done', async () => {
    const caseId = await fileOne()
    const figures = () => call<object>('supervisor', '/oversight/figures')
    const rows = () => itemsOf<object>('supervisor', '/oversight/tasks')
    expect(await figures()).toMatchObject({ running: 1, inTime: 1, late: 0 })
    expect(await rows()).toMatchObject([{ standing: 'in-time', orgId: 'office' }])
    expect(await latenessByOffice(city.system)).toMatchObject([{ orgId: 'office', lateCount: 0, openCount: 1 }])
    clock.set('2026-03-17T02:00:00Z')
    await fireAll()
    expect(await figures()).toMatchObject({ running: 1, late: 1, redCards: 1, unexplained: 1 })
    expect(await rows()).toMatchObject([{ standing: 'late', yellowCount: 1, redCount: 1, reason: 'due' }])
    expect(await latenessByOffice(city.system)).toMatchObject([{ orgId: 'office', lateCount: 1, openCount: 1 }])
    await decide('handler', caseId, 'close')
    const period = '?from=2026-03-01&to=2026-03-31'
    expect(await itemsOf('supervisor', `/oversight/offices${period}`)).toMatchObject([
      { orgId: 'office', doneInTime: 0, doneLate: 1, lateNow: 0, yellowCount: 1, redCount: 1 },
    ])
    expect(await itemsOf('supervisor', `/oversight/tasks${period}&standing=done-late`)).toHaveLength(1)
  })

  test('gets one yellow and one red card, told to both; the reason is given by either', async () => {
    await fileOne()
    clock.set('2026-03-17T02:00:00Z')
    await fireAll()
    for (const who of ['supervisor', 'handler', 'second'])
      expect((await itemsOf<Card>(who, '/cards')).map(({ colour }) => colour).sort(), who).toEqual(['red', 'yellow'])
    expect(await itemsOf('other', '/cards')).toEqual([])
    expect(told.filter(({ kind }) => kind === 'case.red').map(({ to }) => to)).toEqual([
      [
        { duty: 'handler', orgId: 'office' },
        { duty: 'second', orgId: 'office' },
      ],
    ])
    const [red] = await itemsOf<Card>('second', '/cards?colour=red')
    expect(red?.mayExplain).toBe(true)
    const given = await call<Card>('second', `/cards/${red?.id}/explanations`, { reason: '等待专家评审意见。' })
    expect(given.state).toBe('given')
    expect((await itemsOf<Card>('handler', '/cards?colour=red'))[0]).toMatchObject({ state: 'given', mayExplain: false })
  })
})

test('what was stored before is told apart when the program is renewed: one seat speaks, and the clock that ran twice stops', async () => {
  await fileOne()
  await owner.query('update cases.task set spoken_by = null')
  await owner.query(
    `insert into cases.deadline (id, case_id, about, kind, due_at, fire_at, set_at)
     select gen_random_uuid(), d.case_id, t.task_id, d.kind, d.due_at, d.fire_at, d.set_at
     from cases.deadline d join cases.task t on t.case_id = d.case_id and t.duty = 'second' where d.kind = 'red'`,
  )
  const migration = readFileSync(join(import.meta.dirname, '../migrations/0070_speak_for_seats.sql'), 'utf8')
  await owner.query(migration.replace(/alter table .*;/, ''))
  const { rows } = await owner.query('select duty, spoken_by is null as speaks from cases.task where org_id is not null order by duty')
  expect(rows).toEqual([
    { duty: 'handler', speaks: true },
    { duty: 'second', speaks: false },
  ])
  clock.set('2026-03-17T02:00:00Z')
  await fireAll()
  expect((await itemsOf<Card>('supervisor', '/cards?colour=red')).length).toBe(1)
})
