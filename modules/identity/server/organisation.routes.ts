import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { CivilDate, Id, Nullable, OneOf, PageOf, PageQuery, problems, Strict } from '@tongchou/kernel'
import { Type } from 'typebox'
import { organisationColumns, superiorColumns } from './identity.columns.ts'
import {
  NewOrganisation,
  OfficeWithSuperior,
  Organisation,
  OrganisationId,
  OrganisationPage,
  OrganisationParams,
  organisationKinds,
  RenameOrganisation,
} from './organisation.schema.ts'
import { createOrganisation, organisationExists, organisationPage, renameOrganisation } from './organisation.service.ts'
import { listOrganisations } from './organisation.store.ts'
import { listSuperiors, setSuperior } from './superior.service.ts'

const tags = ['identity']
const signedIn = { 'x-authz': { 'signed-in': [] } }
const administered = { 'x-authz': { any: ['system-admin'] } }

/** Organisations: read by everybody who is signed in, changed by the system administrator. */
export const organisationRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/organisations',
    {
      schema: {
        operationId: 'listOrganisations',
        tags,
        summary: '机构列表',
        ...signedIn,
        querystring: Strict({
          ...PageQuery,
          q: Type.Optional(Type.String({ maxLength: 100 })),
          kind: Type.Optional(OneOf(organisationKinds)),
          parentId: Type.Optional(OrganisationId),
          asOf: Type.Optional(CivilDate),
        }),
        response: { 200: PageOf(Organisation), ...problems },
      },
      config: { listColumns: organisationColumns },
    },
    (request) => listOrganisations(request.ctx, request.query),
  )

  app.get(
    '/organisations/:id',
    {
      config: { recordsRead: { kind: 'organisation' } },
      schema: {
        operationId: 'getOrganisation',
        tags,
        summary: '机构',
        ...signedIn,
        params: OrganisationParams,
        response: { 200: OrganisationPage, ...problems },
      },
    },
    (request) => organisationPage(request.ctx, request.params.id),
  )

  app.post(
    '/organisations',
    {
      schema: {
        operationId: 'createOrganisation',
        tags,
        summary: '设立机构',
        ...administered,
        body: NewOrganisation,
        response: { 201: Organisation, ...problems },
      },
    },
    async (request, reply) => reply.status(201).send(await createOrganisation(request.ctx, request.body)),
  )

  app.patch(
    '/organisations/:id',
    {
      schema: {
        operationId: 'renameOrganisation',
        tags,
        summary: '机构更名',
        ...administered,
        params: OrganisationParams,
        body: RenameOrganisation,
        response: { 200: Organisation, ...problems },
      },
      config: { mayRead: (ctx, params) => organisationExists(ctx, params.id ?? '') },
    },
    (request) => renameOrganisation(request.ctx, request.params.id, request.body),
  )

  app.get(
    '/superiors',
    {
      schema: {
        operationId: 'listSuperiors',
        tags,
        summary: '各机构的上级岗位',
        ...administered,
        querystring: Strict({ ...PageQuery, q: Type.Optional(Type.String({ maxLength: 100 })) }),
        response: { 200: PageOf(OfficeWithSuperior), ...problems },
      },
      config: { listColumns: superiorColumns },
    },
    (request) => listSuperiors(request.ctx, request.query),
  )

  app.put(
    '/organisations/:id/superior',
    {
      schema: {
        operationId: 'setSuperior',
        tags,
        summary: '设置上级岗位',
        ...administered,
        params: OrganisationParams,
        body: Strict({ postId: Nullable(Id) }),
        response: { 204: Type.Null(), ...problems },
      },
      config: { mayRead: (ctx, params) => organisationExists(ctx, params.id ?? '') },
    },
    async (request, reply) => {
      await setSuperior(request.ctx, request.params.id, request.body.postId)
      return reply.status(204).send(null)
    },
  )
}
