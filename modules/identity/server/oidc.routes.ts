import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { At, type Ctx, IdParams, Line, Malformed, Nullable, Problem, problems, Strict, systemActor } from '@tongchou/kernel'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { IdentityOptions } from './identity.routes.ts'
import type { OidcProvider } from './oidc.provider.ts'
import { beginFlow, bindOwn, configured, ownBinding, setBinding, signInByOidc, signOutUrl } from './oidc.service.ts'
import { SecondFactorAsked } from './second-factor.schema.ts'
import { digestOf } from './secret.ts'
import { answerStep, isSecure, originOf, sessionOf } from './session.routes.ts'
import { Me } from './session.schema.ts'

const tags = ['identity']
const open = { tags, 'x-authz': { public: [] } }
/** Also for people outside the offices: their own account. */
const signedIn = { tags, 'x-authz': { 'signed-in': [] }, 'x-outside': true }
const administered = { tags, 'x-authz': { any: ['system-admin'] } }
const config = { ignoresIdempotencyKey: true }
const refusals = { ...problems, 503: Problem }

const Address = Type.Object({ url: Type.String() })
/** The query that the sign-on sent the browser back with, as it is. */
const CameBack = Strict({ query: Type.String({ minLength: 1, maxLength: 4000, pattern: '^\\?' }) })

const flowCookie = 'tongchou_oidc'
/** The page of the web application that the sign-on sends the browser back to. */
const callbackPath = '/sign-in/callback'

/** 统一身份认证: signing in through the city's OpenID Connect provider, and which identity there is which account here. */
export const oidcRoutes: FastifyPluginAsyncTypebox<Pick<IdentityOptions, 'db' | 'now' | 'demo' | 'oidc'>> = async (
  app,
  { db, now, demo, oidc },
) => {
  // A city without a sign-on does not load what speaks to one.
  const provider = oidc ? (await import('./oidc.provider.ts')).oidcProvider(oidc) : null
  const nobody = (request: FastifyRequest): Ctx => ({ db, now, actor: systemActor, requestId: request.id, inside: false })
  const send = async (request: FastifyRequest, reply: FastifyReply, ctx: Ctx, known: OidcProvider, accountId: string | null) => {
    const { url, secret } = await beginFlow(ctx, known, `${baseOf(request)}${callbackPath}`, accountId)
    return reply
      .setCookie(flowCookie, secret, { path: '/api/v1', httpOnly: true, sameSite: 'lax', secure: isSecure(request) })
      .send({ url })
  }

  app.get(
    '/sign-in-options',
    {
      schema: {
        operationId: 'getSignInOptions',
        summary: '登录方式',
        ...open,
        response: { 200: Type.Object({ oidc: Nullable(Type.Object({ label: Type.String() })) }) },
      },
    },
    async () => ({ oidc: provider && { label: provider.settings.label } }),
  )

  app.post(
    '/sessions/oidc-start',
    { schema: { operationId: 'startOidcSignIn', summary: '前往统一身份认证', ...open, response: { 200: Address, ...refusals } }, config },
    (request, reply) => send(request, reply, nobody(request), configured(provider), null),
  )

  app.post(
    '/sessions/oidc',
    {
      schema: {
        operationId: 'signInByOidc',
        summary: '统一身份认证登录',
        ...open,
        body: CameBack,
        response: { 201: Type.Object({ user: Me }), 202: SecondFactorAsked, ...refusals },
      },
      config: { ...config, limited: 'sign-in' },
    },
    async (request, reply) => {
      const came = { flow: flowOf(request), query: request.body.query }
      reply.clearCookie(flowCookie, { path: '/api/v1' })
      return answerStep(request, reply, await signInByOidc(nobody(request), demo, configured(provider), came, originOf(request)))
    },
  )

  app.get(
    '/me/oidc-binding',
    {
      schema: {
        operationId: 'getOidcBinding',
        summary: '本人统一身份绑定',
        ...signedIn,
        response: { 200: Type.Object({ label: Nullable(Type.String()), boundAt: Nullable(At) }), ...problems },
      },
    },
    (request) => ownBinding(request.ctx, provider),
  )

  app.post(
    '/me/oidc-binding/start',
    {
      schema: { operationId: 'startOidcBinding', summary: '前往绑定统一身份', ...signedIn, response: { 200: Address, ...refusals } },
      config,
    },
    (request, reply) => {
      sessionOf(request)
      return send(request, reply, request.ctx, configured(provider), request.ctx.actor.accountId)
    },
  )

  app.post(
    '/me/oidc-binding',
    {
      schema: {
        operationId: 'bindOidc',
        summary: '绑定统一身份',
        ...signedIn,
        body: CameBack,
        response: { 204: Type.Null(), ...refusals },
      },
      config,
    },
    async (request, reply) => {
      sessionOf(request)
      await bindOwn(request.ctx, configured(provider), { flow: flowOf(request), query: request.body.query })
      return reply.clearCookie(flowCookie, { path: '/api/v1' }).status(204).send(null)
    },
  )

  app.get(
    '/me/oidc-sign-out',
    {
      schema: {
        operationId: 'getOidcSignOut',
        summary: '统一身份认证的退出地址',
        ...signedIn,
        response: { 200: Type.Object({ url: Nullable(Type.String()) }), ...problems },
      },
    },
    async (request) => ({ url: await signOutUrl(request.ctx, provider, sessionOf(request), `${baseOf(request)}/`) }),
  )

  app.put(
    '/accounts/:id/oidc-binding',
    {
      schema: {
        operationId: 'setOidcBinding',
        summary: '绑定或解除统一身份',
        ...administered,
        params: IdParams,
        body: Strict({ subject: Nullable(Line(255)) }),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await setBinding(request.ctx, provider, request.params.id, request.body.subject)
      return reply.status(204).send(null)
    },
  )
}

function flowOf(request: FastifyRequest): string | undefined {
  const cookie = request.cookies[flowCookie]
  return cookie && digestOf(cookie)
}

/**
 * Where this platform is for the browser, as `URL` writes it: the sign-on compares letter by letter. A forged host leads nowhere, since
 * the sign-on sends nobody to an address that it was not told beforehand.
 */
function baseOf(request: FastifyRequest): string {
  const base = `${isSecure(request) ? 'https' : 'http'}://${request.headers.host ?? ''}`
  if (!URL.canParse(base)) throw new Malformed('request.bad_host', '请求的主机名无法识别，请从本系统的地址打开。')
  return new URL(base).origin
}
