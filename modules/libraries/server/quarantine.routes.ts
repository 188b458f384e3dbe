import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Ctx, IdParams, PageOf, problems } from '@tongchou/kernel'
import { correctLine, discard, judgeCorrection } from './correct.service.ts'
import { keeperDuties, providerDuties } from './library.permissions.ts'
import type { LibrariesPorts } from './ports.ts'
import {
  Correction,
  CorrectionTry,
  Discard,
  Judgement,
  QuarantineGroups,
  QuarantineLine,
  QuarantineLook,
  QuarantineLookBody,
  QuarantinePage,
  QuarantineQuery,
} from './quarantine.api.ts'
import { quarantineColumns } from './quarantine.columns.ts'
import { lookAtLine, quarantineGroups, quarantineKind, quarantinePage, readableLine, viewLine } from './quarantine.view.ts'

const tags = ['libraries']

/** Lines that were set aside (隔离区), under the API's prefix. */
export const quarantineRoutes: FastifyPluginAsyncTypebox<{ ports: LibrariesPorts }> = async (app, { ports }) => {
  const reading = { any: [...keeperDuties], own: [...providerDuties] }
  const keeping = { own: [...providerDuties] }
  const mayRead = async (ctx: Ctx, params: Record<string, string>) =>
    (await readableLine(ctx, params.id).catch(() => undefined)) !== undefined

  app.get(
    '/quarantine',
    {
      schema: {
        operationId: 'listQuarantine',
        tags,
        summary: '问题数据清单',
        'x-authz': reading,
        querystring: QuarantineQuery,
        response: { 200: PageOf(QuarantineLine), ...problems },
      },
      config: { listColumns: quarantineColumns },
    },
    (req) => quarantinePage(req.ctx, ports, req.query),
  )
  app.get(
    '/quarantine-groups',
    {
      schema: {
        operationId: 'groupQuarantine',
        tags,
        summary: '问题数据按原因归并',
        'x-authz': reading,
        response: { 200: QuarantineGroups, ...problems },
      },
    },
    (req) => quarantineGroups(req.ctx),
  )
  app.get(
    '/quarantine/:id',
    {
      config: { mayRead, recordsRead: { kind: quarantineKind } },
      schema: {
        operationId: 'getQuarantineLine',
        tags,
        summary: '问题数据',
        'x-authz': reading,
        params: IdParams,
        response: { 200: QuarantinePage, ...problems },
      },
    },
    async (req) => viewLine(req.ctx, ports, await readableLine(req.ctx, req.params.id)),
  )
  app.post(
    '/quarantine/:id/looks',
    {
      // The answer is personal data: it is not kept for a repeated request.
      config: { mayRead, ignoresIdempotencyKey: true },
      schema: {
        operationId: 'lookAtQuarantineLine',
        tags,
        summary: '查看问题数据的内容',
        'x-authz': reading,
        params: IdParams,
        body: QuarantineLookBody,
        response: { 200: QuarantineLook, ...problems },
      },
    },
    async (req) => lookAtLine(req.ctx, ports, await readableLine(req.ctx, req.params.id), req.body),
  )
  app.post(
    '/quarantine/:id/judgements',
    {
      config: { mayRead, ignoresIdempotencyKey: true },
      schema: {
        operationId: 'judgeCorrection',
        tags,
        summary: '校验更正（不写入）',
        'x-authz': keeping,
        params: IdParams,
        body: CorrectionTry,
        response: { 200: Judgement, ...problems },
      },
    },
    async (req) => judgeCorrection(req.ctx, await readableLine(req.ctx, req.params.id), req.body.values),
  )
  app.post(
    '/quarantine/:id/corrections',
    {
      config: { mayRead },
      schema: {
        operationId: 'correctQuarantineLine',
        tags,
        summary: '更正重投',
        'x-authz': keeping,
        params: IdParams,
        body: Correction,
        response: { 200: QuarantinePage, ...problems },
      },
    },
    async (req) => {
      await correctLine(req.ctx, ports, await readableLine(req.ctx, req.params.id), req.body)
      return viewLine(req.ctx, ports, await readableLine(req.ctx, req.params.id))
    },
  )
  app.post(
    '/quarantine/:id/discards',
    {
      config: { mayRead },
      schema: {
        operationId: 'discardQuarantineLine',
        tags,
        summary: '作废问题数据',
        'x-authz': keeping,
        params: IdParams,
        body: Discard,
        response: { 200: QuarantinePage, ...problems },
      },
    },
    async (req) => {
      await discard(req.ctx, await readableLine(req.ctx, req.params.id), req.body)
      return viewLine(req.ctx, ports, await readableLine(req.ctx, req.params.id))
    },
  )
}
