import type { Tone } from '@tongchou/ui'

/** A row of the log, as `GET /api/v1/audit/events` gives it. */
export interface AuditEvent {
  seq: number
  at: string
  requestId: string
  personName: string | null
  orgId: string | null
  orgName: string | null
  action: string
  title: string
  module: string | null
  outcome: 'done' | 'refused' | 'looked'
  subjectKind: string
  subjectKindName: string
  subjectId: string
}

/** A row with all that it holds. */
export interface AuditEventPage extends AuditEvent {
  accountId: string | null
  personId: string | null
  postId: string | null
  detail: Record<string, unknown>
  seal: { position: number; hash: string } | null
  sameRequest: AuditEvent[]
}

export interface AuditAction {
  action: string
  title: string
  module: string
  moduleName: string
}

export interface Verification {
  id: string
  state: 'running' | 'holds' | 'broken' | 'stopped' | 'failed'
  doneCount: number
  totalCount: number
  headCount: number
  report: {
    verified: number
    firstBad: { position: number; reason: string } | null
    unsealed: number
    late: { count: number; firstPosition: number | null }
    outsideHeads: { compared: number; beforeCut: number }
  } | null
  requestedBy: string
  requestedAt: string
  finishedAt: string | null
}

export interface Head {
  position: number
  hash: string
  sealedAt: string
}

export interface Chain {
  position: number
  hash: string | null
  lastSealedAt: string | null
  unsealed: number
  cut: { position: number; digest: string } | null
  lastVerification: Verification | null
}

export interface Retention {
  days: number
  minimumDays: number
  basis: { title: string; article: string; says: string; verified: boolean; note: string }[]
}

export interface Archive {
  id: string
  fromPosition: number
  toPosition: number
  byteCount: number
  digest: string
  signedBy: string | null
  beforeOn: string
  reason: string
  requestedBy: string
  requestedAt: string
  removed: boolean
}

/** A key that packages are verified with (签名公钥). */
export interface SigningKey {
  id: string
  fingerprint: string
  publicKey: string
  since: string
  inUse: boolean
}

interface Counts {
  done: number
  refused: number
  looked: number
}

export interface Statistics {
  from: string
  to: string
  totals: Counts
  offices: (Counts & { orgId: string; orgName: string })[]
  hours: (Counts & { hour: number })[]
  days: (Counts & { on: string })[]
  people: { personName: string; orgName: string; count: number; refused: number; outsideHours: number }[]
}

/** Duties that read the log, and those that keep it. */
export const readers: readonly string[] = ['audit-admin', 'audit', 'security-admin']
export const keepers: readonly string[] = ['audit-admin']
export const verifiers: readonly string[] = ['audit-admin', 'security-admin']

export const outcomeWords = { done: '已办理', refused: '被拒绝', looked: '已查阅' } as const
export const outcomeTones: Readonly<Record<AuditEvent['outcome'], Tone>> = { done: 'plain', refused: 'bad', looked: 'now' }

/** Where a thing has its page; null where it has none. */
export function pageOf(kind: string, id: string): string | null {
  const pages: Readonly<Record<string, string>> = {
    project: `/projects/${id}`,
    case: `/cases/${id}`,
    'city-plan': `/city-plans/${id}`,
    system: `/systems/${id}`,
    'catalog-entry': `/catalog/${id}`,
    'catalog-change': `/catalog/amendments/${id}`,
    'catalog-withdrawal': `/catalog/amendments/${id}`,
    'catalog-amendment': `/catalog/amendments/${id}`,
    'comparison-run': `/comparison-runs/${id}`,
    'comparison-finding': `/comparison-findings/${id}`,
    'finding-check': `/comparison-findings/${id}`,
    'data-correction': `/comparison-findings/${id}`,
    interface: `/interfaces/${id}`,
    problem: `/problems/${id}`,
    'withheld-record': `/withheld-records/${id}`,
  }
  return pages[kind] ?? null
}

export const stateWords: Readonly<Record<Verification['state'], { text: string; tone: Tone }>> = {
  running: { text: '正在校验', tone: 'now' },
  holds: { text: '成立', tone: 'good' },
  broken: { text: '不成立', tone: 'bad' },
  stopped: { text: '已停止', tone: 'plain' },
  failed: { text: '未能完成', tone: 'bad' },
}

/** Why a position does not hold. */
export const breakWords: Readonly<Record<string, string>> = {
  'missing-seal': '该位置缺失',
  'missing-row': '该位置的记录已被删除',
  hash: '该位置的记录与散列值不符',
  'kept-head': '与库内保存的链头不符',
  'outside-head': '与外部保存的链头不符',
  'before-cut': '归档位置之前仍有记录',
  batch: '至该位置的一批记录与存证树中的摘要不符',
  uncovered: '该位置的记录不在存证树中，其后的记录却在',
  'missing-place': '存证树的该叶缺失',
  'missing-leaf': '存证树该叶的内容已被删除',
  leaf: '存证树该叶的内容与树不符',
  'signed-head': '存证树与库内保存的签名头不符',
  'head-signature': '库内保存的签名头，签名不成立',
  'outside-signed-head': '存证树与外部保存的签名头不符',
  'outside-signature': '外部保存的签名头不符，且其签名不成立',
}
