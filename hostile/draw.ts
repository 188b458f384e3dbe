import type { Operation } from '../apps/server/src/testing/document.ts'
import { type Hints, type Schema, sampleOf } from '../apps/server/src/testing/sample.ts'
import { randomFrom } from '../apps/server/src/testing/shuffled.ts'
import { brokenBodies, contentTypes, naughtyIds, naughtyTexts, naughtyValue, pick, type Written } from './naughty.ts'

/** One request, ready to be sent. */
export interface Input {
  kind: string
  operation: string
  method: string
  path: string
  headers: Record<string, string>
  body: string | Buffer | undefined
  /** Text fields of a body that a client library could have sent: what is taken of them must be read back. */
  sent: Readonly<Record<string, unknown>> | undefined
}

/** What a draw is made from: the contract, ids of things that exist, by operation. */
export interface Ground {
  operations: readonly Operation[]
  ids: readonly string[]
  hints: Hints
}

/** The input of a number: the same seed and number give the same input. */
export function drawInput(ground: Ground, seed: number, number: number): Input {
  const next = randomFrom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b))
  const withBody = ground.operations.filter(({ body }) => body)
  const roll = next()
  if (roll < 0.55) return mutatedBody(ground, pick(withBody, next), next)
  if (roll < 0.65) return brokenBody(ground, pick(withBody, next), next)
  if (roll < 0.82)
    return mutatedQuery(
      ground,
      pick(
        ground.operations.filter(({ method }) => method === 'GET'),
        next,
      ),
      next,
    )
  if (roll < 0.9)
    return mutatedPath(
      ground,
      pick(
        ground.operations.filter(({ path }) => path.includes('{')),
        next,
      ),
      next,
    )
  if (roll < 0.94) return confusedMethod(ground, pick(ground.operations, next), next)
  if (roll < 0.98) return mutatedHeaders(ground, pick(ground.operations, next), next)
  return multipart(next)
}

function base(kind: string, ground: Ground, operation: Operation, next: () => number): Input {
  const path = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) =>
    name === 'pack' ? 'wuhai-2023' : name === 'article' ? 'WH23-4' : pick(ground.ids, next),
  )
  return { kind, operation: operation.id, method: operation.method, path, headers: {}, body: undefined, sent: undefined }
}

const json = { 'content-type': 'application/json' }

function mutatedBody(ground: Ground, operation: Operation, next: () => number): Input {
  const sample = sampleOf(operation.body, { ...ground.hints, projectId: pick(ground.ids, next) })
  const places = placesOf(sample, operation.body)
  const changes = new Map<string, Written>()
  const count = Math.floor(next() * 4)
  for (let i = 0; i < count && places.length > 0; i++) changes.set(pick(places, next), naughtyValue(next))
  const extra =
    next() < 0.1 ? `,${JSON.stringify(pick(['__proto__', 'id', 'constructor', 'extra', 'secrecy', ''], next))}:${naughtyValue(next)}` : ''
  const body = written(sample, changes, '').replace(/\}$/, `${extra}}`)
  return { ...base('body', ground, operation, next), headers: { ...json }, body, sent: readable(body) }
}

/** Addresses of everything inside a sample, those that are optional included. */
function placesOf(value: unknown, schema: Schema | undefined, at = ''): string[] {
  if (Array.isArray(value)) return [at, ...value.flatMap((item, i) => placesOf(item, schema?.items, `${at}/${i}`))]
  if (typeof value !== 'object' || value === null) return [at]
  const names = new Set([...Object.keys(value), ...Object.keys(schema?.properties ?? {})])
  return [...names].flatMap((name) => placesOf((value as Record<string, unknown>)[name], schema?.properties?.[name], `${at}/${name}`))
}

/** The sample as JSON text, with what was changed written as it is: also what no JSON library would write. */
function written(value: unknown, changes: ReadonlyMap<string, Written>, at: string): Written {
  const changed = changes.get(at)
  if (changed !== undefined) return changed
  if (Array.isArray(value)) return `[${value.map((item, i) => written(item, changes, `${at}/${i}`)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const own = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}:${written(item, changes, `${at}/${name}`)}`)
  const added = [...changes].flatMap(([place, text]) => {
    const name = place.slice(at.length + 1)
    return place.startsWith(`${at}/`) && name !== '' && !name.includes('/') && !Object.hasOwn(value, name)
      ? [`${JSON.stringify(name)}:${text}`]
      : []
  })
  return `{${[...own, ...added].join(',')}}`
}

function readable(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function brokenBody(ground: Ground, operation: Operation, next: () => number): Input {
  const whole = JSON.stringify(sampleOf(operation.body, ground.hints))
  const cut = next() < 0.3 ? whole.slice(0, Math.floor(next() * whole.length)) : undefined
  const big = next() < 0.01 ? `{"name":"${'a'.repeat(1_200_000)}"}` : undefined
  const body = big ?? cut ?? pick(brokenBodies, next)
  const headers: Record<string, string> = next() < 0.5 ? { ...json } : { 'content-type': pick(contentTypes, next) }
  return { ...base('broken body', ground, operation, next), headers, body }
}

function mutatedQuery(ground: Ground, operation: Operation, next: () => number): Input {
  const input = base('query', ground, operation, next)
  const names = operation.parameters.filter((one) => one.in === 'query').map(({ name }) => name)
  const pairs = Array.from({ length: 1 + Math.floor(next() * 3) }, () => {
    const name =
      next() < 0.85 && names.length > 0 ? pick(names, next) : pick(['q', '__proto__', 'sort', 'filter[x]', '', '$where', 'limit'], next)
    const value =
      next() < 0.7 ? pick(naughtyTexts, next) : pick(['0', '1', '200', '201', '-1', '1e3', 'abc', 'WyIiXQ', 'bnVsbA', 'W10'], next)
    return next() < 0.1 ? `${name}=${pick(naughtyIds, next)}` : `${encodeURIComponent(name)}=${encodeURIComponent(value.slice(0, 2000))}`
  })
  return { ...input, path: `${input.path}?${pairs.join('&')}` }
}

function mutatedPath(ground: Ground, operation: Operation, next: () => number): Input {
  const input = base('path', ground, operation, next)
  const path = operation.path.replace(/\{[^}]+\}/g, () =>
    next() < 0.8 ? pick(naughtyIds, next) : encodeURIComponent(pick(naughtyTexts, next).slice(0, 300)),
  )
  return {
    ...input,
    path,
    ...(operation.body ? { headers: { ...json }, body: JSON.stringify(sampleOf(operation.body, ground.hints)) } : {}),
  }
}

function confusedMethod(ground: Ground, operation: Operation, next: () => number): Input {
  const input = base('method', ground, operation, next)
  const method = pick(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'MKCOL', 'SEARCH'], next)
  return { ...input, method, ...(next() < 0.5 ? { headers: { ...json }, body: '{}' } : {}) }
}

function mutatedHeaders(ground: Ground, operation: Operation, next: () => number): Input {
  const input = base('headers', ground, operation, next)
  const visible = pick(naughtyTexts, next)
    .replace(/[^\x20-\x7e]/g, '')
    .slice(0, 300)
  const header = pick(
    [
      'authorization',
      'idempotency-key',
      'accept',
      'origin',
      'sec-fetch-site',
      'x-forwarded-for',
      'x-forwarded-proto',
      'accept-encoding',
      'range',
      'if-none-match',
      'host',
      'expect-nothing',
    ],
    next,
  )
  const body = operation.body ? JSON.stringify(sampleOf(operation.body, ground.hints)) : undefined
  return { ...input, headers: { ...(body === undefined ? {} : json), [header]: header === 'host' ? 'x' : `${visible}x` }, body }
}

function multipart(next: () => number): Input {
  const name = pick(naughtyTexts, next)
    .replace(/["\r\n]/g, '')
    .slice(0, 300)
  const secrecy = pick(['false', 'true', '', 'FALSE', '0', 'null'], next)
  const content = pick([...naughtyTexts, '%PDF-1.7\n', '\u0089PNG\r\n', 'PK\u0003\u0004'.padEnd(100, '\u0000'), 'x'.repeat(100_000)], next)
  const field = pick(['secrecy', 'Secrecy', '__proto__', 'file', ''], next)
  const first = `--b\r\ncontent-disposition: form-data; name="${field}"\r\n\r\n${secrecy}\r\n`
  const file = `--b\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\n${content}\r\n`
  const body = pick([first + file, file + first, first, `${first}${file}${file}`, file], next) + (next() < 0.7 ? '--b--\r\n' : '')
  const headers = { 'content-type': 'multipart/form-data; boundary=b' }
  return { kind: 'multipart', operation: 'uploadAttachment', method: 'POST', path: '/api/v1/attachments', headers, body, sent: undefined }
}
