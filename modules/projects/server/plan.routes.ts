import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Ctx, Id, IdParams, Line, OneOf, PageOf, PageQuery, problems, Strict } from '@tongchou/kernel'
import { Type } from 'typebox'
import type { ProjectsPorts } from '../ports.ts'
import { ChangeCityPlan, CityPlan, CompileCityPlan, FilePlanEntry, PlanEntry, planEntryStates } from './plan.schema.ts'
import {
  changeCityPlan,
  compileCityPlan,
  filePlanEntry,
  readCityPlan,
  readCityPlanPage,
  readCityPlans,
  readPlanEntries,
  submitCityPlan,
} from './plan.service.ts'
import { entrySorts, findCityPlan } from './plan.store.ts'
import { cityPlanColumns, planEntryColumns } from './project.columns.ts'
import { mayReadById, Opinion } from './project.routes.ts'

const planReaders = {
  any: ['big-data-center', 'drc', 'finance', 'audit', 'supervisor', 'vice-mayor', 'city-government'],
  own: ['applicant', 'district', 'user-unit'],
} as const

/** Entries of the annual plan and the city's plan (年度计划). */
export const planRoutes: FastifyPluginAsyncTypebox<{ ports: ProjectsPorts }> = async (app, { ports }) => {
  const tags = ['plans']
  const config = {
    mayRead: async (ctx: Ctx, { id }: Record<string, string>) => {
      const plan = await findCityPlan(ctx, id ?? '')
      return plan !== undefined && readCityPlan.allows(ctx.actor, plan)
    },
  }

  app.post(
    '/projects/:id/plan-entries',
    {
      schema: {
        operationId: 'filePlanEntry',
        tags,
        summary: '报送年度计划',
        'x-authz': { own: ['applicant'] },
        params: IdParams,
        body: FilePlanEntry,
        response: { 201: Type.Object({ entryId: Id, caseId: Id }), ...problems },
      },
      config: { mayRead: (ctx: Ctx, { id }: Record<string, string>) => mayReadById(ctx, ports, id ?? '') },
    },
    async (req, reply) => reply.status(201).send(await filePlanEntry(req.ctx, ports, req.params.id, req.body)),
  )

  app.get(
    '/plan-entries',
    {
      schema: {
        operationId: 'listPlanEntries',
        tags,
        summary: '年度计划申报列表',
        'x-authz': planReaders,
        querystring: Strict({
          ...PageQuery,
          year: Type.Optional(Type.Integer({ minimum: 2000, maximum: 2100 })),
          state: Type.Optional(OneOf(planEntryStates)),
          ownerOrgId: Type.Optional(Line(64)),
          cityPlanId: Type.Optional(Id),
          projectId: Type.Optional(Id),
          sort: Type.Optional(OneOf(entrySorts)),
        }),
        response: {
          200: Type.Interface([PageOf(PlanEntry)], {
            totals: Type.Object({ count: Type.Integer(), budgetFen: Type.Integer(), omCostFen: Type.Integer() }),
          }),
          ...problems,
        },
      },
      config: { listColumns: planEntryColumns },
    },
    (req) => readPlanEntries(req.ctx, ports, { ...req.query, limit: req.query.limit ?? 50 }),
  )

  app.get(
    '/city-plans',
    {
      schema: {
        operationId: 'listCityPlans',
        tags,
        summary: '全市年度计划列表',
        'x-authz': planReaders,
        querystring: Strict({ ...PageQuery, year: Type.Optional(Type.Integer({ minimum: 2000, maximum: 2100 })) }),
        response: { 200: PageOf(CityPlan), ...problems },
      },
      config: { listColumns: cityPlanColumns },
    },
    (req) => readCityPlans(req.ctx, req.query),
  )

  app.post(
    '/city-plans',
    {
      schema: {
        operationId: 'compileCityPlan',
        tags,
        summary: '编制全市年度计划',
        'x-authz': { any: ['big-data-center'] },
        body: CompileCityPlan,
        response: { 201: CityPlan, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await compileCityPlan(req.ctx, req.body)),
  )

  app.get(
    '/city-plans/:id',
    {
      schema: {
        operationId: 'readCityPlan',
        tags,
        summary: '全市年度计划',
        'x-authz': planReaders,
        params: IdParams,
        response: { 200: CityPlan, ...problems },
      },
      config: { ...config, recordsRead: { kind: 'city-plan' } },
    },
    (req) => readCityPlanPage(req.ctx, req.params.id),
  )

  app.put(
    '/city-plans/:id',
    {
      schema: {
        operationId: 'changeCityPlan',
        tags,
        summary: '修改全市年度计划',
        'x-authz': { any: ['big-data-center'] },
        params: IdParams,
        body: ChangeCityPlan,
        response: { 200: CityPlan, ...problems },
      },
      config,
    },
    (req) => changeCityPlan(req.ctx, req.params.id, req.body),
  )

  app.post(
    '/city-plans/:id/submission',
    {
      schema: {
        operationId: 'submitCityPlan',
        tags,
        summary: '提请联合审查',
        'x-authz': { any: ['big-data-center'] },
        params: IdParams,
        body: Strict({ opinion: Opinion }),
        response: { 201: Type.Object({ caseId: Id }), ...problems },
      },
      config,
    },
    async (req, reply) => reply.status(201).send(await submitCityPlan(req.ctx, ports, req.params.id, req.body.opinion)),
  )
}
