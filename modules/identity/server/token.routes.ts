import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdParams, PageOf, PageQuery, problems, Strict } from '@tongchou/kernel'
import { Type } from 'typebox'
import { tokenColumns } from './identity.columns.ts'
import { sessionOf } from './session.routes.ts'
import { IssuedToken, NewToken, Token } from './token.schema.ts'
import { issueToken, withdrawToken } from './token.service.ts'
import { listTokens } from './token.store.ts'

const tags = ['identity']
const signedIn = { 'x-authz': { 'signed-in': [] } }
const config = { ignoresIdempotencyKey: true }

/** Tokens for machines, each account its own. */
export const tokenRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/tokens',
    {
      schema: {
        operationId: 'issueToken',
        tags,
        summary: '签发访问令牌',
        ...signedIn,
        body: NewToken,
        response: { 201: IssuedToken, ...problems },
      },
      config,
    },
    async (request, reply) => {
      sessionOf(request)
      return reply.status(201).send(await issueToken(request.ctx, request.body))
    },
  )

  app.get(
    '/tokens',
    {
      config: { recordsRead: { kind: 'token', id: 'list' }, listColumns: tokenColumns },
      schema: {
        operationId: 'listTokens',
        tags,
        summary: '本人的访问令牌',
        ...signedIn,
        querystring: Strict(PageQuery),
        response: { 200: PageOf(Token), ...problems },
      },
    },
    (request) => listTokens(request.ctx, request.query),
  )

  app.delete(
    '/tokens/:id',
    {
      schema: {
        operationId: 'withdrawToken',
        tags,
        summary: '撤销访问令牌',
        ...signedIn,
        params: IdParams,
        response: { 204: Type.Null(), ...problems },
      },
      config,
    },
    async (request, reply) => {
      await withdrawToken(request.ctx, request.params.id)
      return reply.status(204).send(null)
    },
  )
}
