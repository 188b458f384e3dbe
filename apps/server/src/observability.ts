import type { KernelTables } from '@tongchou/kernel'
import type { FastifyInstance } from 'fastify'
import { type Kysely, sql } from 'kysely'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** Liveness, readiness and Prometheus metrics. None of them needs a session, and none tells a version or a name. */
export function registerObservability(app: FastifyInstance, db: Kysely<KernelTables>): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  // Tells the exact version of Node.js to whoever asks.
  registry.removeSingleMetric('nodejs_version_info')
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
  const hidden = { schema: { hide: true } }
  app.get('/livez', hidden, async () => ({ status: 'ok' }))
  app.get('/readyz', hidden, async (_request, reply) => {
    const ready = await isReady(db)
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ok' : 'unavailable' })
  })
  app.get('/metrics', hidden, async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
}

async function isReady(db: Kysely<KernelTables>): Promise<boolean> {
  try {
    await sql`select 1`.execute(db)
    return true
  } catch {
    return false
  }
}
