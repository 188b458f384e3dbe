import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdParams, PageOf, problems } from '@tongchou/kernel'
import { Type } from 'typebox'
import { relationColumns } from './identity.columns.ts'
import { identityDb } from './identity.tables.ts'
import { mayGrantRelation } from './relation.permissions.ts'
import { EndRelation, GrantedRelation, NewRelation, Relation, RelationKind, RelationQuery } from './relation.schema.ts'
import { endRelation, grantRelation, mayReadRelation, type RelationPorts } from './relation.service.ts'
import { listRelations, relationKinds } from './relation.store.ts'

const tags = ['identity']
const granting = { own: ['applicant', 'district'], any: ['big-data-center', 'public-security'] } as const

/** People outside the offices and what they act for (外部经办人), granted and ended by the offices that deal with them. */
export const relationRoutes: FastifyPluginAsyncTypebox<{ ports: RelationPorts }> = async (app, { ports }) => {
  app.get(
    '/relations',
    {
      schema: {
        operationId: 'listRelations',
        tags,
        summary: '外部经办人',
        'x-authz': { own: ['applicant', 'district'], any: ['big-data-center', 'public-security', 'audit', 'supervisor', 'system-admin'] },
        querystring: RelationQuery,
        response: { 200: PageOf(Relation), ...problems },
      },
      config: { recordsRead: { kind: 'relation', id: 'list' }, listColumns: relationColumns },
    },
    (request) => listRelations(request.ctx, request.query),
  )

  app.get(
    '/relation-kinds',
    {
      schema: {
        operationId: 'listRelationKinds',
        tags,
        summary: '经办关系类别',
        'x-authz': granting,
        response: { 200: Type.Object({ kinds: Type.Array(RelationKind) }), ...problems },
      },
    },
    async ({ ctx }) => ({
      kinds: (await relationKinds(identityDb(ctx))).map((kind) => ({
        id: kind.id,
        title: kind.title,
        subjectKind: kind.subject_kind,
        isVerified: kind.is_verified,
        mayGrant: mayGrantRelation.allows(ctx.actor, kind),
      })),
    }),
  )

  app.post(
    '/relations',
    {
      schema: {
        operationId: 'grantRelation',
        tags,
        summary: '授予经办关系',
        'x-authz': granting,
        body: NewRelation,
        response: { 201: GrantedRelation, ...problems },
      },
      // A stored answer would keep the first password in the clear.
      config: { ignoresIdempotencyKey: true },
    },
    async (request, reply) => reply.status(201).send(await grantRelation(request.ctx, ports, request.body)),
  )

  app.post(
    '/relations/:id/end',
    {
      schema: {
        operationId: 'endRelation',
        tags,
        summary: '终止经办关系',
        'x-authz': granting,
        params: IdParams,
        body: EndRelation,
        response: { 204: Type.Null(), ...problems },
      },
      config: { mayRead: (ctx, params) => mayReadRelation(ctx, params.id ?? '') },
    },
    async (request, reply) => {
      await endRelation(request.ctx, request.params.id, request.body.reason)
      return reply.status(204).send(null)
    },
  )
}
