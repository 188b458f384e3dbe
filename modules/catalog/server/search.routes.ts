import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { problems } from '@tongchou/kernel'
import type { CatalogPorts } from './ports.ts'
import { CatalogSearchAnswer, CatalogSearchQuery } from './search.schema.ts'
import { searchCatalog } from './search.service.ts'

/** 查找目录: `GET /catalog/search` under the API's prefix. */
export const catalogSearchRoutes: FastifyPluginAsyncTypebox<{ ports: CatalogPorts }> = async (app, { ports }) => {
  app.get(
    '/catalog/search',
    {
      config: { limited: 'expensive' },
      schema: {
        operationId: 'searchCatalog',
        tags: ['catalog'],
        summary: '查找目录',
        description: '按名称、代码、提供方、信息项、摘要和拼音查找当前岗位可以查看的目录，附分面计数。',
        'x-authz': { 'signed-in': [] },
        querystring: CatalogSearchQuery,
        response: { 200: CatalogSearchAnswer, ...problems },
      },
    },
    (req) => searchCatalog(req.ctx, ports, req.query),
  )
}
