import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  auditTrail,
  type Ctx,
  IdParams,
  isId,
  notFound,
  PageOf,
  problems,
  secrecyFirst,
  TrailLines,
  TrailQuery,
  todayInShanghai,
  toPage,
} from '@tongchou/kernel'
import { orderPaymentHold } from './hold.service.ts'
import type { SupervisionPorts } from './ports.ts'
import { builderDuties, finderDuties, holdDuties, readProblem, readWithheldRecord, recorderDuties } from './problem.permissions.ts'
import {
  HoldDecision,
  NewProblem,
  NewWithheldRecord,
  Problem,
  ProblemChange,
  ProblemLine,
  ProblemQuery,
  Reply,
  Revocation,
  WithheldQuery,
  WithheldRecord,
} from './problem.schema.ts'
import { changeProposal, proposeProblem } from './problem.service.ts'
import { findProblem, findWithheld, listProblems, listWithheld, problemOrder } from './problem.store.ts'
import type { ProblemRow, WithheldRow } from './problem.tables.ts'
import { subjectKind, viewLines, viewProblem, viewWithheld } from './problem.view.ts'
import { problemColumns, withheldColumns } from './supervision.columns.ts'
import { recordWithheld, replyToWithheld, revokeWithheld, viewOne, withheldKind } from './withheld.service.ts'

const tags = ['supervision']

/** Problems with their rectification (监督整改) and records withheld: `/supervision/…` under the API's prefix. */
export const supervisionRoutes: FastifyPluginAsyncTypebox<{ ports: SupervisionPorts }> = async (app, { ports }) => {
  const config = { mayRead: (ctx: Ctx, params: Record<string, string>) => mayReadProblem(ctx, params.id) }

  app.get(
    '/supervision/problems',
    {
      schema: {
        operationId: 'listProblems',
        tags,
        summary: '问题整改清单',
        'x-authz': { 'signed-in': [] },
        querystring: ProblemQuery,
        response: { 200: PageOf(ProblemLine), ...problems },
      },
      config: { listColumns: problemColumns },
    },
    (req) => problemPage(req.ctx, ports, req.query),
  )
  app.post(
    '/supervision/problems',
    {
      preValidation: secrecyFirst,
      schema: {
        operationId: 'proposeProblem',
        tags,
        summary: '提出问题，提请会签下达整改',
        'x-authz': { any: finderDuties },
        body: NewProblem,
        response: { 201: Problem, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await proposeProblem(req.ctx, ports, req.body)),
  )
  app.get(
    '/supervision/problems/:id',
    {
      config: { recordsRead: { kind: 'problem' } },
      schema: {
        operationId: 'getProblem',
        tags,
        summary: '问题整改详情',
        'x-authz': { 'signed-in': [] },
        params: IdParams,
        response: { 200: Problem, ...problems },
      },
    },
    async (req) => viewProblem(req.ctx, ports, await readableProblem(req.ctx, req.params.id)),
  )
  app.put(
    '/supervision/problems/:id',
    {
      config,
      preValidation: secrecyFirst,
      schema: {
        operationId: 'changeProblem',
        tags,
        summary: '修改退回的问题',
        'x-authz': { any: finderDuties },
        params: IdParams,
        body: ProblemChange,
        response: { 200: Problem, ...problems },
      },
    },
    (req) => changeProposal(req.ctx, ports, req.params.id, req.body),
  )
  app.post(
    '/supervision/problems/:id/payment-hold',
    {
      config,
      preValidation: secrecyFirst,
      schema: {
        operationId: 'orderPaymentHold',
        tags,
        summary: '决定暂缓支付',
        'x-authz': { any: holdDuties },
        params: IdParams,
        body: HoldDecision,
        response: { 200: Problem, ...problems },
      },
    },
    (req) => orderPaymentHold(req.ctx, ports, req.params.id, req.body),
  )
  app.get(
    '/supervision/problems/:id/trail',
    {
      schema: {
        operationId: 'getProblemTrail',
        tags,
        summary: '问题整改办理记录',
        'x-authz': { 'signed-in': [] },
        params: IdParams,
        querystring: TrailQuery,
        response: { 200: TrailLines, ...problems },
      },
    },
    async (req) => {
      const row = await readableProblem(req.ctx, req.params.id)
      return auditTrail(req.ctx, [{ kind: subjectKind, id: row.id }], req.query)
    },
  )
  await app.register(withheldRoutes, { ports })
}

const withheldRoutes: FastifyPluginAsyncTypebox<{ ports: SupervisionPorts }> = async (app, { ports }) => {
  const config = { mayRead: (ctx: Ctx, params: Record<string, string>) => mayReadWithheld(ctx, params.id) }

  app.get(
    '/supervision/withheld-records',
    {
      schema: {
        operationId: 'listWithheldRecords',
        tags,
        summary: '拒绝、隐匿、瞒报记录',
        'x-authz': { 'signed-in': [] },
        querystring: WithheldQuery,
        response: { 200: PageOf(WithheldRecord), ...problems },
      },
      config: { listColumns: withheldColumns },
    },
    (req) => withheldPage(req.ctx, ports, req.query),
  )
  app.post(
    '/supervision/withheld-records',
    {
      preValidation: secrecyFirst,
      schema: {
        operationId: 'recordWithheld',
        tags,
        summary: '记录拒绝、隐匿、瞒报',
        'x-authz': { any: recorderDuties },
        body: NewWithheldRecord,
        response: { 201: WithheldRecord, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await recordWithheld(req.ctx, ports, req.body)),
  )
  app.get(
    '/supervision/withheld-records/:id',
    {
      config: { recordsRead: { kind: 'withheld-record' } },
      schema: {
        operationId: 'getWithheldRecord',
        tags,
        summary: '拒绝、隐匿、瞒报记录详情',
        'x-authz': { 'signed-in': [] },
        params: IdParams,
        response: { 200: WithheldRecord, ...problems },
      },
    },
    async (req) => viewOne(req.ctx, ports, await readableWithheld(req.ctx, req.params.id)),
  )
  app.post(
    '/supervision/withheld-records/:id/reply',
    {
      config,
      preValidation: secrecyFirst,
      schema: {
        operationId: 'replyToWithheldRecord',
        tags,
        summary: '作出说明',
        'x-authz': { own: builderDuties },
        params: IdParams,
        body: Reply,
        response: { 200: WithheldRecord, ...problems },
      },
    },
    (req) => replyToWithheld(req.ctx, ports, req.params.id, req.body),
  )
  app.post(
    '/supervision/withheld-records/:id/revocation',
    {
      config,
      schema: {
        operationId: 'revokeWithheldRecord',
        tags,
        summary: '撤销记录',
        'x-authz': { own: recorderDuties },
        params: IdParams,
        body: Revocation,
        response: { 200: WithheldRecord, ...problems },
      },
    },
    (req) => revokeWithheld(req.ctx, ports, req.params.id, req.body),
  )
  app.get(
    '/supervision/withheld-records/:id/trail',
    {
      schema: {
        operationId: 'getWithheldRecordTrail',
        tags,
        summary: '拒绝、隐匿、瞒报记录的办理记录',
        'x-authz': { 'signed-in': [] },
        params: IdParams,
        querystring: TrailQuery,
        response: { 200: TrailLines, ...problems },
      },
    },
    async (req) => {
      const row = await readableWithheld(req.ctx, req.params.id)
      return auditTrail(req.ctx, [{ kind: withheldKind, id: row.id }], req.query)
    },
  )
}

async function mayReadProblem(ctx: Ctx, id: string | undefined): Promise<boolean> {
  if (!isId(id)) return false
  const row = await findProblem(ctx, id)
  return row !== undefined && readProblem.allows(ctx.actor, row)
}

async function readableProblem(ctx: Ctx, id: string): Promise<ProblemRow> {
  const row = await findProblem(ctx, id)
  if (!row || !readProblem.allows(ctx.actor, row)) throw notFound('问题')
  return row
}

async function mayReadWithheld(ctx: Ctx, id: string | undefined): Promise<boolean> {
  if (!isId(id)) return false
  const row = await findWithheld(ctx, id)
  return row !== undefined && readWithheldRecord.allows(ctx.actor, row)
}

async function readableWithheld(ctx: Ctx, id: string): Promise<WithheldRow> {
  const row = await findWithheld(ctx, id)
  if (!row || !readWithheldRecord.allows(ctx.actor, row)) throw notFound('记录')
  return row
}

async function problemPage(ctx: Ctx, ports: SupervisionPorts, query: ProblemQuery) {
  const limit = query.limit ?? 50
  const rows = await listProblems(ctx, query, limit, todayInShanghai(ctx.now()))
  const lines = await viewLines(ctx, ports, rows.slice(0, limit))
  return toPage(rows, limit, problemOrder(query).cursorOf, (row) => lines.get(row.id) as ProblemLine)
}

async function withheldPage(ctx: Ctx, ports: SupervisionPorts, query: WithheldQuery) {
  const limit = query.limit ?? 50
  const rows = await listWithheld(ctx, query, limit)
  const views = new Map((await viewWithheld(ctx, ports, rows.slice(0, limit))).map((view) => [view.id, view]))
  return toPage(
    rows,
    limit,
    (row) => [row.number],
    (row) => views.get(row.id) as WithheldRecord,
  )
}
