import { testDatabase } from '@tongchou/testing'
import { Type } from 'typebox'
import { beforeEach, expect, test } from 'vitest'
import { refusedLooksKept } from '../access-log.ts'
import { NotFound } from '../errors.ts'
import { givenApp } from '../kernel.given.ts'
import { problems, Strict } from './schema.ts'

const { db, owner } = await testDatabase()
const { app, clock } = await givenApp(db)
const schema = { tags: ['test'], 'x-authz': { 'signed-in': [] }, response: { 200: Type.Object({}), ...problems } } as const
const params = Strict({ id: Type.String() })
app.get(
  '/api/v1/things/:id',
  { schema: { ...schema, operationId: 'readThing', params }, config: { recordsRead: { kind: 'thing' } } },
  async (request) => {
    const { id } = request.params as { id: string }
    if (id.startsWith('other')) throw new NotFound('thing.not_found', '不存在。')
    return {}
  },
)
app.get(
  '/api/v1/things',
  { schema: { ...schema, operationId: 'listThings' }, config: { recordsRead: { kind: 'thing', id: 'list' } } },
  async () => ({}),
)

beforeEach(async () => {
  await app.looks.settle(clock.now(), true)
  await owner.query('truncate kernel.audit_event')
})

const read = (url: string, as = 'clerk') => app.inject({ url: `/api/v1${url}`, headers: { 'x-as': as } })
const rows = async () =>
  (await owner.query('select person_name, action, outcome, subject_kind, subject_id, detail, at from kernel.audit_event order by seq')).rows
const laterBy = (minutes: number) => clock.set(new Date(clock.now().getTime() + minutes * 60_000))

test('who looks at a thing, or at a list of people, is written down before the answer', async () => {
  expect((await read('/things/t1')).statusCode).toBe(200)
  expect((await read('/things')).statusCode).toBe(200)
  expect(await rows()).toMatchObject([
    { person_name: 'clerk', action: 'thing.viewed', outcome: 'looked', subject_kind: 'thing', subject_id: 't1', detail: {} },
    { person_name: 'clerk', action: 'thing.viewed', outcome: 'looked', subject_id: 'list' },
  ])
})

test('looking again soon is counted, not written; the number and the last moment stand in one row when the window is over', async () => {
  const began = clock.now()
  for (let minute = 0; minute < 5; minute++) {
    await read('/things/t1')
    laterBy(1)
  }
  expect(await rows()).toHaveLength(1)
  laterBy(10)
  await read('/things/t2')
  expect(await rows()).toMatchObject([
    { subject_id: 't1', detail: {} },
    { subject_id: 't2' },
    { subject_id: 't1', detail: { count: 4, since: began.toISOString() }, at: new Date(began.getTime() + 4 * 60_000) },
  ])
  await read('/things/t1')
  expect(await rows()).toHaveLength(4)
})

test('another person, another post of the same person and another thing are looks of their own', async () => {
  await read('/things/t1')
  await read('/things/t1', 'officer')
  await read('/things/t2')
  expect(await rows()).toHaveLength(3)
})

test('many who open the same thing at once leave one row each', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, index) => read('/things/t1', index % 2 === 0 ? 'clerk' : 'officer')))
  expect((await rows()).map(({ person_name }) => person_name).sort()).toEqual(['clerk', 'officer'])
})

test('what is not shown to a signed-in person is a refused look; somebody not signed in leaves nothing', async () => {
  expect((await read('/things/other')).statusCode).toBe(404)
  expect((await read('/things/other', 'nobody')).statusCode).toBe(401)
  expect(await rows()).toMatchObject([
    { action: 'thing.viewed', outcome: 'refused', subject_id: 'other', detail: { code: 'thing.not_found' } },
  ])
})

test('who tries one id after the other cannot flood the log: above the limit they are counted', async () => {
  for (let index = 0; index < refusedLooksKept + 20; index++) await read(`/things/other-${index}`)
  expect(await rows()).toHaveLength(refusedLooksKept + 1)
  laterBy(11)
  await app.looks.settle(clock.now())
  expect((await rows()).at(-1)).toMatchObject({ action: 'read.refused_often', subject_kind: 'account', detail: { count: 19 } })
})

test('what cannot be recorded is not shown', async () => {
  await owner.query('revoke insert on kernel.audit_event from tongchou_app')
  try {
    expect((await read('/things/t9')).statusCode).toBe(500)
  } finally {
    await owner.query('grant insert on kernel.audit_event to tongchou_app')
  }
  expect((await read('/things/t9')).statusCode).toBe(200)
  expect(await rows()).toMatchObject([{ subject_id: 't9', outcome: 'looked' }])
})
