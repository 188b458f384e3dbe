import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ctx, jobRunner, systemActor, systemClock } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { afterAll, expect, test } from 'vitest'
import { openServer } from './database.ts'
import { readSettings, type Settings } from './settings.ts'

const { connection } = await testDatabase()
const folder = mkdtempSync(join(tmpdir(), 'tongchou-logins-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const urlOf = (user: string) =>
  `postgres://${user}@localhost:${connection.port}/${connection.database}?host=${encodeURIComponent(connection.host)}`

async function opened(settings: Partial<Settings>) {
  const notices: string[] = []
  const base = {
    port: 0,
    host: '',
    dataDir: folder,
    keyFile: join(folder, 'keys.json'),
    headsDir: join(folder, 'heads'),
    databaseUrl: undefined,
    demo: false,
    clock: systemClock(),
    oidc: null,
  }
  const database = await openServer(
    { ...base, ...settings },
    (line) => notices.push(line),
    (problem) => {
      throw problem
    },
  )
  const { rows } = await database.pool.query<{ login: string }>('select session_user as login')
  return { database, notices, login: rows[0]?.login }
}

test('on the embedded server the application signs in as its own role, and its jobs run as that role', async () => {
  const { database, notices, login } = await opened({})
  try {
    expect(login).toBe('tongchou_app')
    expect(notices.join()).not.toContain('警告')
    const runner = jobRunner()
    const worked = Promise.withResolvers<void>()
    runner.declare({ kinds: [{ kind: 'test.once', queue: 'short', work: async () => worked.resolve() }] })
    const clock = systemClock()
    const running = await runner.start({ ...database, clock, onError: worked.reject })
    const ctx: Ctx = { db: database.db, actor: systemActor, now: () => clock.now(), requestId: 'test', inside: false }
    await runner.jobs.enqueue(ctx, 'test.once', {})
    await worked.promise
    await running.stop()
    const { rows } = await database.pool.query(
      'select distinct usename from pg_stat_activity where datname = current_database() and usename is not null',
    )
    expect(rows).toEqual([{ usename: 'tongchou_app' }])
  } finally {
    await database.close()
  }
}, 60_000)

test('with an address of its own for the owner, the application has its own login', async () => {
  const { database, notices, login } = await opened({ databaseUrl: urlOf('tongchou_app'), ownerUrl: urlOf(connection.user) })
  expect([login, notices]).toEqual(['tongchou_app', []])
  await database.close()
})

test('an application login that could become the owner is refused where the owner has its own; alone it is warned of, loudly', async () => {
  await expect(opened({ databaseUrl: urlOf(connection.user), ownerUrl: urlOf(connection.user) })).rejects.toMatchObject({
    code: 'database.login_is_owner',
    cure: expect.stringContaining('DATABASE_OWNER_URL'),
  })
  const { database, notices } = await opened({ databaseUrl: urlOf(connection.user) })
  expect(notices).toEqual([expect.stringMatching(/^警告：.*DATABASE_OWNER_URL/)])
  await database.close()
})

test('an address of the owner without one of the application is refused', () => {
  expect(() => readSettings({ TONGCHOU_DATA: folder, DATABASE_OWNER_URL: urlOf(connection.user) })).toThrow(/DATABASE_URL/)
})
