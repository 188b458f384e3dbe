import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Signer } from '@tongchou/evidence'
import type { ResourceDefinition } from '@tongchou/records'
import { addressOf, askFormat, headersOf, type Parcel, signParcel } from '@tongchou/wire'
import type { ChannelConfig } from './config.ts'
import { AgentProblem } from './problem.ts'

/** What the center tells a sender that starts. */
export interface Claimed {
  channel: { id: string; name: string }
  epoch: number
  nextNumber: number
  structure: {
    resource: string
    title: string
    version: number
    kind: 'state' | 'event'
    key: string[]
    items: { id: string; title: string; kind: string; required: boolean }[]
  }
}

/** What was answered to a batch. */
export interface Receipt {
  batchId: string
  rows: number
  inserted: number
  updated: number
  deleted: number
  unchanged: number
  bad: number
  seqTo: number | null
  receivedAt: string
}

/** Which run of 对账 asks, and which of its questions it is. */
export interface Asking {
  channel: string
  lane: string
  epoch: number
  reconciliation: string
  number: number
}

/** By the hashes beside the center's records, or by hashes made anew of their values. */
export type Manner = 'hashes' | 'values'

/** What of the center's copy is asked: buckets by the first bits of a key's digest, all or some. */
export interface CopyQuestion {
  wants: 'digests' | 'rows'
  nonce: string
  by: Manner
  bits: 8 | 16
  within: number[] | null
}

export interface CopyAnswer {
  /** Position in the center's change log. */
  seq: number
  structure: number
  digests: [bucket: number, rows: number, digest: string][]
  /** Corrected: at the center, its source being as it was. Stale: the hash that the center keeps is another than the values make. */
  rows: [key: string, hash: string, isCorrected: boolean, isStale: boolean][]
}

export type DifferenceKind = 'only-source' | 'only-center' | 'different'

export interface ReconciliationResult {
  seq: number
  compared: number
  onlySource: number
  onlyCenter: number
  different: number
  quarantined: number
  moving: number
  bytes: number
  repair: 'none' | 'sent' | 'held'
  differences: { kind: DifferenceKind; key: string | null }[]
}

/** The center does not take it now. `status` 0: it could not be reached. */
export class CenterProblem extends AgentProblem {
  readonly status: number
  readonly retryAfterMs: number | undefined
  constructor(status: number, code: string, message: string, cure: string, retryAfterMs?: number) {
    super(code, message, cure)
    this.status = status
    this.retryAfterMs = retryAfterMs
  }
}

/** The center as a sender sees it. */
export interface Center {
  /** Says that this sender begins, and how often it reconciles. */
  claim(of: Pick<ChannelConfig, 'channel' | 'lane' | 'reconcileMs'>): Promise<Claimed>
  send(parcel: Parcel, body: Buffer): Promise<Receipt>
  beginReconciliation(asking: Asking, follows: string | null, by: Manner): Promise<{ seq: number; structure: ResourceDefinition }>
  askReconciliation(asking: Asking, question: CopyQuestion): Promise<CopyAnswer>
  endReconciliation(asking: Asking, result: ReconciliationResult): Promise<void>
}

/** How long an answer may take: a large batch behind others. */
const ANSWER_WITHIN_MS = 90_000

/** @param tokenFile is read for each request, so that a new token needs no restart */
export function centerAt(center: string, tokenFile: string, signer: Signer, ended: AbortSignal): Center {
  const ask = async <T>(
    path: string,
    init: { method: string; headers: Record<string, string>; body: Uint8Array<ArrayBuffer> | string },
  ): Promise<T> => {
    const headers = { ...init.headers, authorization: `Bearer ${tokenOf(tokenFile)}` }
    let answer: Response
    let text: string
    try {
      const signal = AbortSignal.any([ended, AbortSignal.timeout(ANSWER_WITHIN_MS)])
      answer = await fetch(`${center}/api/v1${path}`, { ...init, headers, signal, redirect: 'error' })
      text = await answer.text()
    } catch (cause) {
      throw new CenterProblem(
        0,
        'center.unreachable',
        `不能连接中心 ${center}：${reasonOf(cause)}。`,
        '请检查网络和中心地址；批次已暂存，将自动重发。',
      )
    }
    if (answer.ok) return parsed<T>(text) as T
    const { code = 'center.error', detail = `中心答复 ${answer.status}` } = parsed<{ code?: string; detail?: string }>(text) ?? {}
    const after = Number(answer.headers.get('retry-after'))
    throw new CenterProblem(answer.status, code, detail, '请按说明办理；批次已暂存，将自动重发。', after > 0 ? after * 1000 : undefined)
  }
  const question = async <T>({ channel, lane, epoch, reconciliation, number }: Asking, path: string, body: object): Promise<T> => {
    const text = JSON.stringify(body)
    const parcel = { channel, lane, epoch, number, batchId: reconciliation, digest: hash('sm3', text, 'hex') }
    const headers = {
      ...headersOf(await signParcel(signer, parcel, askFormat)),
      ...{ 'tongchou-number': String(number), 'content-type': 'application/json' },
    }
    return ask<T>(`/channels/${channel}/lanes/${lane}/reconciliations${path}`, { method: 'POST', headers, body: text })
  }
  return {
    beginReconciliation: (asking, follows, by) => question(asking, '', { id: asking.reconciliation, follows, by }),
    askReconciliation: (asking, body) => question(asking, `/${asking.reconciliation}/questions`, body),
    endReconciliation: async (asking, result) => void (await question(asking, `/${asking.reconciliation}/result`, result)),
    claim: ({ channel, lane, reconcileMs }) => {
      const body = JSON.stringify({ reconcileHours: reconcileMs === null ? null : Math.min(8784, Math.ceil(reconcileMs / 3_600_000)) })
      return ask(`/channels/${channel}/lanes/${lane}/epochs`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    },
    async send(parcel, body) {
      const headers = { ...headersOf(await signParcel(signer, parcel)), 'content-type': 'application/x-ndjson', 'content-encoding': 'zstd' }
      return ask(addressOf(parcel), { method: 'PUT', headers, body: new Uint8Array(body) })
    },
  }
}

export function tokenOf(file: string): string {
  let token: string
  try {
    token = readFileSync(file, 'utf8').trim()
  } catch {
    throw new AgentProblem('token.missing', `不能读取令牌文件“${file}”。`, '请由数据专员签发“数据报送”或“数据接收”令牌，存入该文件。')
  }
  if (!/^[A-Za-z0-9_-]{20,200}$/.test(token))
    throw new AgentProblem('token.shape', `令牌文件“${file}”的内容不是令牌。`, '文件中只放令牌一行。')
  return token
}

export function parsed<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T
  } catch {
    return undefined
  }
}

export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return '未知原因'
  const cause = error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : error.message
  return cause === 'ECONNREFUSED' ? '对方没有接受连接' : cause
}
