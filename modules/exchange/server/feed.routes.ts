import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Ctx, IdParams, isId, PageOf, problems, Strict, toPage } from '@tongchou/kernel'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { openAdmission, readerPlaces } from './admission.ts'
import { ChangesQuery, LoadQuery, OpenedSubscription, SubscriptionLine, SubscriptionQuery } from './feed.schema.ts'
import { type Lines, loadRecords, openSubscription, type Receiving, readChanges } from './feed.service.ts'
import { streamOf } from './feed.stream.ts'
import type { ExchangePorts } from './ports.ts'
import { subscriptionColumns } from './subscription.columns.ts'
import { readSubscription, receiverDuties, subscriptionReaders } from './subscription.permissions.ts'
import { findSubscription } from './subscription.store.ts'
import { viewSubscriptions } from './subscription.view.ts'

const tags = ['exchange']
/** Of its own, so that a machine's token opens this and nothing else. */
const feedTags = ['exchange-feed']
const lineType = 'application/x-ndjson'
const format =
  `${lineType}：{"structure":…} 可见结构（变化时再给）；["u",…] 新增或变更的记录，值按结构中信息项的次序；["d",…] 不再可见的记录，只有主键；` +
  '每页之后 {"cursor":…,"position":…}，cursor 为下次的 after；{"problem":…} 中途停止的原因'
const granted = { granted: receiverDuties }

/** Subscriptions and what is received by them: `/subscriptions` and `/feeds`. */
export const feedRoutes: FastifyPluginAsyncTypebox<{ ports: ExchangePorts }> = async (app, { ports }) => {
  const config = { mayRead: (ctx: Ctx, params: Record<string, string>) => mayRead(ctx, ports, params.id) }
  const admission = openAdmission(readerPlaces)
  const answer = async (request: FastifyRequest, reply: FastifyReply, id: string, begin: (receiving: Receiving) => Promise<Lines>) => {
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    const leave = admission.enter(id)
    try {
      const lines = await begin({ request, id, gone: gone.signal })
      return reply.header('cache-control', 'private, no-store').type(lineType).send(streamOf(lines, leave))
    } catch (error) {
      leave()
      throw error
    }
  }

  app.get(
    '/subscriptions',
    {
      schema: {
        operationId: 'listSubscriptions',
        tags,
        summary: '数据订阅清单',
        'x-authz': subscriptionReaders,
        querystring: SubscriptionQuery,
        response: { 200: PageOf(SubscriptionLine), ...problems },
      },
      config: { listColumns: subscriptionColumns },
    },
    async (req) => {
      const limit = req.query.limit ?? 50
      const { rows, toLine } = await viewSubscriptions(req.ctx, ports, req.query, limit)
      return toPage(rows, limit, (row) => [row.number], toLine)
    },
  )
  app.post(
    '/feeds/:id/openings',
    {
      config,
      schema: {
        operationId: 'openFeed',
        tags: feedTags,
        summary: '登记接收（接收程序启动）',
        'x-authz': granted,
        params: IdParams,
        body: Strict({}),
        response: { 200: OpenedSubscription, ...problems },
      },
    },
    (req) => openSubscription(req.ctx, ports, req.params.id),
  )
  app.get(
    '/feeds/:id/records',
    {
      config,
      schema: {
        operationId: 'loadFeed',
        tags: feedTags,
        summary: '全量加载',
        description: `${format}；最后一页带 "complete":true，其 cursor 用于读取变更`,
        'x-authz': granted,
        params: IdParams,
        querystring: LoadQuery,
        response: { 200: Type.Any({ description: '记录，每行一条' }), ...problems },
      },
    },
    (req, reply) => answer(req, reply, req.params.id, (receiving) => loadRecords(req.ctx, ports, receiving, req.query)),
  )
  app.get(
    '/feeds/:id/changes',
    {
      config,
      schema: {
        operationId: 'readFeed',
        tags: feedTags,
        summary: '接收变更',
        description: `${format}；没有变更时至多等待 waitSeconds 秒，follow 为 true 的持续发送`,
        'x-authz': granted,
        params: IdParams,
        querystring: ChangesQuery,
        response: { 200: Type.Any({ description: '变更，每行一条' }), ...problems },
      },
    },
    (req, reply) => answer(req, reply, req.params.id, (receiving) => readChanges(req.ctx, ports, receiving, req.query)),
  )
}

async function mayRead(ctx: Ctx, ports: ExchangePorts, id: string | undefined): Promise<boolean> {
  if (!isId(id)) return false
  const row = await findSubscription(ctx, id)
  const grant = row ? undefined : await ports.grants.grantInForce(ctx, id)
  const ends = row ?? (grant && { org_id: grant.orgId, provider_org_id: grant.providerOrgId })
  return ends !== undefined && readSubscription.allows(ctx.actor, ends)
}
