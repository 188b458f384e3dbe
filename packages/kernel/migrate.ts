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

/** The kernel's own tables and those of its job runner, which every module's come after. */
export const kernelMigrations: readonly MigrationSource[] = [
  { schema: 'kernel', folder: join(import.meta.dirname, 'migrations') },
  { schema: 'jobs', folder: join(import.meta.dirname, 'jobs/migrations') },
]

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

/** A schema that stands in a database while it is being restored: what is there is not whole. */
export const restoringSchema = 'tongchou_restoring'

/** How a database comes to be, where it is not by a start. */
export interface MigrateOptions {
  /** These only, as `schema/name`: what a backup of an earlier version had. */
  only?: ReadonlySet<string>
  /** By the restore itself, which nobody else may come before the end of. */
  restoring?: boolean
}

/**
 * Brings the database to this program's version: every source in order, each file once, in one transaction per file.
 * Fails without touching anything when the database knows a migration that this program does not, or is being restored.
 * @param client a connection of the owner, not of the application role
 */
export async function migrate(
  client: pg.ClientBase,
  sources: readonly MigrationSource[],
  { only, restoring = false }: MigrateOptions = {},
): Promise<{ applied: string[] }> {
  // One migrator at a time, also when several servers start together.
  await client.query("select pg_advisory_lock(hashtext('tongchou.migrate'))")
  try {
    if (!restoring) await requireWhole(client)
    await client.query('create schema if not exists kernel')
    await client.query(`create table if not exists kernel.schema_migration (
      schema text not null, name text not null, digest text not null, applied_at timestamptz not null default now(),
      constraint schema_migration_pk primary key (schema, name))`)
    const all = await readMigrations(sources)
    const wanted = only ? all.filter(({ schema, name }) => only.has(`${schema}/${name}`)) : all
    const pending = await comparePending(client, wanted)
    for (const migration of pending) await applyOne(client, migration)
    // At every start: a process that died between the last migration and its grants must not leave tables nobody may read.
    await grantApplicationRole(client, [...new Set(['kernel', ...wanted.map((m) => m.schema)])])
    return { applied: pending.map((m) => `${m.schema}/${m.name}`) }
  } finally {
    // A lost connection has given its lock back already, and must not hide why it was lost.
    await client.query("select pg_advisory_unlock(hashtext('tongchou.migrate'))").catch(() => undefined)
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

async function requireWhole(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ unfinished: boolean }>('select to_regnamespace($1) is not null as unfinished', [restoringSchema])
  if (rows[0]?.unfinished) throw new MigrationProblem('database.restore_unfinished', '数据库的恢复没有完成，其中的数据不完整。')
}

/**
 * Refuses migrations that this program does not know, or knows otherwise.
 * @throws MigrationProblem
 */
export async function requireKnownMigrations(
  applied: readonly Pick<Migration, 'schema' | 'name' | 'digest'>[],
  sources: readonly MigrationSource[],
): Promise<void> {
  pendingBehind(applied, await readMigrations(sources))
}

async function comparePending(client: pg.ClientBase, wanted: readonly Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ schema: string; name: string; digest: string }>(
    'select schema, name, digest from kernel.schema_migration',
  )
  return pendingBehind(rows, wanted)
}

function pendingBehind(applied: readonly Pick<Migration, 'schema' | 'name' | 'digest'>[], wanted: readonly Migration[]): Migration[] {
  const known = new Map(wanted.map((m) => [`${m.schema}/${m.name}`, m]))
  const done = new Map(applied.map((r) => [`${r.schema}/${r.name}`, r.digest]))
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
    // The connection may be what failed; then there is nothing to roll back, and the first error is the one to tell.
    await client.query('rollback').catch(() => undefined)
    throw new Error(`迁移 ${migration.schema}/${migration.name} 执行失败`, { cause: error })
  }
}

/** A migration may create the role while another database of the same server does so too: then it is there already. */
const createApplicationRole = `do $$ begin
  create role ${applicationRole} login;
exception when duplicate_object or unique_violation then null;
end $$`

/** Each table with the rights that the application has on it, and those it should have. */
const rightsOfTables = `
  select format('%I.%I', n.nspname, c.relname) as name,
    array_to_string(array(
      select p.name from unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'])
        with ordinality as p (name, position)
      where has_table_privilege($2, c.oid, p.name) order by p.position), ', ') as given,
    case
      when c.relkind in ('v', 'm') or (n.nspname, c.relname) = ('kernel', 'schema_migration') then 'select'
      when obj_description(c.oid, 'pg_class') like 'append-only%' then 'select, insert'
      else 'select, insert, update, delete'
    end as due
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any($1) and c.relkind in ('r', 'p', 'v', 'm')`

/**
 * Tables whose comment begins with `append-only` give the application insert and select, nothing more; views give select,
 * since they act with their owner's rights. Rights of an earlier version that a table no longer gives are taken back.
 */
async function grantApplicationRole(client: pg.ClientBase, schemas: readonly string[]): Promise<void> {
  const { rows: roles } = await client.query('select from pg_roles where rolname = $1', [applicationRole])
  if (roles.length === 0) await client.query(createApplicationRole)
  await client.query(`grant ${applicationRole} to current_user`).catch(() => undefined)
  const { rows: tables } = await client.query<{ name: string; given: string; due: string }>(rightsOfTables, [schemas, applicationRole])
  const changed = tables.filter(({ given, due }) => given !== due)
  const statements = [
    // A city may have taken the right to connect from everybody.
    `do $$ begin execute format('grant connect on database %I to ${applicationRole}', current_database()); end $$`,
    ...schemas.map((schema) => `grant usage on schema ${schema} to ${applicationRole}`),
    ...schemas.map((schema) => `grant usage on all sequences in schema ${schema} to ${applicationRole}`),
    ...changed.map(({ name }) => `revoke all on ${name} from ${applicationRole}`),
    ...changed.map(({ name, due }) => `grant ${due} on ${name} to ${applicationRole}`),
  ]
  // One statement text is one transaction: a server that is still running never sees its rights gone in between.
  await client.query(statements.join(';\n'))
}
