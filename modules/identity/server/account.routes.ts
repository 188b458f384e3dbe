import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdParams, problems } from '@tongchou/kernel'
import { AccountStatusAnswer, InitialPassword, NewAccount } from './account.schema.ts'
import { changeStatus, openAccount, resetPassword } from './account.service.ts'

const tags = ['identity']
const administered = { 'x-authz': { any: ['system-admin'] } }
/** A stored answer would keep the first password in the clear. */
const notKept = { ignoresIdempotencyKey: true }

/** Accounts, kept by the system administrator. Nobody else may know which there are: 404. */
export const accountRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/accounts',
    {
      schema: {
        operationId: 'openAccount',
        tags,
        summary: '开通账号',
        ...administered,
        body: NewAccount,
        response: { 201: InitialPassword, ...problems },
      },
      config: notKept,
    },
    async (request, reply) => reply.status(201).send(await openAccount(request.ctx, request.body)),
  )

  app.post(
    '/accounts/:id/password-reset',
    {
      schema: {
        operationId: 'resetPassword',
        tags,
        summary: '重置口令',
        ...administered,
        params: IdParams,
        response: { 200: InitialPassword, ...problems },
      },
      config: notKept,
    },
    (request) => resetPassword(request.ctx, request.params.id),
  )

  app.post(
    '/accounts/:id/disable',
    {
      schema: {
        operationId: 'disableAccount',
        tags,
        summary: '停用账号',
        ...administered,
        params: IdParams,
        response: { 200: AccountStatusAnswer, ...problems },
      },
    },
    (request) => changeStatus(request.ctx, request.params.id, 'disabled'),
  )

  app.post(
    '/accounts/:id/enable',
    {
      schema: {
        operationId: 'enableAccount',
        tags,
        summary: '启用账号',
        ...administered,
        params: IdParams,
        response: { 200: AccountStatusAnswer, ...problems },
      },
    },
    (request) => changeStatus(request.ctx, request.params.id, 'active'),
  )
}
