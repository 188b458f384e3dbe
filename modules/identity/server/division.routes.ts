import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  type Division,
  NotFound,
  PageOf,
  PageQuery,
  pageWithin,
  problems,
  resolveDivision,
  Strict,
  searchDivisions,
  todayInShanghai,
} from '@tongchou/kernel'
import { Type } from 'typebox'
import { identityDb } from './identity.tables.ts'
import { divisionsOfOffices } from './organisation.store.ts'

const tags = ['identity']
/** As published by the state; also for people outside the offices. */
const signedIn = { tags, 'x-authz': { 'signed-in': [] }, 'x-outside': true }

/** An administrative division (行政区划, GB/T 2260) for whoever chooses one. */
const DivisionLine = Type.Object({
  id: Type.String({ description: '行政区划代码' }),
  name: Type.String(),
  within: Type.String({ description: '所属省、市，自上而下' }),
  inUse: Type.Boolean({ description: '现仍使用；否则代码已变更或撤销' }),
})

/** 行政区划, by which offices and areas of duty are placed. */
export const divisionRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/divisions',
    {
      schema: {
        operationId: 'listDivisions',
        summary: '行政区划',
        ...signedIn,
        querystring: Strict({ ...PageQuery, q: Type.Optional(Type.String({ maxLength: 100 })) }),
        response: { 200: PageOf(DivisionLine), ...problems },
      },
    },
    async ({ ctx, query }) =>
      pageWithin(searchDivisions(query.q ?? '', await divisionsOfOffices(identityDb(ctx), todayInShanghai(ctx.now()))).map(toLine), query),
  )

  app.get(
    '/divisions/:id',
    {
      schema: {
        operationId: 'getDivision',
        summary: '一个行政区划',
        ...signedIn,
        params: Strict({ id: Type.String({ pattern: '^[0-9]{6}$' }) }),
        response: { 200: DivisionLine, ...problems },
      },
    },
    async ({ params }) => {
      const division = resolveDivision(params.id)
      if (!division) throw new NotFound('division.not_found', `没有代码为“${params.id}”的行政区划。`)
      return toLine(division)
    },
  )
}

function toLine({ code, name, parents, state }: Division) {
  return { id: code, name, within: parents.map((parent) => parent.name).join(''), inUse: state === 'in-use' }
}
