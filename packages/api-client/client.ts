// SPDX-License-Identifier: Apache-2.0
import { readProblem, Unreachable } from './problem.ts'

type QueryValue = string | number | boolean | readonly string[] | null | undefined
export type Query = Readonly<Record<string, QueryValue>>

export interface RequestOptions {
  query?: Query | undefined
  signal?: AbortSignal | undefined
  timeoutMs?: number | undefined
}

export interface ActOptions extends RequestOptions {
  /** One key per user action (见 `newActionKey`), so that a repeated click or a lost answer has one effect. */
  idempotencyKey?: string | undefined
}

/** One page of a list; `nextCursor` is null on the last. */
export interface ListPage<T> {
  items: T[]
  nextCursor: string | null
}

const DEFAULT_TIMEOUT_MS = 30_000

/** A version 4 UUID. `crypto.randomUUID` is missing where an office serves plain HTTP, `getRandomValues` is not. */
export function newActionKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Adds the query to a path; absent and empty values are left out. */
export function withQuery(path: string, query: Query | undefined): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null || value === '') continue
    for (const one of Array.isArray(value) ? value : [String(value)]) params.append(name, one)
  }
  const text = params.toString()
  return text === '' ? path : `${path}?${text}`
}

/** Reads. Throws `ApiProblem` or `Unreachable`, nothing else but the caller's own abort. */
export function apiGet<T>(path: string, options: RequestOptions = {}): Promise<T> {
  return request<T>('GET', path, undefined, options)
}

/** Reads one page of a list. */
export function apiList<T>(path: string, options: RequestOptions = {}): Promise<ListPage<T>> {
  return apiGet<ListPage<T>>(path, options)
}

export function apiPost<T>(path: string, body?: unknown, options: ActOptions = {}): Promise<T> {
  return request<T>('POST', path, body, options)
}

export function apiPut<T>(path: string, body?: unknown, options: ActOptions = {}): Promise<T> {
  return request<T>('PUT', path, body, options)
}

export function apiPatch<T>(path: string, body?: unknown, options: ActOptions = {}): Promise<T> {
  return request<T>('PATCH', path, body, options)
}

export function apiDelete<T = void>(path: string, options: ActOptions = {}): Promise<T> {
  return request<T>('DELETE', path, undefined, options)
}

async function request<T>(method: string, path: string, body: unknown, options: ActOptions): Promise<T> {
  const response = await send(withQuery(path, options.query), requestInit(method, body, options), options)
  if (!response.ok) throw await readProblem(response)
  const text = await response.text()
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** A file that an operation answers with, and the name it comes with. */
export async function apiFile(path: string, options: RequestOptions = {}): Promise<{ content: Blob; fileName: string }> {
  const response = await send(withQuery(path, options.query), requestInit('GET', undefined, options), options)
  if (!response.ok) throw await readProblem(response)
  const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1]
  return { content: await response.blob(), fileName: decodeURIComponent(named ?? 'file') }
}

function requestInit(method: string, body: unknown, options: ActOptions): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json, application/problem+json' }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (method !== 'GET') headers['idempotency-key'] = options.idempotencyKey ?? newActionKey()
  const init: RequestInit = { method, headers, credentials: 'same-origin' }
  if (body !== undefined) init.body = JSON.stringify(body)
  return init
}

async function send(url: string, init: RequestInit, options: RequestOptions): Promise<Response> {
  const abort = new AbortController()
  const stop = () => abort.abort()
  options.signal?.addEventListener('abort', stop)
  if (options.signal?.aborted) stop()
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    stop()
  }, options.timeoutMs ?? DEFAULT_TIMEOUT_MS)
  try {
    const response = await fetch(url, { ...init, signal: abort.signal })
    // The body is read here too: an answer that stops halfway is no answer, and the timer must still be running.
    const content = await response.blob()
    return new Response(response.status === 204 || response.status === 304 ? null : content, response)
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new Unreachable(timedOut ? 'timeout' : 'offline')
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', stop)
  }
}
