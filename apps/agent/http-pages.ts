import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { AgentProblem } from './problem.ts'
import type { HttpConfig } from './source-config.ts'

/** One page as it was answered. */
export interface Page {
  records: readonly unknown[]
  /** How many records there are in all, where the interface says so. */
  total: number | undefined
  /** By the clock of the interface. */
  at: number | undefined
}

/**
 * Asks for one page after the other until there are no more. Any page that fails ends the reading: half of the records are never taken for all of them.
 * @throws AgentProblem with its cure
 */
export async function* pagesOf(config: HttpConfig, since: string | undefined, stopped: AbortSignal): AsyncGenerator<Page> {
  const { paging, size } = config
  const start = new URL(config.url)
  if (size) start.searchParams.set(size.parameter, String(size.rows))
  if (config.since && since !== undefined) start.searchParams.set(config.since.parameter, since)
  let next: URL | undefined = withPlace(start, paging, 0, 0)
  const seen = new Set<string>()
  let count = 0
  let before = ''
  for (let number = 1; next; number++) {
    if (number > config.mostPages)
      throw new AgentProblem(
        'source.http_paging',
        `接口 ${where(config)} 超过 ${config.mostPages} 页。`,
        '请核对 paging；确有这么多的，调高 most-pages。',
      )
    if (seen.has(next.href))
      throw new AgentProblem(
        'source.http_paging',
        `接口 ${where(config)} 第 ${number} 页又指回已读过的页。`,
        '没有发送。请核对 paging 的 next。',
      )
    seen.add(next.href)
    const { body, text, link, at } = await answerOf(config, next, stopped)
    const list = valueAt(body, config.records)
    if (!Array.isArray(list))
      throw new AgentProblem(
        'source.type_changed',
        `接口 ${where(config)} 的答复中，${config.records || '最外层'}不是列表。`,
        '接口可能已变更，请核对 records。',
      )
    // Past its end an interface may give its last page again, for ever.
    if (list.length > 0 && text === before)
      throw new AgentProblem(
        'source.http_paging',
        `接口 ${where(config)} 连续两页完全相同。`,
        '请核对 paging，或配置 total 使程序知道何时读完。',
      )
    before = text
    count += list.length
    const total = totalOf(config, body)
    yield { records: list, total, at }
    next = follow(config, {
      start,
      current: next,
      body,
      link,
      number,
      count,
      isEmpty: list.length === 0,
      isAll: total !== undefined && count >= total,
    })
  }
}

interface Followed {
  start: URL
  current: URL
  body: unknown
  link: string | undefined
  number: number
  count: number
  isEmpty: boolean
  isAll: boolean
}

/** A short page is not the last one for sure: an interface may give fewer than it was asked for. Only an empty one is, or the announced number. */
function follow(config: HttpConfig, { start, current, body, link, number, count, isEmpty, isAll }: Followed): URL | undefined {
  const { paging } = config
  switch (paging.by) {
    case 'none':
      return undefined
    case 'page':
    case 'offset':
      return isEmpty || isAll ? undefined : withPlace(start, paging, number, count)
    case 'cursor': {
      const cursor = scalarAt(body, paging.next)
      return cursor === undefined ? undefined : withParameter(start, paging.parameter, cursor)
    }
    case 'link': {
      const target = paging.next === undefined ? link : scalarAt(body, paging.next)
      return target === undefined ? undefined : sameHost(config, target, current)
    }
  }
}

function withPlace(start: URL, paging: HttpConfig['paging'], pages: number, records: number): URL {
  if (paging.by === 'page') return withParameter(start, paging.parameter, String(paging.first + pages))
  return paging.by === 'offset' ? withParameter(start, paging.parameter, String(records)) : start
}

function withParameter(url: URL, name: string, value: string): URL {
  const changed = new URL(url)
  changed.searchParams.set(name, value)
  return changed
}

/** The secret goes to the host of the configuration and to no other, wherever an answer points. */
function sameHost(config: HttpConfig, target: string, current: URL): URL {
  const url = URL.canParse(target, current.href) ? new URL(target, current) : undefined
  if (url?.origin === new URL(config.url).origin) return url
  throw new AgentProblem(
    'source.http_host',
    `接口 ${where(config)} 的下一页指向其他地址（${url ? url.host : '无法识别'}），没有访问。`,
    '请与接口提供方核实；只访问配置中 url 的主机。',
  )
}

function totalOf(config: HttpConfig, body: unknown): number | undefined {
  if (config.total === undefined) return undefined
  const text = scalarAt(body, config.total)
  if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text)
  throw new AgentProblem(
    'source.type_changed',
    `接口 ${where(config)} 的答复中，${config.total} 不是整数。`,
    '接口可能已变更，请核对 total。',
  )
}

interface Answer {
  body: unknown
  text: string
  link: string | undefined
  at: number | undefined
}

const TRIES = 4
/** Longer than that nobody is waited for in one reading. */
const MOST_WAIT_MS = 120_000

async function answerOf(config: HttpConfig, url: URL, stopped: AbortSignal): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    try {
      return await askOnce(config, url, stopped)
    } catch (error) {
      const wait = error instanceof Later ? (error.afterMs ?? 100 * 2 ** tries) : undefined
      if (stopped.aborted || wait === undefined || tries >= TRIES || wait > MOST_WAIT_MS) throw error
      await pause(wait, undefined, { signal: stopped })
    }
  }
}

/** The interface may answer in a while. */
class Later extends AgentProblem {
  readonly afterMs: number | undefined
  constructor(message: string, cure: string, afterMs?: number, options?: ErrorOptions) {
    super('source.unavailable', message, cure, options)
    this.afterMs = afterMs
  }
}

async function askOnce(config: HttpConfig, url: URL, stopped: AbortSignal): Promise<Answer> {
  const headers = { accept: 'application/json', ...secretOf(config) }
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(config.timeoutMs)])
  let response: Response
  let bytes: Buffer
  try {
    response = await fetch(url, { headers, signal, redirect: 'manual' })
    bytes = await bytesOf(response, config)
  } catch (cause) {
    if (cause instanceof AgentProblem || stopped.aborted) throw cause
    const isSlow = cause instanceof Error && cause.name === 'TimeoutError'
    throw new Later(
      isSlow ? `接口 ${where(config)} 在 ${config.timeoutMs / 1000} 秒内没有答完。` : `不能连接接口 ${where(config)}：${reasonOf(cause)}。`,
      '将自动重试；持续出现的，请检查接口和网络。',
      undefined,
      { cause },
    )
  }
  refuse(config, response)
  const text = decoded(config, bytes)
  const date = Date.parse(response.headers.get('date') ?? '')
  const [, link] = /<([^>]{1,2000})>\s*;[^,]{0,200}rel="?next"?/i.exec(response.headers.get('link') ?? '') ?? []
  return { body: parsed(config, text), text, link, at: Number.isNaN(date) ? undefined : date }
}

function secretOf({ auth }: HttpConfig): Record<string, string> {
  if (!auth) return {}
  let secret: string
  try {
    secret = readFileSync(auth.secretFile, 'utf8').trim()
  } catch (cause) {
    throw new AgentProblem('source.secret', `不能读取 secret-file“${auth.secretFile}”。`, '请将接口的凭据存入该文件，并核对权限。', {
      cause,
    })
  }
  if (!/^[\x20-\x7e]{1,4000}$/.test(secret))
    throw new AgentProblem('source.secret', `secret-file“${auth.secretFile}”应为一行可见字符。`, '文件中只放请求头的值一行。')
  return { [auth.header]: secret }
}

/** Counted as it comes out: what a body says of its length, or unpacks to, is not believed. */
async function bytesOf(response: Response, config: HttpConfig): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of response.body ?? []) {
    length += piece.byteLength
    if (length > config.mostBytes)
      throw new AgentProblem(
        'source.http_too_large',
        `接口 ${where(config)} 的一页超过 ${config.mostBytes / 1024 / 1024} MB。`,
        '请减少每页条数（size），或调高 most-megabytes。',
      )
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

function refuse(config: HttpConfig, { status, headers }: Response): void {
  if (status === 200) return
  const after = headers.get('retry-after') ?? ''
  const afterMs = /^\d{1,6}$/.test(after)
    ? Number(after) * 1000
    : Number.isNaN(Date.parse(after))
      ? undefined
      : Date.parse(after) - Date.now()
  if (status === 429 || status >= 500)
    throw new Later(
      `接口 ${where(config)} 答复 ${status}。`,
      '将自动重试；持续出现的，请与接口提供方核实。',
      afterMs && Math.max(0, afterMs),
    )
  if (status === 401 || status === 403)
    throw new AgentProblem('source.denied', `接口 ${where(config)} 不接受凭据（${status}）。`, '请核对 header 和 secret-file。')
  if (status >= 300 && status < 400)
    throw new AgentProblem('source.http_host', `接口 ${where(config)} 转往其他地址（${status}），没有跟随。`, '请在 url 中填写最终地址。')
  throw new AgentProblem('source.http_status', `接口 ${where(config)} 答复 ${status}。`, '请核对 url 和参数。')
}

function decoded(config: HttpConfig, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new AgentProblem('source.encoding', `接口 ${where(config)} 的答复不是 UTF-8。`, '请与接口提供方核实。', { cause })
  }
}

/** Numbers keep their digits: an identifier of eighteen of them would lose the last ones, and money its cents. */
function parsed(config: HttpConfig, text: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown, { source }: { source?: string } = {}) => (typeof value === 'number' ? source : value))
  } catch (cause) {
    throw new AgentProblem(
      'source.http_not_json',
      `接口 ${where(config)} 的答复不是 JSON。`,
      '请核对 url；接口可能给出了登录页或出错页。',
      { cause },
    )
  }
}

/** Never the query: it may hold secrets. */
export function where({ url }: HttpConfig): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

/** What stands at a path of names with dots; undefined where there is nothing. Own fields only. */
export function valueAt(value: unknown, path: string): unknown {
  let at = value
  for (const name of path === '' ? [] : path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    at = (at as Record<string, unknown>)[name]
  }
  return at
}

function scalarAt(body: unknown, path: string): string | undefined {
  const value = valueAt(body, path)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return '未知原因'
  return error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : error.message
}
