import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { PageOf, pageWithin, problems } from '@tongchou/kernel'
import { ClassChange, ClassLine, ClassParams, ClassQuery, NewClass } from './class.schema.ts'
import { addClass, changeClass, toClassLine } from './class.service.ts'
import { classRows } from './class.store.ts'

const tags = ['catalog']

/** Classes of resources (信息资源分类): `/catalog/classes` under the API's prefix. */
export const classRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const keepers = { any: ['big-data-center'] }

  app.get(
    '/catalog/classes',
    {
      schema: {
        operationId: 'listCatalogClasses',
        tags,
        summary: '信息资源分类目录',
        'x-authz': { 'signed-in': [] },
        querystring: ClassQuery,
        response: { 200: PageOf(ClassLine), ...problems },
      },
    },
    async (req) => pageWithin((await classRows(req.ctx)).map(toClassLine), req.query),
  )
  app.post(
    '/catalog/classes',
    {
      schema: {
        operationId: 'addCatalogClass',
        tags,
        summary: '增设信息资源分类',
        'x-authz': keepers,
        body: NewClass,
        response: { 201: ClassLine, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await addClass(req.ctx, req.body)),
  )
  app.put(
    '/catalog/classes/:id',
    {
      config: { mayRead: async (ctx, { id }) => (await classRows(ctx)).some((row) => row.code === id) },
      schema: {
        operationId: 'changeCatalogClass',
        tags,
        summary: '修改、停用或恢复信息资源分类',
        'x-authz': keepers,
        params: ClassParams,
        body: ClassChange,
        response: { 200: ClassLine, ...problems },
      },
    },
    (req) => changeClass(req.ctx, req.params.id, req.body),
  )
}
