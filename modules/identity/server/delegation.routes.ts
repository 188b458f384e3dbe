import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdParams, OneOf, PageOf, PageQuery, pageWithin, problems, Strict } from '@tongchou/kernel'
import { Type } from 'typebox'
import { Delegate, Delegation, NewDelegation } from './delegation.schema.ts'
import { createDelegation, delegatesFor, withdrawDelegation } from './delegation.service.ts'
import { listDelegations } from './delegation.store.ts'
import { delegationColumns } from './identity.columns.ts'
import { sessionOf } from './session.routes.ts'

const tags = ['identity']
const signedIn = { 'x-authz': { 'signed-in': [] } }

/** 委托代理: mine given, mine received. */
export const delegationRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/me/delegations',
    {
      schema: {
        operationId: 'listDelegations',
        tags,
        summary: '本人的委托',
        ...signedIn,
        querystring: Strict({ ...PageQuery, box: Type.Optional(OneOf(['given', 'received'] as const)) }),
        response: { 200: PageOf(Delegation), ...problems },
      },
      config: { listColumns: delegationColumns },
    },
    (request) => listDelegations(request.ctx, request.query.box ?? 'given', request.query),
  )

  app.get(
    '/me/delegates',
    {
      schema: {
        operationId: 'listDelegates',
        tags,
        summary: '可以委托的人员',
        ...signedIn,
        querystring: Strict({ ...PageQuery, q: Type.Optional(Type.String({ maxLength: 100 })) }),
        response: { 200: PageOf(Delegate), ...problems },
      },
    },
    async (request) => pageWithin(await delegatesFor(request.ctx, request.query.q ?? ''), request.query),
  )

  app.post(
    '/me/delegations',
    {
      schema: {
        operationId: 'createDelegation',
        tags,
        summary: '委托代理',
        ...signedIn,
        body: NewDelegation,
        response: { 201: Type.Object({ id: Type.String() }), ...problems },
      },
    },
    async (request, reply) => {
      sessionOf(request)
      return reply.status(201).send(await createDelegation(request.ctx, request.body))
    },
  )

  app.delete(
    '/me/delegations/:id',
    {
      schema: {
        operationId: 'endDelegation',
        tags,
        summary: '终止委托',
        ...signedIn,
        params: IdParams,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      sessionOf(request)
      await withdrawDelegation(request.ctx, request.params.id)
      return reply.status(204).send(null)
    },
  )
}
