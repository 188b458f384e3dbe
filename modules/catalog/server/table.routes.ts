import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { catalogProfile } from '@tongchou/catalog-tables'
import { problems, Strict } from '@tongchou/kernel'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { CatalogPorts } from './ports.ts'
import { WorkbookQuery } from './resource.schema.ts'
import { type CatalogFile, catalogTemplate, exportCatalog } from './table-export.service.ts'

/** What a workbook is called on the wire. */
export const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const workbook = { 200: Type.Any({ description: 'xlsx 文件' }), ...problems }
const signedIn = { 'signed-in': [] }

/** The catalog as workbooks: `/catalog/workbook` and `/catalog/template` under the API's prefix. */
export const tableRoutes: FastifyPluginAsyncTypebox<{ ports: CatalogPorts }> = async (app, { ports }) => {
  const tags = ['catalog']
  app.get(
    '/catalog/workbook',
    {
      config: { limited: 'expensive' },
      schema: {
        operationId: 'exportCatalog',
        tags,
        summary: '导出目录',
        description: '筛选同资源目录清单；内容完整，可改后再导入。',
        'x-authz': signedIn,
        querystring: WorkbookQuery,
        response: workbook,
      },
    },
    async (req, reply) => {
      const { profile = 'national', ...query } = req.query
      return sendWorkbook(reply, await exportCatalog(req.ctx, ports, catalogProfile(profile), query))
    },
  )
  app.get(
    '/catalog/template',
    {
      schema: {
        operationId: 'downloadCatalogTemplate',
        tags,
        summary: '下载目录模板',
        'x-authz': signedIn,
        querystring: Strict({ profile: WorkbookQuery.properties.profile }),
        response: workbook,
      },
    },
    async (req, reply) => sendWorkbook(reply, await catalogTemplate(catalogProfile(req.query.profile ?? 'national'))),
  )
}

export function sendWorkbook(reply: FastifyReply, { fileName, content }: CatalogFile) {
  return reply
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`)
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'private, no-store')
    .type(xlsxType)
    .send(content)
}
