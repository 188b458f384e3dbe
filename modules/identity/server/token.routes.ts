import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdParams, PageOf, problems } from '@tongchou/kernel'
import { Type } from 'typebox'
import { tokenColumns } from './identity.columns.ts'
import { sessionOf } from './session.routes.ts'
import { IssuedToken, NewToken, Token, TokenChoices, TokenQuery } from './token.schema.ts'
import { issueToken, latestExpiry, withdrawToken } from './token.service.ts'
import { listTokens } from './token.store.ts'

const tags = ['identity']
const signedIn = { 'x-authz': { 'signed-in': [] } }
const config = { ignoresIdempotencyKey: true }

/** Tokens for machines: each account its own, all of them for the security administrator. */
export const tokenRoutes: FastifyPluginAsyncTypebox = async (app) => {
  // Asked when a token is issued: other modules register theirs later.
  const knownTags = () => [...new Set([...app.operations.values()].map((operation) => operation.tag))].sort()
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
      return reply.status(201).send(await issueToken(request.ctx, request.body, knownTags()))
    },
  )

  app.get(
    '/tokens',
    {
      config: { recordsRead: { kind: 'token', id: 'list' }, listColumns: tokenColumns },
      schema: {
        operationId: 'listTokens',
        tags,
        summary: '访问令牌',
        ...signedIn,
        querystring: TokenQuery,
        response: { 200: PageOf(Token), ...problems },
      },
    },
    (request) => listTokens(request.ctx, request.query),
  )

  app.get(
    '/token-choices',
    {
      schema: {
        operationId: 'getTokenChoices',
        tags,
        summary: '令牌权限范围清单',
        ...signedIn,
        response: { 200: TokenChoices, ...problems },
      },
    },
    async (request) => ({ tags: knownTags(), latestOn: await latestExpiry(request.ctx) }),
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
