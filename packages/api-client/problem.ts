// SPDX-License-Identifier: Apache-2.0

/** What a finding does to the act: 豁免, 拦截, 无法判定, 转报, 须补办, 提示. */
export type Effect = 'exempt' | 'refuse' | 'undecidable' | 'refer' | 'require' | 'warn'

/** How the sentence binds (条文语气): 须, 原则上, 可, 鼓励, or a city's own. */
export type Modality = 'must' | 'in-principle' | 'may' | 'encourage' | 'local'

/** What one rule says about one act (规则提示). It always names its article. */
export interface Finding {
  rule: string
  effect: Effect
  modality: Modality
  basis: 'text' | 'inference' | 'local'
  /** What the city makes of it: 拦截 or 提示. It never changes the finding. */
  mode: 'enforce' | 'advise'
  article: string
  /** The article's own words; null where the original is not held (未持有原文). */
  text: string | null
  message: string
  cure: string
  facts: string[]
}

/** One field of a request that is wrong: where, and what would be right. */
export interface FieldProblem {
  path: string
  message: string
}

/** RFC 9457 body as the server sends it. */
export interface ProblemBody {
  status: number
  code: string
  title: string
  detail?: string
  findings?: Finding[]
  fields?: FieldProblem[]
  [member: string]: unknown
}

/** The server answered with a problem. `message` is Chinese and is shown as it is. */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string | undefined
  readonly findings: readonly Finding[]
  /** The fields at fault, to be shown beside them. */
  readonly fields: readonly FieldProblem[]
  /** Seconds to wait, from `Retry-After` (429). */
  readonly retryAfterSeconds: number | undefined
  /** The whole body, for members that one kind of problem adds. */
  readonly body: ProblemBody

  constructor(body: ProblemBody, retryAfterSeconds?: number) {
    super(body.detail ?? body.title)
    this.name = 'ApiProblem'
    this.status = body.status
    this.code = body.code
    this.title = body.title
    this.detail = body.detail
    this.findings = body.findings ?? []
    this.fields = body.fields ?? []
    this.retryAfterSeconds = retryAfterSeconds
    this.body = body
  }
}

/** No answer came: the request may or may not have taken effect, so it is repeated under the same key. */
export class Unreachable extends Error {
  readonly reason: 'offline' | 'timeout'

  constructor(reason: 'offline' | 'timeout') {
    super(reason === 'timeout' ? '服务器未在规定时间内答复，请稍后重试。' : '网络不通，请检查连接后重试。')
    this.name = 'Unreachable'
    this.reason = reason
  }
}

/** Reads a refused answer. Proxies and old gateways send HTML: then the status alone speaks. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const retryAfter = Number(response.headers.get('retry-after'))
  const wait = Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined
  const body: unknown = await response.json().catch(() => undefined)
  if (isProblemBody(body)) return new ApiProblem({ ...body, status: response.status }, wait)
  return new ApiProblem({ status: response.status, code: 'transport.unreadable', title: titleOf(response.status) }, wait)
}

function isProblemBody(value: unknown): value is ProblemBody {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string' && 'title' in value
}

function titleOf(status: number): string {
  if (status === 401) return '尚未登录或登录已过期'
  if (status === 403) return '当前岗位无权办理此事项'
  if (status === 404) return '未找到该内容'
  if (status === 413) return '文件或内容超过大小限制'
  if (status === 429) return '操作过于频繁，请稍后再试'
  if (status >= 500) return '服务器暂时不能处理，请稍后重试'
  return `请求未被接受（${status}）`
}
