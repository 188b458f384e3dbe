// SPDX-License-Identifier: Apache-2.0
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { ApiProblem, apiDelete, apiGet, apiPost, newActionKey, Unreachable, withQuery } from './index.ts'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stops.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a problem keeps its code, its Chinese sentence, its findings, its fields and how long to wait', async () => {
  const finding = { rule: 'no-own-infrastructure', effect: 'refuse', article: 'WH23-4' }
  const url = await serve((_, response) => {
    response.writeHead(429, { 'content-type': 'application/problem+json', 'retry-after': '60' })
    response.end(
      JSON.stringify({
        code: 'session.locked',
        title: '操作过于频繁',
        detail: '账号已锁定',
        findings: [finding],
        fields: [{ path: 'a', message: 'b' }],
      }),
    )
  })
  const error = await apiPost(`${url}/api/v1/sessions`, {}).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ApiProblem)
  expect(error).toMatchObject({ status: 429, code: 'session.locked', message: '账号已锁定', retryAfterSeconds: 60, findings: [finding] })
  expect(error).toMatchObject({ fields: [{ path: 'a', message: 'b' }] })
})

test('an answer that is not ours, such as a gateway page, still becomes a problem in Chinese', async () => {
  for (const page of ['<h1>Bad Gateway</h1>', '{"error":"bad gateway"}', '']) {
    const url = await serve((_, response) => response.writeHead(502).end(page))
    const error = await apiGet(`${url}/x`).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ status: 502, code: 'transport.unreadable', message: '服务器暂时不能处理，请稍后重试' })
  }
})

test('acts carry an idempotency key, the one given or a new one; reads carry none', async () => {
  const seen: (string | undefined)[] = []
  const url = await serve((request, response) => {
    seen.push(request.headers['idempotency-key'] as string | undefined)
    response.writeHead(204).end()
  })
  await apiPost(`${url}/x`, { a: 1 }, { idempotencyKey: 'mine' })
  await apiDelete(`${url}/x`)
  await apiGet(`${url}/x`)
  expect(seen[0]).toBe('mine')
  expect(seen[1]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(seen[2]).toBeUndefined()
  expect(newActionKey()).not.toBe(newActionKey())
})

test('no connection, no answer in time and an answer that stops halfway are told apart from a refusal', async () => {
  const hanging = await serve(() => undefined)
  const halfway = await serve((_, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('{"a":')
    setTimeout(() => response.destroy(), 20)
  })
  await expect(apiGet(`${hanging}/x`, { timeoutMs: 50 })).rejects.toMatchObject({ reason: 'timeout' })
  await expect(apiGet(`${halfway}/x`)).rejects.toBeInstanceOf(Unreachable)
  await expect(apiGet('http://127.0.0.1:1/x')).rejects.toMatchObject({ reason: 'offline' })
})

test('a request given up by its caller ends as given up, not as offline', async () => {
  const url = await serve(() => undefined)
  const abort = new AbortController()
  const pending = apiGet(`${url}/x`, { signal: abort.signal })
  abort.abort()
  await expect(pending).rejects.toMatchObject({ name: 'AbortError' })
})

test('empty filters are left out of the address', () => {
  expect(withQuery('/p', { q: '', state: 'a b', cursor: undefined, limit: 50, kind: ['x', 'y'] })).toBe(
    '/p?state=a+b&limit=50&kind=x&kind=y',
  )
  expect(withQuery('/p', {})).toBe('/p')
})
