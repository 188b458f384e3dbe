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
import type { FromAgent, KillAgentArguments } from './kill-agent.ts'
import { type Bug, bugs, plantInDatabase, sessionOptions } from './kill-bugs.ts'
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
  /** Agents that were replaced, woke, and went on all the same. */
  unfenced: number
  /** The log stood still while the department went on working, and the run was ended. */
  stuck: boolean
}

const nemeses = ['server', 'agent', 'database', 'zombie', 'receiver', 'zombie-receiver'] as const
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
function start(file: string, argument: object, onUnplanned: () => void, heard: (message: FromAgent) => void = () => undefined) {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/tongchou') }
  const child: ChildProcess = fork(join(import.meta.dirname, file), [JSON.stringify(argument)], {
    ...{ stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: ['--disable-warning=ExperimentalWarning'], env },
  })
  let hasClaimed: () => void = () => undefined
  const claimed = new Promise<void>((resolve) => {
    hasClaimed = resolve
  })
  child.on('message', (message) => {
    if ('claimed' in (message as FromAgent)) hasClaimed()
    heard(message as FromAgent)
  })
  let isMeant = false
  const gone = once(child, 'exit').then(([code]) => {
    if (!isMeant) onUnplanned()
    return code as number | null
  })
  return {
    ready: Promise.race([once(child, 'message'), gone]),
    gone,
    claimed,
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
 * A department changes its table without rest, and another receives it, while server, agents and database are killed, and agents are stopped, replaced and woken.
 * A kill counts only when the log has moved since the one before. Then everything comes to rest and a naive reader compares.
 */
export async function killLoop({ kills, seed, bug = null }: KillOrder): Promise<KillReport> {
  const draw = drawing(seed)
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tongchou-kill-'))
  let database: Database = await startDatabase(join(folder, 'database'))
  const { connection } = database
  const owner = new pg.Pool({ ...connection, max: 6, options: sessionOptions(bug) })
  owner.on('error', () => undefined)
  owner.on('connect', (client) => client.on('error', () => undefined))
  const report: Omit<KillReport, 'verdict'> = {
    kills: { server: 0, agent: 0, database: 0, zombie: 0, receiver: 0, 'zombie-receiver': 0 },
    idle: 0,
    unplanned: 0,
    unfenced: 0,
    stuck: false,
  }
  const onUnplanned = () => {
    report.unplanned += 1
  }
  try {
    const port = await freePort()
    const { yaml, receiverYaml, url } = await prepare(owner, connection, folder, port, bug)
    await plantInDatabase(bug, owner)
    const acknowledged = new Set<string>()
    const startCity = () => start('kill-city.ts', { connection, port, now, bug } satisfies KillCityArguments, onUnplanned)
    const numbers = { agent: 0, receiver: 0 }
    const startOne = (text: string) =>
      start('kill-agent.ts', { yaml: text, folder, bug, url } satisfies KillAgentArguments, onUnplanned, (message) => {
        if ('acknowledged' in message) acknowledged.add(message.acknowledged)
      })
    const startAgent = () => startOne(yaml(`agent-${numbers.agent}`))
    const startReceiver = () => startOne(receiverYaml(`receiver-${numbers.receiver}`))
    let city: Running = startCity()
    let agent: Running = startAgent()
    let receiver: Running = startReceiver()
    await city.ready
    // Stopped, replaced by another with a folder of its own, and woken once that one has begun.
    const replaced = async (old: Running, start: () => Running, begun: () => Promise<unknown>) => {
      // One that has not yet taken over from who was there before would do so once it wakes, and rightly.
      await Promise.race([old.claimed, pause(15_000)])
      old.meant()
      old.signal('SIGSTOP')
      const next = start()
      await Promise.race([next.claimed, pause(15_000)])
      await begun()
      old.signal('SIGCONT')
      const code = await Promise.race([old.gone, pause(20_000)])
      if (code !== 1) {
        report.unfenced += 1
        await old.kill()
      }
      return next
    }
    // What is loaded is not told as changes: the table follows before anything is killed.
    await loaded(owner)
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
      } else if (nemesis === 'receiver') {
        await receiver.kill()
        receiver = startReceiver()
      } else if (nemesis === 'zombie') {
        numbers.agent += 1
        agent = await replaced(agent, startAgent, async () => moves(owner, await headOf(owner)))
      } else {
        numbers.receiver += 1
        receiver = await replaced(receiver, startReceiver, async () => moves(owner, await positionOf(owner), positionOf))
      }
      if (moved === undefined) report.idle += 1
      else report.kills[nemesis] += 1
    }
    ended.abort()
    await working
    await rests(owner)
    await receiver.end()
    await agent.end()
    await city.end()
    return { ...report, verdict: await judge(owner, resource, await logOf(connection), acknowledged) }
  } finally {
    await owner.end().catch(() => undefined)
    await database.stop().catch(() => undefined)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Offices, a channel, a token, a key, and the department's table with its triggers. */
async function prepare(owner: pg.Pool, connection: Database['connection'], folder: string, port: number, bug: Bug | null) {
  const client = await owner.connect()
  await migrate(client, migrations)
  const items = [
    { id: 'i1', title: '家庭编号', type: { kind: 'text' as const, length: 15 }, required: true },
    { id: 'i2', title: '版本', type: { kind: 'integer' as const }, required: true },
  ]
  await installResource(client, { resource, version: 1, title: '低保家庭', kind: 'state', key: ['i1'], items }, new Date(now))
  await client.query('create schema source')
  await client.query('create table source.household (id varchar(15) primary key, version bigint not null)')
  await client.query('create schema target')
  // The receiver's own table is the driver's too: a trigger sees each record as it is written.
  await client.query(
    'create table target.applied (n bigint generated always as identity primary key, id text, version bigint, is_gone boolean)',
  )
  // Versions go on where they were also for a record that went and came again.
  await client.query('create sequence source.version')
  await client.query(outboxSql('source.household', ['id']))
  client.release()
  const pool = openPool(applicationLogin(connection), () => undefined)
  const city = await smallCity(openDatabase(pool), now)
  const scope = { access: 'write', tags: ['exchange-intake', 'exchange-feed'] }
  const issued = await (await city.as('steward')).post<{ token: string }>('/api/v1/tokens', {
    name: '前置',
    expiresOn: '2026-12-31',
    scope,
  })
  writeFileSync(join(folder, 'token'), issued.body.token)
  const center = await city.as('center')
  const made = await center.post<{ id: string }>('/api/v1/channels', { name: '民政', orgId: 'civil-affairs', resource })
  const { rows: granted } = await owner.query<{ id: string }>(
    `insert into sharing."grant" (id, resource, provider_org_id, org_id, way, items, row_conditions, purpose, valid_from, valid_until, state, state_at,
       granted_at, updated_by, updated_at)
     values (gen_random_uuid(), $1, 'public-security', 'civil-affairs', 'subscription', '{"i1": null, "i2": null}', '[]', '核对', '2026-01-01', '2026-12-31',
       'in-force', now(), now(), '', now()) returning id`,
    [resource],
  )
  const host = encodeURIComponent(String(connection.host))
  const url = `postgres://${connection.user}@localhost/${connection.database}?host=${host}&port=${connection.port}&options=${encodeURIComponent(sessionOptions(bug))}`
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
  const receiverYaml = (data: string) =>
    [
      ...[
        `center: http://127.0.0.1:${port}`,
        'token-file: token',
        `data: ${data}`,
        'receives:',
        `  - subscription: ${granted[0]?.id}`,
        '    wait: 2s',
      ],
      ...['    target:', `      url: ${url}`, '      table: target.household', '    items:', '      i1: id', '      i2: version', ''],
    ].join('\n')
  writeFileSync(join(folder, 'agent.yaml'), yaml('agent-0'))
  let told = ''
  const write = (text: string) => {
    told += text
  }
  await runAgentCommand('key', ['--config', join(folder, 'agent.yaml'), '--json'], { write, complain: write })
  const { publicKey } = JSON.parse(told) as { publicKey: string }
  await center.post(`/api/v1/channels/${made.body.id}/keys`, { version: 1, publicKey })
  await city.app.listen({ port, host: '127.0.0.1' })
  writeFileSync(join(folder, 'receiver.yaml'), receiverYaml('receiver-0'))
  told = ''
  await runAgentCommand('sql', ['--config', join(folder, 'receiver.yaml'), '--json'], { write, complain: write })
  for (const text of (JSON.parse(told) as { sql: string[] }).sql) await owner.query(text)
  await owner.query(`create function target.note() returns trigger language plpgsql as $$
    begin
      insert into target.applied (id, version, is_gone) select r.id, r.version, tg_op = 'DELETE' from (select coalesce(new.id, old.id) as id,
        coalesce(new.version, old.version) as version) r;
      return null;
    end $$`)
  await owner.query('create trigger note after insert or update or delete on target.household for each row execute function target.note()')
  await city.app.close()
  await pool.end()
  return { yaml, receiverYaml, url }
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

/** How many changes the table that receives has been told. */
const positionOf = async (owner: pg.Pool) => Number((await owner.query('select position from tongchou.received')).rows[0]?.position ?? 0)

/** Waits until the table that receives is loaded. */
async function loaded(owner: pg.Pool): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 20) {
    const { rows } = await owner.query('select from tongchou.received where not is_loading')
    if (rows.length > 0) return
    await pause(20)
  }
}

/** The head, or what else is counted, once it is beyond a number; undefined when it does not move for long. */
async function moves(owner: pg.Pool, beyond: number, of = headOf): Promise<number | undefined> {
  for (let waited = 0; waited < 15_000; waited += 20) {
    const head = await of(owner).catch(() => 0)
    if (head > beyond) return head
    await pause(20)
  }
  return undefined
}

/** Waits until nothing is noted at the source any more, and the table that receives stands still. */
async function rests(owner: pg.Pool): Promise<void> {
  let quiet = 0
  let last = ''
  for (let waited = 0; waited < 60_000 && quiet < 25; waited += 100) {
    const found = await owner
      .query(`select (select count(*) from tongchou.change)::text as left, (select last_seq from libraries.head) as head,
      (select position from tongchou.received) as position`)
      .catch(() => undefined)
    const now = JSON.stringify(found?.rows[0] ?? null)
    quiet = found?.rows[0]?.left === '0' && now === last ? quiet + 1 : 0
    last = now
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
export function passed({ verdict, unplanned, unfenced, stuck }: KillReport): boolean {
  const { changes, target, ...wrong } = verdict
  const isRight = [...Object.values(wrong), ...Object.values(target)].every((count) => count === 0)
  return changes > 0 && unplanned === 0 && unfenced === 0 && !stuck && isRight
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
