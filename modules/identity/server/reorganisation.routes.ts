import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdParams, PageOf, PageQuery, problems, Strict } from '@tongchou/kernel'
import { moveColumns, reorganisationColumns } from './identity.columns.ts'
import { Move, MoveQuery, NewReorganisation, Reorganisation, ReorganisationPreview } from './reorganisation.schema.ts'
import {
  cancelReorganisation,
  movesOf,
  orderReorganisation,
  previewReorganisation,
  type ReorganisationPorts,
  reorganisationExists,
} from './reorganisation.service.ts'
import { listReorganisations } from './reorganisation.store.ts'

const tags = ['identity']
const administered = { 'x-authz': { any: ['system-admin'] } }
const looked = { 'x-authz': { any: ['system-admin', 'audit-admin'] } }

/** 组织调整: ordered by the system administrator by a document; what went where can be looked up by the auditor too. */
export const reorganisationRoutes: FastifyPluginAsyncTypebox<{ ports: ReorganisationPorts }> = async (app, { ports }) => {
  app.get(
    '/reorganisations',
    {
      schema: {
        operationId: 'listReorganisations',
        tags,
        summary: '组织调整列表',
        ...looked,
        querystring: Strict({ ...PageQuery }),
        response: { 200: PageOf(Reorganisation), ...problems },
      },
      config: { listColumns: reorganisationColumns },
    },
    (request) => listReorganisations(request.ctx, request.query),
  )

  app.get(
    '/reorganisations/:id/moves',
    {
      schema: {
        operationId: 'listReorganisationMoves',
        tags,
        summary: '组织调整移交清单',
        ...looked,
        params: IdParams,
        querystring: MoveQuery,
        response: { 200: PageOf(Move), ...problems },
      },
      config: { listColumns: moveColumns },
    },
    (request) => movesOf(request.ctx, request.params.id, request.query),
  )

  app.post(
    '/reorganisations/preview',
    {
      schema: {
        operationId: 'previewReorganisation',
        tags,
        summary: '预览组织调整',
        ...administered,
        body: NewReorganisation,
        response: { 200: ReorganisationPreview, ...problems },
      },
      config: { limited: 'expensive', storesNothing: true },
    },
    (request) => previewReorganisation(request.ctx, ports, request.body),
  )

  app.post(
    '/reorganisations',
    {
      schema: {
        operationId: 'orderReorganisation',
        tags,
        summary: '办理组织调整',
        ...administered,
        body: NewReorganisation,
        response: { 201: Reorganisation, ...problems },
      },
    },
    async (request, reply) => reply.status(201).send(await orderReorganisation(request.ctx, ports, request.body)),
  )

  app.post(
    '/reorganisations/:id/cancel',
    {
      schema: {
        operationId: 'cancelReorganisation',
        tags,
        summary: '撤销待生效的组织调整',
        ...administered,
        params: IdParams,
        response: { 200: Reorganisation, ...problems },
      },
      config: { mayRead: async (ctx, params) => ctx.actor.roles.has('audit-admin') && reorganisationExists(ctx, params.id ?? '') },
    },
    (request) => cancelReorganisation(request.ctx, request.params.id),
  )
}
