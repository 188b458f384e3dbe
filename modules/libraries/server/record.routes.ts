import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Ctx, IdParams, InvalidState, Line, PageOf, PageQuery, Problem, problems, Strict } from '@tongchou/kernel'
import { ownLookColumns } from './library.columns.ts'
import { granteeDuties, keeperDuties, providerDuties } from './library.permissions.ts'
import { queryableInterface, queryableLibrary } from './library.view.ts'
import { lookPage } from './look.service.ts'
import { ownLookPage } from './own-look.service.ts'
import { queryThrough } from './passing.service.ts'
import type { LibrariesPorts } from './ports.ts'
import { AggregateAnswer, AggregateQuery, OwnLook, OwnLookQuery, PersonLook, RecordAnswer, RecordQuery } from './query.api.ts'
import { countRecords, queryRecords } from './records.service.ts'

const tags = ['libraries']

/** Records of base libraries, and who looked at them (数据查询、查阅留痕), under the API's prefix. */
export const recordRoutes: FastifyPluginAsyncTypebox<{ ports: LibrariesPorts }> = async (app, { ports }) => {
  const reading = { any: [...keeperDuties], own: [...providerDuties], granted: [...granteeDuties] }
  const mayRead = async (ctx: Ctx, params: Record<string, string>) => (await queryable(ctx, params.id).catch(() => undefined)) !== undefined
  const queryable = async (ctx: Ctx, id: string | undefined, grant?: string) =>
    (await queryableInterface(ctx, ports, id, grant)) ?? (await queryableLibrary(ctx, ports, id, grant))

  app.post(
    '/libraries/:id/queries',
    {
      // The answer is personal data: it is not kept for a repeated request.
      config: { mayRead, ignoresIdempotencyKey: true },
      schema: {
        operationId: 'queryRecords',
        tags,
        summary: '查询基础库数据，或者由提供方的接口答复的数据',
        description:
          '按授权查询的，业务系统以本单位岗位的令牌调用（POST /api/v1/tokens，权限范围 libraries、可办理），id 为目录，grant 为授权，不填的依最早的有效授权。只答复授权的信息项和记录。由提供方的接口答复的，只能按接口登记的查询条件筛选，502、503、504 为提供方的故障。',
        'x-authz': reading,
        params: IdParams,
        body: RecordQuery,
        // The last three where a department's interface answers: it does not, it is not asked now, it is too slow.
        response: { 200: RecordAnswer, ...problems, 502: Problem, 503: Problem, 504: Problem },
      },
    },
    async (req) => {
      const found = await queryable(req.ctx, req.params.id, req.body.grant)
      return 'passing' in found
        ? queryThrough(req.ctx, ports, found.passing, req.body, found.grant)
        : queryRecords(req.ctx, ports, found.row, req.body, found.grant)
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
      const found = await queryable(req.ctx, req.params.id, req.body.grant)
      if ('passing' in found)
        throw new InvalidState(
          'libraries.not_collected',
          `“${found.passing.title}”由提供方的接口答复，平台没有其数据，不能统计。请按条件查询。`,
        )
      return countRecords(req.ctx, ports, found.row, req.body, found.grant)
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
