import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '@tongchou/kernel'
import pg from 'pg'
import { randomFrom } from '../apps/server/src/testing/shuffled.ts'
import { type Platform, startOf, startPlatform } from './platform.ts'

const root = join(import.meta.dirname, '..')
const lanes = 3
const seen = { reads: 0, writes: 0, refused: 0 }

/**
 * The long run: the release of an earlier commit serves and is written to, is stopped and replaced by this one on the same data, while nobody stops
 * asking; on copies of the data this one is killed while it begins, and the earlier one is started on what it must not touch. 0 when nothing was found.
 */
export async function hostileUpgrade(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      from: { type: 'string', default: beforeLastMigration() },
      seconds: { type: 'string', default: '10' },
      kills: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
    },
  })
  const [seconds = 0, kills = 0, seed = 0] = [values.seconds, values.kills, values.seed].map(Number)
  if (![seconds, kills, seed].every((number) => Number.isSafeInteger(number) && number >= 0) || seconds === 0) {
    console.error('npm run hostile -- upgrade [--from COMMIT] [--seconds 10] [--kills 5] [--seed 1]')
    return 2
  }
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-upgrade-'))
  // As root the database runs as somebody else, who has to reach its programs.
  chmodSync(folder, 0o755)
  const earlier = join(folder, 'earlier')
  try {
    checkOut(values.from, earlier)
    const faults = await upgrade({ folder, earlier, seconds, kills, draw: randomFrom(seed) })
    for (const fault of faults) console.error(fault)
    const { reads, writes, refused } = seen
    console.log(
      `from ${values.from}: ${writes} writes confirmed, ${reads} reads, ${refused} times nobody answered, ${kills} kills, seed ${seed}: ${faults.length} faults`,
    )
    return faults.length === 0 ? 0 : 1
  } finally {
    spawnSync('git', ['worktree', 'remove', '--force', earlier], { cwd: root })
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Upgrade {
  folder: string
  earlier: string
  seconds: number
  kills: number
  draw: () => number
}

async function upgrade({ folder, earlier, seconds, kills, draw }: Upgrade): Promise<string[]> {
  const faults: string[] = []
  const dataDir = join(folder, 'data')
  const port = await freePort()
  const before = await startPlatform({ checkout: earlier, dataDir, port })
  const confirmed: string[] = []
  const ended = new AbortController()
  let now: Platform = before
  try {
    const writers = Array.from({ length: lanes }, (_, lane) => write(before.address, lane, confirmed, faults, ended.signal))
    await sleep(seconds * 1000)
    await before.stop()
    const held = await tablesOf(dataDir)
    const copies = kills > 0 ? join(folder, 'copy') : undefined
    if (copies) cpSync(dataDir, copies, { recursive: true })
    const began = performance.now()
    now = await startPlatform({ dataDir, port })
    console.log(`the new release answers after ${((performance.now() - began) / 1000).toFixed(1)} s`)
    await sleep(seconds * 1000)
    ended.abort()
    await Promise.all(writers)
    await now.stop()
    faults.push(...(await heldAgainst(dataDir, held, confirmed)), ...verified(dataDir))
    faults.push(...(await refusedByEarlier(earlier, dataDir)))
    if (copies) faults.push(...(await killedAtStart({ copies, folder, kills, draw, held })))
  } finally {
    ended.abort()
    if (now.ended() === undefined) await now.stop()
  }
  if (confirmed.length < 10 || seen.refused === 0) faults.push('hardly anything was written while it was replaced: nothing was proved')
  return faults
}

/** Makes tokens, withdraws old ones and reads lists without rest, as somebody whose session lasts over the upgrade. Whom nobody answers asks again. */
async function write(address: string, lane: number, confirmed: string[], faults: string[], ended: AbortSignal): Promise<void> {
  const { headers } = await signIn(address, lane)
  const soon = new Date(Date.now() + 30 * 24 * 3_600_000).toISOString().slice(0, 10)
  const mine: string[] = []
  const ask = async (method: string, path: string, body?: object): Promise<Response | undefined> => {
    try {
      const json = body ? { 'content-type': 'application/json' } : {}
      const answer = await fetch(`${address}/api/v1${path}`, {
        ...{ method, headers: { ...headers, ...json } },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      if (answer.status >= 400 && answer.status !== 503) faults.push(`${method} ${path}: ${answer.status} ${await answer.text()}`)
      return answer.ok ? answer : undefined
    } catch {
      seen.refused += 1
      await sleep(50)
      return undefined
    }
  }
  for (let index = 0; !ended.aborted && faults.length < 20; index += 1) {
    const made = await ask('POST', '/tokens', { name: `upgrade-${lane}-${index}`, expiresOn: soon })
    if (made) {
      const { id } = (await made.json()) as { id: string }
      confirmed.push(id)
      mine.push(id)
      seen.writes += 1
      // So many an account may have at most. One that is withdrawn and whose answer is lost is told to be gone the next time.
      if (mine.length > 5) await ask('DELETE', `/tokens/${mine.shift()}`)
    }
    for (const path of ['/tasks?box=todo', '/projects', '/me']) if (await ask('GET', path)) seen.reads += 1
    await sleep(20)
  }
}

async function signIn(address: string, lane: number): Promise<{ headers: { cookie: string } }> {
  const listed = await fetch(`${address}/api/v1/demo/accounts`)
  const { items } = (await listed.json()) as { items: { username: string; password: string; roles: string[] }[] }
  const clerk = items.filter(({ roles }) => roles.includes('applicant'))[lane]
  if (!clerk) throw new Error('the demo city has too few clerks')
  const body = JSON.stringify({ username: clerk.username, password: clerk.password })
  const session = await fetch(`${address}/api/v1/sessions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const cookie = session.headers.getSetCookie().map((one) => one.split(';')[0])
  return { headers: { cookie: cookie.join('; ') } }
}

/** Rows of each table of the platform, by name. */
type Tables = ReadonlyMap<string, number>

async function onDatabase<R>(dataDir: string, work: (client: pg.Client) => Promise<R>): Promise<R> {
  const server = await startEmbeddedPostgres({ dataDir })
  const client = new pg.Client(server.connection)
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end()
    await server.stop()
  }
}

function tablesOf(dataDir: string): Promise<Tables> {
  return onDatabase(dataDir, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
    )
    const counted = new Map<string, number>()
    for (const { name } of rows) {
      const { rows: count } = await client.query<{ count: string }>(`select count(*) from ${name}`)
      counted.set(name, Number(count[0]?.count))
    }
    return counted
  })
}

/** What is emptied by running on: queues, and what ends by itself. */
const passing = /^(graphile_worker\.|kernel\.(outbox|idempotency)$|identity\.(session|token)$)/

/** What was confirmed is in the log, and no table has lost rows. */
async function heldAgainst(dataDir: string, held: Tables, confirmed: readonly string[]): Promise<string[]> {
  const now = await tablesOf(dataDir)
  const issued = await onDatabase(dataDir, async (client) => {
    const { rows } = await client.query<{ id: string }>("select subject_id as id from kernel.audit_event where action = 'token.issued'")
    return new Set(rows.map(({ id }) => id))
  })
  const lost = confirmed.filter((id) => !issued.has(id))
  return [
    ...(lost.length > 0 ? [`${lost.length} tokens that were confirmed are not in the log, first ${lost[0]}`] : []),
    ...fewer(held, now),
  ]
}

function fewer(held: Tables, now: Tables): string[] {
  for (const name of held.keys()) if (!now.has(name)) console.log(`${name} is no table any more`)
  return [...held]
    .filter(([name, rows]) => !passing.test(name) && (now.get(name) ?? rows) < rows)
    .map(([name, rows]) => `${name} had ${rows} rows and has ${now.get(name)}`)
}

function verified(dataDir: string): string[] {
  const env = { ...process.env, TONGCHOU_DATA: dataDir, DATABASE_URL: '' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'apps/cli/commands.ts'), 'audit', 'verify'], {
    env,
    encoding: 'utf8',
  })
  return status === 0 ? [] : [`audit verify: exit ${status}: ${stdout}${stderr}`]
}

/** The earlier release on the newer data: it says so, ends with 3 and leaves it as it was. The same migrations are its own. */
async function refusedByEarlier(earlier: string, dataDir: string): Promise<string[]> {
  if (migrationsOf(earlier) === migrationsOf(root)) return []
  const held = await tablesOf(dataDir)
  const { flags, program } = startOf(earlier)
  const env = { ...process.env, PORT: '0', TONGCHOU_DATA: dataDir, DATABASE_URL: '' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, program], {
    cwd: earlier,
    env,
    encoding: 'utf8',
    timeout: 60_000,
  })
  const faults = status === 3 && /不能启动/.test(stderr) ? [] : [`the earlier release on newer data: exit ${status}: ${stdout}${stderr}`]
  return [...faults, ...fewer(held, await tablesOf(dataDir))]
}

/** Killed at some moment of its first start on the earlier data, and started again. */
async function killedAtStart({
  copies,
  folder,
  kills,
  draw,
  held,
}: { copies: string; held: Tables } & Pick<Upgrade, 'folder' | 'kills' | 'draw'>) {
  const faults: string[] = []
  for (let kill = 0; kill < kills; kill += 1) {
    const dataDir = join(folder, `killed-${kill}`)
    cpSync(copies, dataDir, { recursive: true })
    const { flags, program } = startOf(root)
    const env = { ...process.env, PORT: '0', TONGCHOU_DATA: dataDir, DATABASE_URL: '' }
    const first = spawn(process.execPath, [...flags, program], { cwd: root, env, stdio: 'ignore' })
    await sleep(300 + draw() * 3000)
    first.kill('SIGKILL')
    if (first.exitCode === null && first.signalCode === null) await once(first, 'exit')
    const second = await startPlatform({ dataDir })
    await second.stop()
    faults.push(...[...fewer(held, await tablesOf(dataDir)), ...verified(dataDir)].map((fault) => `killed ${kill + 1}: ${fault}`))
    rmSync(dataDir, { recursive: true, force: true })
  }
  return faults
}

/** Its tree and the installed packages, which must be those of this one. */
function checkOut(commit: string, into: string): void {
  execFileSync('git', ['worktree', 'add', '--detach', '--quiet', into, commit], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  const lock = (checkout: string) => readFileSync(join(checkout, 'package-lock.json'), 'utf8')
  if (lock(into) !== lock(root)) execFileSync('npm', ['ci', '--prefer-offline'], { cwd: into, stdio: 'inherit' })
  else linkPackages(join(into, 'node_modules'))
  cpSync(join(root, 'apps/web/dist'), join(into, 'apps/web/dist'), { recursive: true })
}

/** Packages of others are those of this tree; our own point into the one that they are linked from. */
function linkPackages(into: string): void {
  mkdirSync(into)
  const from = join(root, 'node_modules')
  for (const name of readdirSync(from).filter((entry) => !entry.startsWith('.')))
    if (name === '@tongchou') cpSync(join(from, name), join(into, name), { recursive: true, verbatimSymlinks: true })
    else symlinkSync(join(from, name), join(into, name))
}

function beforeLastMigration(): string {
  const added = ['log', '-1', '--format=%h', '--diff-filter=A', '--', '*/migrations/*.sql', '*/migrations/*.ts']
  return `${execFileSync('git', added, { cwd: root, encoding: 'utf8' }).trim()}^`
}

function migrationsOf(checkout: string): string {
  return execFileSync('git', ['ls-files', '*/migrations/*'], { cwd: checkout, encoding: 'utf8' })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
