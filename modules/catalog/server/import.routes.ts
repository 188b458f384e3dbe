import multipart from '@fastify/multipart'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdParams, InvalidValue, Malformed, PageOf, PageQuery, problems, StateSecretDeclared, Strict } from '@tongchou/kernel'
import { defaultLimits } from '@tongchou/workbook'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { CatalogImport, ImportConsent, ImportLine, ImportLineQuery, ImportVersion } from './import.schema.ts'
import {
  commitImport,
  discardImport,
  markedImport,
  readImportLines,
  readImports,
  readOneImport,
  recheckImport,
  uploadImport,
} from './import.service.ts'
import type { CatalogPorts } from './ports.ts'
import { compilerDuties } from './resource.permissions.ts'
import { sendWorkbook } from './table.routes.ts'

/** 目录导入: `/catalog/imports` under the API's prefix. */
export const importRoutes: FastifyPluginAsyncTypebox<{ ports: CatalogPorts }> = async (app, { ports }) => {
  const limits = { fileSize: defaultLimits.fileBytes, files: 1, fields: 5, fieldSize: 1000 }
  await app.register(multipart, { limits, throwFileSizeLimit: true })
  const tags = ['catalog']
  const own = { own: compilerDuties }
  // Whose it is is the import's own matter: others are told that there is none.
  const signedIn = { 'signed-in': [] }
  const answer = { 200: CatalogImport, ...problems }

  app.post(
    '/catalog/imports',
    {
      config: { ignoresIdempotencyKey: true, limited: 'expensive' },
      schema: {
        operationId: 'uploadCatalogImport',
        tags,
        summary: '上传目录文件并核对',
        description: 'multipart/form-data：secrecy=false 在前，file 在后。只核对，不写入目录。',
        consumes: ['multipart/form-data'],
        'x-authz': own,
        response: { 201: CatalogImport, ...problems },
      },
    },
    async (req, reply) => {
      const { fileName, content } = await readUpload(req)
      return reply.status(201).send(await uploadImport(req.ctx, ports, fileName, content))
    },
  )
  app.get(
    '/catalog/imports',
    {
      schema: {
        operationId: 'listCatalogImports',
        tags,
        summary: '本人的目录导入',
        'x-authz': own,
        querystring: Strict(PageQuery),
        response: { 200: PageOf(CatalogImport), ...problems },
      },
    },
    (req) => readImports(req.ctx, req.query.limit ?? 20, req.query.cursor),
  )
  app.get(
    '/catalog/imports/:id',
    {
      schema: {
        operationId: 'readCatalogImport',
        tags,
        summary: '目录导入的进度和结果',
        'x-authz': signedIn,
        params: IdParams,
        response: answer,
      },
    },
    (req) => readOneImport(req.ctx, req.params.id),
  )
  app.get(
    '/catalog/imports/:id/lines',
    {
      schema: {
        operationId: 'listCatalogImportLines',
        tags,
        summary: '目录导入逐项的核对结果',
        'x-authz': signedIn,
        params: IdParams,
        querystring: ImportLineQuery,
        response: { 200: PageOf(ImportLine), ...problems },
      },
    },
    (req) => readImportLines(req.ctx, req.params.id, req.query),
  )
  app.get(
    '/catalog/imports/:id/marked',
    {
      config: { limited: 'expensive' },
      schema: {
        operationId: 'downloadMarkedCatalog',
        tags,
        summary: '下载标注后的文件',
        'x-authz': signedIn,
        params: IdParams,
        response: { 200: Type.Any({ description: 'xlsx 文件' }), ...problems },
      },
    },
    async (req, reply) => sendWorkbook(reply, await markedImport(req.ctx, req.params.id)),
  )
  app.post(
    '/catalog/imports/:id/check',
    {
      schema: {
        operationId: 'recheckCatalogImport',
        tags,
        summary: '重新核对',
        'x-authz': signedIn,
        params: IdParams,
        body: ImportVersion,
        response: answer,
      },
    },
    (req) => recheckImport(req.ctx, ports, req.params.id, req.body.version),
  )
  app.post(
    '/catalog/imports/:id/commitment',
    {
      schema: {
        operationId: 'commitCatalogImport',
        tags,
        summary: '确认导入',
        description: '按核对结果写为草稿，一次写成或者全不写。',
        'x-authz': signedIn,
        params: IdParams,
        body: ImportConsent,
        response: answer,
      },
    },
    (req) => commitImport(req.ctx, ports, req.params.id, req.body),
  )
  app.post(
    '/catalog/imports/:id/cancellation',
    {
      schema: { operationId: 'discardCatalogImport', tags, summary: '放弃导入', 'x-authz': signedIn, params: IdParams, response: answer },
    },
    (req) => discardImport(req.ctx, req.params.id),
  )
}

/** The secrecy answer must come before the file: before it is answered with no, nothing of the file is even read (WH23-21). */
async function readUpload(req: FastifyRequest): Promise<{ fileName: string; content: Buffer }> {
  if (!req.isMultipart()) throw new InvalidValue('attachment.not_multipart', '请以 multipart/form-data 上传文件。')
  try {
    return await readParts(req)
  } catch (thrown) {
    // The parser's own errors are bare: a body that breaks off, or is framed as no multipart is.
    if (thrown instanceof Error && thrown.constructor === Error && !('statusCode' in thrown))
      throw new Malformed('attachment.broken', '上传的内容不完整或格式有误，请重新上传。', [{ path: 'file', message: '内容不完整' }])
    throw thrown
  }
}

async function readParts(req: FastifyRequest): Promise<{ fileName: string; content: Buffer }> {
  let answered = false
  for await (const part of req.parts()) {
    if (part.type === 'field') {
      if (part.fieldname !== 'secrecy') throw new InvalidValue('attachment.unknown_field', `没有“${part.fieldname}”这个字段，请删除。`)
      if (part.value !== 'false') throw new StateSecretDeclared()
      answered = true
    } else {
      if (!answered)
        throw new InvalidValue('secrecy.unanswered', '请先回答是否涉及国家秘密，再上传文件。', [{ path: 'secrecy', message: '必须先回答' }])
      return { fileName: part.filename ?? '', content: await part.toBuffer() }
    }
  }
  throw new InvalidValue('attachment.no_file', '没有收到文件，请重新选择文件。', [{ path: 'file', message: '必须选择文件' }])
}
