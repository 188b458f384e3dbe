import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdParams, PageOf, PageQuery, problems, Strict } from '@tongchou/kernel'
import { Type } from 'typebox'
import { Export, exportColumns, NewExport } from './export.schema.ts'
import { cancelExport, downloadExport, readExports, readOneExport, startExport } from './export.service.ts'
import type { ExportsPorts } from './ports.ts'

const tags = ['exports']
// Also for people outside the offices: the list that is taken along asks whether it is theirs.
const signedIn = { 'x-authz': { 'signed-in': [] }, 'x-outside': true } as const

/** Lists taken along as workbooks (导出): `/exports` under the API's prefix. Whether the list may be read is asked by the list itself. */
export const exportRoutes: FastifyPluginAsyncTypebox<{ ports: ExportsPorts }> = async (app, { ports }) => {
  app.post(
    '/exports',
    {
      config: { limited: 'expensive' },
      schema: {
        operationId: 'startExport',
        tags,
        summary: '导出当前列表',
        ...signedIn,
        body: NewExport,
        response: { 201: Export, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await startExport(req.ctx, ports, req.body)),
  )

  app.get(
    '/exports',
    {
      schema: {
        operationId: 'listExports',
        tags,
        summary: '本人的导出',
        ...signedIn,
        querystring: Strict(PageQuery),
        response: { 200: PageOf(Export), ...problems },
      },
      config: { listColumns: exportColumns },
    },
    (req) => readExports(req.ctx, req.query.limit ?? 50, req.query.cursor),
  )

  app.get(
    '/exports/:id',
    {
      schema: {
        operationId: 'readExport',
        tags,
        summary: '导出的进度',
        ...signedIn,
        params: IdParams,
        response: { 200: Export, ...problems },
      },
    },
    (req) => readOneExport(req.ctx, req.params.id),
  )

  app.post(
    '/exports/:id/cancellation',
    {
      schema: {
        operationId: 'cancelExport',
        tags,
        summary: '停止导出',
        ...signedIn,
        params: IdParams,
        response: { 200: Export, ...problems },
      },
    },
    (req) => cancelExport(req.ctx, req.params.id),
  )

  app.get(
    '/exports/:id/file',
    {
      schema: {
        operationId: 'downloadExport',
        tags,
        summary: '下载导出文件',
        ...signedIn,
        params: IdParams,
        response: { 200: Type.Any({ description: 'xlsx 文件' }), ...problems },
      },
      config: { limited: 'expensive', recordsRead: { kind: 'export', writtenByHandler: true } },
    },
    async (req, reply) => {
      const { made, content } = await downloadExport(req.ctx, req.params.id)
      return reply
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(made.fileName)}`)
        .header('content-length', made.byteCount ?? 0)
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'private, no-store')
        .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
        .send(Readable.from(content))
    },
  )
}
