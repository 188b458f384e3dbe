import { At, Id, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'

/** 核对中, 待确认, 写入中, 已导入, 已放弃, 未完成. */
export const importStates = ['checking', 'ready', 'writing', 'written', 'discarded', 'failed'] as const
/** What an entry of the file would do: 新增, 修改, 无变化, 不能导入. */
export const importVerdicts = ['new', 'changed', 'unchanged', 'refused'] as const
/** What is consented to: everything; what can be stored as a draft; only what the rules find no fault with. */
export const importScopes = ['all', 'storable', 'faultless'] as const
export type ImportScope = (typeof importScopes)[number]

const Counts = Type.Object({
  new: Type.Integer(),
  changed: Type.Integer(),
  unchanged: Type.Integer(),
  refused: Type.Integer({ description: '不能导入的条数' }),
  faulty: Type.Integer({ description: '可存为草稿、提交审核前须补正的条数' }),
})

const ImportFinding = Type.Object({
  rule: Type.String(),
  severity: OneOf(['error', 'warning'] as const),
  sheet: Type.String(),
  row: Type.Integer({ description: '表格的行号，从1起' }),
  column: Nullable(Type.Integer({ description: '列号，从1起；空：整行' })),
  title: Type.String({ description: '列名' }),
  value: Type.String(),
  message: Type.String(),
  fix: Type.String({ description: '改法' }),
  basis: Type.String(),
  verified: Type.Boolean(),
})
export type ImportFinding = Static<typeof ImportFinding>

/** A catalog workbook that was handed over (目录导入), and how far it is. */
export const CatalogImport = Type.Object({
  id: Id,
  fileName: Type.String(),
  byteCount: Type.Integer(),
  sha256: Type.String(),
  profile: Nullable(OneOf(['national', 'two-sheet'] as const)),
  state: OneOf(importStates),
  doneCount: Type.Integer(),
  totalCount: Nullable(Type.Integer()),
  counts: Counts,
  /** What speaks of no entry in particular; an error among them stands against importing everything. */
  findings: Type.Array(ImportFinding),
  scopes: Type.Array(Type.Object({ scope: OneOf(importScopes), count: Type.Integer({ description: '将写入的条数' }) }), {
    description: '此刻可以确认的范围',
  }),
  writtenScope: Nullable(OneOf(importScopes)),
  failure: Nullable(Type.String()),
  hasFile: Type.Boolean({ description: '原文件仍在保留期内' }),
  version: Type.Integer(),
  uploadedAt: At,
  checkedAt: Nullable(At),
  expiresAt: At,
})
export type CatalogImport = Static<typeof CatalogImport>

const DifferentField = Type.Object({ path: Type.String(), title: Type.String(), before: Type.String(), after: Type.String() })

/** One entry of the file: what importing it would do, and what is found. */
export const ImportLine = Type.Object({
  position: Type.Integer(),
  name: Type.String(),
  sheet: Type.String(),
  row: Type.Integer(),
  verdict: OneOf(importVerdicts),
  isFaulty: Type.Boolean({ description: '提交审核前须补正' }),
  resourceId: Nullable(Id),
  fields: Type.Array(DifferentField),
  parts: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      changes: Type.Array(OneOf(['added', 'dropped', 'renamed', 'retyped', 'changed'] as const)),
      fields: Type.Array(DifferentField),
    }),
  ),
  findings: Type.Array(ImportFinding),
})
export type ImportLine = Static<typeof ImportLine>

export const ImportLineQuery = Strict({
  ...PageQuery,
  verdict: Type.Optional(OneOf(importVerdicts)),
  faulty: Type.Optional(Type.Boolean()),
})
export type ImportLineQuery = Static<typeof ImportLineQuery>

/** Consent: to this file, as it was looked at last, and to how much of it. */
export const ImportConsent = Strict({
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  version: Type.Integer({ minimum: 1 }),
  scope: OneOf(importScopes),
})
export type ImportConsent = Static<typeof ImportConsent>

export const ImportVersion = Strict({ version: Type.Integer({ minimum: 1 }) })
