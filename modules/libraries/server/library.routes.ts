import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Ctx, IdParams, NotPermitted, notFound, PageOf, PageQuery, problems, Strict } from '@tongchou/kernel'
import { retryInstallation } from './install.service.ts'
import { findPackResource, introduceResource } from './introduce.service.ts'
import { BatchLine, Introduced, LibraryLine, LibraryQuery, PackLine, PackResourceParams } from './library.api.ts'
import { libraryColumns } from './library.columns.ts'
import { introducerDuties, keeperDuties, keepLibrary, providerDuties, readLibrary } from './library.permissions.ts'
import { batchPage, libraryLine, libraryPage, packLines, readableLibrary } from './library.view.ts'
import type { LibrariesPorts } from './ports.ts'
import { quarantineRoutes } from './quarantine.routes.ts'
import { recordRoutes } from './record.routes.ts'

const tags = ['libraries']

/** Resource packs and base libraries (资源包、基础库) under the API's prefix. */
export const libraryRoutes: FastifyPluginAsyncTypebox<{ ports: LibrariesPorts }> = async (app, { ports }) => {
  const reading = { any: [...keeperDuties], own: [...providerDuties] }
  const config = { mayRead: (ctx: Ctx, params: Record<string, string>) => mayRead(ctx, params.id) }

  await app.register(recordRoutes, { ports })
  await app.register(quarantineRoutes, { ports })

  app.get(
    '/resource-packs',
    {
      schema: {
        operationId: 'listResourcePacks',
        tags,
        summary: '资源包清单',
        'x-authz': { 'signed-in': [] },
        querystring: Strict(PageQuery),
        response: { 200: PageOf(PackLine), ...problems },
      },
    },
    async (req) => packLines(ports, req.query),
  )
  app.post(
    '/resource-packs/:resourcePack/resources/:packResource/drafts',
    {
      // What a pack holds is open to everybody at a post.
      config: { mayRead: async (_ctx, params) => findPackResource(ports, params.resourcePack, params.packResource) !== undefined },
      schema: {
        operationId: 'introduceResource',
        tags,
        summary: '从资源包引入目录草稿',
        'x-authz': { own: [...introducerDuties] },
        params: PackResourceParams,
        response: { 201: Introduced, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await introduceResource(req.ctx, ports, req.params.resourcePack, req.params.packResource)),
  )
  app.get(
    '/libraries',
    {
      schema: {
        operationId: 'listLibraries',
        tags,
        summary: '基础库建库情况',
        'x-authz': reading,
        querystring: LibraryQuery,
        response: { 200: PageOf(LibraryLine), ...problems },
      },
      config: { listColumns: libraryColumns },
    },
    (req) => libraryPage(req.ctx, ports, req.query),
  )
  app.post(
    '/libraries/:id/installation',
    {
      config,
      schema: {
        operationId: 'retryInstallation',
        tags,
        summary: '重新建库',
        'x-authz': { any: [...keeperDuties] },
        params: IdParams,
        response: { 200: LibraryLine, ...problems },
      },
    },
    async (req) => {
      const row = await readableLibrary(req.ctx, req.params.id)
      if (!keepLibrary.allows(req.ctx.actor, { orgId: row.org_id }))
        throw new NotPermitted('libraries.not_keeper', '建库由市大数据中心办理。')
      const [entry] = await ports.catalog.registered(req.ctx, row.resource)
      if (!entry) throw notFound('已登记的目录条目')
      await retryInstallation(req.ctx, ports, entry)
      return libraryLine(req.ctx, ports, row.resource)
    },
  )
  app.get(
    '/libraries/:id/batches',
    {
      config: { ...config, recordsRead: { kind: 'library' } },
      schema: {
        operationId: 'listReceivedBatches',
        tags,
        summary: '接收批次和回执',
        'x-authz': reading,
        params: IdParams,
        querystring: Strict(PageQuery),
        response: { 200: PageOf(BatchLine), ...problems },
      },
    },
    async (req) => batchPage(req.ctx, ports, (await readableLibrary(req.ctx, req.params.id)).resource, req.query),
  )
}

async function mayRead(ctx: Ctx, id: string | undefined): Promise<boolean> {
  const row = await readableLibrary(ctx, id).catch(() => undefined)
  return row !== undefined && readLibrary.allows(ctx.actor, { orgId: row.org_id })
}
