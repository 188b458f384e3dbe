import { testDatabase } from '@tongchou/testing'
import { sql } from 'kysely'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { recordEvent } from '../audit.ts'
import { fixedClock } from '../clock.ts'
import { type Ctx, inTransaction, systemActor } from '../context.ts'
import type { Jobs } from './job.ts'
import { jobRunner, type RunningRunner } from './runner.ts'

const { db, pool, owner } = await testDatabase()
const clock = fixedClock('2026-03-02T01:00:00Z')
const ctx: Ctx = { db, actor: systemActor, now: clock.now, requestId: 'test', inside: false }

const running: RunningRunner[] = []
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop()
  await owner.query(`truncate kernel.outbox, kernel.setting; delete from kernel.schedule; delete from kernel.trigger; delete from jobs.job`)
})

/** A runner with some work that writes what it was asked to into the settings, in the job's own transaction. */
async function givenRunner(brought: Jobs = {}, errors: Error[] = []) {
  const runner = jobRunner()
  runner.declare({
    kinds: [
      { kind: 'note', queue: 'short', work: (tx, payload) => note(tx, (payload as { key: string }).key) },
      {
        kind: 'fail',
        queue: 'short',
        work: async (tx, payload) => {
          await note(tx, (payload as { key: string }).key)
          throw new Error('it fails')
        },
      },
    ],
    ...brought,
  })
  const start = async (everySeconds = 1) => {
    const one = await runner.start({ pool, db, clock, everySeconds, onError: (error) => errors.push(error) })
    running.push(one)
    return one
  }
  return { jobs: runner.jobs, start, declare: runner.declare }
}

async function note(tx: Ctx, key: string): Promise<void> {
  await sql`insert into kernel.setting (key, value, updated_at) values (${key}, '1', now())
    on conflict (key) do update set value = to_jsonb((kernel.setting.value #>> '{}')::int + 1)`.execute(tx.db)
}

async function noted(): Promise<Record<string, number>> {
  const { rows } = await owner.query('select key, value from kernel.setting order by key')
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]))
}

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 50 })

describe('a job', () => {
  test('that was queued before any runner started is done once it has', async () => {
    const { jobs, start } = await givenRunner()
    await jobs.enqueue(ctx, 'note', { key: 'a' })
    await start()
    await eventually(async () => expect(await noted()).toEqual({ a: 1 }))
  })

  test('of an act that failed is never done', async () => {
    const { jobs, start } = await givenRunner()
    const failing = inTransaction(ctx, async (tx) => {
      await jobs.enqueue(tx, 'note', { key: 'failed' })
      throw new Error('the act fails')
    })
    await expect(failing).rejects.toThrow('the act fails')
    await jobs.enqueue(ctx, 'note', { key: 'after' })
    await start()
    await eventually(async () => expect(await noted()).toEqual({ after: 1 }))
  })

  test('with the key of one that still waits is not queued again; without a key each is its own', async () => {
    const { jobs, start } = await givenRunner()
    for (const onceKey of ['x', 'x', 'y']) await jobs.enqueue(ctx, 'note', { key: onceKey }, { onceKey })
    for (const key of ['z', 'z']) await jobs.enqueue(ctx, 'note', { key })
    await start()
    await eventually(async () => expect(await noted()).toEqual({ x: 1, y: 1, z: 2 }))
    await jobs.enqueue(ctx, 'note', { key: 'x' }, { onceKey: 'x' })
    await eventually(async () => expect((await noted()).x).toBe(2))
  })

  test('for later waits until then', async () => {
    const { jobs, start } = await givenRunner()
    await jobs.enqueue(ctx, 'note', { key: 'later' }, { startAfter: new Date(clock.now().getTime() + 3_600_000) })
    await jobs.enqueue(ctx, 'note', { key: 'past' }, { startAfter: new Date(clock.now().getTime() - 3_600_000) })
    await start()
    await eventually(async () => expect(await noted()).toEqual({ past: 1 }))
    await owner.query(`update jobs.job set start_after = now() where data->'payload'->>'key' = 'later'`)
    await eventually(async () => expect(await noted()).toEqual({ later: 1, past: 1 }))
  })

  test('that fails leaves nothing of what it did, is tried again, and at last kept for an administrator', async () => {
    await owner.query(`update jobs.queue set retry_limit = 1, retry_delay = 0, retry_backoff = false where name = 'short'`)
    const { jobs, start } = await givenRunner()
    await jobs.enqueue(ctx, 'fail', { key: 'never' })
    await start()
    await eventually(async () => {
      const { rows } = await owner.query(
        `select data, source_retry_count, source_output->>'message' as error from jobs.job where name = 'failed'`,
      )
      expect(rows).toEqual([{ data: { kind: 'fail', payload: { key: 'never' } }, source_retry_count: 1, error: 'it fails' }])
    })
    expect(await noted()).toEqual({})
    await owner.query(`update jobs.queue set retry_limit = 8, retry_delay = 2, retry_backoff = true where name = 'short'`)
  })

  test('of a kind that nobody knows is a mistake of the program', async () => {
    const { jobs } = await givenRunner()
    await expect(jobs.enqueue(ctx, 'unknown', {})).rejects.toThrow('no job kind unknown')
  })

  test('that commits as it goes runs outside of any transaction and is told when the server stops', async () => {
    let stopping: AbortSignal | undefined
    let inside: boolean | undefined
    const { jobs, start } = await givenRunner({
      kinds: [
        {
          kind: 'long',
          queue: 'long',
          work: async (job, _payload, told) => {
            inside = job.inside
            stopping = told.stopping
          },
        },
      ],
    })
    await jobs.enqueue(ctx, 'long', {})
    await start()
    await eventually(async () => expect(stopping).toBeDefined())
    expect(inside).toBe(false)
  })

  test('that waits behind others that commit as they go is taken up when they are done, not at the next look', async () => {
    const done: string[] = []
    const { jobs, start } = await givenRunner({
      kinds: [{ kind: 'install', queue: 'long', work: async (_job, payload) => void done.push((payload as { key: string }).key) }],
    })
    const keys = ['a', 'b', 'c', 'd', 'e']
    for (const key of keys) await jobs.enqueue(ctx, 'install', { key }, { onceKey: key })
    await start(600)
    await eventually(async () => expect(done.toSorted()).toEqual(keys))
  })
})

describe('an event', () => {
  const trigger = { key: 'told', owner: 'test', event: 'thing.done', kind: 'note', oncePer: 'event' } as const
  const tell = (id: string, event = 'thing.done') => recordEvent(ctx, event, { kind: 'thing', id }, { id })

  test('becomes a job of each trigger that waits for it, and is delivered once', async () => {
    const told: unknown[] = []
    const { start } = await givenRunner({
      kinds: [{ kind: 'hear', queue: 'short', work: async (_tx, payload) => void told.push(payload) }],
      triggers: [{ ...trigger, kind: 'hear' }],
    })
    for (const id of ['1', '2']) await tell(id)
    await tell('3', 'thing.undone')
    await start()
    await eventually(async () => expect(told).toHaveLength(2))
    expect(told).toContainEqual({ event: 'thing.done', subject: { kind: 'thing', id: '1' }, payload: { id: '1' } })
    const { rows } = await owner.query('select count(*)::int as open from kernel.outbox where delivered_at is null')
    expect(rows).toEqual([{ open: 0 }])
  })

  test('of one subject may become one job with others of it that wait', async () => {
    const { start } = await givenRunner({
      kinds: [{ kind: 'count', queue: 'short', work: (tx, payload) => note(tx, (payload as { subject: { id: string } }).subject.id) }],
      triggers: [{ ...trigger, kind: 'count', oncePer: 'subject' }],
    })
    for (const id of ['1', '1', '1', '2']) await tell(id)
    await start()
    await eventually(async () => expect(await noted()).toEqual({ 1: 1, 2: 1 }))
  })
})

describe('a schedule', () => {
  const every = { owner: 'test', kind: 'note', everySeconds: 3600 } as const
  const scheduled = (catchUp: 'once' | 'each' | 'skip') => ({ ...every, key: catchUp, payload: { key: catchUp }, catchUp })

  test('makes up for what passed while no server ran as its rule says', async () => {
    const { start, declare } = await givenRunner()
    declare({ schedules: (['once', 'each', 'skip'] as const).map(scheduled) })
    await start()
    await eventually(async () => expect(await noted()).toMatchObject({ each: 1, once: 1, skip: 1 }))
    await running.splice(0)[0]?.stop()
    clock.advance({ hours: 3, minutes: 30 })
    await start()
    await eventually(async () => expect(await noted()).toMatchObject({ each: 4, once: 2, skip: 1 }))
    clock.advance({ minutes: 30 })
    await eventually(async () => expect(await noted()).toMatchObject({ each: 5, once: 3, skip: 2 }))
  })

  test('of an earlier program is gone, and one that waits for a time far ahead begins anew', async () => {
    const schedules = ['gone', 'ahead'].map((key) => ({ ...every, key, payload: { key }, catchUp: 'once' as const }))
    const earlier = await givenRunner({ schedules })
    await earlier.start()
    await eventually(async () => expect(await noted()).toEqual({ ahead: 1, gone: 1 }))
    await running.splice(0)[0]?.stop()
    clock.set('2025-01-01T00:00:00Z')
    const later = await givenRunner({ schedules: schedules.slice(1) })
    await later.start()
    await eventually(async () => expect(await noted()).toEqual({ ahead: 2, gone: 1 }))
  })
})

describe('the runner', () => {
  test('works with the rights of the application, which may change no table of it', async () => {
    await expect(pool.query('alter table jobs.job add column mine text')).rejects.toMatchObject({ code: '42501' })
    await expect(pool.query('create table jobs.mine (a text)')).rejects.toMatchObject({ code: '42501' })
  })

  test('lives on when the database drops its connections, and works on', async () => {
    const errors: Error[] = []
    const { jobs, start } = await givenRunner({}, errors)
    await start()
    await owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and usename = current_user`,
    )
    await eventually(async () => jobs.enqueue(ctx, 'note', { key: 'alive' }, { onceKey: 'alive' }))
    await eventually(async () => expect((await noted()).alive).toBeGreaterThan(0))
  })

  test('two at once do each job once', async () => {
    const { jobs, start } = await givenRunner()
    const keys = Array.from({ length: 40 }, (_, n) => `job-${String(n).padStart(2, '0')}`)
    for (const key of keys) await jobs.enqueue(ctx, 'note', { key })
    await Promise.all([start(), start()])
    await eventually(async () => expect(await noted()).toEqual(Object.fromEntries(keys.map((key) => [key, 1]))))
  })
})
