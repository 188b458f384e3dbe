import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { At, IdParams, PageOf, PageQuery, problems, Strict } from '@tongchou/kernel'
import { Type } from 'typebox'
import { unlockAccount } from './account.service.ts'
import { identityDb } from './identity.tables.ts'
import { listLockOuts } from './lock-out.store.ts'
import { findCommonSettings } from './security-settings.store.ts'

const schema = { tags: ['security'], 'x-authz': { any: ['security-admin'] } }

const LockedName = Type.Object({
  account: Type.Object({ id: Type.String(), username: Type.String() }),
  person: Type.Object({ id: Type.String(), name: Type.String() }),
  lockedAt: At,
  lockedUntilAt: At,
})

/** 登录暂停, seen and lifted by the security administrator. */
export const lockOutRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/lock-outs',
    {
      schema: {
        ...schema,
        operationId: 'listLockOuts',
        summary: '登录暂停的账号',
        querystring: Strict(PageQuery),
        response: { 200: PageOf(LockedName), ...problems },
      },
      config: { recordsRead: { kind: 'lock-out', id: 'list' } },
    },
    async (request) => listLockOuts(request.ctx, await findCommonSettings(identityDb(request.ctx)), request.query),
  )

  app.post(
    '/accounts/:id/unlock',
    {
      schema: {
        ...schema,
        operationId: 'unlockAccount',
        summary: '解除登录暂停',
        params: IdParams,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await unlockAccount(request.ctx, request.params.id)
      return reply.status(204).send(null)
    },
  )
}
