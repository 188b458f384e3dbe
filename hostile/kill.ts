import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { outboxSql, runAgentCommand } from '@tongchou/agent'
import { applicationLogin, migrate, openDatabase, openPool } from '@tongchou/kernel'
import { changesAfter, installResource, type LibrariesDb } from '@tongchou/libraries'
import pg from 'pg'
import { migrations } from '../apps/server/src/database.ts'
import { randomFrom } from '../apps/server/src/testing/shuffled.ts'
import { smallCity } from '../apps/server/src/testing/small-city.ts'
import { type Database, startDatabase } from './clocks-processes.ts'
import type { KillAgentArguments } from './kill-agent.ts'
import { type Bug, bugs } from './kill-bugs.ts'
import type { KillCityArguments } from './kill-city.ts'
import { judge, type KillVerdict } from './kill-verdict.ts'

export interface KillOrder {
  kills: number
  seed: number
  bug?: Bug | null
}

export interface KillReport {
  verdict: KillVerdict
  /** Kills that hit something under way, by what was killed; those that did not are idle and do not count. */
  kills: Record<Nemesis, number>
  idle: number
  /** Processes that ended and that nobody had killed. */
  unplanned: number
  /** The log stood still while the department went on working, and the run was ended. */
  stuck: boolean
}

const nemeses = ['server', 'agent', 'database', 'zombie'] as const
type Nemesis = (typeof nemeses)[number]

/** So often in a row a kill may find nothing under way; after that nothing comes any more. */
const MOST_STILL = 4
const now = '2026-03-02T01:00:00Z'
const resource = 'kill-households'

function drawing(seed: number) {
  const next = randomFrom(seed)
  return { int: (least: number, most: number) => least + Math.floor(next() * (most - least + 1)) }
}

/** A process of ours: killed, stopped and woken by its id. */
function start(file: string, argument: object, onUnplanned: () => void) {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/tongchou') }
  const child: ChildProcess = fork(join(import.meta.dirname, file), [JSON.stringify(argument)], {
    ...{ stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: ['--disable-warning=ExperimentalWarning'], env },
  })
  let isMeant = false
  const gone = once(child, 'exit').then(([code]) => {
    if (!isMeant) onUnplanned()
    return code as number | null
  })
  return {
    ready: Promise.race([once(child, 'message'), gone]),
    gone,
    meant: () => {
      isMeant = true
    },
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    async kill() {
      isMeant = true
      child.kill('SIGKILL')
      await gone
    },
    async end() {
      isMeant = true
      if (child.connected) child.disconnect()
      await gone
    },
  }
}
type Running = ReturnType<typeof start>

/**
 * A department changes its table without rest while server, agent and database are killed, and agents are stopped, replaced and woken. A kill counts only when
 * the log has moved since the one before. Then everything comes to rest and a naive reader compares.
 */
export async function killLoop({ kills, seed, bug = null }: KillOrder): Promise<KillReport> {
  const draw = drawing(seed)
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tongchou-kill-'))
  let database: Database = await startDatabase(join(folder, 'database'))
  const { connection } = database
  const owner = new pg.Pool({ ...connection, max: 6 })
  owner.on('error', () => undefined)
  owner.on('connect', (client) => client.on('error', () => undefined))
  const report: Omit<KillReport, 'verdict'> = {
    kills: { server: 0, agent: 0, database: 0, zombie: 0 },
    idle: 0,
    unplanned: 0,
    stuck: false,
  }
  const onUnplanned = () => {
    report.unplanned += 1
  }
  try {
    const port = await freePort()
    const { yaml } = await prepare(owner, connection, folder, port)
    const startCity = () => start('kill-city.ts', { connection, port, now, bug } satisfies KillCityArguments, onUnplanned)
    let agents = 0
    const startAgent = (data = `agent-${agents}`) =>
      start('kill-agent.ts', { yaml: yaml(data), folder, bug } satisfies KillAgentArguments, onUnplanned)
    let city: Running = startCity()
    let agent: Running = startAgent()
    await city.ready
    const ended = new AbortController()
    // Of its own: what is killed when is the same for the same seed, however fast the work goes.
    const working = work(owner, drawing(seed + 1), ended.signal)
    let before = 0
    let still = 0
    while (Object.values(report.kills).reduce((sum, count) => sum + count, 0) < kills) {
      const moved = await moves(owner, before)
      still = moved === undefined ? still + 1 : 0
      report.stuck = still === MOST_STILL
      if (report.stuck) break
      // At any moment of what goes on, not only just after a commit.
      await pause(draw.int(0, 60))
      const nemesis = nemeses[draw.int(0, nemeses.length - 1)] ?? 'server'
      before = moved ?? before
      if (nemesis === 'server') {
        await city.kill()
        city = startCity()
      } else if (nemesis === 'agent') {
        await agent.kill()
        agent = startAgent()
      } else if (nemesis === 'database') {
        await database.kill()
        database = await startDatabase(join(folder, 'database'))
      } else {
        const old = agent
        old.meant()
        old.signal('SIGSTOP')
        agents += 1
        agent = startAgent()
        // The one in its place has begun to send before the old one wakes.
        await moves(owner, before)
        old.signal('SIGCONT')
        const code = await Promise.race([old.gone, pause(20_000)])
        if (code !== 1) await old.kill()
      }
      if (moved === undefined) report.idle += 1
      else report.kills[nemesis] += 1
    }
    ended.abort()
    await working
    await rests(owner)
    await agent.end()
    await city.end()
    return { ...report, verdict: await judge(owner, resource, await logOf(connection)) }
  } finally {
    await owner.end().catch(() => undefined)
    await database.stop().catch(() => undefined)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Offices, a channel, a token, a key, and the department's table with its triggers. */
async function prepare(owner: pg.Pool, connection: Database['connection'], folder: string, port: number) {
  const client = await owner.connect()
  await migrate(client, migrations)
  const items = [
    { id: 'i1', title: '家庭编号', type: { kind: 'text' as const, length: 15 }, required: true },
    { id: 'i2', title: '版本', type: { kind: 'integer' as const }, required: true },
  ]
  await installResource(client, { resource, version: 1, title: '低保家庭', kind: 'state', key: ['i1'], items }, new Date(now))
  await client.query('create schema source')
  await client.query('create table source.household (id varchar(15) primary key, version bigint not null)')
  // Versions go on where they were also for a record that went and came again.
  await client.query('create sequence source.version')
  await client.query(outboxSql('source.household', ['id']))
  client.release()
  const pool = openPool(applicationLogin(connection), () => undefined)
  const city = await smallCity(openDatabase(pool), now)
  const scope = { access: 'write', tags: ['exchange-intake'] }
  const issued = await (await city.as('steward')).post<{ token: string }>('/api/v1/tokens', {
    name: '前置',
    expiresOn: '2026-12-31',
    scope,
  })
  writeFileSync(join(folder, 'token'), issued.body.token)
  const center = await city.as('center')
  const made = await center.post<{ id: string }>('/api/v1/channels', { name: '民政', orgId: 'civil-affairs', resource })
  const host = encodeURIComponent(String(connection.host))
  const url = `postgres://${connection.user}@localhost/${connection.database}?host=${host}&port=${connection.port}`
  const yaml = (data: string) =>
    [
      ...[`center: http://127.0.0.1:${port}`, 'token-file: token', 'key-file: key.json', `data: ${data}`, 'channels:'],
      ...[`  - channel: ${made.body.id}`, '    every: 20ms', '    batch-rows: 50', '    source:', '      kind: postgres'],
      ...[
        `      url: ${url}`,
        '      table: source.household',
        '      capture: outbox',
        '    items:',
        '      i1: id',
        '      i2: version',
        '',
      ],
    ].join('\n')
  writeFileSync(join(folder, 'agent.yaml'), yaml('agent-0'))
  let told = ''
  const write = (text: string) => {
    told += text
  }
  await runAgentCommand('key', ['--config', join(folder, 'agent.yaml'), '--json'], { write, complain: write })
  const { publicKey } = JSON.parse(told) as { publicKey: string }
  await center.post(`/api/v1/channels/${made.body.id}/keys`, { version: 1, publicKey })
  await city.app.close()
  await pool.end()
  return { yaml }
}

/** What the department does: new, changed and gone records, some in transactions that commit long after later ones. */
async function work(owner: pg.Pool, draw: ReturnType<typeof drawing>, ended: AbortSignal): Promise<void> {
  const change = () => {
    const id = `H${draw.int(1, 400)}`
    if (draw.int(1, 10) === 1) return { text: 'delete from source.household where id = $1', values: [id] }
    return {
      text: `insert into source.household values ($1, nextval('source.version')) on conflict (id) do update set version = nextval('source.version')`,
      values: [id],
    }
  }
  const clerk = async () => {
    while (!ended.aborted) {
      const [count, wait] = [draw.int(1, 5), draw.int(0, 3) === 0 ? draw.int(0, 150) : 0]
      const changes = Array.from({ length: count }, change).sort((a, b) => (String(a.values) < String(b.values) ? -1 : 1))
      try {
        const client = await owner.connect()
        let failed: Error | undefined
        try {
          await client.query('begin')
          for (const one of changes) await client.query(one)
          await pause(wait)
          await client.query('commit')
        } catch (error) {
          failed = error as Error
        } finally {
          client.release(failed)
        }
      } catch {
        await pause(50)
      }
      await pause(draw.int(1, 15))
    }
  }
  await Promise.all([clerk(), clerk(), clerk()])
}

const headOf = async (owner: pg.Pool) =>
  Number((await owner.query('select last_seq from libraries.head where resource = $1', [resource])).rows[0]?.last_seq ?? 0)

/** The head once it is beyond a number; undefined when it does not move for long. */
async function moves(owner: pg.Pool, beyond: number): Promise<number | undefined> {
  for (let waited = 0; waited < 15_000; waited += 20) {
    const head = await headOf(owner).catch(() => 0)
    if (head > beyond) return head
    await pause(20)
  }
  return undefined
}

/** Waits until nothing is noted at the source any more. */
async function rests(owner: pg.Pool): Promise<void> {
  let quiet = 0
  for (let waited = 0; waited < 60_000 && quiet < 10; waited += 100) {
    const left = await owner.query('select count(*)::int as n from tongchou.change').catch(() => undefined)
    quiet = left?.rows[0]?.n === 0 ? quiet + 1 : 0
    await pause(100)
  }
}

async function logOf(connection: Database['connection']) {
  const pool = openPool(applicationLogin(connection), () => undefined)
  const { changes } = await changesAfter(openDatabase(pool) as unknown as LibrariesDb, resource, 0, 10_000_000)
  await pool.end()
  return changes.map(({ seq, op, values }) => ({ seq, id: String(values[0]), version: op === 'delete' ? null : Number(values[1]) }))
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Whether nothing was found. */
export function passed({ verdict, unplanned, stuck }: KillReport): boolean {
  const { changes, ...wrong } = verdict
  return changes > 0 && unplanned === 0 && !stuck && Object.values(wrong).every((count) => count === 0)
}

/** `npm run hostile -- kill`: exit code 0 when nothing was found, with a planted mistake 0 when it was. */
export async function hostileKill(args: readonly string[]): Promise<number> {
  const text = (fallback: string) => ({ type: 'string', default: fallback }) as const
  const { values } = parseArgs({ args: [...args], options: { kills: text('1000'), seed: text('1'), bug: { type: 'string' } } })
  const bug = bugs.find((one) => one === values.bug) ?? null
  if (values.bug !== undefined && bug === null) {
    process.stderr.write(`--bug ${bugs.join(' | ')}\n`)
    return 2
  }
  const order = { kills: Number(values.kills), seed: Number(values.seed), bug }
  process.stdout.write(`kill: ${JSON.stringify(order)}\n`)
  const report = await killLoop(order)
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  return passed(report) === (bug === null) ? 0 : 1
}
