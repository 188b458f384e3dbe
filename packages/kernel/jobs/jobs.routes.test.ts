import { testDatabase } from '@tongchou/testing'
import { beforeEach, expect, test } from 'vitest'
import { actorOf, givenApp } from '../kernel.given.ts'
import { jobRoutes } from './jobs.routes.ts'
import { jobRunner } from './runner.ts'

const { db, owner } = await testDatabase()
const runner = jobRunner()
runner.declare({ kinds: [{ kind: 'export', queue: 'long', work: async () => undefined }] })
const people = new Map([actorOf('clerk', 'applicant'), actorOf('admin', 'system-admin')].map((actor) => [actor.name, actor]))
const { app } = await givenApp(db, { authenticate: async ({ headers }) => people.get(String(headers['x-as'])) ?? null })
await app.register(jobRoutes, { jobs: runner.jobs })

const call = (as: string, method: 'GET' | 'POST', url: string) => app.inject({ method, url, headers: { 'x-as': as } })

beforeEach(async () => {
  await owner.query('delete from jobs.job; truncate kernel.audit_event')
  for (const n of [1, 2, 3])
    await owner.query(
      `insert into jobs.job (id, name, data, source_output, source_retry_count, created_on)
       values ($1, 'failed', '{"kind": "export", "payload": {"n": 1}}', '{"message": "disk full"}', 3, $2)`,
      [`00000000-0000-4000-8000-00000000000${n}`, `2026-03-0${n}T01:00:00Z`],
    )
})

test('the system administrator reads what failed for good, newest first, page by page', async () => {
  const first = (await call('admin', 'GET', '/jobs/failed?limit=2')).json()
  expect(first.items.map(({ id }: { id: string }) => id.at(-1))).toEqual(['3', '2'])
  expect(first.items[0]).toMatchObject({ kind: 'export', payload: '{"n":1}', error: 'disk full', attemptCount: 4 })
  const second = (await call('admin', 'GET', `/jobs/failed?limit=2&cursor=${first.nextCursor}`)).json()
  expect(second.items.map(({ id }: { id: string }) => id.at(-1))).toEqual(['1'])
  expect(second.nextCursor).toBeNull()
})

test('nobody else does', async () => {
  expect((await call('clerk', 'GET', '/jobs/failed')).statusCode).toBe(403)
  expect((await call('clerk', 'POST', '/jobs/failed/00000000-0000-4000-8000-000000000001/retry')).statusCode).toBe(404)
})

test('a failed job is set going once, also when two administrators press at once', async () => {
  const url = '/jobs/failed/00000000-0000-4000-8000-000000000002/retry'
  const answers = await Promise.all([call('admin', 'POST', url), call('admin', 'POST', url)])
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([204, 404])
  const { rows } = await owner.query(`select data from jobs.job where name = 'long'`)
  expect(rows).toEqual([{ data: { kind: 'export', payload: { n: 1 } } }])
  expect((await call('admin', 'GET', '/jobs/failed')).json().items).toHaveLength(2)
  const { rows: audit } = await owner.query('select action, outcome from kernel.audit_event order by outcome')
  expect(audit).toEqual([{ action: 'job.retried', outcome: 'done' }, expect.objectContaining({ outcome: 'refused' })])
})
