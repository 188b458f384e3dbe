import { At, Id, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'

/** A resource pack (资源包) with its resources, as one chooses from it. */
export const PackLine = Type.Object({
  pack: Type.String(),
  title: Type.String(),
  version: Type.String(),
  summary: Type.String(),
  resources: Type.Array(
    Type.Object({
      name: Type.String(),
      title: Type.String(),
      kind: OneOf(['state', 'event'] as const),
      provider: Type.String({ description: '通常由哪个部门提供' }),
      abstract: Type.String(),
      itemCount: Type.Integer(),
      ruleCount: Type.Integer({ description: '质量规则条数' }),
    }),
  ),
})
export type PackLine = Static<typeof PackLine>

export const PackResourceParams = Strict({
  resourcePack: Type.String({ minLength: 1, maxLength: 40 }),
  packResource: Type.String({ minLength: 1, maxLength: 40 }),
})

/** The draft that an introduction made. */
export const Introduced = Type.Object({ id: Id, name: Type.String() })

export const installationStates = ['installed', 'refused', 'failed'] as const

/** A collected resource and how far building it is (建库情况). */
export const LibraryLine = Type.Object({
  id: Id,
  title: Type.String(),
  org: Type.Object({ id: Type.String(), name: Type.String() }),
  state: OneOf(installationStates),
  reasons: Type.Array(Type.String()),
  /** Version of the entry that was built last, and the one that is wanted. */
  structure: Nullable(Type.Integer()),
  wanted: Type.Integer(),
  changes: Type.Integer({ description: '变更序号' }),
  tries: Type.Integer(),
  triedAt: At,
  mayRetry: Type.Boolean(),
})
export type LibraryLine = Static<typeof LibraryLine>

export const LibraryQuery = Strict({
  ...PageQuery,
  state: Type.Optional(OneOf(installationStates)),
  orgId: Type.Optional(Type.String({ maxLength: 64 })),
})
export type LibraryQuery = Static<typeof LibraryQuery>

/** A received batch with its receipt (批次和回执). */
export const BatchLine = Type.Object({
  batchId: Type.String(),
  receivedAt: At,
  receivedBy: Type.String(),
  receiptText: Type.String({ description: '回执原文；其 SM3 摘要为存证所记' }),
  leaf: Nullable(Type.String({ description: '存证编号，可据以取得凭证' })),
  rows: Type.Integer(),
  inserted: Type.Integer(),
  updated: Type.Integer(),
  deleted: Type.Integer(),
  unchanged: Type.Integer(),
  bad: Type.Integer(),
  seqFrom: Nullable(Type.Integer()),
  seqTo: Nullable(Type.Integer()),
})
export type BatchLine = Static<typeof BatchLine>
