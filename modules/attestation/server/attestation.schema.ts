import { At, Line, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'

const Count = Type.Integer()
const Hash = Type.String({ description: 'SM3，十六进制' })

/** A signed head (签名头), as it stands in the file outside the database. */
export const SignedHead = Type.Object({
  format: Type.Literal('tongchou-head-1'),
  size: Count,
  root: Hash,
  at: At,
  algorithm: Type.Literal('SM2-SM3'),
  signerId: Type.Literal('1234567812345678'),
  publicKey: Type.String(),
  signature: Type.String(),
})

/** A leaf of the evidence log (存证叶), with what its kind and subject are called. */
export const Leaf = Type.Object({
  position: Count,
  kind: Type.String(),
  kindTitle: Type.String(),
  subject: Type.String(),
  subjectTitle: Type.String(),
  digest: Hash,
  at: At,
  signed: Type.Boolean(),
})
export type Leaf = Static<typeof Leaf>

export const LeafQuery = Strict({
  ...PageQuery,
  kind: Type.Optional(Type.String({ pattern: '^[a-z][a-z.-]{0,39}$' })),
  subject: Type.Optional(Line(200)),
})
export type LeafQuery = Static<typeof LeafQuery>

const Proof = Type.Object({ index: Count, size: Count, path: Type.Array(Type.String({ description: 'base64url' })) })

/** A receipt (存证凭证): verifies without the platform, `packages/evidence/README.md` says how. */
export const Receipt = Type.Object({
  format: Type.Literal('tongchou-receipt-1'),
  entry: Nullable(Type.Object({ text: Type.String(), proof: Proof })),
  leaf: Type.Object({ kind: Type.String(), subject: Type.String(), digest: Hash, at: At }),
  proof: Proof,
  head: SignedHead,
})

/** The number of a row of the log, or the position of a leaf. What is none is not found, like a number that nothing has. */
export const NumberParams = Strict({ id: Type.String({ maxLength: 40 }) })

/** That a head which somebody holds is the beginning of the newest one. */
export const Consistency = Type.Object({ first: Count, head: SignedHead, path: Type.Array(Type.String({ description: 'base64url' })) })
export const ConsistencyQuery = Strict({ size: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) })

/** How the evidence log stands (存证状态). */
export const Status = Type.Object({
  leaves: Count,
  /** Rows of the audit log that have no place in the chain yet, and leaves that have none in the tree or no signed head. */
  unsealed: Count,
  unplaced: Count,
  unsigned: Count,
  head: Nullable(SignedHead),
  keys: Type.Array(Type.Object({ fingerprint: Hash, publicKey: Type.String(), since: At, inUse: Type.Boolean() })),
  troubles: Type.Array(Type.Object({ about: OneOf(['tree', 'signer', 'outside', 'forked'] as const), since: At })),
})
export type Status = Static<typeof Status>
