import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testDatabase } from '@tongchou/testing'
import pg from 'pg'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openPool } from './database.ts'
import { type MigrationSource, migrate } from './migrate.ts'
import { startupProblemOf } from './postgres/index.ts'

const { owner: server, connection } = await testDatabase()
const folder = mkdtempSync(join(tmpdir(), 'tongchou-migrations-'))
const databases: string[] = []
const clients: pg.Client[] = []
let database = ''

beforeEach(async () => {
  database = `m_${randomBytes(6).toString('hex')}`
  databases.push(database)
  await server.query(`create database ${database}`)
})
afterAll(async () => {
  await Promise.all(clients.map((client) => client.end().catch(() => undefined)))
  for (const name of databases) await server.query(`drop database ${name} with (force)`)
  rmSync(folder, { recursive: true })
})

async function connected(): Promise<pg.Client> {
  const client = new pg.Client({ ...connection, database })
  client.on('error', () => undefined)
  clients.push(client)
  await client.connect()
  return client
}

/** The modules of a release: schema → file → SQL. The kernel comes first, as in the product. */
function release(modules: Record<string, Record<string, string>>): MigrationSource[] {
  const home = mkdtempSync(join(folder, 'release-'))
  return Object.entries<Record<string, string>>({ kernel: {}, ...modules }).map(([schema, files]) => {
    mkdirSync(join(home, schema))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(home, schema, name), text)
    return { schema, folder: join(home, schema) }
  })
}

const first = { '0001_create_plan.sql': 'create table plans.plan (id integer primary key)' }
const second = { ...first, '0002_add_title.sql': 'alter table plans.plan add column title text' }

/** Everything that stands in the database: relations with their columns and rights, and what was applied when. */
async function everything(client: pg.Client): Promise<unknown> {
  const relations = await client.query(
    `select n.nspname, c.relname, c.relkind, c.relacl::text,
       array(select attname || ':' || atttypid::regtype from pg_attribute where attrelid = c.oid and attnum > 0 order by attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') order by 1, 2`,
  )
  const schemas = await client.query('select nspname, nspacl::text from pg_namespace order by 1')
  const done = await client.query('select * from kernel.schema_migration order by schema, name')
  return [relations.rows, schemas.rows, done.rows]
}

describe('a database is brought to the version of the program', () => {
  test('module by module, in the order of their numbers, each file once', async () => {
    const client = await connected()
    const sources = release({
      plans: {
        '0010_third.sql': "insert into plans.seen values ('third')",
        '0001_create_seen.sql': "create table plans.seen (what text, at serial); insert into plans.seen values ('first')",
        '0009_second.sql': "insert into plans.seen values ('second')",
        'README.md': 'no SQL',
      },
      audits: { '0001_look.sql': "insert into plans.seen values ('another module')" },
    })
    const { applied } = await migrate(client, sources)
    expect(applied).toEqual(['plans/0001_create_seen.sql', 'plans/0009_second.sql', 'plans/0010_third.sql', 'audits/0001_look.sql'])
    expect((await migrate(client, sources)).applied).toEqual([])
    const { rows } = await client.query('select what from plans.seen order by at')
    expect(rows.map(({ what }) => what)).toEqual(['first', 'second', 'third', 'another module'])
  })

  test('by a later release, only with what it adds', async () => {
    const client = await connected()
    await migrate(client, release({ plans: first }))
    await client.query('insert into plans.plan values (1)')
    expect((await migrate(client, release({ plans: second, empty: {} }))).applied).toEqual(['plans/0002_add_title.sql'])
    expect((await client.query('select * from plans.plan')).rows).toEqual([{ id: 1, title: null }])
  })

  test('by one of several programs that start together; the others wait and find it done', async () => {
    const slow = { '0001_create_plan.sql': 'create table plans.plan (id integer primary key); select pg_sleep(0.2)' }
    const sources = release({ plans: slow })
    const starts = await Promise.all([1, 2, 3].map(async () => migrate(await connected(), sources)))
    expect(starts.map(({ applied }) => applied.length).sort()).toEqual([0, 0, 1])
  })

  test('after a program died in the middle: the next one is not kept out', async () => {
    const dying = await connected()
    await expect(migrate(dying, release({ plans: { '0001_die.sql': 'select pg_terminate_backend(pg_backend_pid())' } }))).rejects.toThrow()
    expect((await migrate(await connected(), release({ plans: first }))).applied).toHaveLength(1)
  })
})

describe('refused, and nothing touched', () => {
  test.each([
    [
      'a database that a newer program made',
      { plans: second },
      { plans: first, extra: { '0001_x.sql': 'create table extra.x ()' } },
      'database.newer',
      'plans/0002_add_title.sql',
    ],
    [
      'a database with a module that this program lacks',
      { plans: first, audits: first },
      { audits: second },
      'database.newer',
      'plans/0001_create_plan.sql',
    ],
    [
      'a released file that was edited',
      { plans: first },
      { plans: { ...second, '0001_create_plan.sql': 'create table plans.plan (id bigint primary key)' } },
      'database.migration_changed',
      'plans/0001_create_plan.sql',
    ],
  ])('%s', async (_what, made, program, code, named) => {
    const client = await connected()
    const createAudits = (modules: Record<string, Record<string, string>>) =>
      Object.fromEntries(
        Object.entries(modules).map(([schema, files]) => [
          schema,
          Object.fromEntries(Object.entries(files).map(([name, text]) => [name, text.replaceAll('plans.', `${schema}.`)])),
        ]),
      )
    await migrate(client, release(createAudits(made)))
    const before = await everything(client)
    const start = migrate(client, release(createAudits(program)))
    await expect(start).rejects.toMatchObject({ code, message: expect.stringContaining(named) })
    expect(startupProblemOf(await start.catch((error: unknown) => error))).toMatchObject({ code, cure: expect.stringMatching(/版本/) })
    expect(await everything(client)).toEqual(before)
  })

  test('and the next start is not kept waiting', async () => {
    const client = await connected()
    await migrate(client, release({ plans: second }))
    await expect(migrate(client, release({ plans: first }))).rejects.toThrow()
    expect((await migrate(await connected(), release({ plans: second }))).applied).toEqual([])
  })
})

describe('a file that fails', () => {
  const failing = {
    ...first,
    '0002_fail.sql': 'create table plans.half (id integer); insert into plans.plan values (1); create table plans.plan (id integer)',
    '0003_after.sql': 'create table plans.after (id integer)',
  }

  test('is taken back whole and names itself; those before it stay, those after it are not begun', async () => {
    const client = await connected()
    const failure: unknown = await migrate(client, release({ plans: failing })).catch((error: unknown) => error)
    expect(failure).toMatchObject({ message: expect.stringContaining('plans/0002_fail.sql'), cause: { code: '42P07' } })
    const { rows } = await client.query("select relname from pg_class where relnamespace = 'plans'::regnamespace and relkind = 'r'")
    expect(rows).toEqual([{ relname: 'plan' }])
    expect((await client.query('select * from plans.plan')).rows).toEqual([])
    expect((await client.query('select name from kernel.schema_migration')).rows).toEqual([{ name: '0001_create_plan.sql' }])
  })

  test('as the first of its module leaves not even the schema', async () => {
    const client = await connected()
    await expect(migrate(client, release({ plans: { '0001_fail.sql': 'select nothing' } }))).rejects.toThrow('plans/0001_fail.sql')
    expect((await client.query("select from pg_namespace where nspname = 'plans'")).rowCount).toBe(0)
  })

  test('is applied once it is mended', async () => {
    const client = await connected()
    await migrate(client, release({ plans: failing })).catch(() => undefined)
    const mended = { ...failing, '0002_fail.sql': 'create table plans.half (id integer)' }
    expect((await migrate(client, release({ plans: mended }))).applied).toEqual(['plans/0002_fail.sql', 'plans/0003_after.sql'])
  })

  test('because the connection was lost says that, and not that it could not be taken back', async () => {
    const lost = release({ plans: { '0001_lost.sql': 'select pg_terminate_backend(pg_backend_pid())' } })
    const failure: unknown = await migrate(await connected(), lost).catch((error: unknown) => error)
    expect(failure).toMatchObject({ message: expect.stringContaining('plans/0001_lost.sql'), cause: { code: '57P01' } })
  })
})

describe('what the application may do', () => {
  const rights = async (client: pg.Client, table: string) => {
    const { rows } = await client.query<{ p: string }>(
      `select p from unnest(array['select', 'insert', 'update', 'delete', 'truncate']) p where has_table_privilege('tongchou_app', $1, p)`,
      [table],
    )
    return rows.map(({ p }) => p).join(' ')
  }
  const all = 'select insert update delete'
  const keptForGood = "comment on table plans.signature is 'append-only: what was signed stays'"
  const signature = {
    '0001_create_signature.sql': `create table plans.signature (id integer generated always as identity); ${keptForGood}`,
  }

  test('follows each migration, also with the tables a later release adds', async () => {
    const client = await connected()
    await migrate(client, release({ plans: first }))
    expect(await rights(client, 'plans.plan')).toBe(all)
    await migrate(
      client,
      release({
        plans: { ...first, '0002_more.sql': 'create table plans.more (id serial, "Größe" integer); create table plans."Odd name" ()' },
      }),
    )
    expect([await rights(client, 'plans.more'), await rights(client, 'plans."Odd name"')]).toEqual([all, all])
    const pool = openPool({ ...connection, database }, () => undefined)
    await pool.query('insert into plans.more ("Größe") values (1)')
    expect((await pool.query('select id from plans.more')).rows).toEqual([{ id: 1 }])
    await pool.end()
  })

  test('is only to add and read where the comment says append-only, and only to read a view or the list of migrations', async () => {
    const client = await connected()
    const view = { '0002_view.sql': 'create view plans.signatures as select * from plans.signature' }
    await migrate(client, release({ plans: { ...signature, ...view } }))
    expect(await rights(client, 'plans.signature')).toBe('select insert')
    expect(await rights(client, 'plans.signatures')).toBe('select')
    expect(await rights(client, 'kernel.schema_migration')).toBe('select')
  })

  test('shrinks when a later release makes a table append-only', async () => {
    const client = await connected()
    const open = { '0001_create_signature.sql': 'create table plans.signature (id integer)' }
    await migrate(client, release({ plans: open }))
    expect(await rights(client, 'plans.signature')).toBe(all)
    await migrate(client, release({ plans: { ...open, '0002_keep.sql': keptForGood } }))
    expect(await rights(client, 'plans.signature')).toBe('select insert')
  })

  test('is made good at the next start when a program died before it gave the rights', async () => {
    const client = await connected()
    await migrate(client, release({ plans: signature }))
    await client.query('revoke all on all tables in schema plans from tongchou_app; revoke all on schema plans from tongchou_app')
    expect((await migrate(client, release({ plans: signature }))).applied).toEqual([])
    expect(await rights(client, 'plans.signature')).toBe('select insert')
    const pool = openPool({ ...connection, database }, () => undefined)
    await expect(pool.query('insert into plans.signature default values')).resolves.toMatchObject({ rowCount: 1 })
    await pool.end()
  })
})
