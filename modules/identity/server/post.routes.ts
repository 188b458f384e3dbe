import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type DutyId, Id, IdParams, PageOf, PageQuery, pageWithin, problems, Strict } from '@tongchou/kernel'
import { Type } from 'typebox'
import { EndDuty, GrantDuty, PostDuty } from './duty.schema.ts'
import { endDuty, grantDuty, postDuties } from './duty.service.ts'
import { personColumns } from './identity.columns.ts'
import { ChangePost, NewPerson, NewPost, Person } from './post.schema.ts'
import {
  changePost,
  createPerson,
  createPost,
  endPost,
  mayReadPost,
  peoplePage,
  refuseUnknownDuties,
  renamePerson,
} from './post.service.ts'

const tags = ['identity']
const administered = { 'x-authz': { any: ['system-admin'] } }
const NamedPerson = Type.Object({ id: Type.String(), name: Type.String() })

/** People and their posts, kept by the system administrator. */
export const postRoutes: FastifyPluginAsyncTypebox<{ duties: readonly DutyId[] }> = async (app, { duties }) => {
  app.get(
    '/people',
    {
      config: { recordsRead: { kind: 'person', id: 'list' }, listColumns: personColumns },
      schema: {
        operationId: 'listPeople',
        tags,
        summary: '人员列表',
        ...administered,
        querystring: Strict({ ...PageQuery, q: Type.Optional(Type.String({ maxLength: 100 })) }),
        response: { 200: PageOf(Person), ...problems },
      },
    },
    (request) => peoplePage(request.ctx, request.query),
  )

  app.post(
    '/people',
    {
      schema: {
        operationId: 'createPerson',
        tags,
        summary: '登记人员',
        ...administered,
        body: NewPerson,
        response: { 201: NamedPerson, ...problems },
      },
    },
    async (request, reply) => reply.status(201).send(await createPerson(request.ctx, request.body)),
  )

  app.patch(
    '/people/:id',
    {
      schema: {
        operationId: 'renamePerson',
        tags,
        summary: '人员更名',
        ...administered,
        params: IdParams,
        body: NewPerson,
        response: { 200: NamedPerson, ...problems },
      },
    },
    (request) => renamePerson(request.ctx, request.params.id, request.body.name),
  )

  app.post(
    '/posts',
    {
      schema: {
        operationId: 'createPost',
        tags,
        summary: '任职',
        ...administered,
        body: NewPost,
        response: { 201: Type.Object({ id: Type.String() }), ...problems },
      },
    },
    async (request, reply) => {
      refuseUnknownDuties(duties, request.body.duties)
      return reply.status(201).send(await createPost(request.ctx, request.body))
    },
  )

  app.patch(
    '/posts/:id',
    {
      schema: {
        operationId: 'changePost',
        tags,
        summary: '调整岗位职责',
        ...administered,
        params: IdParams,
        body: ChangePost,
        response: { 200: Type.Object({ id: Type.String(), version: Type.Integer() }), ...problems },
      },
      config: { mayRead: (ctx, params) => mayReadPost(ctx, params.id ?? '') },
    },
    (request) => {
      refuseUnknownDuties(duties, request.body.duties ?? [])
      return changePost(request.ctx, request.params.id, request.body)
    },
  )

  app.get(
    '/posts/:id/duties',
    {
      schema: {
        operationId: 'listPostDuties',
        tags,
        summary: '岗位职责及其期间、区域',
        ...administered,
        params: IdParams,
        querystring: Strict(PageQuery),
        response: { 200: PageOf(PostDuty), ...problems },
      },
      config: { mayRead: (ctx, params) => mayReadPost(ctx, params.id ?? '') },
    },
    async (request) => pageWithin((await postDuties(request.ctx, request.params.id)).items, request.query),
  )

  app.post(
    '/posts/:id/duties',
    {
      schema: {
        operationId: 'grantDuty',
        tags,
        summary: '赋予职责',
        ...administered,
        params: IdParams,
        body: GrantDuty,
        response: { 200: PageOf(PostDuty), ...problems },
      },
      config: { mayRead: (ctx, params) => mayReadPost(ctx, params.id ?? '') },
    },
    (request) => {
      refuseUnknownDuties(duties, [request.body.duty])
      return grantDuty(request.ctx, request.params.id, request.body)
    },
  )

  app.post(
    '/posts/:id/duties/:dutyId/end',
    {
      schema: {
        operationId: 'endDuty',
        tags,
        summary: '终止职责',
        ...administered,
        params: Strict({ id: Id, dutyId: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) }),
        body: EndDuty,
        response: { 200: PageOf(PostDuty), ...problems },
      },
      config: { mayRead: (ctx, params) => mayReadPost(ctx, params.id ?? '') },
    },
    (request) => endDuty(request.ctx, request.params.id, request.params.dutyId, request.body.validTo),
  )

  app.post(
    '/posts/:id/end',
    {
      schema: {
        operationId: 'endPost',
        tags,
        summary: '免去岗位',
        ...administered,
        params: IdParams,
        response: { 204: Type.Null(), ...problems },
      },
      config: { mayRead: (ctx, params) => mayReadPost(ctx, params.id ?? '') },
    },
    async (request, reply) => {
      await endPost(request.ctx, request.params.id)
      return reply.status(204).send(null)
    },
  )
}
