import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { problems } from '@tongchou/kernel'
import type { IdentityOptions } from './identity.routes.ts'
import { ChangeSettings, SettingsInForce } from './security-settings.schema.ts'
import { changeSettings, settingsPage } from './security-settings.service.ts'
import { sessionOf } from './session.routes.ts'

const tags = ['security']

/** 安全策略: set by the security administrator alone, read by the audit administrator too. */
export const securitySettingsRoutes: FastifyPluginAsyncTypebox<Pick<IdentityOptions, 'demo'>> = async (app, { demo }) => {
  app.get(
    '/security-settings',
    {
      schema: {
        operationId: 'getSecuritySettings',
        tags,
        summary: '安全策略',
        'x-authz': { any: ['security-admin', 'audit-admin'] },
        response: { 200: SettingsInForce, ...problems },
      },
    },
    (request) => settingsPage(request.ctx, demo !== null),
  )

  app.put(
    '/security-settings',
    {
      schema: {
        operationId: 'changeSecuritySettings',
        tags,
        summary: '修改安全策略',
        'x-authz': { any: ['security-admin'] },
        body: ChangeSettings,
        response: { 200: SettingsInForce, ...problems },
      },
    },
    (request) => {
      sessionOf(request)
      return changeSettings(request.ctx, demo !== null, request.body)
    },
  )
}
