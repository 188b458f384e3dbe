import { At, CivilDate, Id, Line, Nullable, OneOf, PageQuery, Prose, Strict } from '@tongchou/kernel'
import { maskings, sharings } from '@tongchou/metadata'
import { type Static, Type } from 'typebox'
import { grantStates, requestStates, ways } from './sharing.tables.ts'

const ItemId = Type.String({ pattern: '^i[1-9][0-9]{0,5}$' })
const Version = Type.Integer({ minimum: 1 })
const Rows = Type.Array(Strict({ item: ItemId, is: Line(200) }), { maxItems: 5 })
const Quota = Nullable(Type.Integer({ minimum: 1, maximum: 10_000_000, description: '每日限额（条），空为不限' }))

/** A request as it is written: items by id, each wanted whole (true) or as the catalog masks it. */
const asked = {
  way: OneOf(ways),
  items: Type.Record(ItemId, Type.Boolean()),
  rows: Rows,
  purpose: Line(500),
  matter: Line(200),
  basis: Line(500),
  necessity: Nullable(Prose(1000)),
  validFrom: CivilDate,
  validUntil: CivilDate,
  quotaPerDay: Quota,
}
export const NewRequest = Strict({ resourceId: Id, ...asked })
export type NewRequest = Static<typeof NewRequest>
export const RequestEdit = Strict({ version: Version, ...asked })
export type RequestEdit = Static<typeof RequestEdit>
export const RequestVersion = Strict({ version: Version })
export const Dispute = Strict({ version: Version, reason: Line(1000) })

const terms = {
  items: Type.Record(ItemId, Nullable(OneOf(maskings))),
  rows: Rows,
  validUntil: CivilDate,
  quotaPerDay: Quota,
  use: Nullable(Prose(1000)),
}
/** What is about to be decided (拟决定): written beside the request, signed in its case. */
export const ProposedDecision = Strict({
  version: Version,
  outcome: OneOf(['grant', 'refuse'] as const),
  terms: Nullable(Strict(terms)),
  reason: Nullable(Prose(1000)),
  basisLaw: Nullable(Line(100)),
  basisClause: Nullable(Prose(100)),
})
export type ProposedDecision = Static<typeof ProposedDecision>

const Org = Type.Object({ id: Type.String(), name: Type.String() })
const ShownItem = Type.Object({
  id: Type.String(),
  name: Type.String(),
  whole: Type.Boolean({ description: '申请不脱敏' }),
  sharing: OneOf(sharings),
  condition: Nullable(Type.String()),
  sensitive: Type.Boolean(),
  masking: Nullable(OneOf(maskings)),
})
const ShownRow = Type.Object({ item: Type.String(), name: Type.String(), is: Type.String() })
const ShownTerms = Type.Object({
  items: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), masking: Nullable(OneOf(maskings)) })),
  rows: Type.Array(ShownRow),
  validUntil: CivilDate,
  quotaPerDay: Nullable(Type.Integer()),
  use: Nullable(Type.String()),
})

/** A line of 供需对接: who asks what of whom, where it stands, how long it has taken. */
export const RequestLine = Type.Object({
  id: Id,
  number: Type.Integer(),
  resource: Type.Object({ id: Type.String(), name: Type.String() }),
  org: Org,
  provider: Org,
  way: OneOf(ways),
  matter: Type.String(),
  state: OneOf(requestStates),
  submittedAt: Nullable(At),
  decidedAt: Nullable(At),
  days: Nullable(Type.Integer({ description: '自提交至答复的自然日数，未答复的至今' })),
})
export type RequestLine = Static<typeof RequestLine>

export const requestActs = ['edit', 'submit', 'abandon', 'propose', 'dispute'] as const
export type RequestAct = (typeof requestActs)[number]

const CaseLine = Type.Object({
  caseId: Type.String(),
  title: Type.String(),
  status: OneOf(['running', 'done', 'rejected', 'withdrawn', 'merged', 'voided'] as const),
  holders: Type.Array(Type.Object({ title: Type.String(), orgName: Type.String(), dueAt: Nullable(At) })),
})

const Proposal = Type.Object({
  outcome: OneOf(['grant', 'refuse'] as const),
  terms: Nullable(ShownTerms),
  reason: Nullable(Type.String()),
  basisLaw: Nullable(Type.String()),
  basisClause: Nullable(Type.String()),
})

/** A request for another department's resource (共享申请), with every decision on it. */
export const SharingRequest = Type.Object({
  ...RequestLine.properties,
  purpose: Type.String(),
  basis: Type.String(),
  necessity: Nullable(Type.String()),
  wanted: Type.Array(ShownItem),
  rows: Type.Array(ShownRow),
  validFrom: CivilDate,
  validUntil: CivilDate,
  quotaPerDay: Nullable(Type.Integer()),
  renews: Nullable(Type.Object({ id: Id, number: Type.Integer() })),
  returnedReason: Nullable(Type.String()),
  disputeReason: Nullable(Type.String()),
  /** What the catalog's sharing types make of it, before it is handed in. */
  course: Nullable(Type.String()),
  proposed: Nullable(Proposal),
  decisions: Type.Array(
    Type.Object({
      decidedAs: OneOf(['system', 'provider', 'center'] as const),
      outcome: OneOf(['granted', 'granted-less', 'refused', 'directed', 'upheld'] as const),
      terms: Nullable(ShownTerms),
      reason: Nullable(Type.String()),
      basis: Nullable(Type.String()),
      grant: Nullable(Type.Object({ id: Id, number: Type.Integer() })),
      decidedBy: Type.String(),
      decidedAt: At,
    }),
  ),
  cases: Type.Array(CaseLine),
  mayDo: Type.Array(OneOf(requestActs)),
  version: Type.Integer(),
  updatedAt: At,
})
export type SharingRequest = Static<typeof SharingRequest>

export const RequestQuery = Strict({
  ...PageQuery,
  side: Type.Optional(OneOf(['mine', 'ours'] as const)),
  state: Type.Optional(OneOf(requestStates)),
  orgId: Type.Optional(Type.String({ maxLength: 64 })),
  providerId: Type.Optional(Type.String({ maxLength: 64 })),
  resourceId: Type.Optional(Id),
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
})
export type RequestQuery = Static<typeof RequestQuery>

export const standings = ['in-force', 'coming', 'expired', 'suspended', 'revoked'] as const

export const GrantLine = Type.Object({
  id: Id,
  number: Type.Integer(),
  resource: Type.Object({ id: Type.String(), name: Type.String() }),
  org: Org,
  provider: Org,
  way: OneOf(ways),
  itemCount: Type.Integer(),
  purpose: Type.String(),
  standing: OneOf(standings),
  validFrom: CivilDate,
  validUntil: CivilDate,
  queries: Type.Integer({ description: '累计查询次数' }),
  records: Type.Integer({ description: '累计提供条数' }),
  lastUsedAt: Nullable(At),
})
export type GrantLine = Static<typeof GrantLine>

export const grantActs = ['suspend', 'resume', 'revoke', 'renew', 'query'] as const

/** A grant (授权) with its use. */
export const Grant = Type.Object({
  ...GrantLine.properties,
  state: OneOf(grantStates),
  stateReason: Nullable(Type.String()),
  stateAt: At,
  terms: ShownTerms,
  request: Nullable(Type.Object({ id: Id, number: Type.Integer() })),
  recordsToday: Type.Integer(),
  grantedAt: At,
  mayDo: Type.Array(OneOf(grantActs)),
  version: Type.Integer(),
  updatedBy: Type.String(),
})
export type Grant = Static<typeof Grant>

export const GrantQuery = Strict({
  ...PageQuery,
  side: Type.Optional(OneOf(['mine', 'ours'] as const)),
  standing: Type.Optional(OneOf(standings)),
  orgId: Type.Optional(Type.String({ maxLength: 64 })),
  providerId: Type.Optional(Type.String({ maxLength: 64 })),
  resourceId: Type.Optional(Id),
  /** Those that end on this day or before. */
  until: Type.Optional(CivilDate),
})
export type GrantQuery = Static<typeof GrantQuery>

/** Suspending and revoking say why; resuming needs no reason. */
export const GrantChange = Strict({ version: Version, state: OneOf(grantStates), reason: Nullable(Line(500)) })
export type GrantChange = Static<typeof GrantChange>

/** What can be asked for of a resource, and how that will go (资源超市). */
export const Offer = Type.Object({
  resource: Type.Object({ id: Id, name: Type.String(), abstract: Type.String(), provider: Org }),
  sharing: Nullable(OneOf(sharings)),
  condition: Nullable(Type.String()),
  basis: Nullable(Type.String()),
  offered: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      sharing: OneOf(sharings),
      condition: Nullable(Type.String()),
      basis: Nullable(Type.String()),
      sensitive: Type.Boolean(),
      masking: Nullable(OneOf(maskings)),
      canFilter: Type.Boolean(),
    }),
  ),
  answer: Nullable(Type.Object({ days: Type.Integer(), source: Type.String(), verified: Type.Boolean() })),
  /** How long this provider has taken; null before it has decided anything. */
  usual: Nullable(Type.Object({ decided: Type.Integer(), medianDays: Type.Integer() })),
  open: Type.Array(Type.Object({ id: Id, number: Type.Integer(), state: OneOf(requestStates) })),
  grants: Type.Array(Type.Object({ id: Id, number: Type.Integer(), way: OneOf(ways), validUntil: CivilDate })),
  /** How it is called once granted, where its department answers by an interface of its own; null where the city collects it. */
  passing: Nullable(
    Type.Object({
      ready: Type.Boolean({ description: '提供方的接口已核准' }),
      conditions: Type.Array(Type.Object({ name: Type.String(), op: OneOf(['is', 'from', 'to'] as const), required: Type.Boolean() }), {
        description: '可以作为查询条件的信息项',
      }),
    }),
  ),
  mayAsk: Type.Boolean(),
})
export type Offer = Static<typeof Offer>
