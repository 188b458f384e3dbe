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
  toPage,
} from '@tongchou/kernel'
import { amendmentColumns } from './amendment.columns.ts'
import {
  Amendment,
  AmendmentLine,
  AmendmentQuery,
  AmendmentVersion,
  ChangeEdit,
  NewChange,
  NewWithdrawal,
  WithdrawalEdit,
} from './amendment.schema.ts'
import { abandonAmendment, submitAmendment } from './amendment.service.ts'
import { findAmendment, listAmendments } from './amendment.store.ts'
import { amendmentSubjects, toAmendmentLine, viewAmendment } from './amendment.view.ts'
import { editChange, openChange } from './change.service.ts'
import type { CatalogPorts } from './ports.ts'
import { compilerDuties, readResource, readWorkings } from './resource.permissions.ts'
import { findResource } from './resource.store.ts'
import type { AmendmentRow } from './resource.tables.ts'
import { editWithdrawal, openWithdrawal } from './withdrawal.service.ts'

const tags = ['catalog']

/** Changes and withdrawals of published entries (目录变更、目录撤销): `/catalog/amendments`, begun at the entry. */
export const amendmentRoutes: FastifyPluginAsyncTypebox<{ ports: CatalogPorts }> = async (app, { ports }) => {
  const ofEntry = { mayRead: (ctx: Ctx, params: Record<string, string>) => mayReadEntry(ctx, params.id) }
  const config = { mayRead: (ctx: Ctx, params: Record<string, string>) => mayRead(ctx, params.id) }
  const compilers = { own: compilerDuties }
  const steward = { own: ['data-steward'] as const }

  app.post(
    '/catalog/resources/:id/changes',
    {
      config: ofEntry,
      preValidation: secrecyFirst,
      schema: {
        operationId: 'openCatalogChange',
        tags,
        summary: '变更已登记的目录',
        'x-authz': compilers,
        params: IdParams,
        body: NewChange,
        response: { 201: Amendment, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await openChange(req.ctx, ports, req.params.id, req.body)),
  )
  app.post(
    '/catalog/resources/:id/withdrawals',
    {
      config: ofEntry,
      schema: {
        operationId: 'openCatalogWithdrawal',
        tags,
        summary: '申请撤销已登记的目录',
        'x-authz': steward,
        params: IdParams,
        body: NewWithdrawal,
        response: { 201: Amendment, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await openWithdrawal(req.ctx, ports, req.params.id, req.body)),
  )
  app.get(
    '/catalog/amendments',
    {
      schema: {
        operationId: 'listCatalogAmendments',
        tags,
        summary: '目录变更和撤销清单',
        'x-authz': { 'signed-in': [] },
        querystring: AmendmentQuery,
        response: { 200: PageOf(AmendmentLine), ...problems },
      },
      config: { listColumns: amendmentColumns },
    },
    (req) => listPage(req.ctx, ports, req.query),
  )
  app.get(
    '/catalog/amendments/:id',
    {
      config: { recordsRead: { kind: 'catalog-amendment' } },
      schema: {
        operationId: 'getCatalogAmendment',
        tags,
        summary: '目录变更或撤销详情',
        'x-authz': { 'signed-in': [] },
        params: IdParams,
        response: { 200: Amendment, ...problems },
      },
    },
    async (req) => viewAmendment(req.ctx, ports, await readable(req.ctx, req.params.id)),
  )
  app.put(
    '/catalog/amendments/:id/change',
    {
      config,
      preValidation: secrecyFirst,
      schema: {
        operationId: 'editCatalogChange',
        tags,
        summary: '修改目录变更的内容',
        'x-authz': compilers,
        params: IdParams,
        body: ChangeEdit,
        response: { 200: Amendment, ...problems },
      },
    },
    (req) => editChange(req.ctx, ports, req.params.id, req.body),
  )
  app.put(
    '/catalog/amendments/:id/withdrawal',
    {
      config,
      schema: {
        operationId: 'editCatalogWithdrawal',
        tags,
        summary: '修改目录撤销申请',
        'x-authz': steward,
        params: IdParams,
        body: WithdrawalEdit,
        response: { 200: Amendment, ...problems },
      },
    },
    (req) => editWithdrawal(req.ctx, ports, req.params.id, req.body),
  )
  app.post(
    '/catalog/amendments/:id/submission',
    {
      config,
      schema: {
        operationId: 'submitCatalogAmendment',
        tags,
        summary: '提交目录变更或撤销审核',
        'x-authz': steward,
        params: IdParams,
        body: AmendmentVersion,
        response: { 200: Amendment, ...problems },
      },
    },
    (req) => submitAmendment(req.ctx, ports, req.params.id, req.body.version),
  )
  app.post(
    '/catalog/amendments/:id/abandonment',
    {
      config,
      schema: {
        operationId: 'abandonCatalogAmendment',
        tags,
        summary: '撤回未立案的目录变更或撤销申请',
        'x-authz': compilers,
        params: IdParams,
        body: AmendmentVersion,
        response: { 200: Amendment, ...problems },
      },
    },
    (req) => abandonAmendment(req.ctx, ports, req.params.id, req.body.version),
  )
  app.get(
    '/catalog/amendments/:id/trail',
    {
      schema: {
        operationId: 'getCatalogAmendmentTrail',
        tags,
        summary: '目录变更或撤销办理记录',
        'x-authz': { 'signed-in': [] },
        params: IdParams,
        querystring: TrailQuery,
        response: { 200: TrailLines, ...problems },
      },
    },
    async (req) => {
      const row = await readable(req.ctx, req.params.id)
      // Refused attempts stand under the name of the address.
      const kinds = [amendmentSubjects[row.kind], 'catalog-amendment']
      return auditTrail(
        req.ctx,
        kinds.map((kind) => ({ kind, id: row.id })),
        req.query,
      )
    },
  )
}

async function mayReadEntry(ctx: Ctx, id: string | undefined): Promise<boolean> {
  const row = isId(id) ? await findResource(ctx, id) : undefined
  return row !== undefined && readResource.allows(ctx.actor, row)
}

async function mayRead(ctx: Ctx, id: string | undefined): Promise<boolean> {
  return isId(id) && (await found(ctx, id)) !== undefined
}

async function readable(ctx: Ctx, id: string): Promise<AmendmentRow> {
  const row = await found(ctx, id)
  if (!row) throw notFound('目录变更')
  return row
}

/** A change is part of the workings of its entry: whoever may see those. */
async function found(ctx: Ctx, id: string): Promise<AmendmentRow | undefined> {
  const row = await findAmendment(ctx, id)
  const entry = row && (await findResource(ctx, row.resource_id))
  return entry && readWorkings.allows(ctx.actor, entry) ? row : undefined
}

async function listPage(ctx: Ctx, ports: CatalogPorts, query: AmendmentQuery) {
  const limit = query.limit ?? 50
  const rows = await listAmendments(ctx, query, limit)
  const orgs = await ports.organisations.organisations(ctx, [...new Set(rows.map((row) => row.org_id))])
  return toPage(
    rows,
    limit,
    (row) => [row.number],
    (row) => toAmendmentLine(row, orgs.get(row.org_id)?.name ?? row.org_id),
  )
}
