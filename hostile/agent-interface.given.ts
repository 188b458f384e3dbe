import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A department's interface, and what may go wrong with it. */
export interface GivenInterface {
  url: string
  records: Record<string, unknown>[]
  /** What was asked, newest last. */
  asked: string[]
  secret: string | undefined
  /** So many requests more are answered by 429. */
  busy: number
  list: string
  total: number | undefined
  next: string | undefined
  body: string | undefined
  redirect: string | undefined
  hangs: boolean
  close(): Promise<void>
}

/** Listens on this machine and gives its records by page, offset, cursor or link, whatever it is asked by. */
export async function givenInterface(): Promise<GivenInterface> {
  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? '', given.url)
    given.asked.push(asked.search)
    if (given.hangs) return
    if (given.secret !== undefined && request.headers.authorization !== given.secret) return void response.writeHead(401).end()
    if (given.busy > 0) {
      given.busy -= 1
      return void response.writeHead(429, { 'retry-after': '0' }).end()
    }
    if (given.redirect !== undefined) return void response.writeHead(302, { location: given.redirect }).end()
    const { searchParams } = asked
    const rows = Number(searchParams.get('rows') ?? given.records.length)
    const page = searchParams.get('page')
    const from = page === null ? Number(searchParams.get('offset') ?? searchParams.get('cursor') ?? 0) : (Number(page) - 1) * rows
    const since = searchParams.get('since')
    const found = given.records.filter(({ changed_at }) => since === null || String(changed_at) >= since)
    const onward = new URL(asked)
    onward.searchParams.set('cursor', String(from + rows))
    const isMore = from + rows < found.length
    const next = given.next ?? (isMore ? onward.href : undefined)
    const data = {
      [given.list]: found.slice(from, from + rows),
      ...{ total: String(given.total ?? found.length), next, cursor: isMore ? String(from + rows) : null },
    }
    response.writeHead(200, { 'content-type': 'application/json', ...(isMore ? { link: `<${onward.href}>; rel="next"` } : {}) })
    response.end(given.body ?? JSON.stringify({ data }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const given: GivenInterface = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/households`,
    records: [],
    asked: [],
    secret: undefined,
    busy: 0,
    list: 'items',
    total: undefined,
    next: undefined,
    body: undefined,
    redirect: undefined,
    hangs: false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return given
}
