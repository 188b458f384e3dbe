import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Ctx, IdParams, isId, PageOf, PageQuery, problems, Strict } from '@tongchou/kernel'
import { Type } from 'typebox'
import { archiveBefore, openPackage, readArchives, readSigningKeys } from './archive.service.ts'
import { findArchive } from './archive.store.ts'
import { keeperDuties, readerDuties } from './event.permissions.ts'
import { Archive, NewArchive, Retention, RetentionChange, SigningKey } from './event.schema.ts'
import type { AuditPorts } from './ports.ts'
import { readRetention, setRetention } from './retention.service.ts'

const tags = ['audit']
const reading = { any: readerDuties } as const
const keeping = { any: keeperDuties } as const

/** How long the log is kept, and what was packed away. */
export const archiveRoutes: FastifyPluginAsyncTypebox<{ ports: AuditPorts }> = async (app, { ports }) => {
  app.get(
    '/audit/retention',
    {
      schema: {
        operationId: 'readAuditRetention',
        tags,
        summary: '日志保存期限',
        'x-authz': reading,
        response: { 200: Retention, ...problems },
      },
    },
    (req) => readRetention(req.ctx),
  )

  app.put(
    '/audit/retention',
    {
      schema: {
        operationId: 'setAuditRetention',
        tags,
        summary: '设置日志保存期限',
        'x-authz': keeping,
        body: RetentionChange,
        response: { 200: Retention, ...problems },
      },
    },
    (req) => setRetention(req.ctx, req.body.days, req.body.reason),
  )

  app.get(
    '/audit/archives',
    {
      schema: {
        operationId: 'listAuditArchives',
        tags,
        summary: '日志归档包',
        'x-authz': reading,
        querystring: Strict(PageQuery),
        response: { 200: PageOf(Archive), ...problems },
      },
    },
    (req) => readArchives(req.ctx, req.query.limit ?? 50, req.query.cursor),
  )

  app.get(
    '/audit/signing-keys',
    {
      schema: {
        operationId: 'listAuditSigningKeys',
        tags,
        summary: '归档包签名公钥',
        'x-authz': reading,
        response: { 200: PageOf(SigningKey), ...problems },
      },
    },
    async (req) => ({ items: await readSigningKeys(req.ctx, ports), nextCursor: null }),
  )

  app.post(
    '/audit/archives',
    {
      config: { limited: 'expensive' },
      schema: {
        operationId: 'archiveAuditEvents',
        tags,
        summary: '归档审计日志',
        'x-authz': keeping,
        body: NewArchive,
        response: { 201: Archive, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await archiveBefore(req.ctx, ports, req.body)),
  )

  app.get(
    '/audit/archives/:id/package',
    {
      config: {
        limited: 'expensive',
        recordsRead: { kind: 'audit', writtenByHandler: true },
        mayRead: (ctx, { id }) => mayReadArchive(ctx, id),
      },
      schema: {
        operationId: 'downloadAuditPackage',
        tags,
        summary: '下载归档包',
        'x-authz': keeping,
        params: IdParams,
        response: { 200: Type.Any({ description: '每行一条记录的文本' }), ...problems },
      },
    },
    async (req, reply) => {
      const { fileName, pieces } = await openPackage(req.ctx, req.params.id)
      return reply
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`)
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'private, no-store')
        .type('application/jsonl')
        .send(Readable.from(pieces))
    },
  )
}

async function mayReadArchive(ctx: Ctx, id: string | undefined): Promise<boolean> {
  return isId(id) && readerDuties.some((duty) => ctx.actor.roles.has(duty)) && (await findArchive(ctx, id)) !== undefined
}
