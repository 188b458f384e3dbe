import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { auditTrail, type Ctx, IdParams, isId, PageOf, PageQuery, problems, Strict, TrailLines, TrailQuery, toPage } from '@tongchou/kernel'
import { batchPlaces, openAdmission } from './admission.ts'
import { channelColumns } from './channel.columns.ts'
import { keeperDuties, readChannel, readerDuties, senderDuties } from './channel.permissions.ts'
import {
  BatchParams,
  BatchReceipt,
  Channel,
  ChannelLine,
  ChannelMonitor,
  ChannelQuery,
  ClaimedLane,
  KeyWithdrawal,
  LaneClaim,
  LaneParams,
  NewChannel,
  NewKey,
  StateChange,
} from './channel.schema.ts'
import { channelOrder, findChannel } from './channel.store.ts'
import { readableChannel, viewChannel, viewList, viewMonitor } from './channel.view.ts'
import { feedRoutes } from './feed.routes.ts'
import { claimLane, takeBatch } from './intake.service.ts'
import { openLaneOrder } from './lane-order.ts'
import type { ExchangePorts } from './ports.ts'
import { reconciliationRoutes } from './reconciliation.routes.ts'
import { changeState, createChannel, registerKey, withdrawChannelKey } from './register.service.ts'

const tags = ['exchange']
/** Of its own, so that a machine's token opens this and nothing else. */
const intakeTags = ['exchange-intake']
/** Lines of a batch, packed or not. */
const batchType = 'application/x-ndjson'

/** Channels and what comes in by them: `/channels` under the API's prefix. */
export const exchangeRoutes: FastifyPluginAsyncTypebox<{ ports: ExchangePorts }> = async (app, { ports }) => {
  const config = { mayRead: (ctx: Ctx, params: Record<string, string>) => mayRead(ctx, params.id) }
  const keeper = { any: keeperDuties }
  const readers = readerDuties
  const doors = { admission: openAdmission(batchPlaces), order: openLaneOrder() }

  app.get(
    '/channels',
    {
      schema: {
        operationId: 'listChannels',
        tags,
        summary: '交换通道清单',
        'x-authz': readers,
        querystring: ChannelQuery,
        response: { 200: PageOf(ChannelLine), ...problems },
      },
      config: { listColumns: channelColumns },
    },
    async (req) => {
      const limit = req.query.limit ?? 50
      const { rows, toLine } = await viewList(req.ctx, ports, req.query, limit)
      return toPage(rows, limit, channelOrder(req.query).cursorOf, toLine)
    },
  )
  app.post(
    '/channels',
    {
      schema: {
        operationId: 'createChannel',
        tags,
        summary: '建立交换通道',
        'x-authz': keeper,
        body: NewChannel,
        response: { 201: Channel, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await createChannel(req.ctx, ports, req.body)),
  )
  app.get(
    '/channels/:id',
    {
      config: { ...config, recordsRead: { kind: 'channel' } },
      schema: {
        operationId: 'getChannel',
        tags,
        summary: '交换通道详情',
        'x-authz': readers,
        params: IdParams,
        response: { 200: Channel, ...problems },
      },
    },
    async (req) => viewChannel(req.ctx, ports, await readableChannel(req.ctx, req.params.id)),
  )
  app.get(
    '/channel-monitor',
    {
      schema: {
        operationId: 'readChannelMonitor',
        tags,
        summary: '通道监控',
        'x-authz': { any: readers.any },
        response: { 200: ChannelMonitor, ...problems },
      },
    },
    (req) => viewMonitor(req.ctx, ports),
  )
  app.get(
    '/channels/:id/batches',
    {
      config: { ...config, recordsRead: { kind: 'channel' } },
      schema: {
        operationId: 'listChannelBatches',
        tags,
        summary: '通道接收的批次和回执',
        'x-authz': readers,
        params: IdParams,
        querystring: Strict(PageQuery),
        response: { 200: PageOf(BatchReceipt), ...problems },
      },
    },
    async (req) => ports.intake.batchesOf(req.ctx, (await readableChannel(req.ctx, req.params.id)).id, req.query),
  )
  app.post(
    '/channels/:id/state',
    {
      config,
      schema: {
        operationId: 'changeChannelState',
        tags,
        summary: '停用或恢复交换通道',
        'x-authz': keeper,
        params: IdParams,
        body: StateChange,
        response: { 200: Channel, ...problems },
      },
    },
    (req) => changeState(req.ctx, ports, req.params.id, req.body),
  )
  app.post(
    '/channels/:id/keys',
    {
      config,
      schema: {
        operationId: 'registerChannelKey',
        tags,
        summary: '登记通道公钥',
        'x-authz': keeper,
        params: IdParams,
        body: NewKey,
        response: { 200: Channel, ...problems },
      },
    },
    (req) => registerKey(req.ctx, ports, req.params.id, req.body),
  )
  app.post(
    '/channels/:id/key-withdrawals',
    {
      config,
      schema: {
        operationId: 'withdrawChannelKey',
        tags,
        summary: '撤销通道公钥',
        'x-authz': keeper,
        params: IdParams,
        body: KeyWithdrawal,
        response: { 200: Channel, ...problems },
      },
    },
    (req) => withdrawChannelKey(req.ctx, ports, req.params.id, req.body),
  )
  app.get(
    '/channels/:id/trail',
    {
      config,
      schema: {
        operationId: 'getChannelTrail',
        tags,
        summary: '交换通道办理记录',
        'x-authz': readers,
        params: IdParams,
        querystring: TrailQuery,
        response: { 200: TrailLines, ...problems },
      },
    },
    async (req) => auditTrail(req.ctx, [{ kind: 'channel', id: (await readableChannel(req.ctx, req.params.id)).id }], req.query),
  )
  app.post(
    '/channels/:id/lanes/:lane/epochs',
    {
      config,
      schema: {
        operationId: 'claimChannelLane',
        tags: intakeTags,
        summary: '登记发送（前置程序启动）',
        'x-authz': { own: senderDuties },
        params: LaneParams,
        body: LaneClaim,
        response: { 201: ClaimedLane, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await claimLane(req.ctx, ports, req.params, req.body)),
  )

  await app.register(feedRoutes, { ports })
  await app.register(reconciliationRoutes, { ports, mayRead: config.mayRead })
  await app.register(async (intake) => {
    // The body is a stream that is counted as it is unpacked, never a text that has been read into memory.
    intake.addContentTypeParser(batchType, (_request, payload, done) => done(null, payload))
    intake.put(
      '/channels/:id/lanes/:lane/batches/:number',
      {
        // A batch has an id of its own, under which its receipt is kept for good.
        config: { ...config, ignoresIdempotencyKey: true, asksAnew: true },
        schema: {
          operationId: 'sendChannelBatch',
          tags: intakeTags,
          summary: '报送批次',
          description: `${batchType}，Content-Encoding 为 zstd、gzip 或不压缩；请求头 Tongchou-Epoch、Tongchou-Batch、Tongchou-Digest、Tongchou-Key、Tongchou-Signature`,
          consumes: [batchType],
          'x-authz': { own: senderDuties },
          params: BatchParams,
          response: { 200: BatchReceipt, ...problems },
        },
      },
      (request) => {
        const { id, lane, number } = request.params as { id: string; lane: string; number: number }
        return takeBatch(request.ctx, ports, doors, { request, place: { id, lane, number } })
      },
    )
  })
}

async function mayRead(ctx: Ctx, id: string | undefined): Promise<boolean> {
  if (!isId(id)) return false
  const row = await findChannel(ctx, id)
  return row !== undefined && readChannel.allows(ctx.actor, row)
}
