import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  addDays,
  type Ctx,
  decodeCursor,
  IdParams,
  InvalidValue,
  inTransaction,
  isId,
  PageOf,
  PageQuery,
  problems,
  recordAudit,
  Strict,
  todayInShanghai,
  toPage,
} from '@tongchou/kernel'
import { archiveRoutes } from './archive.routes.ts'
import { auditDb } from './audit.tables.ts'
import { keeperDuties, readEvent, readerDuties } from './event.permissions.ts'
import {
  Action,
  Chain,
  Event,
  EventPage,
  EventParams,
  EventQuery,
  eventColumns,
  Head,
  NewVerification,
  OwnQuery,
  ownColumns,
  Statistics,
  StatisticsQuery,
  Verification,
} from './event.schema.ts'
import { listActions, ownEvents, readOneEvent, requireOrder, searchEvents } from './event.service.ts'
import type { AuditPorts } from './ports.ts'
import { statisticsOf } from './statistics.store.ts'
import { actionTitles } from './titles.ts'
import { readChain, readVerification, startVerification, stopVerification } from './verification.service.ts'
import { findVerification } from './verification.store.ts'

const tags = ['audit']
const reading = { any: readerDuties } as const
const keeping = { any: keeperDuties } as const

/** The log for who may read it (审计): `/audit/…` under the API's prefix, and one's own records. */
export const auditRoutes: FastifyPluginAsyncTypebox<{ ports: AuditPorts }> = async (app, { ports }) => {
  const titles = actionTitles(ports.operations)

  app.get(
    '/audit/events',
    {
      config: { recordsRead: { kind: 'audit', id: 'events', writtenByHandler: true }, listColumns: eventColumns },
      schema: {
        operationId: 'listAuditEvents',
        tags,
        summary: '审计日志',
        'x-authz': reading,
        querystring: EventQuery,
        response: { 200: PageOf(Event), ...problems },
      },
    },
    (req) => searchEvents(req.ctx, titles, req.query),
  )

  app.get(
    '/audit/events/:id',
    {
      config: { recordsRead: { kind: 'audit-event' } },
      schema: {
        operationId: 'getAuditEvent',
        tags,
        summary: '审计记录详情',
        'x-authz': reading,
        params: EventParams,
        response: { 200: EventPage, ...problems },
      },
    },
    (req) => readOneEvent(req.ctx, titles, req.params.id),
  )

  app.get(
    '/audit/actions',
    {
      schema: {
        operationId: 'listAuditActions',
        tags,
        summary: '审计事件目录',
        'x-authz': reading,
        response: { 200: PageOf(Action), ...problems },
      },
    },
    async (req) => ({ items: listActions(req.ctx, titles), nextCursor: null }),
  )

  app.get(
    '/audit/statistics',
    {
      config: { limited: 'expensive' },
      schema: {
        operationId: 'readAuditStatistics',
        tags,
        summary: '审计统计',
        'x-authz': reading,
        querystring: StatisticsQuery,
        response: { 200: Statistics, ...problems },
      },
    },
    async (req) => {
      const to = req.query.to ?? todayInShanghai(req.ctx.now())
      const from = req.query.from ?? addDays(to, -29)
      requireOrder({ from, to })
      if (addDays(from, 366) < to) throw new InvalidValue('audit.period_too_long', '统计期间不得超过一年，请缩短。')
      return { from, to, ...(await statisticsOf(req.ctx, readEvent(titles).where(req.ctx.actor), from, to)) }
    },
  )

  app.get(
    '/me/audit',
    {
      config: { listColumns: ownColumns },
      schema: {
        operationId: 'listOwnAuditEvents',
        tags,
        summary: '我的操作记录',
        'x-authz': { 'signed-in': [] },
        querystring: OwnQuery,
        response: { 200: PageOf(Event), ...problems },
      },
    },
    (req) => ownEvents(req.ctx, titles, req.query),
  )

  await app.register(chainRoutes, { ports })
  await app.register(archiveRoutes, { ports })
}

async function mayReadVerification(ctx: Ctx, id: string | undefined): Promise<boolean> {
  return isId(id) && readerDuties.some((duty) => ctx.actor.roles.has(duty)) && (await findVerification(ctx, id)) !== undefined
}

/** The chain: how it stands, its heads, verifying it. */
const chainRoutes: FastifyPluginAsyncTypebox<{ ports: AuditPorts }> = async (app, { ports }) => {
  app.get(
    '/audit/chain',
    {
      schema: {
        operationId: 'readAuditChain',
        tags,
        summary: '审计日志链的状态',
        'x-authz': reading,
        response: { 200: Chain, ...problems },
      },
    },
    (req) => readChain(req.ctx),
  )

  app.get(
    '/audit/heads',
    {
      schema: {
        operationId: 'listAuditHeads',
        tags,
        summary: '审计日志链头',
        'x-authz': reading,
        querystring: Strict(PageQuery),
        response: { 200: PageOf(Head), ...problems },
      },
    },
    async (req) => {
      const limit = req.query.limit ?? 50
      const before = decodeCursor(req.query.cursor, ['integer'])
      let query = auditDb(req.ctx).selectFrom('kernel.audit_head').selectAll()
      if (before) query = query.where('position', '<', before[0])
      const rows = await query
        .orderBy('position', 'desc')
        .limit(limit + 1)
        .execute()
      return toPage(
        rows,
        limit,
        (row) => [row.position],
        (row) => ({ position: row.position, hash: row.hash.toString('hex'), sealedAt: row.sealed_at.toISOString() }),
      )
    },
  )

  app.post(
    '/audit/heads',
    {
      config: { ignoresIdempotencyKey: true },
      schema: {
        operationId: 'takeAuditHead',
        tags,
        summary: '取得当前链头',
        'x-authz': reading,
        response: { 200: Head, ...problems },
      },
    },
    async (req) => {
      await ports.sealer.sealNow()
      return inTransaction(req.ctx, async (tx) => {
        const head = await auditDb(tx)
          .selectFrom('kernel.audit_head')
          .selectAll()
          .orderBy('position', 'desc')
          .limit(1)
          .executeTakeFirstOrThrow()
        await recordAudit(tx, 'audit.heads_taken', { kind: 'audit', id: String(head.position) }, { count: 1 })
        return { position: head.position, hash: head.hash.toString('hex'), sealedAt: head.sealed_at.toISOString() }
      })
    },
  )

  app.post(
    '/audit/verifications',
    {
      config: { limited: 'expensive' },
      schema: {
        operationId: 'startAuditVerification',
        tags,
        summary: '校验审计日志',
        'x-authz': { any: [...keeperDuties, 'security-admin'] },
        body: NewVerification,
        response: { 201: Verification, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await startVerification(req.ctx, ports, req.body.heads)),
  )

  app.get(
    '/audit/verifications/:id',
    {
      schema: {
        operationId: 'readAuditVerification',
        tags,
        summary: '审计日志校验进度',
        'x-authz': reading,
        params: IdParams,
        response: { 200: Verification, ...problems },
      },
    },
    (req) => readVerification(req.ctx, req.params.id),
  )

  app.post(
    '/audit/verifications/:id/stop',
    {
      config: { mayRead: (ctx, params) => mayReadVerification(ctx, params.id) },
      schema: {
        operationId: 'stopAuditVerification',
        tags,
        summary: '停止校验审计日志',
        'x-authz': keeping,
        params: IdParams,
        response: { 200: Verification, ...problems },
      },
    },
    (req) => stopVerification(req.ctx, req.params.id),
  )
}
