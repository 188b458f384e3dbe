import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { At, Id, IdParams, PageOf, PageQuery, problems, Strict } from '../http/schema.ts'
import type { JobsPort } from '../ports.ts'
import { readFailedJobs, retryFailedJob } from './failed-job.service.ts'

const FailedJob = Type.Object({
  id: Id,
  kind: Type.String(),
  payload: Type.String(),
  error: Type.String(),
  attemptCount: Type.Integer(),
  queuedAt: At,
  failedAt: At,
})

/** What the administrator sees of the job runner: jobs that failed for good. */
export const jobRoutes: FastifyPluginAsyncTypebox<{ jobs: JobsPort }> = async (app, { jobs }) => {
  const tags = ['jobs']
  const administrator = { any: ['system-admin'] } as const

  app.get(
    '/jobs/failed',
    {
      schema: {
        operationId: 'listFailedJobs',
        tags,
        summary: '失败的后台任务',
        'x-authz': administrator,
        querystring: Strict(PageQuery),
        response: { 200: PageOf(FailedJob), ...problems },
      },
    },
    (req) => readFailedJobs(req.ctx, req.query.limit ?? 50, req.query.cursor),
  )

  app.post(
    '/jobs/failed/:id/retry',
    {
      schema: {
        operationId: 'retryFailedJob',
        tags,
        summary: '重新执行',
        'x-authz': administrator,
        params: IdParams,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (req, reply) => {
      await retryFailedJob(req.ctx, jobs, req.params.id)
      return reply.status(204).send(null)
    },
  )
}
