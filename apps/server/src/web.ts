import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** Where the install built the web application. */
export const webFolder = join(import.meta.dirname, '../../web/dist')

/** Everything from our own origin; antd writes its styles into the page, so inline styles stay allowed. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "object-src 'self'",
  "frame-src 'self' blob:",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** Serves the web application: hashed files for a year, the page itself never cached, any other address the page (the router's). */
export async function registerWeb(app: FastifyInstance): Promise<void> {
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', contentSecurityPolicy)
    reply.header('x-content-type-options', 'nosniff')
    reply.header('referrer-policy', 'same-origin')
    if (!reply.hasHeader('x-frame-options')) reply.header('x-frame-options', 'SAMEORIGIN')
    done(null, payload)
  })
  if (!existsSync(join(webFolder, 'index.html'))) return
  await app.register(fastifyStatic, {
    root: webFolder,
    wildcard: false,
    index: false,
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.get('/*', { schema: { hide: true } }, (request, reply) => {
    const wantsPage = request.headers.accept?.includes('text/html') && !request.url.startsWith('/api/')
    return wantsPage
      ? reply.header('cache-control', 'no-cache').sendFile('index.html', { maxAge: 0, cacheControl: false })
      : reply.callNotFound()
  })
}
