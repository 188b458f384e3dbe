import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  auditTrail,
  type Ctx,
  IdParams,
  isId,
  NotPermitted,
  notFound,
  PageOf,
  PageQuery,
  pageWithin,
  problems,
  Strict,
  secrecyFirst,
  TrailLines,
  TrailQuery,
  toPage,
} from '@tongchou/kernel'
import { sharingBases } from '@tongchou/metadata'
import { amendmentRoutes } from './amendment.routes.ts'
import { amendmentsOf } from './amendment.store.ts'
import { amendmentSubjects } from './amendment.view.ts'
import { classRoutes } from './class.routes.ts'
import { changeResource, draftResource } from './compile.service.ts'
import { frozenContent } from './content.rows.ts'
import { DeclaredStanding, declaredStandingsOf } from './declared.view.ts'
import { compareVersions } from './difference.service.ts'
import { importRoutes } from './import.routes.ts'
import { listRoutes } from './list.routes.ts'
import type { CatalogPorts } from './ports.ts'
import { resourceColumns } from './resource.columns.ts'
import { compilerDuties, readResource, readWorkings } from './resource.permissions.ts'
import {
  DifferenceQuery,
  NewResource,
  Resource,
  ResourceChange,
  ResourceLine,
  ResourceQuery,
  ResourceVersion,
  SharingBasis,
  Submission,
  VersionDifference,
} from './resource.schema.ts'
import { findResource, itemsOf, listResources, resourceOrder, versionsOf } from './resource.store.ts'
import type { ResourceRow } from './resource.tables.ts'
import { subjectKind, viewLines, viewResource } from './resource.view.ts'

import { catalogSearchRoutes } from './search.routes.ts'
import { submitEntry } from './submit.service.ts'
import { tableRoutes } from './table.routes.ts'
import { validateRoutes } from './validate.routes.ts'

const tags = ['catalog']

/** The catalog of data resources (资源目录): `/catalog/resources` under the API's prefix. */
export const catalogRoutes: FastifyPluginAsyncTypebox<{ ports: CatalogPorts }> = async (app, { ports }) => {
  const config = { mayRead: (ctx: Ctx, params: Record<string, string>) => mayRead(ctx, params.id) }
  const own = { own: compilerDuties }
  await app.register(classRoutes)
  await app.register(validateRoutes, { ports })
  await app.register(amendmentRoutes, { ports })
  await app.register(listRoutes, { ports })
  await app.register(tableRoutes, { ports })
  await app.register(importRoutes, { ports })
  await app.register(catalogSearchRoutes, { ports })

  app.get(
    '/catalog/resources',
    {
      schema: {
        operationId: 'listResources',
        tags,
        summary: '资源目录清单',
        'x-authz': { 'signed-in': [] },
        querystring: ResourceQuery,
        response: { 200: PageOf(ResourceLine), ...problems },
      },
      config: { listColumns: resourceColumns },
    },
    (req) => listPage(req.ctx, ports, req.query),
  )
  app.get(
    '/catalog/projects/:id/resources',
    {
      schema: {
        operationId: 'listDeclaredResources',
        tags,
        summary: '项目拟形成的数据资源纳入共享平台的情况',
        'x-authz': { 'signed-in': [] },
        params: IdParams,
        querystring: Strict(PageQuery),
        response: { 200: PageOf(DeclaredStanding), ...problems },
      },
    },
    async (req) => pageWithin(await declaredStandingsOf(req.ctx, ports, req.params.id), req.query),
  )
  app.get(
    '/catalog/sharing-bases',
    {
      schema: {
        operationId: 'listSharingBases',
        tags,
        summary: '不予共享依据清单',
        'x-authz': { 'signed-in': [] },
        querystring: Strict(PageQuery),
        response: { 200: PageOf(SharingBasis), ...problems },
      },
    },
    async (req) => pageWithin(sharingBases, req.query),
  )
  app.post(
    '/catalog/resources',
    {
      preValidation: secrecyFirst,
      schema: {
        operationId: 'draftResource',
        tags,
        summary: '编制资源目录',
        'x-authz': own,
        body: NewResource,
        response: { 201: Resource, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await draftResource(req.ctx, ports, req.body)),
  )
  app.get(
    '/catalog/resources/:id',
    {
      config: { recordsRead: { kind: 'catalog-entry' } },
      schema: {
        operationId: 'getResource',
        tags,
        summary: '资源目录详情',
        'x-authz': { 'signed-in': [] },
        params: IdParams,
        response: { 200: Resource, ...problems },
      },
    },
    async (req) => viewResource(req.ctx, ports, await readable(req.ctx, req.params.id)),
  )
  app.put(
    '/catalog/resources/:id',
    {
      config,
      preValidation: secrecyFirst,
      schema: {
        operationId: 'changeResource',
        tags,
        summary: '修改资源目录',
        'x-authz': own,
        params: IdParams,
        body: ResourceChange,
        response: { 200: Resource, ...problems },
      },
    },
    (req) => changeResource(req.ctx, ports, req.params.id, req.body),
  )
  app.post(
    '/catalog/resources/:id/submission',
    {
      config,
      schema: {
        operationId: 'submitResource',
        tags,
        summary: '提交审核',
        'x-authz': { own: ['data-steward'] },
        params: IdParams,
        body: Submission,
        response: { 200: Resource, ...problems },
      },
    },
    (req) => submitEntry(req.ctx, ports, req.params.id, req.body.version),
  )
  app.get(
    '/catalog/resources/:id/versions',
    {
      schema: {
        operationId: 'listResourceVersions',
        tags,
        summary: '资源目录各次提交的版本',
        'x-authz': { 'signed-in': [] },
        params: IdParams,
        querystring: Strict(PageQuery),
        response: { 200: PageOf(ResourceVersion), ...problems },
      },
    },
    async (req) => {
      const row = await withWorkings(req.ctx, req.params.id)
      const limit = req.query.limit ?? 50
      const today = await itemsOf(req.ctx, row.id)
      return toPage(
        await versionsOf(req.ctx, row.id, limit, req.query.cursor),
        limit,
        (one) => [one.version],
        (one) => ({
          version: one.version,
          content: frozenContent(one.content, today),
          submittedBy: one.submitted_by,
          submittedAt: one.submitted_at.toISOString(),
        }),
      )
    },
  )
  app.get(
    '/catalog/resources/:id/difference',
    {
      schema: {
        operationId: 'compareResourceVersions',
        tags,
        summary: '资源目录两个版本的差异',
        'x-authz': { 'signed-in': [] },
        params: IdParams,
        querystring: DifferenceQuery,
        response: { 200: VersionDifference, ...problems },
      },
    },
    async (req) => {
      const row = await withWorkings(req.ctx, req.params.id)
      const { fields, items } = await compareVersions(req.ctx, ports, row, req.query.from, req.query.to)
      return { fields, parts: items }
    },
  )
  app.get(
    '/catalog/resources/:id/trail',
    {
      schema: {
        operationId: 'getResourceTrail',
        tags,
        summary: '资源目录办理记录',
        'x-authz': { 'signed-in': [] },
        params: IdParams,
        querystring: TrailQuery,
        response: { 200: TrailLines, ...problems },
      },
    },
    async (req) => {
      const row = await withWorkings(req.ctx, req.params.id)
      const amendments = await amendmentsOf(req.ctx, row.id)
      const subjects = amendments.map(({ id, kind }) => ({ kind: amendmentSubjects[kind], id }))
      return auditTrail(req.ctx, [{ kind: subjectKind, id: row.id }, ...subjects], req.query)
    },
  )
}

async function mayRead(ctx: Ctx, id: string | undefined): Promise<boolean> {
  if (!isId(id)) return false
  const row = await findResource(ctx, id)
  return row !== undefined && readResource.allows(ctx.actor, row)
}

async function readable(ctx: Ctx, id: string): Promise<ResourceRow> {
  const row = await findResource(ctx, id)
  if (!row || !readResource.allows(ctx.actor, row)) throw notFound('目录条目')
  return row
}

async function withWorkings(ctx: Ctx, id: string): Promise<ResourceRow> {
  const row = await readable(ctx, id)
  if (!readWorkings.allows(ctx.actor, row))
    throw new NotPermitted('catalog.workings_closed', '编制和审核过程仅供资源所属单位、使用单位和监管部门查看。')
  return row
}

async function listPage(ctx: Ctx, ports: CatalogPorts, query: ResourceQuery) {
  const limit = query.limit ?? 50
  const rows = await listResources(ctx, query, limit)
  const lines = await viewLines(ctx, ports, rows.slice(0, limit))
  return toPage(rows, limit, resourceOrder(query).cursorOf, (row) => lines.get(row.id) as ResourceLine)
}
