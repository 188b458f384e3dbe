import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  type Ctx,
  FindingSchema,
  IdParams,
  keptAnswers,
  Line,
  OneOf,
  PageOf,
  PageQuery,
  Prose,
  problems,
  Strict,
  secrecyFirst,
  TrailLines,
  TrailQuery,
} from '@tongchou/kernel'
import { Type } from 'typebox'
import type { ProjectsPorts } from '../ports.ts'
import { projectColumns } from './project.columns.ts'
import { Project, ProjectLine, Proposal, ProposalChange, ProposalSoFar, projectKinds, stages } from './project.schema.ts'
import { findProject, projectSorts } from './project.store.ts'
import { readProjectList, readTrail } from './project-list.service.ts'
import {
  changeProposal,
  checkAct,
  checkUnsaved,
  createProposal,
  decideScope,
  decideUrgency,
  declareUrgent,
  fileSuperior,
  mayRead,
  readProjectPage,
  receiveSuperior,
} from './proposal.service.ts'

/** Everybody of the offices and units; whose project it is decides the noun's own permission. */
export const readers = {
  own: [
    'applicant',
    'district',
    'user-unit',
    'data-steward',
    'secrecy-reviewer',
    'department-head',
    'industry',
    'public-security',
    'expert',
  ],
  any: ['big-data-center', 'drc', 'finance', 'audit', 'supervisor', 'vice-mayor', 'city-government'],
  granted: ['tender-center'],
} as const

const projectActs = [
  'plan.file',
  'project.apply',
  'project.establish',
  'project.tender',
  'project.accept',
  'project.handover',
  'payment.release',
  'funding.schedule',
] as const

const Reason = Strict({ reason: Line(2000) })

/** Proposals and the page of a project. */
export const projectRoutes: FastifyPluginAsyncTypebox<{ ports: ProjectsPorts }> = async (app, { ports }) => {
  const tags = ['projects']
  const config = { mayRead: (ctx: Ctx, { id }: Record<string, string>) => mayReadById(ctx, ports, id ?? '') }
  const one = { tags, params: IdParams }
  const pages = keptAnswers<Project>(500)

  app.get(
    '/projects',
    {
      schema: {
        operationId: 'listProjects',
        tags,
        summary: '项目列表',
        'x-authz': readers,
        querystring: Strict({
          ...PageQuery,
          q: Type.Optional(Type.String({ maxLength: 100 })),
          stage: Type.Optional(OneOf(stages)),
          kind: Type.Optional(OneOf(projectKinds)),
          ownerOrgId: Type.Optional(Line(64)),
          sort: Type.Optional(OneOf(projectSorts)),
        }),
        response: {
          200: Type.Interface([PageOf(ProjectLine)], {
            totals: Type.Object({ count: Type.Integer(), budgetFen: Type.Integer(), approvedFen: Type.Integer() }),
          }),
          ...problems,
        },
      },
      config: { listColumns: projectColumns },
    },
    (req) => readProjectList(req.ctx, ports, req.query),
  )

  app.post(
    '/projects',
    {
      schema: {
        operationId: 'createProposal',
        tags,
        summary: '新建项目申报',
        'x-authz': { own: ['applicant', 'district'] },
        body: Proposal,
        response: { 201: Project, ...problems },
      },
      preValidation: secrecyFirst,
    },
    async (req, reply) => reply.status(201).send(await createProposal(req.ctx, ports, req.body)),
  )

  app.post(
    '/projects/check',
    {
      schema: {
        operationId: 'checkUnsavedProposal',
        tags,
        summary: '预检未保存的项目申报',
        'x-authz': { own: ['applicant', 'district'] },
        body: Strict({ act: OneOf(['plan.file', 'project.apply'] as const), proposal: ProposalSoFar }),
        response: { 200: Type.Object({ findings: Type.Array(FindingSchema) }), ...problems },
      },
      config: { storesNothing: true },
    },
    async (req) => ({ findings: await checkUnsaved(req.ctx, ports, req.body.act, req.body.proposal) }),
  )

  app.get(
    '/projects/:id',
    {
      schema: { ...one, operationId: 'readProject', summary: '项目详情', 'x-authz': readers, response: { 200: Project, ...problems } },
      config: { ...config, recordsRead: { kind: 'project' } },
    },
    ({ ctx, params: { id } }) => pages.get(ctx.presence, pageKey(ctx, id), () => readProjectPage(ctx, ports, id)),
  )

  app.put(
    '/projects/:id',
    {
      schema: {
        ...one,
        operationId: 'changeProposal',
        summary: '修改项目申报',
        'x-authz': { own: ['applicant', 'district'] },
        body: ProposalChange,
        response: { 200: Project, ...problems },
      },
      preValidation: secrecyFirst,
      config,
    },
    (req) => changeProposal(req.ctx, ports, req.params.id, req.body),
  )

  app.get(
    '/projects/:id/check',
    {
      schema: {
        ...one,
        operationId: 'checkProjectAct',
        summary: '预检一项办理',
        'x-authz': readers,
        querystring: Strict({ act: OneOf(projectActs) }),
        response: { 200: Type.Object({ findings: Type.Array(FindingSchema) }), ...problems },
      },
      config,
    },
    async (req) => ({ findings: await checkAct(req.ctx, ports, req.params.id, req.query.act) }),
  )

  app.get(
    '/projects/:id/audit',
    {
      schema: {
        ...one,
        operationId: 'readProjectTrail',
        summary: '项目操作记录',
        'x-authz': readers,
        querystring: TrailQuery,
        response: { 200: TrailLines, ...problems },
      },
      config,
    },
    (req) => readTrail(req.ctx, ports, req.params.id, req.query),
  )

  app.post(
    '/projects/:id/urgency',
    {
      schema: {
        ...one,
        operationId: 'declareUrgent',
        summary: '申报紧急项目',
        'x-authz': { own: ['applicant', 'district'] },
        body: Reason,
        response: { 200: Project, ...problems },
      },
      config,
    },
    (req) => declareUrgent(req.ctx, ports, req.params.id, req.body.reason),
  )

  app.post(
    '/projects/:id/urgency/decision',
    {
      schema: {
        ...one,
        operationId: 'decideUrgency',
        summary: '认定紧急项目',
        'x-authz': { any: ['big-data-center'] },
        body: Strict({ confirmed: Type.Boolean(), reason: Line(2000) }),
        response: { 200: Project, ...problems },
      },
      config,
    },
    (req) => decideUrgency(req.ctx, ports, req.params.id, req.body.confirmed, req.body.reason),
  )

  app.post(
    '/projects/:id/scope',
    {
      schema: {
        ...one,
        operationId: 'decideScope',
        summary: '认定是否属于政务信息系统',
        'x-authz': { any: ['big-data-center'] },
        body: Strict({ inScope: Type.Boolean(), reason: Line(2000) }),
        response: { 200: Project, ...problems },
      },
      config,
    },
    (req) => decideScope(req.ctx, ports, req.params.id, req.body.inScope, req.body.reason),
  )

  app.post(
    '/projects/:id/superior-filing',
    {
      schema: {
        ...one,
        operationId: 'fileSuperior',
        summary: '报送备案',
        'x-authz': { own: ['applicant', 'district'] },
        response: { 200: Project, ...problems },
      },
      config,
    },
    (req) => fileSuperior(req.ctx, ports, req.params.id),
  )

  app.post(
    '/projects/:id/superior-filing/receipt',
    {
      schema: {
        ...one,
        operationId: 'receiveSuperior',
        summary: '接收备案',
        'x-authz': { any: ['big-data-center'] },
        response: { 200: Project, ...problems },
      },
      config,
    },
    (req) => receiveSuperior(req.ctx, ports, req.params.id),
  )
}

/** A page is one actor's, and a limit that runs out is to be seen on it within the minute, though nothing is written when it does. */
function pageKey({ actor, now }: Ctx, id: string): string {
  return `${actor.accountId} ${actor.postId} ${id} ${Math.floor(now().getTime() / 60_000)}`
}

/** For the coarse gate: may this actor read the project at all? */
export async function mayReadById(ctx: Ctx, ports: ProjectsPorts, id: string): Promise<boolean> {
  if (!/^[0-9a-f-]{36}$/i.test(id)) return false
  const project = await findProject(ctx, id)
  return project !== undefined && mayRead(ctx, ports, project)
}

/** Opinion phrases and the like are free text, never longer than this. */
export const Opinion = Prose(2000)
