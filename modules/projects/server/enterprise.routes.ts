import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdParams, PageOf, problems } from '@tongchou/kernel'
import { Enterprise, EnterprisePage, EnterpriseQuery, IdentifyEnterprise, NewEnterprise } from './enterprise.schema.ts'
import { enterprisePage, identifyEnterprise, mayReadEnterprise, registerEnterprise } from './enterprise.service.ts'
import { listEnterprises } from './enterprise.store.ts'
import { enterpriseColumns } from './project.columns.ts'
import { readers } from './project.routes.ts'

/** The register of enterprises that contracts are made with (企业名录): read by every office, kept by who files contracts and by the center. */
export const enterpriseRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const tags = ['projects']
  const config = {
    mayRead: (ctx: Parameters<typeof mayReadEnterprise>[0], { id }: Record<string, string>) => mayReadEnterprise(ctx, id ?? ''),
  }

  app.get(
    '/enterprises',
    {
      schema: {
        operationId: 'listEnterprises',
        tags,
        summary: '企业名录',
        'x-authz': readers,
        querystring: EnterpriseQuery,
        response: { 200: PageOf(Enterprise), ...problems },
      },
      config: { listColumns: enterpriseColumns },
    },
    (req) => listEnterprises(req.ctx, req.query),
  )

  app.post(
    '/enterprises',
    {
      schema: {
        operationId: 'registerEnterprise',
        tags,
        summary: '登记企业',
        'x-authz': { own: ['applicant', 'district'], any: ['big-data-center'] },
        body: NewEnterprise,
        response: { 201: Enterprise, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await registerEnterprise(req.ctx, req.body)),
  )

  app.get(
    '/enterprises/:id',
    {
      schema: {
        operationId: 'readEnterprise',
        tags,
        summary: '企业',
        'x-authz': readers,
        params: IdParams,
        response: { 200: EnterprisePage, ...problems },
      },
      config: { ...config, recordsRead: { kind: 'enterprise' } },
    },
    (req) => enterprisePage(req.ctx, req.params.id),
  )

  app.post(
    '/enterprises/:id/code',
    {
      schema: {
        operationId: 'identifyEnterprise',
        tags,
        summary: '补登统一社会信用代码',
        'x-authz': { any: ['big-data-center'] },
        params: IdParams,
        body: IdentifyEnterprise,
        response: { 200: Enterprise, ...problems },
      },
      config,
    },
    (req) => identifyEnterprise(req.ctx, req.params.id, req.body.uscc),
  )
}
