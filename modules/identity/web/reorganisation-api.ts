/** 组织调整, in the list. */
export interface Reorganisation {
  id: string
  kind: ReorganisationKind
  documentNumber: string
  reason: string
  effectiveOn: string
  state: 'coming' | 'done' | 'cancelled'
  from: { id: string; name: string }[]
  to: { id: string; name: string }[]
  moved: number
  plannedBy: string
  plannedAt: string
}

export type ReorganisationKind = 'rename' | 'transfer' | 'merge' | 'split' | 'abolish'

/** One thing that goes, or went, to another office. */
export interface Move {
  kind: string
  id: string
  title: string
  role: string
  from: { id: string; name: string }
  to: { id: string; name: string }
}

export interface Preview {
  moves: Move[]
  names: { id: string; before: string | null; after: string | null; parentBefore: string | null; parentAfter: string | null }[]
  stays: { what: string; count: number }[]
}

/** An order as it is sent: what does not belong to its kind is left out. */
export interface Order {
  kind: ReorganisationKind
  organisationIds: string[]
  documentNumber: string
  reason: string
  effectiveOn: string
  name?: string
  shortName?: string
  parentId?: string
  successors?: { id: string; name?: string }[]
  assignments?: { kind: string; id: string; to: string }[]
}

export const kindWords: Readonly<Record<ReorganisationKind, string>> = {
  rename: '更名',
  transfer: '改隶',
  merge: '合并',
  split: '拆分',
  abolish: '撤销',
}

const thingWords: Readonly<Record<string, string>> = {
  post: '岗位与人员',
  token: '访问令牌',
  delegation: '委托代理',
  superior: '上级岗位',
  organisation: '下级机构',
  case: '在办办件',
  project: '项目',
  'proposal-draft': '申报草稿',
  system: '信息系统',
  'catalog-entry': '目录条目',
  'catalog-change': '目录变更',
  'catalog-withdrawal': '目录撤销',
  problem: '问题和整改',
  'withheld-record': '隐瞒记录',
}

/** The Chinese name of a kind of thing that is handed over. */
export function thingName(kind: string): string {
  return thingWords[kind] ?? kind
}
