import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Ctx, IdParams, PageOf, problems, toPage } from '@tongchou/kernel'
import { openAdmission, questionPlaces } from './admission.ts'
import { keeperDuties, readerDuties, senderDuties } from './channel.permissions.ts'
import { LaneParams } from './channel.schema.ts'
import { readableChannel } from './channel.view.ts'
import type { ExchangePorts } from './ports.ts'
import { differenceColumns, reconciliationColumns } from './reconciliation.columns.ts'
import {
  BegunReconciliation,
  CopyAnswer,
  CopyQuestion,
  DifferenceKeys,
  DifferenceLine,
  DifferenceLook,
  DifferenceQuery,
  LaneReconciliationParams,
  NewReconciliation,
  ReconciliationLine,
  ReconciliationParams,
  ReconciliationQuery,
  ReconciliationResult,
} from './reconciliation.schema.ts'
import { answerReconciliation, beginReconciliation, concludeReconciliation } from './reconciliation.service.ts'
import { differenceOrder, listReconciliations, reconciliationOrder } from './reconciliation.store.ts'
import { lookAtDifferences, toReconciliation, viewDifferences } from './reconciliation.view.ts'

const tags = ['exchange']
const intakeTags = ['exchange-intake']
const signed =
  '请求头 Tongchou-Epoch、Tongchou-Batch（对账标识）、Tongchou-Number、Tongchou-Digest（请求体的 SM3）、Tongchou-Key、Tongchou-Signature'

/** Holding a channel's source against the center's copy (对账): asked by its sender, read by who may read the channel. */
export const reconciliationRoutes: FastifyPluginAsyncTypebox<{
  ports: ExchangePorts
  mayRead: (ctx: Ctx, params: Record<string, string>) => Promise<boolean>
}> = async (app, { ports, mayRead }) => {
  const config = { mayRead }
  // Of its own: by number and signature each ask is known already.
  const asking = { ...config, ignoresIdempotencyKey: true }
  const readers = readerDuties
  const sender = { own: senderDuties }
  const admission = openAdmission(questionPlaces)

  app.get(
    '/channels/:id/reconciliations',
    {
      config: { ...config, recordsRead: { kind: 'channel' }, listColumns: reconciliationColumns },
      schema: {
        operationId: 'listReconciliations',
        tags,
        summary: '通道对账清单',
        'x-authz': readers,
        params: IdParams,
        querystring: ReconciliationQuery,
        response: { 200: PageOf(ReconciliationLine), ...problems },
      },
    },
    async (req) => {
      const limit = req.query.limit ?? 20
      const rows = await listReconciliations(req.ctx, (await readableChannel(req.ctx, req.params.id)).id, req.query, limit)
      return toPage(rows, limit, reconciliationOrder(req.query).cursorOf, toReconciliation)
    },
  )
  app.get(
    '/channels/:id/reconciliations/:reconciliation/differences',
    {
      config: { ...config, recordsRead: { kind: 'channel' }, listColumns: differenceColumns },
      schema: {
        operationId: 'listReconciliationDifferences',
        tags,
        summary: '对账差异清单',
        'x-authz': readers,
        params: ReconciliationParams,
        querystring: DifferenceQuery,
        response: { 200: PageOf(DifferenceLine), ...problems },
      },
    },
    async (req) => {
      const limit = req.query.limit ?? 50
      const channel = await readableChannel(req.ctx, req.params.id)
      const { rows, toLine } = await viewDifferences(req.ctx, ports, channel, req.params.reconciliation, req.query, limit)
      return toPage(rows, limit, differenceOrder(req.query).cursorOf, toLine)
    },
  )
  app.post(
    '/channels/:id/reconciliations/:reconciliation/looks',
    {
      config,
      schema: {
        operationId: 'lookAtReconciliationDifferences',
        tags,
        summary: '查看对账差异的主键',
        'x-authz': { any: keeperDuties, own: senderDuties },
        params: ReconciliationParams,
        body: DifferenceLook,
        response: { 200: DifferenceKeys, ...problems },
      },
    },
    async (req) => lookAtDifferences(req.ctx, ports, await readableChannel(req.ctx, req.params.id), req.params.reconciliation, req.body),
  )
  app.post(
    '/channels/:id/lanes/:lane/reconciliations',
    {
      config: asking,
      schema: {
        operationId: 'beginReconciliation',
        tags: intakeTags,
        summary: '登记对账',
        description: signed,
        'x-authz': sender,
        params: LaneParams,
        body: NewReconciliation,
        response: { 201: BegunReconciliation, ...problems },
      },
    },
    async (request, reply) => {
      const { id, lane } = request.params
      const { body } = request
      return reply.status(201).send(await beginReconciliation(request.ctx, ports, { request, id, lane, reconciliation: body.id, body }))
    },
  )
  app.post(
    '/channels/:id/lanes/:lane/reconciliations/:reconciliation/questions',
    {
      config: asking,
      schema: {
        operationId: 'askReconciliation',
        tags: intakeTags,
        summary: '索取对账摘要',
        description: signed,
        'x-authz': sender,
        params: LaneReconciliationParams,
        body: CopyQuestion,
        response: { 200: CopyAnswer, ...problems },
      },
    },
    (request) => answerReconciliation(request.ctx, ports, admission, { request, ...request.params, body: request.body }),
  )
  app.post(
    '/channels/:id/lanes/:lane/reconciliations/:reconciliation/result',
    {
      config: asking,
      schema: {
        operationId: 'endReconciliation',
        tags: intakeTags,
        summary: '报告对账结果',
        description: signed,
        'x-authz': sender,
        params: LaneReconciliationParams,
        body: ReconciliationResult,
        response: { 200: ReconciliationLine, ...problems },
      },
    },
    (request) => concludeReconciliation(request.ctx, { request, ...request.params, body: request.body }),
  )
}
