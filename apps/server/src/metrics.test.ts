import {
  applicationLogin,
  fixedClock,
  inTransaction,
  keyRingOf,
  newKeys,
  openDatabase,
  openPool,
  recordAudit,
  recordEvent,
  systemActor,
} from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { afterAll, expect, test } from 'vitest'
import { wire } from './wire.ts'

const { db, owner, connection } = await testDatabase()
const now = '2026-03-02T01:00:00Z'
const ports = { keys: keyRingOf(newKeys()), clock: fixedClock(now), demo: false } as const
const pool = openPool(applicationLogin(connection), () => undefined)
const city = await wire({ db, pool, ...ports })
afterAll(async () => {
  await city.app.close()
  await pool.end()
})

interface Family {
  type: string
  samples: Map<string, number>
}

/**
 * The text format as Prometheus reads it, and nothing looser: a family begins with its HELP and TYPE, its samples follow it, no family and no sample is
 * there twice, names and labels keep to their letters.
 */
function parsed(text: string): Map<string, Family> {
  expect(text.endsWith('\n')).toBe(true)
  const families = new Map<string, Family>()
  let name = ''
  for (const line of text.split('\n').slice(0, -1)) {
    const head = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line)
    if (head) {
      const [, kind, of = '', rest = ''] = head
      if (kind === 'HELP') {
        expect(families.has(of), `${of} twice`).toBe(false)
        families.set(of, { type: '', samples: new Map() })
        name = of
      } else {
        expect(of).toBe(name)
        expect(['counter', 'gauge', 'histogram', 'summary']).toContain(rest)
        Object.assign(families.get(of) ?? {}, { type: rest })
      }
      continue
    }
    if (line === '') continue
    const sample =
      /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (-?[0-9.e+-]+|NaN|[+-]Inf)$/.exec(line)
    expect(sample, line).not.toBe(null)
    const [, of = '', labels = '', value = ''] = sample ?? []
    const family = families.get(name)
    expect(
      of === name || (family?.type === 'histogram' && /^_(bucket|sum|count)$/.test(of.slice(name.length))),
      `${of} under ${name}`,
    ).toBe(true)
    expect(family?.samples.has(of + labels), `${of}${labels} twice`).toBe(false)
    family?.samples.set(of + labels, Number(value))
  }
  return families
}

async function scraped(app = city.app) {
  const answer = await app.inject('/metrics')
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  return parsed(answer.body)
}

const told = (families: Map<string, Family>, name: string, labels = '') => families.get(name)?.samples.get(name + labels)

test('an operator sees jobs, events, deadlines, the log, channels and connections, in the strict format, and no name of anybody', async () => {
  const ctx = { db, actor: systemActor, now: () => new Date('2026-03-02T00:59:00Z'), requestId: 'm', inside: false }
  await inTransaction(ctx, async (tx) => {
    await recordAudit(tx, 'test.done', { kind: 'thing', id: '1' })
    await recordEvent(tx, 'test.done', { kind: 'thing', id: '1' }, {})
  })
  await owner.query(`insert into exchange.channel (id, name, org_id, resource, state, created_at, updated_by, updated_at) values
    ('00000000-0000-4000-8000-000000000001', '机密通道“甲”', 'civil', 'people', 'in-use', now(), 'x', now())`)
  await owner.query(`insert into exchange.lane (channel_id, lane, epoch, claimed_at, claimed_by, last_number, last_at, failed_at, failure) values
    ('00000000-0000-4000-8000-000000000001', 'main', 1, now(), 'x', 3, '2026-03-02T00:50:00Z', now(), '{}')`)
  const families = await scraped()
  expect(told(families, 'tongchou_database_up')).toBe(1)
  expect(told(families, 'tongchou_audit_unsealed')).toBe(1)
  expect(told(families, 'tongchou_audit_unsealed_oldest_seconds')).toBe(60)
  expect(told(families, 'tongchou_outbox_waiting')).toBe(1)
  expect(told(families, 'tongchou_jobs_failed')).toBe(0)
  expect(told(families, 'tongchou_deadlines_late')).toBe(0)
  expect(told(families, 'tongchou_channel_silent_seconds', '{channel="1"}')).toBe(600)
  expect(told(families, 'tongchou_channels_refused')).toBe(1)
  expect(told(families, 'tongchou_exchange_rows_total', '{outcome="bad"}')).toBe(0)
  expect(told(families, 'tongchou_database_connections', '{state="waiting"}')).toBe(0)
  expect(told(families, 'tongchou_evidence_trouble', '{about="forked"}')).toBe(0)
  expect(families.get('nodejs_eventloop_lag_seconds')?.type).toBe('gauge')
  expect(families.get('process_resident_memory_bytes')?.type).toBe('gauge')
  const text = (await city.app.inject('/metrics')).body
  for (const secret of ['机密通道', 'civil', 'people', process.version]) expect(text).not.toContain(secret)
})

test('who asks without end costs the database one look in five seconds', async () => {
  let asked = 0
  const counting = await wire({
    db: db.withPlugin({
      transformQuery: ({ node }) => {
        asked += 1
        return node
      },
      transformResult: async ({ result }) => result,
    }),
    ...ports,
  })
  await scraped(counting.app)
  const once = asked
  expect(once).toBeGreaterThan(0)
  await Promise.all(Array.from({ length: 50 }, () => scraped(counting.app)))
  expect(asked).toBe(once)
  await counting.app.close()
})

test('without its database the platform still tells of itself, and nothing of what it cannot know', async () => {
  const nowhere = openPool({ host: '/nowhere', port: 1, user: 'x' }, () => undefined)
  const lost = openDatabase(nowhere)
  const alone = await wire({ db: lost, pool: nowhere, ...ports })
  const families = await scraped(alone.app)
  expect(told(families, 'tongchou_database_up')).toBe(0)
  expect(families.has('tongchou_outbox_waiting')).toBe(false)
  expect(families.has('process_resident_memory_bytes')).toBe(true)
  await alone.app.close()
  await lost.destroy()
})
