import type { ReceivingPort } from '@tongchou/exchange'
import { type Ctx, type KernelTables, kernelMeasures, type Measure, type Sealer, systemActor } from '@tongchou/kernel'
import type { FastifyInstance } from 'fastify'
import { type Kysely, sql } from 'kysely'
import type pg from 'pg'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What is watched, and by whom it is told. */
export interface Observed {
  db: Kysely<KernelTables>
  now: () => Date
  sealer: Pick<Sealer, 'troubles'>
  /** The connections behind `db`; null where nobody watches them. */
  pool: pg.Pool | null
  /** What modules have to tell. */
  measures: readonly ((ctx: Ctx) => Promise<readonly Measure[]>)[]
}

/** Liveness, readiness and Prometheus metrics (运行指标). None of them needs a session, and none tells a version, a name or a person. */
export function registerObservability(
  app: FastifyInstance,
  observed: Observed,
): { receivingCounted: (port: ReceivingPort) => ReceivingPort } {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  // Tells the exact version of Node.js to whoever asks.
  registry.removeSingleMetric('nodejs_version_info')
  measureRequests(app, registry)
  const hidden = { schema: { hide: true } }
  app.get('/livez', hidden, async () => ({ status: 'ok' }))
  app.get('/readyz', hidden, async (_request, reply) => {
    const ready = await isReady(observed.db)
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ok' : 'unavailable' })
  })
  const measure = keptFor(measuresKeptMs, measuring(observed))
  app.get('/metrics', hidden, async (_request, reply) =>
    reply.type(registry.contentType).send(`${spelt(await registry.metrics())}${await measure()}`),
  )
  return { receivingCounted: countingRows(registry) }
}

/** The library writes `Nan` for what was not measured yet, which not every reader takes for a number. */
const spelt = (text: string) => text.replaceAll(/ Nan$/gm, ' NaN')

function measureRequests(app: FastifyInstance, registry: Registry): void {
  const durations = new Histogram({
    name: 'tongchou_http_request_seconds',
    help: 'Duration of HTTP requests by operation and status',
    labelNames: ['operation', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  })
  // Found by its labels once, not at every answer.
  const kept = new Map<string, ReturnType<typeof durations.labels>>()
  app.addHook('onResponse', (request, reply, done) => {
    const operation = request.routeOptions.schema?.operationId
    if (operation) {
      const key = `${operation} ${reply.statusCode}`
      const series = kept.get(key) ?? durations.labels(operation, String(reply.statusCode))
      kept.set(key, series)
      series.observe(reply.elapsedTime / 1000)
    }
    done()
  })
}

/** Whoever asks without end costs the database one look in so many milliseconds. */
const measuresKeptMs = 5000

function keptFor<T>(ms: number, work: () => Promise<T>): () => Promise<T> {
  let kept: { at: number; done: Promise<T> } | undefined
  return () => {
    const at = performance.now()
    if (!kept || at - kept.at > ms) kept = { at, done: work() }
    return kept.done
  }
}

/** Every gauge anew, in the text format; what cannot be measured now is not told, rather than told as it was. */
function measuring({ db, now, sealer, pool, measures }: Observed): () => Promise<string> {
  const ctx: Ctx = { db, actor: systemActor, now, requestId: 'metrics', inside: false }
  return async () => {
    const found: Measure[] = [...troublesOf(sealer), ...(pool ? [poolOf(pool)] : [])]
    const up = (value: number): Measure => ({ name: 'database_up', help: 'Whether the database answered', samples: [{ value }] })
    try {
      for (const tell of [kernelMeasures, ...measures]) found.push(...(await tell(ctx)))
      found.push(up(1))
    } catch {
      found.push(up(0))
    }
    const registry = new Registry()
    for (const { name, help, samples } of found) {
      const labelNames = Object.keys(samples[0]?.labels ?? {})
      if (samples.length === 0) continue
      const gauge = new Gauge({ name: `tongchou_${name}`, help, labelNames, registers: [registry] })
      for (const { labels = {}, value } of samples) gauge.set(labels, value)
    }
    return registry.metrics()
  }
}

function troublesOf(sealer: Observed['sealer']): Measure[] {
  const samples = Object.entries(sealer.troubles()).map(([about, trouble]) => ({ labels: { about }, value: trouble ? 1 : 0 }))
  return [{ name: 'evidence_trouble', help: 'What keeps heads of the evidence log from being signed or written outside', samples }]
}

function poolOf({ totalCount, idleCount, waitingCount }: pg.Pool): Measure {
  const of = (state: string, value: number) => ({ labels: { state }, value })
  return {
    name: 'database_connections',
    help: 'Connections to the database that are in use or idle, and requests that wait for one',
    samples: [of('used', totalCount - idleCount), of('idle', idleCount), of('waiting', waitingCount)],
  }
}

/** Counts the records of every batch that is written, by what became of them. */
function countingRows(registry: Registry): (port: ReceivingPort) => ReceivingPort {
  const rows = new Counter({
    name: 'tongchou_exchange_rows_total',
    help: 'Records that came in by channels, by what became of them',
    labelNames: ['outcome'],
    registers: [registry],
  })
  const outcomes = ['inserted', 'updated', 'deleted', 'unchanged', 'bad'] as const
  for (const outcome of outcomes) rows.inc({ outcome }, 0)
  return (port) => ({
    receive: async (bytes, batch, turn) => {
      const receipt = await port.receive(bytes, batch, turn)
      for (const outcome of outcomes) rows.inc({ outcome }, receipt[outcome])
      return receipt
    },
  })
}

async function isReady(db: Kysely<KernelTables>): Promise<boolean> {
  try {
    await sql`select 1`.execute(db)
    return true
  } catch {
    return false
  }
}
