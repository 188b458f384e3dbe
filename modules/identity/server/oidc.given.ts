import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

export const client = { clientId: 'tongchou', clientSecret: 'a-secret-of-the-client-for-tests-only' }
/** Where `inject` is for the browser. */
export const callback = 'http://localhost/sign-in/callback'

const listen = async (server: Server) => {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A real OpenID Connect provider in this process. Whoever is set as `person` signs in without being asked. */
export async function givenProvider() {
  const announced = await announcedProvider()
  announced.serve(new URL(callback).origin, false)
  return announced
}

/**
 * A provider whose address is known before that of its client: it serves once told where the client is. With `asks` it shows a page of its own, on which a
 * person presses 同意登录 or 取消.
 */
export async function announcedProvider() {
  const server = createServer()
  const issuer = await listen(server)
  const state = { person: 'zhang.san' }
  const serve = (base: string, asks: boolean) => serveProvider(server, issuer, base, state, asks)
  return { issuer, state, serve, close: () => new Promise((done) => server.close(done)) }
}

function serveProvider(server: Server, issuer: string, base: string, state: { person: string }, asks: boolean): void {
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [`${base}/sign-in/callback`],
        post_logout_redirect_uris: [`${base}/`],
      },
    ],
    cookies: { keys: [randomUUID()] },
    jwks: {
      keys: [{ ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), use: 'sig', kid: 'one' }],
    },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    ttl: { AuthorizationCode: 60, Session: 600, Grant: 600, Interaction: 600, IdToken: 600, AccessToken: 600 },
    loadExistingGrant: async (ctx) => {
      const { accountId } = ctx.oidc.session ?? {}
      if (!accountId || !ctx.oidc.client) return undefined
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId })
      grant.addOIDCScope('openid')
      await grant.save()
      return grant
    },
  })
  const handle = provider.callback()
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!request.url?.startsWith('/interaction/')) return handle(request, response)
    const { pathname, searchParams } = new URL(request.url, issuer)
    const pressed = searchParams.get('pressed')
    if (asks && pressed === null) response.setHeader('content-type', 'text/html; charset=utf-8').end(consentPage(pathname))
    else {
      const denied = { error: 'access_denied', error_description: 'the person pressed 取消' }
      void provider.interactionFinished(request, response, pressed === 'no' ? denied : { login: { accountId: state.person } })
    }
  })
}

const consentPage = (path: string) => `<!doctype html><html lang="zh-CN"><title>城市统一身份认证</title><link rel="icon" href="data:,">
  <main><h1>城市统一身份认证</h1><form action="${path}">
  <button name="pressed" value="yes">同意登录</button><button name="pressed" value="no">取消</button></form></main></html>`

/** A browser at the provider: goes where it is sent until it is sent back, and answers with the query it came back with. */
export async function throughProvider(url: string): Promise<string> {
  const cookies = new Map<string, string>()
  let next = url
  for (let step = 0; step < 10; step++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(next, { redirect: 'manual', headers: { cookie } })
    for (const set of answer.headers.getSetCookie()) {
      const [pair = ''] = set.split(';')
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    const location = answer.headers.get('location')
    if (location === null) throw new Error(`the provider stopped at ${next}: ${answer.status} ${await answer.text()}`)
    next = new URL(location, next).href
    if (next.startsWith(callback)) return new URL(next).search
  }
  throw new Error('the provider sends in circles')
}

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A provider that answers whatever it is told to: tokens that no honest one gives. */
export async function givenCrookedProvider() {
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const behaviour = { idToken: (_claims: Record<string, unknown>) => '', status: 200 }
  const answers = (issuer: string): Record<string, () => object> => ({
    '/.well-known/openid-configuration': () => ({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    }),
    '/jwks': () => ({ keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: 'own', use: 'sig', alg: 'RS256' }] }),
    '/token': () => {
      const now = Math.floor(Date.now() / 1000)
      const claims = { iss: issuer, aud: client.clientId, sub: 'zhang.san', iat: now, exp: now + 60 }
      return { access_token: 'x', token_type: 'Bearer', id_token: behaviour.idToken(claims) }
    },
  })
  const server = createServer((request, response) => {
    const answer = answers(issuer)[request.url ?? '']
    const status = request.url === '/token' ? behaviour.status : 200
    response.writeHead(answer ? status : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer?.() ?? {}))
  })
  const issuer = await listen(server)
  const signed = (key: KeyObject) => (claims: object) => {
    const content = `${base64url({ alg: 'RS256', kid: 'own' })}.${base64url(claims)}`
    return `${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`
  }
  return {
    issuer,
    behaviour,
    signed: signed(own.privateKey),
    signedByAnother: signed(other.privateKey),
    unsigned: (claims: object) => `${base64url({ alg: 'none' })}.${base64url(claims)}.`,
    close: () => new Promise((done) => server.close(done)),
  }
}
