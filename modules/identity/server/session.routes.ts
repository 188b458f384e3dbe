import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Ctx, IdParams, NotPermitted, PageOf, problems, systemActor } from '@tongchou/kernel'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type Credential, credentialOf, sessionCookie } from './authenticate.ts'
import { browserFamily } from './browser-family.ts'
import { sessionColumns } from './identity.columns.ts'
import type { IdentityOptions } from './identity.routes.ts'
import { identityDb } from './identity.tables.ts'
import { changePassword } from './own-password.service.ts'
import { SecondFactorAsked, SecondStep } from './second-factor.schema.ts'
import { digestOf } from './secret.ts'
import { findSettings } from './security-settings.store.ts'
import { ChangePassword, Me, PasswordRules, SessionLine, SessionQuery, SignIn, SwitchPost } from './session.schema.ts'
import { endOtherSession, endOwnOtherSessions, me, signOut, switchPost } from './session.service.ts'
import { listSessions } from './session-list.store.ts'
import { finishSignIn, type SignInOrigin, type SignInStep, signIn, signInOver } from './sign-in.service.ts'

const tags = ['identity']
/** Also for people outside the offices: their own account. */
const signedIn = { 'x-authz': { 'signed-in': [] }, 'x-outside': true }
const open = { 'x-authz': { public: [] } }
const config = { ignoresIdempotencyKey: true }
/** To leave, to be told what is left to do, and to do it. */
const always = { ...config, allowsUnfinished: ['initial-password', 'expired-password', 'second-factor'] as const }

/** The cookie of a sign-in that waits for its second factor. It goes to the addresses of signing in and nowhere else. */
const pendingCookie = 'tongchou_sign_in'
const pendingPath = '/api/v1/sessions'
const Started = Type.Object({ user: Me })

/** Signing in and out, who am I, which post, which password, which sessions. */
export const sessionRoutes: FastifyPluginAsyncTypebox<Pick<IdentityOptions, 'db' | 'now' | 'demo' | 'keys'>> = async (
  app,
  { db, now, demo, keys },
) => {
  const nobody = (request: FastifyRequest): Ctx => ({ db, now, actor: systemActor, requestId: request.id, inside: false })

  app.post(
    '/sessions',
    {
      schema: {
        operationId: 'signIn',
        tags,
        summary: '登录',
        ...open,
        body: SignIn,
        response: { 201: Started, 202: SecondFactorAsked, ...problems },
      },
      config: { ...config, limited: 'sign-in' },
    },
    async (request, reply) => answerStep(request, reply, await signIn(nobody(request), demo, request.body, originOf(request))),
  )

  app.post(
    '/sessions/second-factor',
    {
      schema: {
        operationId: 'finishSignIn',
        tags,
        summary: '登录第二步',
        ...open,
        body: SecondStep,
        response: { 201: Started, ...problems },
      },
      config: { ...config, limited: 'sign-in' },
    },
    async (request, reply) => {
      const cookie = request.cookies[pendingCookie]
      if (cookie === undefined) throw signInOver()
      const input = { pending: digestOf(cookie), code: request.body.code }
      return answerStep(request, reply, { started: await finishSignIn(nobody(request), keys, demo, input, originOf(request)) })
    },
  )

  app.delete(
    '/sessions/current',
    {
      schema: { operationId: 'signOut', tags, summary: '退出', ...signedIn, response: { 204: Type.Null(), ...problems } },
      config: always,
    },
    async (request, reply) => {
      await signOut(request.ctx, sessionOf(request))
      return reply.clearCookie(sessionCookie, { path: '/' }).status(204).send(null)
    },
  )

  app.get(
    '/me',
    { schema: { operationId: 'getMe', tags, summary: '当前登录人', ...signedIn, response: { 200: Me, ...problems } }, config: always },
    (request) => me(request.ctx, demo),
  )

  app.post(
    '/me/post',
    {
      schema: { operationId: 'switchPost', tags, summary: '切换岗位', ...signedIn, body: SwitchPost, response: { 200: Me, ...problems } },
      config,
    },
    async (request, reply) => {
      const started = await switchPost(request.ctx, demo, request.body.postId, sessionOf(request))
      return giveCookie(request, reply, started.secret).send(started.user)
    },
  )

  app.post(
    '/me/password',
    {
      schema: {
        operationId: 'changePassword',
        tags,
        summary: '修改口令',
        ...signedIn,
        body: ChangePassword,
        response: { 204: Type.Null(), ...problems },
      },
      config: always,
    },
    async (request, reply) => {
      const { secret } = await changePassword(request.ctx, request.body, sessionOf(request))
      return giveCookie(request, reply, secret).status(204).send(null)
    },
  )

  app.get(
    '/me/password-rules',
    {
      schema: { operationId: 'getPasswordRules', tags, summary: '口令规则', ...signedIn, response: { 200: PasswordRules, ...problems } },
      config: always,
    },
    async (request) => {
      const { passwordMinLength, passwordMinClasses, passwordHistory } = await findSettings(identityDb(request.ctx), demo !== null)
      return { minLength: passwordMinLength, minClasses: passwordMinClasses, history: passwordHistory }
    },
  )

  app.get(
    '/sessions',
    {
      schema: {
        operationId: 'listSessions',
        tags,
        summary: '登录会话',
        ...signedIn,
        querystring: SessionQuery,
        response: { 200: PageOf(SessionLine), ...problems },
      },
      config: { recordsRead: { kind: 'session', id: 'list' }, listColumns: sessionColumns },
    },
    async (request) => {
      const settings = await findSettings(identityDb(request.ctx), demo !== null)
      return listSessions(request.ctx, settings, request.query, credentialOf(request)?.digest)
    },
  )

  app.delete(
    '/sessions/:id',
    {
      schema: {
        operationId: 'endSession',
        tags,
        summary: '结束会话',
        ...signedIn,
        params: IdParams,
        response: { 204: Type.Null(), ...problems },
      },
      config,
    },
    async (request, reply) => {
      sessionOf(request)
      await endOtherSession(request.ctx, request.params.id)
      return reply.status(204).send(null)
    },
  )

  app.post(
    '/sessions/end-others',
    {
      schema: {
        operationId: 'endOtherSessions',
        tags,
        summary: '结束本人其他会话',
        ...signedIn,
        response: { 200: Type.Object({ ended: Type.Integer() }), ...problems },
      },
      config,
    },
    (request) => endOwnOtherSessions(request.ctx, sessionOf(request)),
  )
}

/** A token must not change the password, switch the post of, or issue tokens for the account it was lent. */
export function sessionOf(request: FastifyRequest): Credential {
  const credential = credentialOf(request)
  if (credential?.kind !== 'session') throw new NotPermitted('session.needed', '此事项须由本人登录后办理，不能使用令牌。')
  return credential
}

/** Where a request comes from, by what the server itself knows of it. */
export function originOf(request: FastifyRequest): SignInOrigin {
  const previous = request.cookies[sessionCookie]
  return { address: request.clientAddress, browser: browserFamily(request.headers['user-agent']), previous: previous && digestOf(previous) }
}

/** A session (201), or the cookie that waits for the second factor (202). */
export function answerStep(request: FastifyRequest, reply: FastifyReply, step: SignInStep): FastifyReply {
  if ('started' in step) {
    if (request.cookies[pendingCookie] !== undefined) reply.clearCookie(pendingCookie, { path: pendingPath })
    return giveCookie(request, reply, step.started.secret).status(201).send({ user: step.started.user })
  }
  return reply
    .setCookie(pendingCookie, step.pending, { path: pendingPath, httpOnly: true, sameSite: 'lax', secure: isSecure(request) })
    .status(202)
    .send({ secondFactor: ['totp', 'recovery-code'] })
}

export function giveCookie(request: FastifyRequest, reply: FastifyReply, secret: string): FastifyReply {
  return reply.setCookie(sessionCookie, secret, { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(request) })
}

/**
 * The header may be forged, but only to the forger's own loss: it can add `Secure`, never take it away.
 * Of several proxies the outermost, which the browser speaks to, is named first.
 */
export function isSecure(request: FastifyRequest): boolean {
  return request.protocol === 'https' || /^\s*https\s*(,|$)/i.test(String(request.headers['x-forwarded-proto'] ?? ''))
}
