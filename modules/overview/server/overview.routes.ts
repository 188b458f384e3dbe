import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { problems, Strict } from '@tongchou/kernel'
import { Type } from 'typebox'
import type { OverviewPorts } from '../ports.ts'
import { Overview } from './overview.schema.ts'
import { readOverview } from './overview.service.ts'

/** 领导一页, for those who coordinate, decide and answer for the whole. */
export const overviewRoutes: FastifyPluginAsyncTypebox<{ ports: OverviewPorts }> = async (app, { ports }) => {
  app.get(
    '/overview',
    {
      schema: {
        operationId: 'readOverview',
        tags: ['overview'],
        summary: '领导一页',
        'x-authz': { any: ['vice-mayor', 'city-government', 'big-data-center'] },
        querystring: Strict({ year: Type.Optional(Type.Integer({ minimum: 2000, maximum: 2100 })) }),
        response: { 200: Overview, ...problems },
      },
    },
    (request) => readOverview(request.ctx, ports, request.query.year ?? null),
  )
}
