import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Line, Nullable, PageQuery, problems, type SearchPort, Strict } from '@tongchou/kernel'
import { Type } from 'typebox'
import { search } from './search.service.ts'

const SearchHit = Type.Object({
  kind: Type.String(),
  id: Type.String(),
  title: Type.String(),
  note: Nullable(Type.String()),
  href: Type.String(),
})

/** 搜索 over all modules: `/search` under the API's prefix. `ports` are the kinds, in the order they are shown. */
export const searchRoutes: FastifyPluginAsyncTypebox<{ ports: readonly SearchPort[] }> = async (app, { ports }) => {
  app.get(
    '/search',
    {
      config: { limited: 'expensive' },
      schema: {
        operationId: 'search',
        tags: ['search'],
        summary: '搜索',
        description: '各类事项按当前岗位可以查看的范围搜索。多个词以空格分开，须同时出现；只查一类时可以翻页。',
        'x-authz': { 'signed-in': [] },
        querystring: Strict({
          ...PageQuery,
          q: Line(100),
          kinds: Type.Optional(Type.String({ pattern: '^[a-z-]{1,40}(,[a-z-]{1,40}){0,19}$', description: '类别，以逗号分开' })),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(SearchHit),
            nextCursor: Nullable(Type.String()),
            groups: Type.Array(Type.Object({ kind: Type.String(), title: Type.String(), count: Type.Integer(), more: Type.Boolean() })),
            words: Type.Array(Type.String({ description: '实际查找的词' })),
          }),
          ...problems,
        },
      },
    },
    (req) => search(req.ctx, ports, req.query),
  )
}
