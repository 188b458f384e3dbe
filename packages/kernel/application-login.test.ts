import { testDatabase } from '@tongchou/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordAudit } from './audit.ts'
import { applicationLogin, escapeOfLogin, openPool } from './database.ts'
import { ctxOf } from './kernel.given.ts'

// What somebody can do who gets statements of their own through to the database over the application's connection.
const { db, owner, connection } = await testDatabase()
const pool = openPool({ ...applicationLogin(connection), max: 1 }, () => undefined)
const roles = ['escape_reader', 'escape_member', 'escape_writer']
afterAll(async () => {
  await pool.end()
  for (const role of roles) await owner.query(`drop owned by ${role}; drop role ${role}`)
})
beforeAll(async () => {
  for (let index = 0; index < 3; index++) await recordAudit(ctxOf(db), 'test.done', { kind: 'thing', id: String(index) })
  await owner.query(`create role escape_reader login in role tongchou_app`)
  await owner.query(`create role escape_member login in role tongchou_app, ${connection.user}`)
  await owner.query(`create role escape_writer login in role tongchou_app, pg_write_all_data`)
})

const log = async () => (await owner.query('select e::text as row from kernel.audit_event e order by seq')).rows
const whoAmI = async () =>
  (
    await pool.query('select session_user as login, current_user as role, pg_has_role(session_user, $1, $2) as is_owner', [
      connection.user,
      'member',
    ])
  ).rows

test('the application signs in as its own role, which is nobody else and can become nobody else', async () => {
  expect(await whoAmI()).toEqual([{ login: 'tongchou_app', role: 'tongchou_app', is_owner: false }])
  expect(await escapeOfLogin(pool)).toBeNull()
})

// PostgreSQL answers a grant by somebody else with a warning and grants nothing.
describe('leads nowhere', () => {
  test.each([
    'reset role',
    'set role none',
    'reset session authorization',
    'discard all',
    'reset all',
    'grant delete on kernel.audit_event to tongchou_app',
    'grant delete on kernel.audit_event to public',
  ])('%s', async (statement) => {
    const before = await log()
    await pool.query(statement)
    expect(await whoAmI()).toEqual([{ login: 'tongchou_app', role: 'tongchou_app', is_owner: false }])
    await expect(pool.query('delete from kernel.audit_event')).rejects.toMatchObject({ code: '42501' })
    expect(await log()).toEqual(before)
  })
})

describe('is refused by the database itself', () => {
  const { user } = connection
  test.each([
    `set role ${user}`,
    `set session authorization ${user}`,
    `grant ${user} to tongchou_app`,
    'grant pg_write_all_data to tongchou_app',
    'alter role tongchou_app superuser',
    'alter role tongchou_app createrole',
    `alter role ${user} password 'x'`,
    'create role escape superuser',
    'update kernel.audit_event set action = action',
    'delete from kernel.audit_event',
    'truncate kernel.audit_event',
    'delete from kernel.audit_seal',
    'update kernel.audit_head set hash = hash',
    'alter table kernel.audit_event add column x text',
    'alter table kernel.audit_event disable trigger all',
    'alter table kernel.audit_event rename to gone',
    'alter table kernel.audit_event owner to tongchou_app',
    'alter table kernel.audit_event drop constraint audit_event_outcome_known',
    'alter table identity.second_factor disable trigger all',
    'drop table kernel.audit_event',
    'drop schema kernel cascade',
    "comment on table kernel.audit_event is 'no more'",
    'create trigger t before insert on kernel.audit_event for each row execute function suppress_redundant_updates_trigger()',
    'create rule r as on insert to kernel.audit_event do instead nothing',
    'create or replace function kernel.search_fold(source text) returns text language sql return source',
    'create schema escape',
    'create table kernel.escape ()',
    'create table public.escape ()',
    "create function kernel.escape() returns void language sql security definer as 'select'",
    'set session_replication_role = replica',
    'alter database template1 set timezone = utc',
    'alter system set fsync = off',
    'create extension pg_stat_statements',
    "copy (select 1) to program 'id'",
    "copy kernel.setting from '/etc/passwd'",
    "select pg_read_file('/etc/passwd')",
    "select lo_import('/etc/passwd')",
    'update kernel.schema_migration set digest = digest',
    'delete from kernel.known_key where false; alter table kernel.known_key drop constraint known_key_pk',
  ])('%s', async (statement) => {
    const before = await log()
    await expect(pool.query(statement)).rejects.toMatchObject({ code: '42501' })
    expect(await log()).toEqual(before)
  })

  test('also in a block of its own, and with what such a block swallows', async () => {
    const before = await log()
    await pool.query(
      "do $$ begin execute 'set role none'; execute 'delete from kernel.audit_event'; exception when others then null; end $$",
    )
    await expect(pool.query('begin; reset role; alter table kernel.audit_event disable trigger all; commit')).rejects.toMatchObject({
      code: '42501',
    })
    await pool.query('rollback')
    expect(await log()).toEqual(before)
  })
})

describe('a login is known for what it could become', () => {
  const escapeOf = async (config: pg.ClientConfig) => {
    const client = new pg.Client(config)
    await client.connect()
    try {
      return await escapeOfLogin(client)
    } finally {
      await client.end()
    }
  }
  test.each([
    ['a login that is only the application', 'escape_reader', null],
    ['a member of the owner', 'escape_member', 'escape_member'],
    ['one that may write everything', 'escape_writer', 'escape_writer'],
    ['the owner', connection.user, connection.user],
  ])('%s', async (_, user, expected) => {
    expect(await escapeOf({ ...connection, user })).toBe(expected)
  })

  test('a login of another name works as the application, and a reset gives it nothing more', async () => {
    const named = openPool({ ...connection, user: 'escape_reader', max: 1 }, () => undefined)
    try {
      expect((await named.query('select current_user as role')).rows).toEqual([{ role: 'tongchou_app' }])
      await named.query('reset role')
      await expect(named.query('delete from kernel.audit_event')).rejects.toMatchObject({ code: '42501' })
    } finally {
      await named.end()
    }
  })
})
