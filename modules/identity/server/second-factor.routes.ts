import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdParams, PageOf, PageQuery, problems, Strict } from '@tongchou/kernel'
import { Type } from 'typebox'
import { secondFactorColumns } from './identity.columns.ts'
import type { IdentityOptions } from './identity.routes.ts'
import {
  BeginFactor,
  ConfirmFactor,
  EnrolledAccount,
  FactorState,
  NewFactor,
  RecoveryCodes,
  RemoveFactor,
  ResetFactor,
} from './second-factor.schema.ts'
import { beginFactor, confirmOwnFactor, factorState, removeOwnFactor, renewRecoveryCodes, resetFactor } from './second-factor.service.ts'
import { listSecondFactors } from './second-factor-list.store.ts'
import { giveCookie, sessionOf } from './session.routes.ts'

/** Also for people outside the offices: their own account. */
const signedIn = { tags: ['identity'], 'x-authz': { 'signed-in': [] }, 'x-outside': true }
const config = { ignoresIdempotencyKey: true }
/** What an administrator needs who has still to enrol. */
const enrolling = { ...config, allowsUnfinished: ['second-factor'] as const }

/** 动态口令: each account its own; reset by the security administrator. */
export const secondFactorRoutes: FastifyPluginAsyncTypebox<Pick<IdentityOptions, 'demo' | 'keys'>> = async (app, { demo, keys }) => {
  app.get(
    '/me/second-factor',
    {
      schema: { operationId: 'getSecondFactor', summary: '本人动态口令', ...signedIn, response: { 200: FactorState, ...problems } },
      config: enrolling,
    },
    (request) => factorState(request.ctx, demo !== null),
  )

  app.post(
    '/me/second-factor',
    {
      schema: {
        operationId: 'beginSecondFactor',
        summary: '启用动态口令',
        ...signedIn,
        body: BeginFactor,
        response: { 201: NewFactor, ...problems },
      },
      config: enrolling,
    },
    async (request, reply) => {
      sessionOf(request)
      return reply.status(201).send(await beginFactor(request.ctx, keys, request.body.password))
    },
  )

  app.post(
    '/me/second-factor/confirm',
    {
      schema: {
        operationId: 'confirmSecondFactor',
        summary: '确认动态口令',
        ...signedIn,
        body: ConfirmFactor,
        response: { 200: RecoveryCodes, ...problems },
      },
      config: enrolling,
    },
    async (request, reply) => {
      const { secret, recoveryCodes } = await confirmOwnFactor(request.ctx, keys, request.body.code, sessionOf(request))
      return giveCookie(request, reply, secret).send({ recoveryCodes })
    },
  )

  app.post(
    '/me/second-factor/recovery-codes',
    {
      schema: {
        operationId: 'renewRecoveryCodes',
        summary: '重新生成恢复码',
        ...signedIn,
        body: ConfirmFactor,
        response: { 200: RecoveryCodes, ...problems },
      },
      config,
    },
    (request) => {
      sessionOf(request)
      return renewRecoveryCodes(request.ctx, keys, request.body.code)
    },
  )

  app.post(
    '/me/second-factor/remove',
    {
      schema: {
        operationId: 'removeSecondFactor',
        summary: '停用动态口令',
        ...signedIn,
        body: RemoveFactor,
        response: { 204: Type.Null(), ...problems },
      },
      config,
    },
    async (request, reply) => {
      const { secret } = await removeOwnFactor(request.ctx, keys, demo !== null, request.body, sessionOf(request))
      return giveCookie(request, reply, secret).status(204).send(null)
    },
  )

  app.get(
    '/second-factors',
    {
      schema: {
        operationId: 'listSecondFactors',
        tags: ['security'],
        summary: '已启用动态口令的账号',
        'x-authz': { any: ['security-admin'] },
        querystring: Strict({ ...PageQuery, q: Type.Optional(Type.String({ maxLength: 100 })) }),
        response: { 200: PageOf(EnrolledAccount), ...problems },
      },
      config: { recordsRead: { kind: 'second-factor', id: 'list' }, listColumns: secondFactorColumns },
    },
    (request) => listSecondFactors(request.ctx, request.query),
  )

  app.post(
    '/accounts/:id/second-factor-reset',
    {
      schema: {
        operationId: 'resetSecondFactor',
        tags: ['security'],
        summary: '重置动态口令',
        'x-authz': { any: ['security-admin'] },
        params: IdParams,
        body: ResetFactor,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await resetFactor(request.ctx, request.params.id, request.body.reason)
      return reply.status(204).send(null)
    },
  )
}
