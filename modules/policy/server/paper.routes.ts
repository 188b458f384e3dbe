import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Nullable, OneOf, type PapersPort, problems, Strict, todayInShanghai } from '@tongchou/kernel'
import { Type } from 'typebox'
import { AsOfQuery } from './policy.schema.ts'
import { PART_KINDS } from './vocabulary.ts'

const Paper = Type.Object({
  id: Type.String(),
  title: Type.String(),
  issued: Nullable(Type.Object({ issuer: Type.String(), agencyWord: Type.String(), offices: Type.Array(Type.String()) })),
  parts: Type.Array(
    Type.Object({
      kind: OneOf(PART_KINDS),
      title: Type.String(),
      slot: Nullable(Type.String()),
      to: Nullable(Type.String()),
      paragraphs: Type.Array(Type.String()),
    }),
  ),
})

/** How the city's papers (文书) read, for the pages that print them. Registered under `/api/v1`. */
export const paperRoutes: FastifyPluginAsyncTypebox<{ papers: PapersPort }> = async (app, { papers }) => {
  app.get(
    '/papers/:paper',
    {
      schema: {
        operationId: 'getPaper',
        tags: ['policy'],
        summary: '文书格式',
        'x-authz': { 'signed-in': [] },
        params: Strict({ paper: Type.String() }),
        querystring: AsOfQuery,
        response: { 200: Paper, ...problems },
      },
    },
    async ({ ctx, params, query }) => {
      const { id, title, issued, parts } = papers.paper(params.paper, query.asOf ?? todayInShanghai(ctx.now()))
      return {
        id,
        title,
        issued: issued && { ...issued, offices: [...issued.offices] },
        parts: parts.map((part) => ({ ...part, paragraphs: [...part.paragraphs] })),
      }
    },
  )
}
