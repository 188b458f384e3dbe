import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { PageOf, PageQuery, problems, Strict } from '@tongchou/kernel'
import { Consistency, ConsistencyQuery, Leaf, LeafQuery, NumberParams, Receipt, SignedHead, Status } from './attestation.schema.ts'
import { readConsistency, readHeads, readLeaves, readStatus, takeHead } from './attestation.service.ts'
import type { AttestationPorts } from './ports.ts'
import { readEventReceipt, readLeafReceipt } from './receipt.service.ts'

const tags = ['attestation']

/** Receipts, and the evidence log behind them (存证): `/evidence/…` under the API's prefix. */
export const attestationRoutes: FastifyPluginAsyncTypebox<{ ports: AttestationPorts }> = async (app, { ports }) => {
  const reading = { any: ports.readers }

  app.get(
    '/evidence/events/:id/receipt',
    {
      config: { recordsRead: { kind: 'receipt' } },
      schema: {
        operationId: 'readEventReceipt',
        tags,
        summary: '审计记录的存证凭证',
        'x-authz': { 'signed-in': [] },
        params: NumberParams,
        response: { 200: Receipt, ...problems },
      },
    },
    (req) => readEventReceipt(req.ctx, ports, req.params.id),
  )

  app.get(
    '/evidence/leaves/:id/receipt',
    {
      config: { recordsRead: { kind: 'leaf-receipt' } },
      schema: {
        operationId: 'readLeafReceipt',
        tags,
        summary: '批次的存证凭证',
        'x-authz': { 'signed-in': [] },
        params: NumberParams,
        response: { 200: Receipt, ...problems },
      },
    },
    (req) => readLeafReceipt(req.ctx, ports, req.params.id),
  )

  app.get(
    '/evidence/status',
    {
      schema: {
        operationId: 'readEvidenceStatus',
        tags,
        summary: '存证状态',
        'x-authz': reading,
        response: { 200: Status, ...problems },
      },
    },
    (req) => readStatus(req.ctx, ports),
  )

  app.get(
    '/evidence/leaves',
    {
      schema: {
        operationId: 'listEvidenceLeaves',
        tags,
        summary: '存证批次',
        'x-authz': reading,
        querystring: LeafQuery,
        response: { 200: PageOf(Leaf), ...problems },
      },
    },
    (req) => readLeaves(req.ctx, ports, req.query),
  )

  app.get(
    '/evidence/heads',
    {
      schema: {
        operationId: 'listEvidenceHeads',
        tags,
        summary: '签名头',
        'x-authz': reading,
        querystring: Strict(PageQuery),
        response: { 200: PageOf(SignedHead), ...problems },
      },
    },
    (req) => readHeads(req.ctx, req.query.limit ?? 50, req.query.cursor),
  )

  app.post(
    '/evidence/heads',
    {
      config: { ignoresIdempotencyKey: true },
      schema: {
        operationId: 'takeEvidenceHead',
        tags,
        summary: '取得当前签名头',
        'x-authz': reading,
        response: { 200: SignedHead, ...problems },
      },
    },
    (req) => takeHead(req.ctx, ports),
  )

  app.get(
    '/evidence/consistency',
    {
      schema: {
        operationId: 'readEvidenceConsistency',
        tags,
        summary: '签名头的一致性证明',
        'x-authz': reading,
        querystring: ConsistencyQuery,
        response: { 200: Consistency, ...problems },
      },
    },
    (req) => readConsistency(req.ctx, req.query.size),
  )
}
