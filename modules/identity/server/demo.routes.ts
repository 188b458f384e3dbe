import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Problem } from '@tongchou/kernel'
import { Type } from 'typebox'
import { demoAccounts } from './demo.service.ts'
import type { IdentityOptions } from './identity.routes.ts'

const DemoAccount = Type.Object({
  username: Type.String(),
  password: Type.String(),
  displayName: Type.String(),
  title: Type.String(),
  organisation: Type.String(),
  roles: Type.Array(Type.String()),
})

/** The people one may become in the demo city; 404 outside demo mode. */
export const demoRoutes: FastifyPluginAsyncTypebox<Pick<IdentityOptions, 'db' | 'now' | 'demo'>> = async (app, { db, now, demo }) => {
  app.get(
    '/demo/accounts',
    {
      schema: {
        operationId: 'listDemoAccounts',
        tags: ['identity'],
        summary: '演示账号',
        'x-authz': { public: [] },
        response: { 200: Type.Object({ items: Type.Array(DemoAccount) }), 404: Problem },
      },
    },
    () => demoAccounts(db, now(), demo),
  )
}
