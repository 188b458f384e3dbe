import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Ctx, IdParams, PageOf, PageQuery, problems, Strict, secrecyFirst } from '@tongchou/kernel'
import { Type } from 'typebox'
import type { ProjectsPorts } from '../ports.ts'
import { ownDraft } from './proposal-draft.permissions.ts'
import { DraftChange, DraftLine, NewDraft, ProposalDraft } from './proposal-draft.schema.ts'
import { beginDraft, discardDraft, readDraft, readDrafts, saveDraft } from './proposal-draft.service.ts'
import { findDraft } from './proposal-draft.store.ts'

/** Proposals that do not say everything yet (草稿). */
export const proposalDraftRoutes: FastifyPluginAsyncTypebox<{ ports: ProjectsPorts }> = async (app, { ports }) => {
  const tags = ['projects']
  const own = { own: ['applicant', 'district'] } as const
  const config = { mayRead: (ctx: Ctx, { id }: Record<string, string>) => mayReadDraft(ctx, id ?? '') }
  const one = { tags, params: IdParams, 'x-authz': own }

  app.get(
    '/proposal-drafts',
    {
      schema: {
        operationId: 'listProposalDrafts',
        tags,
        summary: '本人未填完的项目申报',
        'x-authz': own,
        querystring: Strict(PageQuery),
        response: { 200: PageOf(DraftLine), ...problems },
      },
    },
    (req) => readDrafts(req.ctx, req.query.limit ?? 50, req.query.cursor),
  )

  app.post(
    '/proposal-drafts',
    {
      schema: {
        operationId: 'beginProposalDraft',
        tags,
        summary: '开始填写项目申报，可沿用本单位以往项目',
        'x-authz': own,
        body: NewDraft,
        response: { 201: ProposalDraft, ...problems },
      },
      preValidation: secrecyFirst,
    },
    async (req, reply) => reply.status(201).send(await beginDraft(req.ctx, ports, req.body)),
  )

  app.get(
    '/proposal-drafts/:id',
    {
      schema: { ...one, operationId: 'readProposalDraft', summary: '未填完的项目申报', response: { 200: ProposalDraft, ...problems } },
      config,
    },
    (req) => readDraft(req.ctx, req.params.id),
  )

  app.put(
    '/proposal-drafts/:id',
    {
      schema: {
        ...one,
        operationId: 'saveProposalDraft',
        summary: '保存未填完的项目申报',
        body: DraftChange,
        response: { 200: ProposalDraft, ...problems },
      },
      preValidation: secrecyFirst,
      config,
    },
    (req) => saveDraft(req.ctx, req.params.id, req.body),
  )

  app.delete(
    '/proposal-drafts/:id',
    {
      schema: { ...one, operationId: 'discardProposalDraft', summary: '删除草稿', response: { 204: Type.Null(), ...problems } },
      config,
    },
    async (req, reply) => {
      await discardDraft(req.ctx, req.params.id)
      return reply.status(204).send(null)
    },
  )
}

async function mayReadDraft(ctx: Ctx, id: string): Promise<boolean> {
  const draft = await findDraft(ctx, id)
  return draft !== undefined && ownDraft.allows(ctx.actor, draft)
}
