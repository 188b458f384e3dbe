import type { filterWords, groundWords, installationWords, kindWords, purposeWords } from '../words.ts'

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
  purpose?: { kind: keyof typeof purposeWords; note: string }
  search?: string
  grant?: string
  filter?: RecordFilter[]
  limit: number
  offset: number
}

/** Records as this reader may see them, as `POST /api/v1/libraries/{id}/queries` gives them. */
export interface RecordAnswer {
  structure: { id: string; title: string; kind: string; masked: boolean }[]
  needsPurpose: boolean
  grant: { id: string; number: number; purpose: string } | null
  records: Record<string, string | null>[]
  total: number
}

/** A look at records about a person, as `POST /api/v1/record-looks/search` gives it. */
export interface PersonLook {
  at: string
  resource: string
  orgName: string
  personName: string
  purpose: keyof typeof purposeWords
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
  purpose: keyof typeof purposeWords
  note: string | null
  ground: keyof typeof groundWords | null
  items: string[]
  masked: boolean
}
