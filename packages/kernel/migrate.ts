import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { DomainError } from './errors.ts'

/** The role that the application's connections run as; it owns nothing. */
export const applicationRole = 'tongchou_app'

/** A module's migrations: its PostgreSQL schema and the folder of numbered SQL files. */
export interface MigrationSource {
  schema: string
  folder: string
}

/** The database is newer than the program, or a released migration was edited. */
export class MigrationProblem extends DomainError {
  readonly status = 500
}

interface Migration {
  schema: string
  name: string
  digest: string
  text: string
}

/**
 * Brings the database to this program's version: every source in order, each file once, in one transaction per file.
 * Fails without touching anything when the database knows a migration that this program does not.
 * @param client a connection of the owner, not of the application role
 */
export async function migrate(client: pg.ClientBase, sources: readonly MigrationSource[]): Promise<{ applied: string[] }> {
  // One migrator at a time, also when several servers start together.
  await client.query("select pg_advisory_lock(hashtext('tongchou.migrate'))")
  try {
    await client.query('create schema if not exists kernel')
    await client.query(`create table if not exists kernel.schema_migration (
      schema text not null, name text not null, digest text not null, applied_at timestamptz not null default now(),
      constraint schema_migration_pk primary key (schema, name))`)
    const wanted = await readMigrations(sources)
    const pending = await comparePending(client, wanted)
    for (const migration of pending) await applyOne(client, migration)
    if (pending.length > 0) await grantApplicationRole(client, [...new Set(sources.map((s) => s.schema))])
    return { applied: pending.map((m) => `${m.schema}/${m.name}`) }
  } finally {
    await client.query("select pg_advisory_unlock(hashtext('tongchou.migrate'))")
  }
}

async function readMigrations(sources: readonly MigrationSource[]): Promise<Migration[]> {
  const all: Migration[] = []
  for (const { schema, folder } of sources) {
    const names = (await readdir(folder)).filter((n) => n.endsWith('.sql')).sort()
    for (const name of names) {
      const text = await readFile(join(folder, name), 'utf8')
      all.push({ schema, name, text, digest: createHash('sha256').update(text).digest('hex') })
    }
  }
  return all
}

async function comparePending(client: pg.ClientBase, wanted: readonly Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ schema: string; name: string; digest: string }>(
    'select schema, name, digest from kernel.schema_migration',
  )
  const known = new Map(wanted.map((m) => [`${m.schema}/${m.name}`, m]))
  const done = new Map(rows.map((r) => [`${r.schema}/${r.name}`, r.digest]))
  for (const [key, digest] of done) {
    const migration = known.get(key)
    if (!migration) throw new MigrationProblem('database.newer', `数据库比程序新（已有迁移 ${key}），请使用新版程序启动，数据未改动。`)
    if (migration.digest !== digest)
      throw new MigrationProblem('database.migration_changed', `迁移 ${key} 与数据库中已执行的内容不一致，请恢复发布时的文件，数据未改动。`)
  }
  return wanted.filter((m) => !done.has(`${m.schema}/${m.name}`))
}

async function applyOne(client: pg.ClientBase, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(`create schema if not exists ${migration.schema}`)
    await client.query(migration.text)
    await client.query('insert into kernel.schema_migration (schema, name, digest) values ($1, $2, $3)', [
      migration.schema,
      migration.name,
      migration.digest,
    ])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`迁移 ${migration.schema}/${migration.name} 执行失败`, { cause: error })
  }
}

/** Tables whose comment begins with `append-only` give the application insert and select, nothing more. */
async function grantApplicationRole(client: pg.ClientBase, schemas: readonly string[]): Promise<void> {
  await client.query(`do $$ begin
    if not exists (select from pg_roles where rolname = '${applicationRole}') then create role ${applicationRole} login; end if;
  end $$`)
  await client.query(`grant ${applicationRole} to current_user`).catch(() => undefined)
  for (const schema of schemas) {
    await client.query(`grant usage on schema ${schema} to ${applicationRole}`)
    await client.query(`grant usage on all sequences in schema ${schema} to ${applicationRole}`)
    const { rows } = await client.query<{ name: string; append_only: boolean }>(
      `select c.oid::regclass::text as name, coalesce(obj_description(c.oid, 'pg_class') like 'append-only%', false) as append_only
       from pg_class c where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p', 'v')`,
      [schema],
    )
    for (const table of rows) {
      if (table.name === 'kernel.schema_migration') await client.query(`grant select on ${table.name} to ${applicationRole}`)
      else await client.query(`grant select, insert${table.append_only ? '' : ', update, delete'} on ${table.name} to ${applicationRole}`)
    }
  }
}
