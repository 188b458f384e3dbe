import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Ctx, IdParams, isId, PageOf, PageQuery, problems, Strict } from '@tongchou/kernel'
import { findingColumns, runColumns } from './comparison.columns.ts'
import { centerDuties, handlerDuties, readFinding, readRun, runnerDuties } from './comparison.permissions.ts'
import { Finding, FindingLine, FindingQuery, FindingRecords } from './finding.schema.ts'
import { findFinding } from './finding.store.ts'
import { findingPage, findingRecords, viewFinding } from './finding.view.ts'
import type { ComparisonPorts } from './ports.ts'
import { ComparisonLine, NewRun, Run, RunQuery } from './run.schema.ts'
import { dispatchRun, startRun, stopRun } from './run.service.ts'
import { findRun } from './run.store.ts'
import { comparisonPage, readableRun, runPage, viewRun } from './run.view.ts'

const tags = ['comparison']

/** Named comparisons, their runs and what they found (专题比对、比对任务、比对结果) under the API's prefix. */
export const comparisonRoutes: FastifyPluginAsyncTypebox<{ ports: ComparisonPorts }> = async (app, { ports }) => {
  const reading = { any: [...centerDuties], own: [...handlerDuties] }
  const running = { any: [...centerDuties], own: [...runnerDuties] }
  const ofRun = { mayRead: (ctx: Ctx, params: Record<string, string>) => mayReadRun(ctx, params.id) }

  app.get(
    '/comparisons',
    {
      schema: {
        operationId: 'listComparisons',
        tags,
        summary: '专题比对清单',
        'x-authz': reading,
        querystring: Strict(PageQuery),
        response: { 200: PageOf(ComparisonLine), ...problems },
      },
    },
    (req) => comparisonPage(req.ctx, ports, req.query),
  )
  app.post(
    '/comparison-runs',
    {
      schema: {
        operationId: 'startComparison',
        tags,
        summary: '发起比对',
        'x-authz': running,
        body: NewRun,
        response: { 201: Run, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await viewRun(req.ctx, ports, await startRun(req.ctx, ports, req.body))),
  )
  app.get(
    '/comparison-runs',
    {
      config: { listColumns: runColumns },
      schema: {
        operationId: 'listComparisonRuns',
        tags,
        summary: '比对任务清单',
        'x-authz': reading,
        querystring: RunQuery,
        response: { 200: PageOf(Run), ...problems },
      },
    },
    (req) => runPage(req.ctx, ports, req.query),
  )
  app.get(
    '/comparison-runs/:id',
    {
      config: { recordsRead: { kind: 'comparison-run' } },
      schema: {
        operationId: 'getComparisonRun',
        tags,
        summary: '比对任务详情',
        'x-authz': reading,
        params: IdParams,
        response: { 200: Run, ...problems },
      },
    },
    async (req) => viewRun(req.ctx, ports, await readableRun(req.ctx, req.params.id)),
  )
  app.post(
    '/comparison-runs/:id/cancellation',
    {
      config: ofRun,
      schema: {
        operationId: 'stopComparison',
        tags,
        summary: '停止比对',
        'x-authz': running,
        params: IdParams,
        response: { 200: Run, ...problems },
      },
    },
    async (req) => viewRun(req.ctx, ports, await stopRun(req.ctx, req.params.id)),
  )
  app.post(
    '/comparison-runs/:id/dispatch',
    {
      config: ofRun,
      schema: {
        operationId: 'dispatchComparison',
        tags,
        summary: '转办比对结果',
        'x-authz': { any: [...centerDuties] },
        params: IdParams,
        response: { 200: Run, ...problems },
      },
    },
    async (req) => viewRun(req.ctx, ports, await dispatchRun(req.ctx, ports, req.params.id)),
  )
  app.get(
    '/comparison-findings',
    {
      config: { listColumns: findingColumns },
      schema: {
        operationId: 'listComparisonFindings',
        tags,
        summary: '比对结果清单',
        'x-authz': reading,
        querystring: FindingQuery,
        response: { 200: PageOf(FindingLine), ...problems },
      },
    },
    (req) => findingPage(req.ctx, ports, req.query),
  )
  app.get(
    '/comparison-findings/:id',
    {
      config: { recordsRead: { kind: 'comparison-finding' } },
      schema: {
        operationId: 'getComparisonFinding',
        tags,
        summary: '比对结果详情',
        'x-authz': reading,
        params: IdParams,
        response: { 200: Finding, ...problems },
      },
    },
    (req) => viewFinding(req.ctx, ports, req.params.id),
  )
  app.post(
    '/comparison-findings/:id/records',
    {
      // The answer is personal data: it is not kept for a repeated request.
      config: {
        ignoresIdempotencyKey: true,
        mayRead: async (ctx: Ctx, params: Record<string, string>) => {
          const row = isId(params.id) ? await findFinding(ctx, params.id) : undefined
          return row !== undefined && readFinding.allows(ctx.actor, row)
        },
      },
      schema: {
        operationId: 'readFindingRecords',
        tags,
        summary: '查看比对结果的双方记录',
        'x-authz': reading,
        params: IdParams,
        response: { 200: FindingRecords, ...problems },
      },
    },
    (req) => findingRecords(req.ctx, ports, req.params.id),
  )
}

async function mayReadRun(ctx: Ctx, id: string | undefined): Promise<boolean> {
  const row = isId(id) ? await findRun(ctx, id) : undefined
  return row !== undefined && readRun.allows(ctx.actor, row)
}
