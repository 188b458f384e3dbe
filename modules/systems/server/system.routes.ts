import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  auditTrail,
  type Ctx,
  IdParams,
  isId,
  notFound,
  PageOf,
  PageQuery,
  problems,
  Strict,
  secrecyFirst,
  TrailLines,
  TrailQuery,
  toPage,
} from '@tongchou/kernel'
import { answerFacts, requestConfirmation, returnConfirmation } from './confirmation.service.ts'
import type { SystemsPorts } from './ports.ts'
import { recordProtection } from './protection.service.ts'
import { changeStatus, describeSystem, registerSystem } from './register.service.ts'
import { systemColumns } from './system.columns.ts'
import { readSystem, registrarDuties } from './system.permissions.ts'
import {
  AnswerLine,
  Answers,
  ConfirmationRequest,
  ConfirmationReturn,
  Description,
  ProtectionInput,
  Registration,
  StatusChange,
  System,
  SystemLine,
  SystemQuery,
} from './system.schema.ts'
import { answersOf, findSystem, listSystems, systemOrder } from './system.store.ts'
import type { SystemRow } from './system.tables.ts'
import { toAnswerLine, viewLines, viewSystem } from './system.view.ts'

const tags = ['systems']

/** The register of information systems (信息系统): `/systems` under the API's prefix. */
export const systemRoutes: FastifyPluginAsyncTypebox<{ ports: SystemsPorts }> = async (app, { ports }) => {
  const config = { mayRead: (ctx: Ctx, params: Record<string, string>) => mayRead(ctx, params.id) }
  const own = { own: registrarDuties }
  const center = { any: ['big-data-center'] }

  app.get(
    '/systems',
    {
      schema: {
        operationId: 'listSystems',
        tags,
        summary: '信息系统清单',
        'x-authz': { 'signed-in': [] },
        querystring: SystemQuery,
        response: { 200: PageOf(SystemLine), ...problems },
      },
      config: { listColumns: systemColumns },
    },
    (req) => listPage(req.ctx, ports, req.query),
  )
  app.post(
    '/systems',
    {
      preValidation: secrecyFirst,
      schema: {
        operationId: 'registerSystem',
        tags,
        summary: '登记信息系统',
        'x-authz': own,
        body: Registration,
        response: { 201: System, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await registerSystem(req.ctx, ports, req.body)),
  )
  app.get(
    '/systems/:id',
    {
      config: { recordsRead: { kind: 'system' } },
      schema: {
        operationId: 'getSystem',
        tags,
        summary: '信息系统详情',
        'x-authz': { 'signed-in': [] },
        params: IdParams,
        response: { 200: System, ...problems },
      },
    },
    async (req) => viewSystem(req.ctx, ports, await readable(req.ctx, req.params.id)),
  )
  app.put(
    '/systems/:id',
    {
      config,
      preValidation: secrecyFirst,
      schema: {
        operationId: 'describeSystem',
        tags,
        summary: '修改信息系统登记内容',
        'x-authz': own,
        params: IdParams,
        body: Description,
        response: { 200: System, ...problems },
      },
    },
    (req) => describeSystem(req.ctx, ports, req.params.id, req.body),
  )
  app.post(
    '/systems/:id/status',
    {
      config,
      schema: {
        operationId: 'changeSystemStatus',
        tags,
        summary: '变更信息系统状态',
        'x-authz': own,
        params: IdParams,
        body: StatusChange,
        response: { 200: System, ...problems },
      },
    },
    (req) => changeStatus(req.ctx, ports, req.params.id, req.body),
  )
  app.post(
    '/systems/:id/confirmation-requests',
    {
      config,
      schema: {
        operationId: 'requestSystemConfirmation',
        tags,
        summary: '申请确认',
        'x-authz': own,
        params: IdParams,
        body: ConfirmationRequest,
        response: { 200: System, ...problems },
      },
    },
    (req) => requestConfirmation(req.ctx, ports, req.params.id, req.body),
  )
  app.post(
    '/systems/:id/answers',
    {
      config,
      schema: {
        operationId: 'answerSystemFacts',
        tags,
        summary: '填写核实结果',
        'x-authz': center,
        params: IdParams,
        body: Answers,
        response: { 200: System, ...problems },
      },
    },
    (req) => answerFacts(req.ctx, ports, req.params.id, req.body),
  )
  app.get(
    '/systems/:id/answers',
    {
      schema: {
        operationId: 'listSystemAnswers',
        tags,
        summary: '核实记录',
        'x-authz': { 'signed-in': [] },
        params: IdParams,
        querystring: Strict(PageQuery),
        response: { 200: PageOf(AnswerLine), ...problems },
      },
    },
    async (req) => {
      const system = await readable(req.ctx, req.params.id)
      const limit = req.query.limit ?? 50
      return toPage(await answersOf(req.ctx, system.id, limit, req.query.cursor), limit, (row) => [row.seq], toAnswerLine)
    },
  )
  app.post(
    '/systems/:id/confirmation-returns',
    {
      config,
      schema: {
        operationId: 'returnSystemConfirmation',
        tags,
        summary: '退回确认申请',
        'x-authz': center,
        params: IdParams,
        body: ConfirmationReturn,
        response: { 200: System, ...problems },
      },
    },
    (req) => returnConfirmation(req.ctx, ports, req.params.id, req.body),
  )
  app.post(
    '/systems/:id/protection',
    {
      config,
      schema: {
        operationId: 'recordSystemProtection',
        tags,
        summary: '申报或确认保护等级',
        'x-authz': { own: registrarDuties, any: ['public-security'] },
        params: IdParams,
        body: ProtectionInput,
        response: { 200: System, ...problems },
      },
    },
    (req) => recordProtection(req.ctx, ports, req.params.id, req.body),
  )
  app.get(
    '/systems/:id/trail',
    {
      schema: {
        operationId: 'getSystemTrail',
        tags,
        summary: '信息系统办理记录',
        'x-authz': { 'signed-in': [] },
        params: IdParams,
        querystring: TrailQuery,
        response: { 200: TrailLines, ...problems },
      },
    },
    async (req) => {
      const system = await readable(req.ctx, req.params.id)
      return auditTrail(req.ctx, [{ kind: 'system', id: system.id }], req.query)
    },
  )
}

async function mayRead(ctx: Ctx, id: string | undefined): Promise<boolean> {
  if (!isId(id)) return false
  const row = await findSystem(ctx, id)
  return row !== undefined && readSystem.allows(ctx.actor, row)
}

async function readable(ctx: Ctx, id: string): Promise<SystemRow> {
  const row = await findSystem(ctx, id)
  if (!row || !readSystem.allows(ctx.actor, row)) throw notFound('信息系统')
  return row
}

async function listPage(ctx: Ctx, ports: SystemsPorts, query: SystemQuery) {
  const limit = query.limit ?? 50
  const rows = await listSystems(ctx, query, limit)
  const lines = await viewLines(ctx, ports, rows.slice(0, limit))
  return toPage(rows, limit, systemOrder(query).cursorOf, (row) => lines.get(row.id) as SystemLine)
}
