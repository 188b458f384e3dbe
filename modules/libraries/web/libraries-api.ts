import type { Purpose } from '@tongchou/metadata'
import type { filterWords, groundWords, installationWords, kindWords, quarantineWords } from '../words.ts'

/** Sees how building goes; who answers for data of the own organisation sees its own. */
export const readers: readonly string[] = ['big-data-center', 'data-steward']
/** And who may hold a grant of their own office. */
export const lookers: readonly string[] = [...readers, 'applicant', 'user-unit', 'district']
/** Compiles the catalog of the own organisation. */
export const introducers: readonly string[] = ['data-steward', 'applicant', 'district']

/** A pack with its resources, as `GET /api/v1/resource-packs` gives it. */
export interface PackLine {
  pack: string
  title: string
  version: string
  summary: string
  resources: PackResourceLine[]
}

export interface PackResourceLine {
  name: string
  title: string
  kind: keyof typeof kindWords
  provider: string
  abstract: string
  itemCount: number
  ruleCount: number
}

/** A collected resource, as `GET /api/v1/libraries` gives it. */
export interface LibraryLine {
  id: string
  title: string
  org: { id: string; name: string }
  state: keyof typeof installationWords
  reasons: string[]
  structure: number | null
  wanted: number
  changes: number
  tries: number
  triedAt: string
  mayRetry: boolean
}

/** A received batch, as `GET /api/v1/libraries/{id}/batches` gives it. */
export interface BatchLine {
  batchId: string
  receivedAt: string
  receivedBy: string
  receiptText: string
  leaf: string | null
  rows: number
  inserted: number
  updated: number
  deleted: number
  unchanged: number
  bad: number
}

/** Reads who looked at a person's records. */
export const lookReaders: readonly string[] = ['audit', 'audit-admin']

export interface RecordFilter {
  item: string
  op: keyof typeof filterWords
  value?: string
}

export interface RecordQuery {
  purpose?: { kind: Purpose; note: string }
  search?: string
  grant?: string
  filter?: RecordFilter[]
  limit: number
  offset: number
}

/** An item of an answer; what its codes are called where it has a list and is shown whole. */
export interface SeenItem {
  id: string
  title: string
  kind: string
  masked: boolean
  codes: Readonly<Record<string, string>> | null
}

/** Records as this reader may see them, as `POST /api/v1/libraries/{id}/queries` gives them. */
export interface RecordAnswer {
  structure: SeenItem[]
  needsPurpose: boolean
  grant: { id: string; number: number; purpose: string } | null
  records: Record<string, string | null>[]
  total: number
  /** Of an interface's answer: records that do not fit the catalog and are not shown. */
  faulty?: { records: number; items: { id: string; title: string; count: number }[] }
}

/** A look at records about a person, as `POST /api/v1/record-looks/search` gives it. */
export interface PersonLook {
  at: string
  resource: string
  orgName: string
  personName: string
  purpose: Purpose
  note: string
  items: string[]
  masked: boolean
}

/** A look at one's own records, as `GET /api/v1/record-looks/own` gives it. */
export interface OwnLook {
  id: string
  at: string
  resource: string
  orgName: string
  postTitle: string | null
  duties: string | null
  purpose: Purpose
  note: string | null
  ground: keyof typeof groundWords | null
  items: string[]
  masked: boolean
}

interface QuarantineProblem {
  item: string
  itemTitle: string
  rule: string
  message: string
}

/** A line that was set aside, as `GET /api/v1/quarantine` gives it. */
export interface QuarantineLine {
  id: string
  number: number
  resource: { id: string; title: string }
  org: { id: string; name: string }
  batchId: string
  source: string
  line: number
  key: string | null
  problems: QuarantineProblem[]
  state: keyof typeof quarantineWords
  at: string
  closedAt: string | null
  closing: string | null
}

/** Its page, as `GET /api/v1/quarantine/{id}` gives it. */
export interface QuarantineDetail extends QuarantineLine {
  needsPurpose: boolean
  mayDo: ('correct' | 'discard')[]
}

/** What waits, by reason. */
export interface QuarantineGroup {
  resource: { id: string; title: string }
  itemTitle: string
  rule: string
  message: string
  count: number
  batches: number
  latestAt: string
}

/** The values of a line as this reader may see them, as `POST /api/v1/quarantine/{id}/looks` gives them. */
export interface QuarantineLook {
  values: { id: string; title: string; kind: string; required: boolean; isKey: boolean; masked: boolean; value: string | null }[]
  text: string | null
}

export interface Judgement {
  problems: QuarantineProblem[]
}
