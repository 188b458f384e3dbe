import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inTransaction, keyRingOf, migrate, newKeys, recordAudit, recordEvent, systemActor } from '@tongchou/kernel'
import { allMigrations, testDatabase } from '@tongchou/testing'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkBackup, restoreBackup, takeBackup } from './index.ts'

const { db, owner, connection } = await testDatabase()
// Memory where there is some: every backup brings a server of its own, whose fsync costs nothing there.
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tongchou-backup-'))
const dir = join(folder, 'first')
const migrations = allMigrations()
const now = () => new Date('2026-03-02T01:00:00Z')
const { signal } = new AbortController()
const databases: string[] = []
const ctx = { db, actor: systemActor, now, requestId: 'r', inside: false }

afterAll(async () => {
  for (const name of databases) await owner.query(`drop database ${name} with (force)`)
  rmSync(folder, { recursive: true, force: true })
})

const taking = (to: string) => ({
  owner: connection,
  to,
  migrations,
  product: '0.1.0',
  demo: false,
  now,
  notice: () => undefined,
  signal,
})

async function emptyDatabase(): Promise<pg.ClientConfig> {
  const name = `r_${databases.length}_${process.pid}`
  databases.push(name)
  await owner.query(`create database ${name}`)
  return { ...connection, database: name }
}

async function asOwner<T>(config: pg.ClientConfig, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config)
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

/** Every table, its rows in an order of their own, by the plainest means there are: knows nothing of how a backup is taken. */
async function plainly(config: pg.ClientConfig): Promise<Record<string, string>> {
  return asOwner(config, async (client) => {
    await client.query("set timezone = 'UTC'")
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1`,
    )
    const found: Record<string, string> = {}
    for (const { name } of rows) {
      const digest = await client.query<{ md5: string | null; count: string }>(
        `select md5(string_agg(t::text, '|' order by t::text)) as md5, count(*) as count from ${name} t`,
      )
      found[name] = `${digest.rows[0]?.count} ${digest.rows[0]?.md5}`
    }
    return found
  })
}

const restore = (config: pg.ClientConfig, from = dir, begin: (client: pg.Client) => Promise<void> = async () => undefined) =>
  checkBackup(from, signal).then((backup) => restoreBackup(backup, { owner: config, migrations, signal, begin }))

beforeAll(async () => {
  for (let index = 0; index < 50; index++)
    await recordAudit(ctx, 'test.done', { kind: 'thing', id: `甲\t乙\\n“${index}”` }, { text: '换行\n制表\t反斜线\\' })
  await owner.query('insert into kernel.setting values (\'test\', \'{"a": [1, null, "\\u4e2d"]}\', now())')
  // As the installer makes them: no migration knows this table.
  await owner.query(
    `create table library_data.r_1 (record_key text not null, seq bigint not null, bytes bytea, amount numeric(12,2), born date, constraint r_1_pk primary key (record_key)) with (fillfactor = 80)`,
  )
  await owner.query(`create index r_1_born on library_data.r_1 (born) where born is not null`)
  await owner.query('grant usage on schema library_data to tongchou_app')
  await owner.query(`grant select, insert, update, delete on library_data.r_1 to tongchou_app`)
  await owner.query(
    `insert into library_data.r_1 select n::text, n, decode(md5(n::text), 'hex'), n / 7.0, case when n % 3 = 0 then date '1949-10-01' + n end from generate_series(1, 3000) n`,
  )
  await owner.query(`insert into library_data.r_1 values ('large', 0, decode(repeat('00ff', 600000), 'hex'), null, null)`)
  await owner.query('delete from library_data.r_1 where seq % 10 = 0')
}, 60_000)

test('a backup restored elsewhere is the same, table by table, by means that know nothing of it', async () => {
  await takeBackup({ ...taking(dir), keys: keyRingOf(newKeys()) })
  expect(readdirSync(folder)).toEqual(['first'])
  for (const name of readdirSync(dir, { recursive: true }).map(String)) {
    const { mode } = statSync(join(dir, name))
    expect(mode & 0o077, name).toBe(0)
  }
  const target = await emptyDatabase()
  let begun = 0
  await restore(target, dir, async () => {
    begun += 1
  })
  expect(begun).toBe(1)
  expect(await plainly(target)).toEqual(await plainly(connection))
  await asOwner({ ...target, user: 'tongchou_app' }, async (client) => {
    // The sequence goes on, and the application may do what it may do.
    const { rows } = await client.query(`insert into kernel.audit_event (at, request_id, action, outcome, subject_kind, subject_id)
      values (now(), 'r', 'a', 'done', 'k', 'i') returning seq`)
    expect(Number(rows[0]?.seq)).toBe(51)
    await client.query(`update library_data.r_1 set amount = 1 where record_key = '1'`)
    await expect(client.query('delete from kernel.audit_event')).rejects.toMatchObject({ code: '42501' })
  })
}, 120_000)

test('one byte that was changed anywhere in a backup is found, and the file is named; so is a file that is shorter or gone', async () => {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
  expect(files.length).toBeGreaterThan(4)
  // Drawn anew each time: which places are looked at is no secret that a mistake could keep to.
  for (let draw = 0; draw < 120; draw++) {
    const file = files[draw % files.length] ?? ''
    const whole = readFileSync(join(dir, file))
    const spoilt = Buffer.from(whole)
    const place = Math.floor(Math.random() * whole.length)
    const bit = 1 << Math.floor(Math.random() * 8)
    spoilt[place] = (whole[place] ?? 0) ^ bit
    writeFileSync(join(dir, file), spoilt)
    await expect(checkBackup(dir, signal), `${file}, byte ${place}, bit ${bit}`).rejects.toMatchObject({ file })
    writeFileSync(join(dir, file), whole)
  }
  for (const file of files) {
    const copy = join(folder, 'copy')
    cpSync(dir, copy, { recursive: true })
    truncateSync(join(copy, file), statSync(join(copy, file)).size - 1)
    await expect(checkBackup(copy, signal), file).rejects.toMatchObject({ file })
    unlinkSync(join(copy, file))
    await expect(checkBackup(copy, signal), file).rejects.toMatchObject({ file })
    rmSync(copy, { recursive: true })
  }
  expect((await checkBackup(dir, signal)).signedBy).not.toBe(null)
}, 60_000)

test('a database that holds anything is not restored into, and stays as it is', async () => {
  const target = await emptyDatabase()
  await asOwner(target, (client) => client.query('create table public.own (id integer); insert into public.own values (7)'))
  const before = await plainly(target)
  await expect(restore(target)).rejects.toMatchObject({ code: 'backup.not_empty' })
  expect(await plainly(target)).toEqual(before)
})

test('a restore that fails leaves nothing; one that was killed lets no program start, and is cleared away by the next', async () => {
  const target = await emptyDatabase()
  const failing = restore(target, dir, async () => {
    throw new Error('the disk is full')
  })
  await expect(failing).rejects.toThrow('the disk is full')
  expect(await plainly(target)).toEqual({})

  const killed = restore(target, dir, async (client) => {
    await client.query('select pg_terminate_backend(pg_backend_pid())')
  })
  await expect(killed).rejects.toMatchObject({ code: '57P01' })
  await expect(asOwner(target, (client) => migrate(client, migrations))).rejects.toMatchObject({ code: 'database.restore_unfinished' })
  await restore(target)
  await asOwner(target, (client) => migrate(client, migrations))
  expect(await plainly(target)).toEqual(await plainly(connection))
}, 60_000)

test('a backup under way shows one moment: no act of others is half in it, none that was confirmed before is missing', async () => {
  const before = await emptyDatabase()
  const confirmed: string[] = []
  const writing = new AbortController()
  const write = async (writer: number) => {
    for (let index = 0; !writing.signal.aborted; index++) {
      const id = `${writer}-${index}`
      await inTransaction(ctx, async (tx) => {
        await recordAudit(tx, 'test.written', { kind: 'act', id })
        await recordEvent(tx, 'test.written', { kind: 'act', id }, {})
      })
      confirmed.push(id)
    }
  }
  const writers = [1, 2, 3].map(write)
  while (confirmed.length < 20) await new Promise((resolve) => setTimeout(resolve, 5))
  const known = [...confirmed]
  await takeBackup(taking(join(folder, 'loaded')))
  writing.abort()
  await Promise.all(writers)
  await restore(before, join(folder, 'loaded'))
  const ids = async (table: string) => {
    const { rows } = await asOwner(before, (client) =>
      client.query<{ id: string }>(`select subject_id as id from kernel.${table} where subject_kind = 'act' order by 1`),
    )
    return rows.map(({ id }) => id)
  }
  const acts = await ids('audit_event')
  expect(await ids('outbox')).toEqual(acts)
  expect(known.filter((id) => !acts.includes(id))).toEqual([])
  expect(acts.length).toBeLessThan(confirmed.length)
}, 60_000)

test('a backup of an earlier version is restored and brought up to date; of a later one it is refused', async () => {
  const earlier = await emptyDatabase()
  const all = await db
    .selectFrom('kernel.schema_migration' as never)
    .select(['schema', 'name'] as never[])
    .execute()
  const names = (all as { schema: string; name: string }[]).map(({ schema, name }) => `${schema}/${name}`)
  const epochs = 'kernel/0092_create_system_epoch.sql'
  expect(names).toContain(epochs)
  await asOwner(earlier, async (client) => {
    await migrate(client, migrations, { only: new Set(names.filter((name) => name !== epochs)) })
    await client.query("insert into kernel.setting values ('test', '1', now())")
    // By hand, which no restore can know: told, and no reason to be without a backup.
    await client.query('create index by_hand on kernel.setting (updated_at)')
  })
  const old = join(folder, 'earlier')
  const { manifest, drift } = await takeBackup({ ...taking(old), owner: earlier })
  expect(manifest.epoch).toBe(null)
  expect(drift).toEqual([expect.stringContaining('by_hand')])
  const target = await emptyDatabase()
  await restore(target, old)
  await asOwner(target, async (client) => {
    expect((await client.query("select value from kernel.setting where key = 'test'")).rows).toEqual([{ value: 1 }])
    expect((await client.query('select number from kernel.system_epoch')).rows).toEqual([{ number: 1 }])
  })

  const lacking = mkdtempSync(join(folder, 'program-'))
  const program = migrations.map(({ schema, folder: source }) => {
    cpSync(source, join(lacking, schema), { recursive: true })
    return { schema, folder: join(lacking, schema) }
  })
  unlinkSync(join(lacking, epochs))
  const untouched = await emptyDatabase()
  const refused = checkBackup(dir, signal).then((backup) =>
    restoreBackup(backup, { owner: untouched, migrations: program, signal, begin: async () => undefined }),
  )
  await expect(refused).rejects.toMatchObject({ code: 'backup.newer' })
  expect(await plainly(untouched)).toEqual({})
}, 60_000)
