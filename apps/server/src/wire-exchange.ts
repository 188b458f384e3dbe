import { availableParallelism } from 'node:os'
import { updateCycles } from '@tongchou/catalog'
import { type ExchangePorts, exchangeJobs, exchangeRoutes, type ReceivingPort } from '@tongchou/exchange'
import { organisationsPort } from '@tongchou/identity'
import {
  type Actor,
  addDays,
  calendarOf,
  consumerStanding,
  type JobRunner,
  type NoticesPort,
  systemEpoch,
  todayInShanghai,
} from '@tongchou/kernel'
import {
  batchesOf,
  changeStream,
  copyDigests,
  copyRows,
  feedHead,
  intakeOf,
  keysForList,
  type LibrariesPorts,
  type LibraryWakeups,
  librariesDb,
  lookAtKeys,
  openFeed,
  openReceivers,
  openWakeups,
  type Receivers,
  readFeed,
  readSnapshot,
  receiptOf,
  structureOf,
} from '@tongchou/libraries'
import { beginLook, endLook, expiringGrants, grantInForce, termsInForce } from '@tongchou/sharing'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type pg from 'pg'

/** The threads that write batches, for a city that takes any. */
export function receivingOf(application: pg.PoolConfig): Receivers {
  return openReceivers(application, availableParallelism())
}

/** Channels and what comes in by them, written by the libraries; subscriptions and what goes out by them, under grants. */
export async function registerExchange(
  app: FastifyInstance,
  {
    receiving,
    wakeups = openWakeups(null),
    authenticate,
    notices,
    runner,
    libraries,
    expiryDays,
  }: {
    receiving: ReceivingPort | null
    wakeups?: LibraryWakeups | undefined
    authenticate: (request: FastifyRequest) => Promise<Actor | null>
    notices: NoticesPort
    runner: JobRunner
    libraries: LibrariesPorts
    /** How many days before its end a grant is warned of; undefined where the pack warns of none. */
    expiryDays: () => number | undefined
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
    grants: {
      grantInForce: (ctx, id) => grantInForce(ctx.db, id, ctx.now()),
      termsInForce,
      expiring: async (ctx) => {
        const days = expiryDays()
        if (days === undefined) return null
        const until = addDays(todayInShanghai(ctx.now()), days)
        return { count: (await expiringGrants(ctx, until)).length, until }
      },
      beginLook,
      endLook,
    },
    feeds: {
      open: (ctx, resource, grant) => openFeed(ctx.db, resource, grant),
      head: (ctx, resource) => feedHead(ctx.db, resource),
      changes: (ctx, resource, grant, after, most) => readFeed(ctx.db, resource, grant, after, most),
      records: (ctx, resource, grant, after, most) => readSnapshot(ctx.db, resource, grant, after, most),
      epoch: (ctx) => systemEpoch(ctx),
      standing: (ctx, resource, epoch, position) => consumerStanding(ctx, { stream: changeStream(resource), epoch, position }),
      wakeups,
    },
    copies: {
      digests: copyDigests,
      rows: copyRows,
      keysForList: (ctx, resource) => keysForList(ctx, libraries, resource),
      lookAtKeys: (ctx, resource, keys, purpose) => lookAtKeys(ctx, libraries, resource, keys, purpose),
    },
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
