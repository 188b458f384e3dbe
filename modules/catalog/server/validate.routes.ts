import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Malformed, Nullable, OneOf, problems, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import type { CatalogPorts } from './ports.ts'
import { xlsxType } from './table.routes.ts'
import { validateResources, validateWorkbook } from './validate.service.ts'

const place = {
  rule: Type.String({ description: '规则编号' }),
  sheet: Nullable(Type.String()),
  row: Type.Integer({ description: '从1起；JSON 为第几项资源，xlsx 为表格的行号' }),
  column: Type.String({ description: '列名；JSON 为字段路径' }),
  value: Nullable(Type.String()),
  message: Type.String(),
  fix: Type.String({ description: '改法' }),
  basis: Type.String({ description: '规则来源' }),
  verified: Type.Boolean({ description: '来源已核对原文' }),
}

const Resources = Strict({
  resources: Type.Array(Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }), {
    minItems: 1,
    maxItems: 5000,
  }),
})

const missing = { path: '', message: '没有内容，请提交 JSON 或 xlsx 文件' }

/** 目录校验: `POST /catalog/validate` under the API's prefix. Stores nothing. */
export const validateRoutes: FastifyPluginAsyncTypebox<{ ports: CatalogPorts }> = async (app, { ports }) => {
  app.addContentTypeParser(xlsxType, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post(
    '/catalog/validate',
    {
      config: { limited: 'expensive' },
      // Checked by content type, so nothing checks a request without content.
      preValidation: async (req) => {
        if (req.body === undefined || req.body === null) throw new Malformed('request.invalid', missing.message, [missing])
      },
      // 5,000 resources of 20 items.
      bodyLimit: 32 * 1024 * 1024,
      schema: {
        operationId: 'validateCatalog',
        tags: ['catalog'],
        summary: '校验目录',
        description:
          '内容为 JSON 或 xlsx 文件（国家目录模板、两表模板）。JSON 字段名同编制资源目录；代码可填值、编号或名称。只校验，不保存。提供方按本单位核对，写明提供方的按名称核对。',
        'x-authz': { 'signed-in': [] },
        body: {
          content: {
            'application/json': { schema: Resources },
            [xlsxType]: { schema: Type.Any({ description: 'xlsx 文件，国家目录模板或两表模板' }) },
          },
        },
        response: {
          200: Type.Object({
            rows: Type.Integer({ description: '校验的资源数' }),
            findings: Type.Array(Type.Object({ ...place, severity: OneOf(['error', 'warning'] as const) })),
            undecided: Type.Array(Type.Object(place), { description: '依现有数据无法判定的规则' }),
          }),
          ...problems,
        },
      },
    },
    (req) =>
      Buffer.isBuffer(req.body)
        ? validateWorkbook(req.ctx, ports, req.body)
        : validateResources(req.ctx, ports, (req.body as Static<typeof Resources>).resources),
  )
}
