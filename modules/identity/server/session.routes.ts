import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Ctx, NotPermitted, problems, systemActor } from '@tongchou/kernel'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type Credential, credentialOf, sessionCookie } from './authenticate.ts'
import type { IdentityOptions } from './identity.routes.ts'
import { digestOf } from './secret.ts'
import { ChangePassword, Me, SignIn, SwitchPost } from './session.schema.ts'
import { changePassword, me, signIn, signOut, switchPost } from './session.service.ts'

const tags = ['identity']
const signedIn = { 'x-authz': { 'signed-in': [] } }
const config = { ignoresIdempotencyKey: true, allowsExpiredPassword: true }

/** Signing in and out, who am I, which post, which password. */
export const sessionRoutes: FastifyPluginAsyncTypebox<Pick<IdentityOptions, 'db' | 'now' | 'demo'>> = async (app, { db, now, demo }) => {
  const nobody = (request: FastifyRequest): Ctx => ({ db, now, actor: systemActor, requestId: request.id, inside: false })

  app.post(
    '/sessions',
    {
      schema: {
        operationId: 'signIn',
        tags,
        summary: '登录',
        'x-authz': { public: [] },
        body: SignIn,
        response: { 201: Type.Object({ user: Me }), ...problems },
      },
      config,
    },
    async (request, reply) => {
      const previous = request.cookies[sessionCookie]
      const started = await signIn(nobody(request), demo, request.body, previous && digestOf(previous))
      return giveCookie(request, reply, started.secret).status(201).send({ user: started.user })
    },
  )

  app.delete(
    '/sessions/current',
    {
      schema: { operationId: 'signOut', tags, summary: '退出', ...signedIn, response: { 204: Type.Null(), ...problems } },
      config,
    },
    async (request, reply) => {
      await signOut(request.ctx, sessionOf(request))
      return reply.clearCookie(sessionCookie, { path: '/' }).status(204).send(null)
    },
  )

  app.get(
    '/me',
    { schema: { operationId: 'getMe', tags, summary: '当前登录人', ...signedIn, response: { 200: Me, ...problems } }, config },
    (request) => me(request.ctx, demo),
  )

  app.post(
    '/me/post',
    {
      schema: { operationId: 'switchPost', tags, summary: '切换岗位', ...signedIn, body: SwitchPost, response: { 200: Me, ...problems } },
      config: { ignoresIdempotencyKey: true },
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
      config,
    },
    async (request, reply) => {
      const { secret } = await changePassword(request.ctx, request.body, sessionOf(request))
      return giveCookie(request, reply, secret).status(204).send(null)
    },
  )
}

/** A token must not change the password, switch the post of, or issue tokens for the account it was lent. */
export function sessionOf(request: FastifyRequest): Credential {
  const credential = credentialOf(request)
  if (credential?.kind !== 'session') throw new NotPermitted('session.needed', '此事项须由本人登录后办理，不能使用令牌。')
  return credential
}

function giveCookie(request: FastifyRequest, reply: FastifyReply, secret: string): FastifyReply {
  // The header may be forged, but only to the forger's own loss: it can add `Secure`, never take it away.
  // Of several proxies the outermost, which the browser speaks to, is named first.
  const secure = request.protocol === 'https' || /^\s*https\s*(,|$)/i.test(String(request.headers['x-forwarded-proto'] ?? ''))
  return reply.setCookie(sessionCookie, secret, { path: '/', httpOnly: true, sameSite: 'lax', secure })
}
