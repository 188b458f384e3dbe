import { hash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { sm2Signer } from '@tongchou/evidence'
import {
  type Actor,
  buildApp,
  type Ctx,
  calendarOf,
  DomainError,
  type KernelTables,
  type Notice,
  type OrganisationsPort,
  type OrganisationView,
} from '@tongchou/kernel'
import type { ResourceDefinition } from '@tongchou/records'
import { addressOf, askFormat, headersOf, type Parcel, signParcel } from '@tongchou/wire'
import type { Kysely } from 'kysely'
import { exchangeRoutes } from './channel.routes.ts'
import type { BatchReceipt } from './channel.schema.ts'
import type { CopiesPort, ExchangePorts, FeedsPort, Grant, Intake, UpdateCycle } from './ports.ts'

/** A person in one post, for tests: the name is the id. */
export function actorOf(orgId: string, ...roles: string[]): Actor {
  const name = `${orgId}:${roles.join('+')}`
  return { accountId: name, personId: name, name, postId: name, postTitle: '科员', orgId, orgName: orgId, roles: new Set(roles) }
}

const known = ['民政局', '大数据中心', '卫健委']
const organisationOf = (id: string): OrganisationView => ({ id, name: id, kind: 'city-department', parentId: null })

const organisations: OrganisationsPort = {
  organisation: async (_ctx, id) => (known.includes(id) ? organisationOf(id) : undefined),
  organisations: async (_ctx, ids) => new Map(ids.map((id) => [id, organisationOf(id)])),
  organisationAsOf: async (_ctx, id) => (known.includes(id) ? organisationOf(id) : undefined),
  bearersOf: async () => [],
  holdersOf: async () => [],
  superiorOf: async () => undefined,
}

const households: ResourceDefinition = {
  resource: 'households',
  version: 1,
  title: '低保家庭',
  kind: 'state',
  key: ['i1'],
  items: [{ id: 'i1', title: '家庭编号', type: { kind: 'text', length: 15 }, required: true }],
}

/** A library of one resource that keeps what it is given in its memory. */
export interface GivenLibrary {
  taken: { batchId: string; text: string }[]
  /** What the library says of each channel, and how often the resource promises to be renewed. */
  intakes: Map<string, Intake>
  cycle?: UpdateCycle
  /** Notices that were sent. */
  told: Notice[]
  /** What the next batch is refused with, or made to wait for. */
  next?: DomainError | Promise<void> | undefined
}

const keyOf = (digit: string) => sm2Signer(`${digit}945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8`)
export const ours = keyOf('3')
export const second = keyOf('2')
export const theirs = keyOf('1')

const seen = {
  ...{ name: 's1', title: '低保家庭', key: ['i1'] },
  items: [{ id: 'i1', title: '家庭编号', type: { kind: 'text' as const, length: 15 }, masked: false }],
}

/** A log of seven changes that nobody is shown anything of. What the libraries' own shows is tried with the whole platform. */
const emptyFeeds: FeedsPort = {
  open: async () => ({ structure: seen }),
  head: async () => 7,
  changes: async () => ({ structure: seen, changes: [], seq: 7, hasMore: false }),
  records: async () => ({ structure: seen, records: [], lastKey: null }),
  epoch: async () => '1-0123456789ab',
  standing: async () => 'same',
  wakeups: { count: () => 0, wait: async (_resource, _since, ms) => void (await setTimeout(Math.min(ms, 5))) },
}

/** A copy of one record. What the libraries' own says is tried with agents. */
const emptyCopies: CopiesPort = {
  digests: async () => ({ seq: 7, structure: 1, digests: [[1, 1, 'ab'.repeat(16)]] }),
  rows: async () => ({ seq: 7, structure: 1, rows: [['A', 'ab'.repeat(16), false, false]] }),
  keysForList: async () => (key) => key,
  lookAtKeys: async (_ctx, _resource, keys) => [...keys],
}

/** The platform with this module alone; who asks is set by `call`, whether they still may by `admitted`. */
export async function givenApp(db: Kysely<KernelTables>, now: () => Date) {
  let actor: Actor | null = null
  const library: GivenLibrary = { taken: [], intakes: new Map(), told: [] }
  const gate = { admitted: true }
  const receipts = new Map<string, BatchReceipt>()
  const grants = new Map<string, Grant>()
  const ports: ExchangePorts = {
    organisations,
    intake: {
      intakeOf: async () => library.intakes,
      batchesOf: async () => ({ items: [], nextCursor: null }),
    },
    cyclesOf: async () => new Map(library.cycle ? [['households', library.cycle]] : []),
    calendar: calendarOf,
    notices: { send: async (_ctx, notice) => void library.told.push(notice) },
    structures: {
      structure: async (_ctx: Ctx, resource: string) => (resource === 'households' ? households : undefined),
      receiptOf: async (_ctx, _resource, batchId) => receipts.get(batchId),
    },
    grants: {
      grantInForce: async (_ctx, id) => grants.get(id),
      termsInForce: async (_ctx, ids) =>
        new Map(ids.flatMap((id) => (grants.has(id) ? [[id, grants.get(id)?.validUntil ?? ''] as const] : []))),
      expiring: async () => null,
      beginLook: async () => null,
      endLook: async () => undefined,
    },
    feeds: emptyFeeds,
    copies: emptyCopies,
    receiving: {
      receive: async (bytes, { batchId, resource, receivedAt }, turn) => {
        await turn
        const { next } = library
        library.next = undefined
        if (next instanceof DomainError) throw next
        await next
        const answered = receipts.get(batchId)
        if (answered) return answered
        library.taken.push({ batchId, text: Buffer.from(bytes).toString() })
        const receipt = receiptFor(resource, batchId, digestOf(bytes), library.taken.length, receivedAt)
        receipts.set(batchId, receipt)
        return receipt
      },
    },
    isStillAdmitted: async () => gate.admitted,
  }
  const app = await buildApp({ db, now, authenticate: async () => actor })
  await app.register(exchangeRoutes, { ports, prefix: '/api/v1' })
  await app.ready()
  const call = async (as: Actor | null, method: 'GET' | 'POST', url: string, payload?: object) => {
    actor = as
    const answer = await app.inject({ method, url: `/api/v1${url}`, ...(payload ? { payload } : {}) })
    return { status: answer.statusCode, body: answer.json() }
  }
  const put = async (as: Actor, parcel: Parcel, payload: Buffer | string, options: { by?: typeof ours; headers?: object } = {}) => {
    const headers = {
      ...headersOf(await signParcel(options.by ?? ours, parcel)),
      'content-type': 'application/x-ndjson',
      ...options.headers,
    }
    actor = as
    const answer = await app.inject({ method: 'PUT', url: `/api/v1${addressOf(parcel)}`, headers, payload })
    return { status: answer.statusCode, body: answer.json(), retryAfter: answer.headers['retry-after'] }
  }
  /** A signed question of a run of 对账: `number` is its place, what is signed may be another body than what is sent. */
  const ask = async (
    as: Actor,
    asked: Omit<Parcel, 'digest' | 'lane'> & { path: string; body: object },
    { by = ours, signed = asked.body, format = askFormat }: { by?: typeof ours; signed?: object; format?: string } = {},
  ) => {
    const { path, body, ...of } = asked
    const parcel = { ...of, lane: 'main', digest: digestOf(JSON.stringify(signed)) }
    const headers = { ...headersOf(await signParcel(by, parcel, format)), 'tongchou-number': String(of.number) }
    actor = as
    const url = `/api/v1/channels/${of.channel}/lanes/main/reconciliations${path}`
    const answer = await app.inject({ method: 'POST', url, headers, payload: body })
    return { status: answer.statusCode, body: answer.json() }
  }
  return { app, call, put, ask, library, gate, grants, ports }
}

function receiptFor(resource: string, batchId: string, digest: string, seq: number, at: Date): BatchReceipt {
  const counts = { rows: 1, inserted: 1, updated: 0, deleted: 0, unchanged: 0, superseded: 0, absent: 0, bad: 0 }
  return { resource, batchId, digest, structure: 1, ...counts, seqFrom: seq, seqTo: seq, receivedAt: at.toISOString() }
}

/** SM3 of some lines. */
export const digestOf = (text: string | Uint8Array): string => hash('sm3', text, 'hex')
