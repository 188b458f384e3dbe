import { hash } from 'node:crypto'
import { request } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { zstdCompressSync } from 'node:zlib'
import { sm2Signer } from '@tongchou/evidence'
import type { ResourceDefinition } from '@tongchou/records'
import { testDatabase } from '@tongchou/testing'
import { addressOf, headersOf, type Parcel, signParcel } from '@tongchou/wire'
import { afterAll, expect, test } from 'vitest'
import { exchangeCity } from './testing/exchange-city.given.ts'

const database = await testDatabase()
const center = await exchangeCity(database)
afterAll(() => center.close())
const signer = sm2Signer('3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8')

const households: ResourceDefinition = {
  resource: 'households',
  version: 1,
  title: '低保家庭',
  kind: 'state',
  key: ['i1'],
  items: [
    { id: 'i1', title: '家庭编号', type: { kind: 'text', length: 15 }, required: true },
    { id: 'i2', title: '户主', type: { kind: 'text', length: 10 }, required: true },
  ],
}
await center.install(households)

const textOf = (...rows: unknown[]) => [{ format: 1, schema: 1, items: ['i1', 'i2'] }, ...rows].map((row) => JSON.stringify(row)).join('\n')

/** An agent by hand: starts on a channel and sends. */
async function agent(channel: string, token: string) {
  const authorization = `Bearer ${token}`
  const claimed = await fetch(`${center.url}/api/v1/channels/${channel}/lanes/main/epochs`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: '{}',
  })
  const { epoch } = (await claimed.json()) as { epoch: number }
  const parcel = (number: number, text: string): Parcel => ({
    ...{ channel, lane: 'main', epoch, number, batchId: `b${number}` },
    digest: hash('sm3', text, 'hex'),
  })
  const headers = async (one: Parcel) => ({
    ...headersOf(await signParcel(signer, one)),
    ...{ authorization, 'content-type': 'application/x-ndjson', 'content-encoding': 'zstd' },
  })
  return {
    status: claimed.status,
    async send(number: number, text: string) {
      const one = parcel(number, text)
      const answer = await fetch(`${center.url}/api/v1${addressOf(one)}`, {
        method: 'PUT',
        headers: await headers(one),
        body: zstdCompressSync(text),
      })
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    },
    /** Sends half of a batch, does something, and sends the rest. */
    async sendInHalves(number: number, text: string, between: () => Promise<void>): Promise<{ status: number; body: { code?: string } }> {
      const one = parcel(number, text)
      const body = zstdCompressSync(text)
      const sent = request(`${center.url}/api/v1${addressOf(one)}`, { method: 'PUT', headers: await headers(one) })
      const answered = new Promise<{ status: number; body: { code?: string } }>((resolve, reject) => {
        sent.on('error', reject)
        sent.on('response', async (response) => {
          const pieces = await response.toArray()
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(pieces).toString()) })
        })
      })
      sent.write(body.subarray(0, body.length / 2))
      await between()
      sent.end(body.subarray(body.length / 2))
      return answered
    },
  }
}

test('what a department’s machine hands in is in the library when it is answered, and in the log in its order', async () => {
  const channel = await center.channel('民政低保', 'households', signer.publicKey)
  const { token } = await center.token()
  const sender = await agent(channel, token)
  expect(sender.status).toBe(201)
  const first = await sender.send(1, textOf(['A', '甲'], ['B', '乙'], ['C', null]))
  expect(first).toMatchObject({ status: 200, body: { inserted: 2, bad: 1, seqFrom: 1, seqTo: 2 } })
  expect(await sender.send(1, textOf(['A', '甲'], ['B', '乙'], ['C', null]))).toEqual(first)
  expect((await sender.send(2, textOf(['A', '甲二'], { delete: ['B'] }))).body).toMatchObject({ updated: 1, deleted: 1 })
  expect(await center.records('households')).toEqual([['A', '甲二']])
  expect((await center.log('households')).map(([seq, op]) => [seq, op])).toEqual([
    [1, 'upsert'],
    [2, 'upsert'],
    [3, 'delete'],
    [4, 'upsert'],
  ])
  const seen = await (await center.city.as('steward')).get(`/api/v1/channels/${channel}`)
  expect(seen.body).toMatchObject({
    resource: { title: '低保家庭' },
    lanes: [{ lastNumber: 2, lastReceipt: { updated: 1 }, failure: null }],
  })
})

test('a token that is withdrawn while a batch comes in stops it, and one that opens the intake opens nothing else', async () => {
  const channel = await center.channel('撤销', 'households', signer.publicKey)
  const codes: unknown[] = []
  // Withdrawn too soon, the request is refused before its body: then once more, with more time for it to come in.
  for (let wait = 20; wait < 3000 && codes.at(-1) !== 'exchange.token_ended'; wait *= 2) {
    const { id, token } = await center.token()
    const sender = await agent(channel, token)
    const stopped = await sender.sendInHalves(1, textOf(['Z', '甲']), async () => {
      await setTimeout(wait)
      await center.withdrawToken(id)
    })
    expect(stopped.status).toBe(401)
    codes.push(stopped.body.code)
    expect((await sender.send(1, textOf(['Z', '甲']))).status).toBe(401)
  }
  expect(codes.at(-1)).toBe('exchange.token_ended')
  expect((await center.records('households')).map(([key]) => key)).not.toContain('Z')
  const other = await center.token()
  const listed = await fetch(`${center.url}/api/v1/channels`, { headers: { authorization: `Bearer ${other.token}` } })
  expect([listed.status, ((await listed.json()) as { code: string }).code]).toEqual([403, 'token.scope_missing'])
})

test('a batch that the library cannot read is refused as a whole, and the next under the same number is taken', async () => {
  const channel = await center.channel('结构', 'households', signer.publicKey)
  const sender = await agent(channel, (await center.token()).token)
  const foreign = JSON.stringify({ format: 1, schema: 1, items: ['i1', 'i9'] })
  expect((await sender.send(1, foreign)).body).toMatchObject({ status: 422, code: 'libraries.batch_unknown_item' })
  expect((await sender.send(1, textOf(['N', '新']))).status).toBe(200)
})
