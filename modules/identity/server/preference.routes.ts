import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { problems } from '@tongchou/kernel'
import { ChangePreferences, Preferences } from './preference.schema.ts'
import { changePreferences, preferencesOf } from './preference.service.ts'

const tags = ['identity']
/** Also for people outside the offices: their own account. */
const signedIn = { 'x-authz': { 'signed-in': [] }, 'x-outside': true }

/** 个人设置, each account its own. */
export const preferenceRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/me/preferences',
    {
      schema: { operationId: 'getPreferences', tags, summary: '个人设置', ...signedIn, response: { 200: Preferences, ...problems } },
    },
    (request) => preferencesOf(request.ctx),
  )

  app.put(
    '/me/preferences',
    {
      schema: {
        operationId: 'changePreferences',
        tags,
        summary: '修改个人设置',
        ...signedIn,
        body: ChangePreferences,
        response: { 200: Preferences, ...problems },
      },
    },
    (request) => changePreferences(request.ctx, request.body),
  )
}
