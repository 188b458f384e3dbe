import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { CivilDate, type Ctx, Id, IdParams, Line, Prose, problems, Strict } from '@tongchou/kernel'
import { Type } from 'typebox'
import type { ProjectsPorts } from '../ports.ts'
import { reachMilestone, reportProgress, setMilestones } from './building.service.ts'
import { beginProcedure, requestPayment } from './lifecycle.service.ts'
import { type LifecycleAct, type LifecyclePath, lifecycleActs } from './lifecycle.ts'
import { mayReadById, Opinion } from './project.routes.ts'
import { Project } from './project.schema.ts'

const begin = {
  opinion: Opinion,
  form: Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 64 }),
  documents: Type.Array(Strict({ kind: Line(64), id: Id }), { maxItems: 50 }),
}
const Begin = Strict(begin)
const Begun = Type.Object({ caseId: Id })

/** The acts that begin a procedure on a project, payments and what is reported while building. */
export const lifecycleRoutes: FastifyPluginAsyncTypebox<{ ports: ProjectsPorts }> = async (app, { ports }) => {
  const config = { mayRead: (ctx: Ctx, { id }: Record<string, string>) => mayReadById(ctx, ports, id ?? '') }
  const tags = ['projects']
  const builder = { own: ['applicant', 'district'] }

  for (const [path, act] of Object.entries<LifecycleAct>(lifecycleActs)) {
    const relation = act.duties.includes('applicant') ? 'own' : 'any'
    app.post(
      `/projects/:id/${path}`,
      {
        schema: {
          operationId: act.operationId,
          tags,
          summary: act.title,
          'x-authz': { [relation]: act.duties },
          params: IdParams,
          body: Begin,
          response: { 201: Begun, ...problems },
        },
        config,
      },
      async (req, reply) => reply.status(201).send(await beginProcedure(req.ctx, ports, path as LifecyclePath, req.params.id, req.body)),
    )
  }

  app.post(
    '/projects/:id/payments',
    {
      schema: {
        operationId: 'requestPayment',
        tags,
        summary: '申请支付',
        'x-authz': { own: ['applicant'] },
        params: IdParams,
        body: Strict({ ...begin, contractId: Id, lineNo: Type.Integer({ minimum: 1, maximum: 1000 }) }),
        response: { 201: Type.Object({ paymentId: Id, caseId: Id }), ...problems },
      },
      config,
    },
    async (req, reply) => reply.status(201).send(await requestPayment(req.ctx, ports, req.params.id, req.body)),
  )

  app.put(
    '/projects/:id/milestones',
    {
      schema: {
        operationId: 'setMilestones',
        tags,
        summary: '设定里程碑',
        'x-authz': builder,
        params: IdParams,
        body: Strict({ milestones: Type.Array(Strict({ title: Line(100), dueOn: CivilDate }), { maxItems: 50 }) }),
        response: { 200: Project, ...problems },
      },
      config,
    },
    (req) => setMilestones(req.ctx, ports, req.params.id, req.body.milestones),
  )

  app.post(
    '/projects/:id/milestones/:milestoneId/reached',
    {
      schema: {
        operationId: 'reachMilestone',
        tags,
        summary: '里程碑完成',
        'x-authz': builder,
        params: Strict({ id: Id, milestoneId: Id }),
        body: Strict({ doneOn: CivilDate }),
        response: { 200: Project, ...problems },
      },
      config,
    },
    (req) => reachMilestone(req.ctx, ports, req.params.id, req.params.milestoneId, req.body.doneOn),
  )

  app.post(
    '/projects/:id/progress-reports',
    {
      schema: {
        operationId: 'reportProgress',
        tags,
        summary: '填报建设进展',
        'x-authz': builder,
        params: IdParams,
        body: Strict({ period: Line(50), percent: Type.Integer({ minimum: 0, maximum: 100 }), text: Prose(4000) }),
        response: { 201: Project, ...problems },
      },
      config,
    },
    async (req, reply) => reply.status(201).send(await reportProgress(req.ctx, ports, req.params.id, req.body)),
  )
}
