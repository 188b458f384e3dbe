import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { ErrorObject } from 'ajv'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { recordRefusal } from '../audit.ts'
import { isUnavailable } from '../database.ts'
import { DomainError, Malformed, NotFound, NotPermitted, StateSecretDeclared } from '../errors.ts'
import { refuseHostileText } from './json.ts'
import { recordRefusedRead } from './reads.ts'
import { fieldProblems } from './validation.ts'

const titles: Record<number, string> = {
  400: '请求有误',
  401: '未登录',
  403: '无权办理',
  404: '未找到',
  408: '请求超时',
  409: '当前不能办理',
  413: '内容过大',
  415: '不支持的内容类型',
  422: '内容不符合要求',
  429: '操作过于频繁',
  431: '请求头过大',
  500: '系统错误',
  502: '提供方未能答复',
  503: '暂时无法办理',
  504: '提供方答复超时',
}

/** Answers every error as problem+json, and audits refused attempts in a transaction of their own. */
export function registerProblemHandler(app: FastifyInstance): void {
  app.setErrorHandler(async (thrown: FastifyError, request, reply) => {
    const error = toDomainError(thrown)
    if (!error) {
      request.log.error({ err: thrown }, 'unexpected error')
      if (isUnavailable(thrown)) return send(reply.header('retry-after', '5'), request, 503, 'server.unavailable', texts.unavailable)
      return send(reply, request, 500, 'server.error', texts.defect)
    }
    await auditRefusal(request, error)
    if (error.retryAfter !== undefined) reply.header('retry-after', String(error.retryAfter))
    return send(reply, request, error.status, error.code, error.message, error)
  })
  app.setNotFoundHandler((request, reply) => send(reply, request, 404, 'request.no_such_address', '没有这个地址，请核对后重试。'))
}

// A connection may be lost just after the commit, so neither text may say that nothing was done.
const texts = {
  unavailable: '数据库暂时无法使用。请稍后刷新，核对是否已经办理，再决定是否重新提交。',
  defect: '系统未能完成操作。请刷新后核对是否已经办理，再决定是否重新提交；仍不成功时，请将请求编号告知管理员。',
}

function toDomainError(error: FastifyError): DomainError | undefined {
  if (error instanceof DomainError) return error
  if (!(error instanceof Error)) return undefined
  if (error.validation) {
    const fields = fieldProblems(error.validation as unknown as ErrorObject[])
    const first = fields[0]
    return new Malformed('request.invalid', first ? `${first.path || '请求'}：${first.message}` : '请求不符合要求', fields)
  }
  if (error.statusCode && error.statusCode >= 400 && error.statusCode < 500) return new TransportProblem(error.statusCode, error.code)
  return undefined
}

/** What Fastify itself refuses before a handler runs: too large, wrong content type, broken framing. */
class TransportProblem extends DomainError {
  readonly status: number
  constructor(status: number, code: string) {
    super(
      status === 413 ? 'request.too_large' : status === 415 ? 'request.media_type' : 'request.malformed',
      transportTexts[code] ?? '请求无法识别，请检查后重新提交。',
    )
    this.status = status
  }
}

const transportTexts: Record<string, string> = {
  FST_ERR_CTP_BODY_TOO_LARGE: '提交的内容超过允许的大小，请减少后重新提交。',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: '不支持这种内容类型，请使用 application/json。',
  FST_ERR_CTP_EMPTY_JSON_BODY: '请求内容为空，请填写后提交。',
  FST_REQ_FILE_TOO_LARGE: '文件超过允许的大小，请压缩或拆分后上传。',
}

async function auditRefusal(request: FastifyRequest, error: DomainError): Promise<void> {
  const ctx = request.signedIn
  if (!ctx || error.status === 429 || request.routeOptions.config.storesNothing) return
  if (request.method === 'GET' || request.method === 'HEAD') return auditRefusedRead(request, error)
  const action = request.routeOptions.schema?.operationId ?? 'unknown'
  const secret = error instanceof StateSecretDeclared
  const subject = { kind: 'request', id: secret ? 'secrecy' : (subjectId(request) ?? request.routeOptions.url ?? '') }
  // Only codes and rule ids, never what was typed: a refused text may be the very thing that must not be kept.
  const detail = secret ? { code: error.code } : { code: error.code, rules: error.findings.map((f) => `${f.article}/${f.rule}`) }
  try {
    await recordRefusal(ctx, action, subject, detail)
  } catch (failure) {
    request.log.error({ err: failure }, 'refusal could not be audited')
  }
}

async function auditRefusedRead(request: FastifyRequest, error: DomainError): Promise<void> {
  try {
    await recordRefusedRead(request, error)
  } catch (failure) {
    request.log.error({ err: failure }, 'refused look could not be audited')
  }
}

/** The `{id}` of the path, unless it is one that the audit log cannot hold either. */
function subjectId(request: FastifyRequest): string | undefined {
  const { id } = (request.params ?? {}) as Record<string, string | undefined>
  try {
    refuseHostileText(id, 'id')
    return id
  } catch {
    return undefined
  }
}

/** An address that the router cannot take apart never reaches a route, so it needs its own answer. */
export function answerUnreadableAddress(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  // An id of thousands of characters names nothing; broken percent signs are no address at all.
  if (error.code === 'FST_ERR_MAX_PARAM_LENGTH') send(reply, request, 404, 'request.no_such_address', '没有这个地址，请核对后重试。')
  else send(reply, request, 400, 'request.bad_address', '地址中的百分号编码有误，请核对后重试。')
}

/** What is no HTTP never becomes a request; it is answered on the bare connection, which then ends. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const [status, reason, code, detail] = brokenRequests[error.code ?? ''] ?? notHttp
  const body = JSON.stringify(problemOf(status, code, detail, randomUUID()))
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    `Content-Type: ${mediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

type BrokenRequest = readonly [status: number, reason: string, code: string, detail: string]

const notHttp: BrokenRequest = [400, 'Bad Request', 'request.malformed', '请求无法识别，请检查后重新提交。']
const brokenRequests: Record<string, BrokenRequest> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'request.timeout', '请求没有在规定时间内发送完毕，请检查网络后重新提交。'],
  HPE_HEADER_OVERFLOW: [
    431,
    'Request Header Fields Too Large',
    'request.headers_too_large',
    '请求头超过允许的大小，请清除浏览器数据后重试。',
  ],
}

const mediaType = 'application/problem+json; charset=utf-8'

function problemOf(status: number, code: string, detail: string, requestId: string) {
  return { type: `/problems/${code}`, status, code, title: titles[status] ?? '请求有误', detail, requestId }
}

function send(reply: FastifyReply, request: FastifyRequest, status: number, code: string, detail: string, error?: DomainError) {
  // serializer(): the operation's response schema must not cut the findings
  return reply
    .status(status)
    .type(mediaType)
    .serializer(JSON.stringify)
    .send({
      ...problemOf(status, code, detail, request.id),
      ...(error && error.fields.length > 0 ? { fields: error.fields } : {}),
      ...(error && error.findings.length > 0 ? { findings: error.findings } : {}),
      ...(error instanceof NotPermitted && error.duties.length > 0 ? { duties: error.duties, holders: error.holders } : {}),
    })
}

/** For handlers that answer 404 for both "does not exist" and "may not be known". */
export function notFound(noun: string): NotFound {
  return new NotFound('subject.not_found', `${noun}不存在，或不在当前岗位可查看的范围内。`)
}
