import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { auditTrail, type Ctx, IdParams, PageOf, problems, TrailLines, TrailQuery, toPage } from '@tongchou/kernel'
import { Type } from 'typebox'
import { changeGrant, readableGrant, renewGrant } from './grant.service.ts'
import { listGrants } from './grant.store.ts'
import { toGrantLine, viewGrant } from './grant.view.ts'
import type { SharingPorts } from './ports.ts'
import {
  abandonRequest,
  disputeDecision,
  draftRequest,
  editRequest,
  offerOf,
  proposeDecision,
  readableRequest,
  submitRequestOf,
} from './request.service.ts'
import { listRequests } from './request.store.ts'
import { requestKind, toRequestLine, viewRequest } from './request.view.ts'
import { grantKind } from './settle.ts'
import { grantColumns, requestColumns } from './sharing.columns.ts'
import { departmentDuties, keeperDuties, overseerDuties, stewardDuties, writerDuties } from './sharing.permissions.ts'
import {
  Dispute,
  Grant,
  GrantChange,
  GrantLine,
  GrantQuery,
  NewRequest,
  Offer,
  ProposedDecision,
  RequestEdit,
  RequestLine,
  RequestQuery,
  RequestVersion,
  SharingRequest,
} from './sharing.schema.ts'

const tags = ['sharing']

/** Requests and grants (共享申请、授权) under the API's prefix. */
export const sharingRoutes: FastifyPluginAsyncTypebox<{ ports: SharingPorts }> = async (app, { ports }) => {
  const reading = { own: [...departmentDuties], any: [...overseerDuties] }
  const writing = { own: [...writerDuties] }
  const onRequest = { mayRead: (ctx: Ctx, params: Record<string, string>) => exists(readableRequest(ctx, params.id)) }
  const onGrant = { mayRead: (ctx: Ctx, params: Record<string, string>) => exists(readableGrant(ctx, params.id)) }

  app.get(
    '/sharing/offers/:id',
    {
      schema: {
        operationId: 'getSharingOffer',
        tags,
        summary: '可申请的信息项和答复期限',
        'x-authz': reading,
        params: IdParams,
        response: { 200: Offer, ...problems },
      },
      // What is registered is open to everybody who may ask at all.
      config: { mayRead: async () => false },
    },
    (req) => offerOf(req.ctx, ports, req.params.id),
  )
  app.get(
    '/sharing/requests',
    {
      schema: {
        operationId: 'listSharingRequests',
        tags,
        summary: '供需对接清单',
        'x-authz': reading,
        querystring: RequestQuery,
        response: { 200: PageOf(RequestLine), ...problems },
      },
      config: { listColumns: requestColumns },
    },
    (req) => requestPage(req.ctx, ports, req.query),
  )
  app.post(
    '/sharing/requests',
    {
      schema: {
        operationId: 'draftSharingRequest',
        tags,
        summary: '起草共享申请',
        'x-authz': writing,
        body: NewRequest,
        response: { 201: SharingRequest, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await draftRequest(req.ctx, ports, req.body)),
  )
  app.get(
    '/sharing/requests/:id',
    {
      config: { ...onRequest, recordsRead: { kind: requestKind } },
      schema: {
        operationId: 'getSharingRequest',
        tags,
        summary: '共享申请详情',
        'x-authz': reading,
        params: IdParams,
        response: { 200: SharingRequest, ...problems },
      },
    },
    async (req) => viewRequest(req.ctx, ports, await readableRequest(req.ctx, req.params.id)),
  )
  app.put(
    '/sharing/requests/:id',
    {
      config: onRequest,
      schema: {
        operationId: 'editSharingRequest',
        tags,
        summary: '修改共享申请',
        'x-authz': writing,
        params: IdParams,
        body: RequestEdit,
        response: { 200: SharingRequest, ...problems },
      },
    },
    (req) => editRequest(req.ctx, ports, req.params.id, req.body),
  )
  app.post(
    '/sharing/requests/:id/submission',
    {
      config: onRequest,
      schema: {
        operationId: 'submitSharingRequest',
        tags,
        summary: '提交共享申请',
        'x-authz': { own: [...stewardDuties] },
        params: IdParams,
        body: RequestVersion,
        response: { 200: SharingRequest, ...problems },
      },
    },
    (req) => submitRequestOf(req.ctx, ports, req.params.id, req.body.version),
  )
  app.post(
    '/sharing/requests/:id/abandonment',
    {
      config: onRequest,
      schema: {
        operationId: 'abandonSharingRequest',
        tags,
        summary: '撤回未立案的共享申请',
        'x-authz': writing,
        params: IdParams,
        body: RequestVersion,
        response: { 200: SharingRequest, ...problems },
      },
    },
    (req) => abandonRequest(req.ctx, ports, req.params.id, req.body.version),
  )
  app.put(
    '/sharing/requests/:id/decision',
    {
      config: onRequest,
      schema: {
        operationId: 'proposeSharingDecision',
        tags,
        summary: '填写共享申请的决定',
        'x-authz': { own: [...stewardDuties], any: [...keeperDuties] },
        params: IdParams,
        body: ProposedDecision,
        response: { 200: SharingRequest, ...problems },
      },
    },
    (req) => proposeDecision(req.ctx, ports, req.params.id, req.body),
  )
  app.post(
    '/sharing/requests/:id/dispute',
    {
      config: onRequest,
      schema: {
        operationId: 'disputeSharingDecision',
        tags,
        summary: '对不予共享、部分授权提出争议',
        'x-authz': { own: [...stewardDuties] },
        params: IdParams,
        body: Dispute,
        response: { 200: SharingRequest, ...problems },
      },
    },
    (req) => disputeDecision(req.ctx, ports, req.params.id, req.body.version, req.body.reason),
  )
  app.get(
    '/sharing/requests/:id/trail',
    {
      config: onRequest,
      schema: {
        operationId: 'getSharingRequestTrail',
        tags,
        summary: '共享申请办理记录',
        'x-authz': reading,
        params: IdParams,
        querystring: TrailQuery,
        response: { 200: TrailLines, ...problems },
      },
    },
    async (req) => auditTrail(req.ctx, [{ kind: requestKind, id: (await readableRequest(req.ctx, req.params.id)).id }], req.query),
  )
  app.get(
    '/sharing/grants',
    {
      schema: {
        operationId: 'listSharingGrants',
        tags,
        summary: '授权清单',
        'x-authz': reading,
        querystring: GrantQuery,
        response: { 200: PageOf(GrantLine), ...problems },
      },
      config: { listColumns: grantColumns },
    },
    (req) => grantPage(req.ctx, ports, req.query),
  )
  app.get(
    '/sharing/grants/:id',
    {
      config: { ...onGrant, recordsRead: { kind: grantKind } },
      schema: {
        operationId: 'getSharingGrant',
        tags,
        summary: '授权详情',
        'x-authz': reading,
        params: IdParams,
        response: { 200: Grant, ...problems },
      },
    },
    async (req) => viewGrant(req.ctx, ports, (await readableGrant(req.ctx, req.params.id)).id),
  )
  app.post(
    '/sharing/grants/:id/state',
    {
      config: onGrant,
      schema: {
        operationId: 'changeSharingGrant',
        tags,
        summary: '暂停、恢复、收回授权',
        'x-authz': { own: [...stewardDuties], any: [...keeperDuties] },
        params: IdParams,
        body: GrantChange,
        response: { 200: Grant, ...problems },
      },
    },
    (req) => changeGrant(req.ctx, ports, req.params.id, req.body),
  )
  app.post(
    '/sharing/grants/:id/renewals',
    {
      config: onGrant,
      schema: {
        operationId: 'renewSharingGrant',
        tags,
        summary: '申请续期',
        'x-authz': writing,
        params: IdParams,
        body: Type.Optional(Type.Object({}, { additionalProperties: false })),
        response: { 201: SharingRequest, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await renewGrant(req.ctx, ports, req.params.id)),
  )
  app.get(
    '/sharing/grants/:id/trail',
    {
      config: onGrant,
      schema: {
        operationId: 'getSharingGrantTrail',
        tags,
        summary: '授权办理记录',
        'x-authz': reading,
        params: IdParams,
        querystring: TrailQuery,
        response: { 200: TrailLines, ...problems },
      },
    },
    async (req) => auditTrail(req.ctx, [{ kind: grantKind, id: (await readableGrant(req.ctx, req.params.id)).id }], req.query),
  )
}

const exists = (found: Promise<unknown>): Promise<boolean> =>
  found.then(
    () => true,
    () => false,
  )

async function requestPage(ctx: Ctx, ports: SharingPorts, query: RequestQuery) {
  const limit = query.limit ?? 50
  const rows = await listRequests(ctx, query, limit)
  const names = await ports.organisations.organisations(ctx, [...new Set(rows.flatMap((row) => [row.org_id, row.provider_org_id]))])
  return toPage(
    rows,
    limit,
    (row) => [row.number],
    (row) => toRequestLine(ctx, row, names),
  )
}

async function grantPage(ctx: Ctx, ports: SharingPorts, query: GrantQuery) {
  const limit = query.limit ?? 50
  const rows = await listGrants(ctx, query, limit)
  const names = await ports.organisations.organisations(ctx, [...new Set(rows.flatMap((row) => [row.org_id, row.provider_org_id]))])
  return toPage(
    rows,
    limit,
    (row) => [row.number],
    (row) => toGrantLine(ctx, row, names),
  )
}
