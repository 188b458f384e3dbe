import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import swagger from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import type { Actor, Ctx } from '../context.ts'
import { Malformed, NotPermitted, NotSignedIn } from '../errors.ts'
import { snapshotGate } from '../kept-answers.ts'
import type { KernelTables } from '../tables.ts'
import { type AddressLimits, registerAddressLimits } from './address-limits.ts'
import { registerAnswers } from './answers.ts'
import { type DutyDirectory, namelessDuties, registerAuthz } from './authz.ts'
import { registerIdempotency } from './idempotency.ts'
import { parseStrictJson, refuseHostileText } from './json.ts'
import { registerLists } from './list.ts'
import { loggedError, loggedRequest } from './log.ts'
import { namesProblemType } from './openapi.ts'
import { registerOperations } from './operations.ts'
import { answerBrokenRequest, answerUnreadableAddress, registerProblemHandler } from './problem.ts'
import { registerReads } from './reads.ts'
import { serializerOf } from './serialization.ts'
import { compileSchema } from './validation.ts'

/** What the HTTP layer needs from outside. */
export interface AppOptions {
  db: Kysely<KernelTables>
  now: () => Date
  /** Who is asking, from the session cookie or a bearer token; null without one. Identity's job. */
  authenticate: (request: FastifyRequest) => Promise<Actor | null>
  sessionCookie?: string
  /** What duties are called and who holds them, for refusals that name whom to turn to. */
  directory?: DutyDirectory
  /** Where log lines go: nowhere, to standard output, or to this stream. */
  log?: boolean | LogStream
  bodyLimit?: number
  /** How much one address may do; without it nothing is counted. */
  addressLimits?: () => Promise<AddressLimits>
}

/** Takes log lines, one JSON object each. */
export interface LogStream {
  write(line: string): void
}

/** A Fastify instance with the platform's rules: strict JSON, problem+json, deny by default, idempotency, OpenAPI 3.1. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: options.log ? { level: 'info', serializers: { req: loggedRequest, err: loggedError }, ...streamOf(options.log) } : false,
    genReqId: () => randomUUID(),
    bodyLimit: options.bodyLimit ?? 1024 * 1024,
    routerOptions: { maxParamLength: 200 },
    requestTimeout: 60_000,
    frameworkErrors: answerUnreadableAddress,
    clientErrorHandler: answerBrokenRequest,
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(({ schema, httpPart }) => compileSchema(schema as object, httpPart))
  app.setSerializerCompiler(({ schema }) => serializerOf(schema as object))
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) =>
    // Many clients name a content type on every request; where no body is asked for, an empty one is none.
    body.length === 0 && !request.routeOptions.schema?.body ? undefined : parseStrictJson(decodeUtf8(body)),
  )
  await app.register(cookie)
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: '统筹 Tongchou', version: '1', license: { name: 'Apache-2.0' } } },
    transformObject: namesProblemType,
  })
  registerOperations(app)
  registerReads(app, options.now)
  registerAddressLimits(app, options)
  registerContext(app, options)
  app.addHook('onResponse', dropUnread)
  registerProblemHandler(app)
  registerAuthz(app, options.directory)
  registerLists(app, options.directory ?? namelessDuties)
  registerIdempotency(app)
  registerAnswers(app)
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  return app as unknown as FastifyInstance
}

/**
 * What was answered before all of it was read (an upload refused at its first field) is read on and thrown away: a reader that stopped half way leaves the rest
 * before the next request of the same connection, which then waits for ever. A client that sends without end is cut off by `requestTimeout`.
 */
function dropUnread({ raw }: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  if (!raw.complete) {
    raw.unpipe()
    raw.resume()
  }
  done()
}

function streamOf(log: true | LogStream): { stream?: LogStream } {
  return log === true ? {} : { stream: log }
}

function registerContext(app: FastifyInstance, options: AppOptions): void {
  const gate = snapshotGate(options.db)
  const cookieName = options.sessionCookie ?? 'tongchou_session'
  app.decorateRequest('signedIn', null)
  app.decorateRequest('presence', undefined)
  app.decorateRequest('ctx', {
    getter(this: FastifyRequest): Ctx {
      if (!this.signedIn) throw new NotSignedIn('session.required', '请先登录。')
      return this.signedIn
    },
  })
  app.addHook('onRequest', async (request) => {
    refuseForeignOrigin(request, cookieName)
    const isSomebody = request.cookies[cookieName] !== undefined || request.headers.authorization !== undefined
    const { schema, config } = request.routeOptions
    if (isSomebody && schema?.['x-authz'] && !config.asksAnew) request.presence = { snapshot: await gate(), gate }
    const actor = await options.authenticate(request)
    const { presence } = request
    request.signedIn = actor && {
      db: options.db,
      actor,
      now: options.now,
      requestId: request.id,
      inside: false,
      presence,
      looks: app.looks,
    }
  })
  app.addHook('preValidation', (request, _reply, done) => {
    refuseHostileText(request.query, '')
    refuseHostileText(request.params, '')
    done()
  })
}

/** No CSRF token: a cookie request from a foreign page is refused; machines send neither header. */
function refuseForeignOrigin(request: FastifyRequest, cookieName: string): void {
  // The route's own address: the request's may be written with percent signs (`/%61pi/`) or as a whole URL.
  if (!request.routeOptions.url?.startsWith('/api/') || request.cookies[cookieName] === undefined) return
  const { origin, host } = request.headers
  const site = request.headers['sec-fetch-site']
  const foreign = (origin !== undefined && hostOf(origin) !== host) || (site !== undefined && site !== 'same-origin' && site !== 'none')
  if (foreign) throw new NotPermitted('request.foreign_origin', '请求来自其他网站，已拒绝。请在本系统页面内操作。')
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

function decodeUtf8(body: Buffer): string {
  if (body.length === 0) throw new Malformed('request.empty', '请求内容为空，请填写后提交。')
  try {
    return strictUtf8.decode(body)
  } catch {
    throw new Malformed('request.not_utf8', '请求内容不是有效的 UTF-8 文字，请检查编码后重新提交。')
  }
}
