import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { testDatabase } from '@tongchou/testing'
import { sql } from 'kysely'
import type pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { inTransaction } from './context.ts'
import { openDatabase, openPool, plannedOnce } from './database.ts'
import { ctxOf } from './kernel.given.ts'

const { owner, connection } = await testDatabase()
const heard: string[] = []
const pools: pg.Pool[] = []
const opened = (config: object = {}) => {
  const pool = openPool({ ...connection, ...config }, (error) => heard.push(error.message))
  pools.push(pool)
  return pool
}
afterAll(() => Promise.all(pools.map((pool) => pool.end())))

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const pidOf = async (client: pg.Pool | pg.ClientBase) => (await client.query('select pg_backend_pid() as pid')).rows[0].pid as number
const kill = (pid: number) => owner.query('select pg_terminate_backend($1, 5000)', [pid])

describe('a killed backend does not end the process, and the pool goes on', () => {
  test('while its connection is idle', async () => {
    const pool = opened({ max: 1 })
    const pid = await pidOf(pool)
    await kill(pid)
    await expect.poll(() => heard.join()).toMatch(/terminating connection/)
    expect(await pidOf(pool)).not.toBe(pid)
  })

  test('while it works', async () => {
    const pool = opened({ max: 1 })
    const client = await pool.connect()
    const pid = await pidOf(client)
    const work = expect(client.query('select pg_sleep(10)')).rejects.toMatchObject({ code: '57P01' })
    await kill(pid)
    await work
    client.release()
    expect(await pidOf(pool)).not.toBe(pid)
  })

  test('while somebody holds it and asks nothing', async () => {
    const pool = opened({ max: 1 })
    const client = await pool.connect()
    const pid = await pidOf(client)
    heard.length = 0
    await kill(pid)
    await expect.poll(() => heard.join()).toMatch(/terminating connection/)
    await expect(client.query('select 1')).rejects.toThrow()
    client.release(true)
    expect(await pidOf(pool)).not.toBe(pid)
  })

  test('in the middle of an act: nothing of it is kept', async () => {
    const db = openDatabase(opened({ max: 1 }))
    const act = inTransaction(ctxOf(db), async (tx) => {
      await tx.db.insertInto('kernel.setting').values({ key: 'half', value: '{}', updated_at: tx.now() }).execute()
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx.db)
      await kill(rows[0]?.pid ?? 0)
    })
    await expect(act).rejects.toThrow()
    expect((await owner.query('select from kernel.setting')).rowCount).toBe(0)
    expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }])
  })
})

describe('limits', () => {
  test('a statement and an idle transaction end after a minute', async () => {
    const { rows } = await opened().query(
      `select name, setting || unit as setting from pg_settings
       where name in ('statement_timeout', 'idle_in_transaction_session_timeout') order by name`,
    )
    expect(rows).toEqual([
      { name: 'idle_in_transaction_session_timeout', setting: '60000ms' },
      { name: 'statement_timeout', setting: '60000ms' },
    ])
  })

  test('an act that fell asleep in its transaction loses it, and its locks with it', async () => {
    const pool = opened({ max: 1 })
    const client = await pool.connect()
    await client.query("set idle_in_transaction_session_timeout = 30; begin; insert into kernel.setting values ('asleep', '{}', now())")
    heard.length = 0
    await expect.poll(() => heard.join()).toMatch(/idle-in-transaction/)
    await expect(client.query('commit')).rejects.toThrow()
    client.release(true)
    expect((await owner.query("insert into kernel.setting values ('asleep', '{}', now())")).rowCount).toBe(1)
    await owner.query('truncate kernel.setting')
  })

  test('who cannot get a connection is told so instead of waiting for ever', async () => {
    const pool = opened({ max: 1, connectionTimeoutMillis: 50 })
    const client = await pool.connect()
    await expect(pool.connect()).rejects.toThrow(/timeout/)
    client.release()
    await pause(0)
    expect(await pidOf(pool)).toBeGreaterThan(0)
  })
})

describe('whoever signs in, the application works as its own role', () => {
  test('also when it is the superuser, by mistake or because there is no other', async () => {
    const { rows } = await opened().query(
      `select current_user as role, (select rolsuper from pg_roles where rolname = session_user) as by_superuser,
         (select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls from pg_roles where rolname = current_user) as mighty`,
    )
    expect(rows).toEqual([{ role: 'tongchou_app', by_superuser: true, mighty: false }])
  })

  test('and comes back to it after a reset', async () => {
    const pool = opened({ max: 1 })
    await pool.query('reset role')
    await pool.query('discard all')
    expect((await pool.query('select current_user as role')).rows).toEqual([{ role: 'tongchou_app' }])
  })

  test('an address that sets other options gives no connection at all', async () => {
    const { host, port, user, database } = connection
    const address = `postgresql://${user}@/${database}?host=${encodeURIComponent(host)}&port=${port}`
    expect((await opened({ connectionString: address }).query('select current_user as role')).rows).toEqual([{ role: 'tongchou_app' }])
    const mistaken = opened({ connectionString: `${address}&options=${encodeURIComponent('-c work_mem=8MB')}` })
    await expect(mistaken.query('select 1')).rejects.toMatchObject({
      code: 'database.wrong_role',
      cure: expect.stringContaining('DATABASE_URL'),
    })
  })
})

describe('what is marked is planned once on each connection', () => {
  const plans = async (client: pg.Pool | pg.ClientBase) =>
    (await client.query('select statement, (generic_plans + custom_plans)::int as used from pg_prepared_statements order by statement'))
      .rows

  test('and answers each time what is asked then; what is not marked is planned as ever', async () => {
    const pool = opened({ max: 1 })
    const db = openDatabase(pool)
    const keyOf = (key: string) =>
      db.selectFrom('kernel.setting').select('key').where('key', '=', key).modifyFront(plannedOnce).executeTakeFirst()
    for (const key of ['one', 'two']) await db.insertInto('kernel.setting').values({ key, value: '{}', updated_at: new Date() }).execute()
    expect([await keyOf('one'), await keyOf('none'), await keyOf('two')]).toEqual([{ key: 'one' }, undefined, { key: 'two' }])
    await db.selectFrom('kernel.setting').select('key').where('key', '=', 'one').execute()
    expect(await plans(pool)).toEqual([{ statement: expect.stringMatching(/^select \/\* planned once \*\/ "key"/), used: 3 }])
    await pool.query('delete from kernel.setting')
  })

  test('also after a value that PostgreSQL refuses, after an act that was taken back, and on the connection that follows a killed one', async () => {
    const pool = opened({ max: 1 })
    const asked = (value: string) => pool.query('select /* planned once */ $1::int + 1 as next', [value])
    await expect(asked('x')).rejects.toMatchObject({ code: '22P02' })
    await pool.query('begin')
    expect((await asked('1')).rows).toEqual([{ next: 2 }])
    await expect(asked('y')).rejects.toMatchObject({ code: '22P02' })
    await pool.query('rollback')
    expect((await asked('2')).rows).toEqual([{ next: 3 }])
    await kill(await pidOf(pool))
    await expect.poll(async () => (await asked('3')).rows).toEqual([{ next: 4 }])
    expect(await plans(pool)).toHaveLength(1)
  })
})

describe('values', () => {
  test('a civil date stays a text, an instant is an instant, an amount is a number', async () => {
    const { rows } = await opened().query(
      `select date '2026-02-28' as day, timestamptz '2026-03-01 00:00:00.123+08' as at, 9007199254740991::bigint as fen`,
    )
    expect(rows).toEqual([{ day: '2026-02-28', at: new Date('2026-02-28T16:00:00.123Z'), fen: 9007199254740991 }])
  })

  test('an amount that would lose digits fails', async () => {
    await expect(opened().query('select 9007199254740992::bigint as fen')).rejects.toThrow(/beyond 2\^53/)
  })

  test('times are told in UTC whatever the server thinks', async () => {
    await owner.query(`alter database ${connection.database} set timezone = 'America/New_York'`)
    expect((await opened().query("select timestamptz '2026-03-01 00:00+08'::text as at")).rows).toEqual([{ at: '2026-02-28 16:00:00+00' }])
  })
})

test('every client and pool that the product opens has an error listener', () => {
  const root = join(import.meta.dirname, '../..')
  const sources = ['apps', 'modules', 'packages'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('node_modules'))
      .map((path) => ({ path: `${folder}/${path}`, text: readFileSync(join(root, folder, path), 'utf8') })),
  )
  const opening = sources.filter(({ text }) => /new pg\.(Client|Pool)\(/.test(text))
  expect(opening.map(({ path }) => path)).toContain('packages/kernel/database.ts')
  const deaf = opening.flatMap(({ path, text }) =>
    [...text.matchAll(/(?:const (\w+) = )?new pg\.(?:Client|Pool)\(/g)]
      .filter(([, name]) => name === undefined || !text.includes(`${name}.on('error'`))
      .map(([, name]) => `${path}: ${name}`),
  )
  expect(deaf).toEqual([])
})
