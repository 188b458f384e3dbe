import { availableParallelism } from 'node:os'
import { updateCycles } from '@tongchou/catalog'
import { type ExchangePorts, exchangeJobs, exchangeRoutes, type ReceivingPort } from '@tongchou/exchange'
import { organisationsPort } from '@tongchou/identity'
import { type Actor, calendarOf, type JobRunner, type NoticesPort } from '@tongchou/kernel'
import { batchesOf, intakeOf, librariesDb, openReceivers, type Receivers, receiptOf, structureOf } from '@tongchou/libraries'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type pg from 'pg'

/** The threads that write batches, for a city that takes any. */
export function receivingOf(application: pg.PoolConfig): Receivers {
  return openReceivers(application, availableParallelism())
}

/** Channels and what comes in by them, written by the libraries. */
export async function registerExchange(
  app: FastifyInstance,
  {
    receiving,
    authenticate,
    notices,
    runner,
  }: {
    receiving: ReceivingPort | null
    authenticate: (request: FastifyRequest) => Promise<Actor | null>
    notices: NoticesPort
    runner: JobRunner
  },
): Promise<void> {
  const ports: ExchangePorts = {
    organisations: organisationsPort,
    structures: {
      structure: (ctx, resource) => structureOf(librariesDb(ctx), resource),
      receiptOf: (ctx, resource, batchId) => receiptOf(librariesDb(ctx), resource, batchId),
    },
    intake: { intakeOf, batchesOf },
    cyclesOf: updateCycles,
    calendar: calendarOf,
    notices,
    receiving,
    isStillAdmitted: async (request) => {
      // What the database looked like when the request came is what must not be asked.
      request.presence = undefined
      const actor = await authenticate(request)
      return (
        actor !== null && actor.orgId === request.ctx.actor.orgId && [...request.ctx.actor.roles].every((duty) => actor.roles.has(duty))
      )
    },
  }
  runner.declare(exchangeJobs(ports))
  await app.register(exchangeRoutes, { prefix: '/api/v1', ports })
}
