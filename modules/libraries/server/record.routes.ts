import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Ctx, IdParams, Line, PageOf, PageQuery, problems, Strict } from '@tongchou/kernel'
import { ownLookColumns } from './library.columns.ts'
import { granteeDuties, keeperDuties, providerDuties } from './library.permissions.ts'
import { queryableLibrary } from './library.view.ts'
import { lookPage } from './look.service.ts'
import { ownLookPage } from './own-look.service.ts'
import type { LibrariesPorts } from './ports.ts'
import { AggregateAnswer, AggregateQuery, OwnLook, OwnLookQuery, PersonLook, RecordAnswer, RecordQuery } from './query.api.ts'
import { countRecords, queryRecords } from './records.service.ts'

const tags = ['libraries']

/** Records of base libraries, and who looked at them (数据查询、查阅留痕), under the API's prefix. */
export const recordRoutes: FastifyPluginAsyncTypebox<{ ports: LibrariesPorts }> = async (app, { ports }) => {
  const reading = { any: [...keeperDuties], own: [...providerDuties], granted: [...granteeDuties] }
  const mayRead = async (ctx: Ctx, params: Record<string, string>) =>
    (await queryableLibrary(ctx, ports, params.id).catch(() => undefined)) !== undefined

  app.post(
    '/libraries/:id/queries',
    {
      // The answer is personal data: it is not kept for a repeated request.
      config: { mayRead, ignoresIdempotencyKey: true },
      schema: {
        operationId: 'queryRecords',
        tags,
        summary: '查询基础库数据',
        'x-authz': reading,
        params: IdParams,
        body: RecordQuery,
        response: { 200: RecordAnswer, ...problems },
      },
    },
    async (req) => {
      const { row, grant } = await queryableLibrary(req.ctx, ports, req.params.id, req.body.grant)
      return queryRecords(req.ctx, ports, row, req.body, grant)
    },
  )
  app.post(
    '/libraries/:id/aggregations',
    {
      config: { mayRead, ignoresIdempotencyKey: true },
      schema: {
        operationId: 'aggregateRecords',
        tags,
        summary: '统计基础库数据',
        'x-authz': reading,
        params: IdParams,
        body: AggregateQuery,
        response: { 200: AggregateAnswer, ...problems },
      },
    },
    async (req) => {
      const { row, grant } = await queryableLibrary(req.ctx, ports, req.params.id, req.body.grant)
      return countRecords(req.ctx, ports, row, req.body, grant)
    },
  )
  app.post(
    '/record-looks/search',
    {
      // A person's number does not belong into an address, which is written down on its way.
      config: { ignoresIdempotencyKey: true },
      schema: {
        operationId: 'searchPersonLooks',
        tags,
        summary: '按公民身份号码查谁查阅过数据',
        'x-authz': { any: ['audit', 'audit-admin'] },
        body: Strict({ identifier: Line(40), ...PageQuery }),
        response: { 200: PageOf(PersonLook), ...problems },
      },
    },
    (req) => lookPage(req.ctx, ports, req.body),
  )
  app.get(
    '/record-looks/own',
    {
      // Opened by the relation to oneself; a post with the duty is nobody's person.
      config: { listColumns: ownLookColumns, recordsRead: { kind: 'person-looks', id: 'own' } },
      schema: {
        operationId: 'listOwnLooks',
        tags,
        summary: '谁查看了我的数据',
        'x-authz': { own: ['citizen'] },
        querystring: OwnLookQuery,
        response: { 200: PageOf(OwnLook), ...problems },
      },
    },
    (req) => ownLookPage(req.ctx, ports, req.query),
  )
}
