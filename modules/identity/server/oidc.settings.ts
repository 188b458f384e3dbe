/** The city's sign-on (统一身份认证), as the operator configured it. */
export interface OidcSettings {
  issuer: string
  clientId: string
  clientSecret: string
  /** What the button is called. */
  label: string
}

/** Is an issuer on this very machine? Only there may it speak without TLS: a test, or a provider beside the server. */
export function isLoopback(url: URL): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
}
