import { DomainError, NotSignedIn } from '@tongchou/kernel'
import * as client from 'openid-client'
import { isLoopback, type OidcSettings } from './oidc.settings.ts'

/** What was sent along and has to come back unchanged. */
export interface OidcChecks {
  state: string
  nonce: string
  codeVerifier: string
}

/** The sign-on cannot be reached, or what answers is not it. */
export class SignOnUnavailable extends DomainError {
  readonly status = 503
  override readonly retryAfter = 30
  constructor() {
    super('oidc.unavailable', '统一身份认证暂时无法连接。请稍后再试，或使用账号口令登录。')
  }
}

/** Talks to the sign-on: code flow with PKCE, state and nonce, the identity token's signature checked against its keys. */
export interface OidcProvider {
  settings: OidcSettings
  /** Where the browser is sent, and what has to come back. */
  begin(redirectUri: string): Promise<{ url: string; checks: OidcChecks }>
  /** The subject (用户标识) behind what came back. Throws when anything of it is not as it must be. */
  finish(redirectUri: string, query: string, checks: OidcChecks): Promise<string>
  /** Where the browser is sent to sign out there as well; null where the sign-on has no such place. */
  signOutUrl(backTo: string): Promise<string | null>
}

const timeoutSeconds = 10

export function oidcProvider(settings: OidcSettings): OidcProvider {
  let known: Promise<client.Configuration> | undefined
  const discovered = async () => {
    known ??= discover(settings)
    try {
      return await known
    } catch {
      // Asked again with the next sign-in: it may be up by then.
      known = undefined
      throw new SignOnUnavailable()
    }
  }
  return {
    settings,
    begin: async (redirectUri) => {
      const configuration = await discovered()
      const checks = { state: client.randomState(), nonce: client.randomNonce(), codeVerifier: client.randomPKCECodeVerifier() }
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: 'openid',
        state: checks.state,
        nonce: checks.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(checks.codeVerifier),
        code_challenge_method: 'S256',
      })
      return { url: url.href, checks }
    },
    finish: async (redirectUri, query, checks) => {
      const configuration = await discovered()
      const came = new URL(redirectUri)
      came.search = query
      const tokens = await client
        .authorizationCodeGrant(configuration, came, {
          expectedState: checks.state,
          expectedNonce: checks.nonce,
          pkceCodeVerifier: checks.codeVerifier,
          idTokenExpected: true,
        })
        .catch(refuse)
      const subject = tokens.claims()?.sub
      if (!subject) throw notTrusted()
      return subject
    },
    signOutUrl: async (backTo) => {
      const configuration = await discovered()
      if (!configuration.serverMetadata().end_session_endpoint) return null
      return client.buildEndSessionUrl(configuration, { post_logout_redirect_uri: backTo }).href
    },
  }
}

async function discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<client.Configuration> {
  const url = new URL(issuer)
  const plain = url.protocol === 'http:' && isLoopback(url)
  return client.discovery(url, clientId, undefined, client.ClientSecretBasic(clientSecret), {
    timeout: timeoutSeconds,
    // The token comes straight from the issuer, but a key that is not the issuer's must show all the same.
    execute: [client.enableNonRepudiationChecks, ...(plain ? [client.allowInsecureRequests] : [])],
  })
}

function refuse(error: unknown): never {
  if (error instanceof client.AuthorizationResponseError)
    throw new NotSignedIn('oidc.refused', '统一身份认证没有完成登录。请重新登录，或使用账号口令登录。')
  throw isOutage(error) ? new SignOnUnavailable() : notTrusted()
}

function notTrusted(): NotSignedIn {
  return new NotSignedIn('oidc.not_trusted', '统一身份认证的答复未能通过核验，没有登录。请重新登录；仍不成功的，请联系系统管理员。')
}

function isOutage(error: unknown): boolean {
  if (error instanceof client.ClientError) return error.code === 'OAUTH_TIMEOUT' || error.code === 'OAUTH_ABORT'
  // What `fetch` throws when nobody answers, or when who answers cannot prove who they are.
  return error instanceof TypeError && error.message === 'fetch failed'
}
