import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { runAgentCommand } from '@tongchou/agent'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@tongchou/kernel'
import type { ResourceDefinition } from '@tongchou/records'
import pg from 'pg'
import { department, receiving, sending, startAgent } from './exchange.ts'
import { type Figure, quantile } from './measure.ts'
import { asOwner, withPlatform } from './platform.ts'

const PER_SECOND = 500
const SECONDS = 6
const TURNS = 3
const SETTLE_MS = 15_000
const MOST_P50_MS = 10
const MOST_P99_MS = 100

/**
 * From a commit in a department's database to the row in another department's: through an agent, the platform and a second agent, each a process of its own, with
 * databases of their own at both ends; beside it PostgreSQL's logical replication between the same two, in turns.
 */
export async function latency(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-bench-latency-'))
  const ends: EmbeddedPostgres[] = []
  try {
    const [source, target] = [await logicalServer(join(folder, 'source')), await logicalServer(join(folder, 'target'))]
    ends.push(source, target)
    return await withPlatform((platform) =>
      asOwner(platform, async (owner) => {
        const there = await department(platform)
        const [from, to] = [await opened(source), await opened(target)]
        try {
          await from.query('create table moved (id bigint primary key, amount bigint not null, at timestamptz not null default now())')
          await to.query('create table moved (id bigint primary key, amount bigint not null, at timestamptz not null)')
          await to.query(told('moved'))
          await replicate(from, to, source)
          const channel = await there.channel(owner, movements)
          const subscription = await there.grant(owner, movements.resource, { items: { i1: null, i2: null, i3: null }, rows: [] })
          const columns = { i1: 'id', i2: 'amount', i3: 'at' }
          const sendingYaml = [
            there.head('sender'),
            sending(channel, `kind: postgres\nurl: ${urlOf(source)}\ntable: public.household\ncapture: outbox`, columns),
          ].join('\n')
          const receivingYaml = [
            there.head('receiver', 'receive-token'),
            receiving(subscription, urlOf(target), 'public.household', columns),
          ].join('\n')
          await from.query('create table household (id bigint primary key, amount bigint not null, at timestamptz not null default now())')
          for (const [yaml, db] of [
            [sendingYaml, from],
            [receivingYaml, to],
          ] as const)
            for (const text of await statementsOf(there.folder, yaml)) await db.query(text)
          await to.query(told('household'))
          const agents = [sendingYaml, receivingYaml].map((yaml) => startAgent({ yaml, folder: there.folder, isHeld: false }))
          try {
            // The platform has work of its own in its first seconds.
            await pause(SETTLE_MS)
            const ours: number[] = []
            const replication: number[] = []
            // Once before, so that everything is loaded and compiled.
            await delays(source, target, 'household', 2)
            for (let turn = 0; turn < TURNS; turn++) {
              ours.push(...(await delays(source, target, 'household', SECONDS)))
              replication.push(...(await delays(source, target, 'moved', SECONDS)))
            }
            return figures(ours, replication)
          } finally {
            for (const agent of agents) await agent.stop()
          }
        } finally {
          await from.end()
          await to.end()
          there.close()
        }
      }),
    )
  } finally {
    for (const end of ends) await end.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const movements: ResourceDefinition = {
  resource: 'bench-movements',
  version: 1,
  title: '低保金变动',
  kind: 'state',
  key: ['i1'],
  items: [
    { id: 'i1', title: '编号', type: { kind: 'integer' }, required: true },
    { id: 'i2', title: '金额', type: { kind: 'money' }, required: true },
    { id: 'i3', title: '变更时间', type: { kind: 'instant' }, required: true },
  ],
}

function figures(ours: readonly number[], replication: readonly number[]): Figure[] {
  return (
    [
      ['p50', 0.5, MOST_P50_MS],
      ['p99', 0.99, MOST_P99_MS],
    ] as const
  ).map(([name, share, most]) => {
    const [us, beside] = [quantile(ours, share), quantile(replication, share)]
    return {
      name: `commit at the source to row at the target, ${PER_SECOND} rows/s, ${name}`,
      ours: `${us.toFixed(1)} ms`,
      against: `logical replication ${beside.toFixed(1)} ms`,
      ratio: us / beside,
      wanted: `≤ ${most} ms`,
      holds: us <= most,
    }
  })
}

/** A server of a department, which may also replicate: the setting holds from the second start on. */
async function logicalServer(dataDir: string): Promise<EmbeddedPostgres> {
  const first = await startEmbeddedPostgres({ dataDir, database: 'department' })
  const client = await opened(first)
  await client.query("alter system set wal_level = 'logical'")
  await client.end()
  await first.stop()
  const server = await startEmbeddedPostgres({ dataDir, database: 'department' })
  // The other server has to find its socket; what lies in the folder stays closed to others.
  for (const folder of [dirname(dataDir), dataDir]) chmodSync(folder, 0o711)
  return server
}

async function opened({ connection }: EmbeddedPostgres): Promise<pg.Client> {
  const client = new pg.Client(connection)
  await client.connect()
  return client
}

const urlOf = ({ connection: { host, port, user, database } }: EmbeddedPostgres) =>
  `postgres://${user}@localhost/${database}?host=${encodeURIComponent(host)}&port=${port}`

/** Tells each row that stands in the table, at the commit; of the replicating process too. */
const told = (table: string) => `
  create function told_${table}() returns trigger language plpgsql as $$ begin perform pg_notify('applied_${table}', new.id::text); return null; end $$;
  create trigger told after insert or update on ${table} for each row execute function told_${table}();
  alter table ${table} enable always trigger told`

async function replicate(from: pg.Client, to: pg.Client, source: EmbeddedPostgres): Promise<void> {
  const { host, port, user, database } = source.connection
  await from.query('create publication bench for table moved')
  await to.query(
    `create subscription bench connection 'host=${host} port=${port} user=${user} dbname=${database}' publication bench with (copy_data = false)`,
  )
  // It follows once its worker runs.
  for (;;) {
    const { rows } = await to.query("select from pg_subscription_rel where srsubstate = 'r'")
    if (rows.length === 1) return
    await pause(50)
  }
}

/** What an agent asks a database's administrator to execute. */
async function statementsOf(folder: string, yaml: string): Promise<string[]> {
  const file = join(folder, 'sql.yaml')
  writeFileSync(file, yaml)
  const out: string[] = []
  for (;;) {
    out.length = 0
    await runAgentCommand('sql', ['--config', file, '--json'], {
      write: (text) => void out.push(text),
      complain: (text) => void out.push(text),
    })
    const found = JSON.parse(out.join('')) as { sql?: string[]; message?: string }
    if (found.sql) return found.sql
    throw new Error(found.message)
  }
}

let nextId = 0

/** Rows committed one by one at an even pace, and how long each took to stand at the other end. */
async function delays(source: EmbeddedPostgres, target: EmbeddedPostgres, table: string, seconds: number): Promise<number[]> {
  const writers = new pg.Pool({ ...source.connection, max: 4 })
  const listener = await opened(target)
  const committed = new Map<number, number>()
  const applied = new Map<number, number>()
  listener.on('notification', ({ payload }) => {
    const id = Number(payload)
    if (!applied.has(id)) applied.set(id, performance.now())
  })
  await listener.query(`listen applied_${table}`)
  const count = PER_SECOND * seconds
  const first = nextId
  nextId += count
  const began = performance.now()
  const writing: Promise<void>[] = []
  for (let n = 0; n < count; ) {
    const due = Math.min(count, Math.floor(((performance.now() - began) * PER_SECOND) / 1000))
    for (; n < due; n++) {
      const id = first + n
      writing.push(
        writers
          .query({ name: table, text: `insert into ${table} (id, amount) values ($1, $2)`, values: [id, n] })
          .then(() => void committed.set(id, performance.now())),
      )
    }
    await pause(1)
  }
  await Promise.all(writing)
  const deadline = performance.now() + 60_000
  while (applied.size < count && performance.now() < deadline) await pause(20)
  await listener.end()
  await writers.end()
  if (applied.size < count) throw new Error(`${count - applied.size} of ${count} rows of ${table} never came`)
  return [...committed].map(([id, at]) => Math.max(0, (applied.get(id) ?? Number.POSITIVE_INFINITY) - at))
}
