import { connect } from 'node:net'
import { sessionCookie } from '@tongchou/identity'
import { testDatabase } from '@tongchou/testing'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { DEMO_PASSWORD } from './demo/people.ts'
import { clientOf } from './testing/client.ts'
import { expectProblem } from './testing/expect-problem.ts'
import { goodProposal, type SeatName, smallCity } from './testing/small-city.ts'

const { db } = await testDatabase()
const city = await smallCity(db)
const address = await city.app.listen({ port: 0, host: '127.0.0.1' })
afterAll(() => city.app.close())

const { ask, cookieOf } = clientOf(city)

async function draftOf(seat: SeatName, changes: Record<string, unknown> = {}): Promise<string> {
  const made = await ask({ method: 'POST', url: '/api/v1/projects', payload: goodProposal(changes) }, seat)
  expect(made.status, made.text).toBe(201)
  return JSON.parse(made.text).id
}

/** What a client that speaks almost HTTP gets, byte by byte. */
function raw(text: string): Promise<{ status: number; contentType: string; text: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    let answer = ''
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer to ${text}`)))
    socket.on('data', (part) => {
      answer += part
    })
    socket.on('error', reject)
    socket.on('close', () => {
      const [head = '', ...body] = answer.split('\r\n\r\n')
      const contentType = /^content-type: (.*)$/im.exec(head)?.[1]?.trim() ?? ''
      resolve({ status: Number(head.split(' ')[1]), contentType, text: body.join('\r\n\r\n') })
    })
    socket.write(text)
  })
}

const lines = (...head: string[]) => `${[...head, 'Host: city', 'Connection: close'].join('\r\n')}\r\n\r\n`

describe('errors are problems', () => {
  const signIn = (payload: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    ask({ method: 'POST', url: '/api/v1/sessions', payload, headers })

  test('400 for what cannot be read, and for what does not have the form asked for', async () => {
    expectProblem(await signIn('{"username":'), 400, 'request.not_json')
    expectProblem(await signIn(''), 400, 'request.empty')
    const wrong = expectProblem(await signIn('{"username":7,"pass":"x"}'), 400, 'request.invalid')
    expect(wrong.fields?.map(({ path }) => path).sort()).toEqual(['pass', 'password', 'username'])
    expectProblem(await ask({ url: '/api/v1/policy-packs?limit=much' }), 400, 'request.invalid')
  })

  test('401 without a session or a token, and with one that is none', async () => {
    expectProblem(await ask({ url: '/api/v1/me' }), 401, 'session.required')
    expectProblem(await ask({ url: '/api/v1/me', headers: { authorization: 'Bearer tc_nobody-ever-had-this-token' } }), 401)
    expectProblem(await ask({ url: '/api/v1/me', headers: { authorization: 'Basic YTpi' } }), 401)
    expectProblem(await ask({ url: '/api/v1/me', cookies: { [sessionCookie]: 'x'.repeat(43) } }), 401)
    expectProblem(await ask({ method: 'POST', url: '/api/v1/policy-packs/wuhai-2023/evaluate', payload: { act: 'x', facts: {} } }), 401)
  })

  test('404 for what one may not read, 403 for an act on what one may', async () => {
    const id = await draftOf('clerk')
    const url = `/api/v1/projects/${id}`
    expectProblem(await ask({ url }, 'stranger'), 404)
    const change = { method: 'PUT', url, payload: { ...goodProposal(), version: 1 } } as const
    expectProblem(await ask(change, 'stranger'), 404)
    // A colleague of the same unit reads the draft; writing it is the applicant's.
    expect((await ask({ url }, 'steward')).status).toBe(200)
    expectProblem(await ask(change, 'steward'), 403)
    // What is not there and what may not be known are told apart by nothing.
    const missing = await ask({ url: '/api/v1/projects/00000000-0000-4000-8000-000000000000' }, 'stranger')
    const hidden = await ask({ url }, 'stranger')
    const words = ({ text }: { text: string }) => ({ ...JSON.parse(text), requestId: '' })
    expect(words(hidden)).toEqual(words(missing))
  })

  test('404 for an address or a method that is not there', async () => {
    expectProblem(await ask({ url: '/api/v1/nothing' }), 404, 'request.no_such_address')
    expectProblem(await ask({ method: 'PUT', url: '/api/v1/sessions' }), 404)
    expectProblem(await ask({ url: `/api/v1/policy-packs/${'a'.repeat(3000)}` }), 404)
  })

  test('409 for policy, with every finding and its article', async () => {
    const id = await draftOf('clerk', { deliverables: ['machine-room', 'public-app'], appStage: 'new' })
    const url = `/api/v1/projects/${id}/plan-entries`
    const problem = expectProblem(await ask({ method: 'POST', url, payload: { year: 2027, opinion: '' } }, 'clerk'), 409)
    expect(problem.findings?.map(({ article, effect }) => `${article} ${effect}`)).toEqual(['WH23-4 refuse', 'WH23-4 refer'])
  })

  test('409 for a state: what another changed in the meantime', async () => {
    const id = await draftOf('clerk')
    const change = { method: 'PUT', url: `/api/v1/projects/${id}`, payload: { ...goodProposal({ summary: '改' }), version: 1 } } as const
    expect((await ask(change, 'clerk')).status).toBe(200)
    const problem = expectProblem(await ask(change, 'head'), 409)
    expect(problem.findings).toBeUndefined()
  })

  test('413, 415 and 422', async () => {
    expectProblem(await signIn(JSON.stringify({ username: 'a', password: 'x'.repeat(1_100_000) })), 413, 'request.too_large')
    expectProblem(await signIn('username=a', { 'content-type': 'application/x-www-form-urlencoded' }), 415, 'request.media_type')
    expectProblem(await signIn('{}', {}), 415)
    const question = { act: 'project.fly', facts: {} }
    expectProblem(await ask({ method: 'POST', url: '/api/v1/policy-packs/wuhai-2023/evaluate', payload: question }, 'clerk'), 422)
  })

  test.each([
    ['an address with a broken percent sign', lines('GET /%E0%A4%A HTTP/1.1'), 400],
    ['another version of HTTP', lines('GET /livez HTTP/9.9'), 400],
    ['a method that is none', lines('BREW /livez HTTP/1.1'), 400],
    ['two lengths of one body', lines('POST /api/v1/sessions HTTP/1.1', 'Content-Length: 5', 'Transfer-Encoding: chunked'), 400],
    ['a length that is none', lines('POST /api/v1/sessions HTTP/1.1', 'Content-Length: many'), 400],
    ['a header without end', lines('GET /livez HTTP/1.1', `X-Long: ${'a'.repeat(40_000)}`), 431],
  ])('%s is answered with a problem too, and the server lives', async (_what, text, status) => {
    expectProblem(await raw(text), status)
    expect((await fetch(`${address}/livez`)).status).toBe(200)
  })

  test('a chunked body over the limit is a 413, one within it is read', async () => {
    const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
    const start =
      'POST /api/v1/sessions HTTP/1.1\r\nHost: city\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
    const small = await raw(`${start}${chunk('{"username":"nobo')}${chunk('dy","password":"wrong-password"}')}0\r\n\r\n`)
    expectProblem(small, 401, 'session.wrong_credentials')
    const large = await raw(`${start}${chunk('{"username":"')}${chunk('a'.repeat(1_100_000))}0\r\n\r\n`)
    expectProblem(large, 413, 'request.too_large')
  })

  test('no problem tells a version, a stack or a path of this machine', async () => {
    const texts = await Promise.all([
      signIn('{'),
      ask({ url: '/api/v1/nothing' }),
      ask({ url: '/api/v1/me' }),
      ask({ url: '/api/v1/policy-packs?cursor=x' }),
    ])
    for (const { text } of texts) expect(text).not.toMatch(/node_modules|\.ts\b|fastify|at \w+ \(/i)
  })
})

describe('transport', () => {
  test('HEAD answers as GET does, without a body', async () => {
    const get = await fetch(`${address}/api/v1/policy-packs`)
    const head = await fetch(`${address}/api/v1/policy-packs`, { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(head.headers.get('content-length')).toBe(String((await get.arrayBuffer()).byteLength))
    expect((await fetch(`${address}/api/v1/me`, { method: 'HEAD' })).status).toBe(401)
  })

  test('one connection carries several requests, a refused one among them', async () => {
    const keep = (line: string) => `${line}\r\nHost: city\r\n\r\n`
    const answer = await raw(`${keep('GET /livez HTTP/1.1')}${keep('GET /api/v1/me HTTP/1.1')}${lines('GET /readyz HTTP/1.1')}`)
    expect(answer.text.match(/HTTP\/1\.1 (401|200)/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 200'])
    expect(answer.status).toBe(200)
  })

  test('a content type on a request without a body does no harm', async () => {
    const signedOut = await fetch(`${address}/api/v1/sessions/current`, {
      method: 'DELETE',
      headers: { 'content-type': 'application/json', cookie: `${sessionCookie}=${await cookieOf('drc2')}` },
    })
    expect(signedOut.status).toBe(204)
    expect(await signedOut.text()).toBe('')
  })
})

describe('lists', () => {
  const walk = async (url: string, seat: SeatName | undefined, limit: number) => {
    const ids: string[] = []
    let cursor = ''
    for (let page = 0; page < 100; page++) {
      const answer = await ask({ url: `${url}?limit=${limit}${cursor && `&cursor=${encodeURIComponent(cursor)}`}` }, seat)
      expect(answer.status, answer.text).toBe(200)
      const { items, nextCursor } = JSON.parse(answer.text) as { items: { id: string }[]; nextCursor: string | null }
      expect(items.length).toBeLessThanOrEqual(limit)
      ids.push(...items.map(({ id }) => id))
      if (nextCursor === null) return ids
      expect(nextCursor).toEqual(expect.any(String))
      cursor = nextCursor
    }
    throw new Error(`${url} has no last page`)
  }

  test.each([
    ['/api/v1/policy-packs', undefined],
    ['/api/v1/organisations', 'clerk'],
    ['/api/v1/projects', 'clerk'],
    ['/api/v1/people', 'admin'],
  ] as const)('%s page by page is the whole list, each once, and ends with null', async (url, seat) => {
    if (url === '/api/v1/projects') for (const name of ['一', '二', '三', '四']) await draftOf('clerk', { name: `分页${name}` })
    const whole = await walk(url, seat, 200)
    expect(whole.length).toBeGreaterThan(3)
    expect(new Set(whole).size).toBe(whole.length)
    expect(await walk(url, seat, 2)).toEqual(whole)
    // A page that ends exactly at the end is the last one.
    expect(await walk(url, seat, whole.length)).toEqual(whole)
  })

  test.each([
    'limit=0',
    'limit=201',
    'limit=-1',
    'limit=1.5',
    'limit=',
    'limit=ten',
    'limit=1&limit=2',
    'cursor=rubbish',
    'cursor=',
    'cursor=bnVsbA',
  ])('?%s is a 400', async (query) => {
    expectProblem(await ask({ url: `/api/v1/projects?${query}` }, 'clerk'), 400)
    expectProblem(await ask({ url: `/api/v1/policy-packs?${query}` }), 400)
  })

  test('200 is allowed', async () => {
    expect((await ask({ url: '/api/v1/projects?limit=200' }, 'clerk')).status).toBe(200)
  })
})

test('times are RFC 3339 in UTC, civil dates are days, money is whole 分', async () => {
  const id = await draftOf('clerk', { budgetLines: [{ title: '核对业务软件开发', category: 'software', amountFen: 12_345_678 }] })
  const pages = [
    `/api/v1/projects/${id}`,
    '/api/v1/projects',
    `/api/v1/projects/${id}/audit`,
    '/api/v1/me',
    '/api/v1/tasks?box=started',
    '/api/v1/tokens',
  ]
  const seen = { At: 0, On: 0, Fen: 0 }
  for (const url of pages) {
    const answer = await ask({ url }, 'clerk')
    expect(answer.status, answer.text).toBe(200)
    JSON.parse(answer.text, (key: string, value: unknown) => {
      if (value === null) return value
      if (key === 'now' || key === 'at' || key.endsWith('At')) {
        expect(value, `${url} ${key}`).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/)
        seen.At++
      } else if (/[a-z]On$/.test(key)) {
        expect(value, `${url} ${key}`).toMatch(/^\d{4}-\d{2}-\d{2}$/)
        seen.On++
      } else if (key.endsWith('Fen')) {
        expect(Number.isSafeInteger(value), `${url} ${key} ${String(value)}`).toBe(true)
        seen.Fen++
      }
      return value
    })
  }
  expect(Math.min(seen.At, seen.Fen)).toBeGreaterThan(3)
})

test('today is the day in Shanghai, not in Greenwich', async () => {
  // 17:00 in Greenwich is one o'clock of the next day in Wuhai: a token that ends on the old day is over.
  const at = city.clock.now()
  onTestFinished(() => void city.clock.set(at))
  city.clock.set('2026-03-02T17:00:00Z')
  const fresh = await city.app.inject({ method: 'POST', url: '/api/v1/sessions', payload: { username: 'drc', password: DEMO_PASSWORD } })
  const cookie = fresh.cookies[0]?.value ?? ''
  const issue = (expiresOn: string) =>
    city.app.inject({ method: 'POST', url: '/api/v1/tokens', payload: { name: '对账', expiresOn }, cookies: { [sessionCookie]: cookie } })
  expect((await issue('2026-03-02')).statusCode).toBe(422)
  expect((await issue('2026-03-03')).statusCode).toBe(201)
})

describe('health', () => {
  test.each(['/livez', '/readyz', '/metrics', '/openapi.json'])('GET %s needs nobody', async (url) => {
    const answer = await ask({ url })
    expect(answer.status).toBe(200)
    expect(answer.text).not.toBe('')
  })

  test('metrics are in the text format of Prometheus', async () => {
    const answer = await ask({ url: '/metrics' })
    expect(answer.contentType).toMatch(/^text\/plain/)
    expect(answer.text).toMatch(/^# TYPE \w+ (counter|gauge|histogram|summary)$/m)
  })
})

test.each([
  ['GET', '/api/3/action/package_list'],
  ['GET', '/api/action/package_list'],
  ['GET', '/catalog.jsonld'],
  ['GET', '/data.json'],
  ['GET', '/ogc'],
  ['GET', '/open/projects.json'],
  ['GET', '/open/contracting/ocds-1.json'],
] as const)('%s %s is not there yet, and says so', async (method, url) => {
  expectProblem(await ask({ method, url }, 'clerk'), 404, 'request.no_such_address')
})
