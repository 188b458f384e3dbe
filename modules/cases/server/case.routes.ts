import multipart from '@fastify/multipart'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  FindingSchema,
  Id,
  IdParams,
  InvalidValue,
  Line,
  Malformed,
  Nullable,
  OneOf,
  PageOf,
  PageQuery,
  Prose,
  pageWithin,
  problems,
  StateSecretDeclared,
  Strict,
} from '@tongchou/kernel'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { CasesPorts } from '../ports.ts'
import { actOnCase, checkCaseAct, withdrawCase } from './act.service.ts'
import { maxFileBytes, readAttachment, storeAttachment } from './attachment.service.ts'
import { calendarRoutes } from './calendar.routes.ts'
import { workColumns } from './case.columns.ts'
import { Act, BoxCounts, CaseView, Difference, WorkLine } from './case.schema.ts'
import { oversightRoutes } from './oversight.routes.ts'
import { procedureRoutes } from './procedure.routes.ts'
import { readCase } from './read-case.service.ts'
import { readCaseSubject, readSubjectCases } from './subject-cases.service.ts'
import { verbRoutes } from './verb.routes.ts'
import { readWorkList, workBoxes } from './work-list.service.ts'
import { countBoxes } from './work-list.store.ts'

/** Work lists, cases and the files handed in with them. */
export const caseRoutes: FastifyPluginAsyncTypebox<{ ports: CasesPorts }> = async (app, { ports }) => {
  await app.register(multipart, { limits: { fileSize: maxFileBytes, files: 1, fields: 5, fieldSize: 1000 }, throwFileSizeLimit: true })
  await app.register(procedureRoutes, { ports })
  await app.register(calendarRoutes, { ports })
  await app.register(verbRoutes, { ports })
  await app.register(oversightRoutes, { ports })
  const tags = ['cases']
  const signedIn = { 'signed-in': [] } as const
  // Also for people outside the offices: what they hand in with their own.
  const withFiles = { 'x-authz': signedIn, 'x-outside': ['enterprise'] }

  app.get(
    '/tasks',
    {
      schema: {
        operationId: 'listTasks',
        tags,
        summary: '待办、已办、我发起、抄送、草稿、挂账、督办',
        'x-authz': signedIn,
        querystring: Strict({
          ...PageQuery,
          box: Type.Optional(OneOf(workBoxes)),
          q: Type.Optional(Line(100)),
          procedure: Type.Optional(Line(64)),
          due: Type.Optional(OneOf(['overdue', 'week'] as const)),
        }),
        response: { 200: PageOf(WorkLine), ...problems },
      },
      config: { listColumns: workColumns },
    },
    (req) => {
      const { box = 'todo', ...asked } = req.query
      return readWorkList(req.ctx, ports, box, asked)
    },
  )

  app.get(
    '/tasks/counts',
    {
      schema: {
        operationId: 'countTasks',
        tags,
        summary: '各办件箱数量',
        'x-authz': signedIn,
        response: { 200: BoxCounts, ...problems },
      },
    },
    (req) => countBoxes(req.ctx, req.ctx.actor),
  )

  app.get(
    '/cases',
    {
      schema: {
        operationId: 'listSubjectCases',
        tags,
        summary: '一个事项的办件',
        'x-authz': signedIn,
        querystring: Strict({ ...PageQuery, subjectKind: Line(64), subjectId: Id }),
        response: { 200: PageOf(Type.Unknown()), ...problems },
      },
    },
    async (req) => pageWithin(await readSubjectCases(req.ctx, ports, req.query.subjectKind, req.query.subjectId), req.query),
  )

  app.get(
    '/cases/:id',
    {
      config: { recordsRead: { kind: 'case' } },
      schema: {
        operationId: 'readCase',
        tags,
        summary: '办件详情',
        'x-authz': signedIn,
        params: IdParams,
        response: { 200: CaseView, ...problems },
      },
    },
    (req) => readCase(req.ctx, ports, req.params.id),
  )

  app.get(
    '/cases/:id/subject',
    {
      schema: {
        operationId: 'readCaseSubject',
        tags,
        summary: '办件的事项内容',
        'x-authz': signedIn,
        params: IdParams,
        response: {
          200: Type.Object({
            title: Type.String(),
            href: Type.String(),
            facts: Type.Array(Type.Object({ label: Type.String(), value: Nullable(Type.String()), fen: Nullable(Type.Integer()) })),
            difference: Type.Optional(Difference),
          }),
          ...problems,
        },
      },
    },
    (req) => readCaseSubject(req.ctx, ports, req.params.id),
  )

  app.post(
    '/cases/:id/acts',
    {
      schema: {
        operationId: 'actOnCase',
        tags,
        summary: '办理',
        'x-authz': signedIn,
        params: IdParams,
        body: Act,
        response: { 200: CaseView, ...problems },
      },
    },
    async (req) => {
      await actOnCase(req.ctx, ports, req.params.id, req.body)
      return readCase(req.ctx, ports, req.params.id, true)
    },
  )

  app.post(
    '/cases/:id/check',
    {
      schema: {
        operationId: 'checkCaseAct',
        tags,
        summary: '预检办理',
        'x-authz': signedIn,
        params: IdParams,
        body: Act,
        response: { 200: Type.Object({ findings: Type.Array(FindingSchema) }), ...problems },
      },
      config: { storesNothing: true },
    },
    async (req) => ({ findings: await checkCaseAct(req.ctx, ports, req.params.id, req.body) }),
  )

  app.post(
    '/cases/:id/withdrawal',
    {
      schema: {
        operationId: 'withdrawCase',
        tags,
        summary: '撤回',
        'x-authz': signedIn,
        params: IdParams,
        body: Strict({ opinion: Nullable(Prose(2000)) }),
        response: { 200: CaseView, ...problems },
      },
    },
    async (req) => {
      await withdrawCase(req.ctx, ports, req.params.id, req.body.opinion)
      return readCase(req.ctx, ports, req.params.id, true)
    },
  )

  app.post(
    '/attachments',
    {
      schema: {
        operationId: 'uploadAttachment',
        tags,
        summary: '上传材料',
        description: 'multipart/form-data：secrecy=false 在前，file 在后',
        consumes: ['multipart/form-data'],
        ...withFiles,
        response: {
          201: Type.Object({ id: Id, fileName: Type.String(), mediaType: Type.String(), byteCount: Type.Integer(), sha256: Type.String() }),
          ...problems,
        },
      },
      config: { ignoresIdempotencyKey: true },
    },
    async (req, reply) => {
      const { fileName, content } = await readUpload(req)
      return reply.status(201).send(await storeAttachment(req.ctx, fileName, content))
    },
  )

  app.get(
    '/attachments/:id',
    {
      config: { recordsRead: { kind: 'attachment', writtenByHandler: true } },
      schema: {
        operationId: 'downloadAttachment',
        tags,
        summary: '下载材料',
        ...withFiles,
        params: IdParams,
        response: { 200: Type.Any({ description: '材料内容' }), ...problems },
      },
    },
    async (req, reply) => {
      const file = await readAttachment(req.ctx, ports, req.params.id)
      // Shown in place only where a browser shows pages or pictures; never as something that could run in our origin.
      const inline = ['application/pdf', 'image/png', 'image/jpeg', 'text/plain'].includes(file.mediaType)
      return reply
        .header('content-disposition', `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.fileName)}`)
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox")
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'private, no-store')
        .type(file.mediaType === 'text/plain' ? 'text/plain; charset=utf-8' : file.mediaType)
        .send(file.content)
    },
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
