import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Ctx, Id, IdParams, PageOf, problems, secrecyFirst } from '@tongchou/kernel'
import { Type } from 'typebox'
import type { ProjectsPorts } from '../ports.ts'
import { supplierContractColumns, supplierReportColumns } from './project.columns.ts'
import { readers } from './project.routes.ts'
import {
  DecideSupplierReport,
  NewSupplierReport,
  SupplierContract,
  SupplierContractLine,
  SupplierContractQuery,
  SupplierReport,
  SupplierReportQuery,
} from './supplier.schema.ts'
import {
  decideSupplierReport,
  mayReadSupplierReport,
  readContract,
  readSupplierContracts,
  readSupplierReports,
  submitReport,
} from './supplier.service.ts'

const agents = { granted: ['enterprise'] } as const

/** What an enterprise's agent sees and hands in (承建单位), and how the building unit answers. */
export const supplierRoutes: FastifyPluginAsyncTypebox<{ ports: ProjectsPorts }> = async (app, { ports }) => {
  const tags = ['projects']

  app.get(
    '/supplier-contracts',
    {
      schema: {
        operationId: 'listSupplierContracts',
        tags,
        summary: '本企业的合同',
        'x-authz': agents,
        querystring: SupplierContractQuery,
        response: { 200: PageOf(SupplierContractLine), ...problems },
      },
      config: { listColumns: supplierContractColumns },
    },
    (req) => readSupplierContracts(req.ctx, ports, req.query),
  )

  app.get(
    '/supplier-contracts/:id',
    {
      schema: {
        operationId: 'readSupplierContract',
        tags,
        summary: '本企业的一份合同',
        'x-authz': agents,
        params: IdParams,
        response: { 200: SupplierContract, ...problems },
      },
      config: { recordsRead: { kind: 'supplier-contract' } },
    },
    (req) => readContract(req.ctx, ports, req.params.id),
  )

  app.post(
    '/supplier-contracts/:id/reports',
    {
      schema: {
        operationId: 'submitSupplierReport',
        tags,
        summary: '报送施工材料',
        'x-authz': agents,
        params: IdParams,
        body: NewSupplierReport,
        response: { 201: Type.Object({ id: Id }), ...problems },
      },
      preValidation: secrecyFirst,
    },
    async (req, reply) => reply.status(201).send(await submitReport(req.ctx, ports, req.params.id, req.body)),
  )

  app.get(
    '/supplier-reports',
    {
      schema: {
        operationId: 'listSupplierReports',
        tags,
        summary: '承建单位报送的材料',
        'x-authz': readers,
        querystring: SupplierReportQuery,
        response: { 200: PageOf(SupplierReport), ...problems },
      },
      config: { listColumns: supplierReportColumns },
    },
    (req) => readSupplierReports(req.ctx, ports, req.query),
  )

  app.post(
    '/supplier-reports/:id/decision',
    {
      schema: {
        operationId: 'decideSupplierReport',
        tags,
        summary: '审核承建单位报送的材料',
        'x-authz': { own: ['applicant', 'district'] },
        params: IdParams,
        body: DecideSupplierReport,
        response: { 200: SupplierReport, ...problems },
      },
      config: { mayRead: (ctx: Ctx, { id }: Record<string, string>) => mayReadSupplierReport(ctx, id ?? '') },
    },
    (req) => decideSupplierReport(req.ctx, ports, req.params.id, req.body),
  )
}
