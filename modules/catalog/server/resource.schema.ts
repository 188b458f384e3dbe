import { At, CivilDate, Id, NotSecret, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { cycles, grades, openings, sharings, withdrawalGrounds } from '@tongchou/metadata'
import { type Static, Type } from 'typebox'
import { Content, contentInput } from './content.schema.ts'

/** State of an entry (目录状态); only procedures move it: `catalog-entry`, and `catalog-withdrawal` to its end. */
export const states = ['draft', 'submitted', 'signed-off', 'secrecy-reviewed', 'approved', 'registered', 'returned', 'withdrawn'] as const
export type ResourceState = (typeof states)[number]

const Version = Type.Integer({ minimum: 1 })

export const NewResource = Strict({ secrecy: NotSecret, ...contentInput })
export type NewResource = Static<typeof NewResource>

export const ResourceChange = Strict({ secrecy: NotSecret, version: Version, ...contentInput })
export type ResourceChange = Static<typeof ResourceChange>

export const Submission = Strict({ version: Version })

export const OrgRef = Type.Object({ id: Type.String(), name: Type.String() })
const NamedRef = Nullable(Type.Object({ id: Type.String(), name: Nullable(Type.String()) }))

/** Line of the catalog. */
export const ResourceLine = Type.Object({
  id: Id,
  number: Type.Integer(),
  name: Type.String(),
  code: Nullable(Type.String()),
  org: OrgRef,
  state: OneOf(states),
  sharing: Nullable(OneOf(sharings)),
  opening: Nullable(OneOf(openings)),
  grade: Nullable(OneOf(grades)),
  updateCycle: Nullable(OneOf(cycles)),
  itemCount: Type.Integer(),
  registeredOn: Nullable(CivilDate),
  updatedAt: At,
})
export type ResourceLine = Static<typeof ResourceLine>

export const resourceActs = ['change', 'submit', 'open-change', 'open-withdrawal'] as const
export type ResourceAct = (typeof resourceActs)[number]

export const CaseLine = Type.Object({
  caseId: Type.String(),
  title: Type.String(),
  status: OneOf(['running', 'done', 'rejected', 'withdrawn', 'merged', 'voided'] as const),
  holders: Type.Array(Type.Object({ taskId: Type.String(), step: Type.String(), title: Type.String(), orgName: Type.String() })),
})

const ruled = {
  rule: Type.String(),
  path: Type.String(),
  message: Type.String(),
  fix: Type.String({ description: '改法' }),
  basis: Type.String({ description: '规则来源' }),
  verified: Type.Boolean({ description: '来源已核对原文' }),
}
export const RuleFinding = Type.Object({ ...ruled, severity: OneOf(['error', 'warning'] as const) })
export const RuleUndecided = Type.Object(ruled)

/** Data resource in the catalog (目录条目), as the API shows it. */
export const Resource = Type.Object({
  id: Id,
  number: Type.Integer(),
  /** 信息资源代码, from registration on; before, the one it would get now. */
  code: Nullable(Type.String()),
  codePreview: Nullable(Type.String({ description: '此刻登记会得到的代码，以登记时生成的为准' })),
  formerCodes: Type.Array(Type.String(), { description: '曾用代码，仍指向本资源' }),
  org: OrgRef,
  content: Content,
  project: NamedRef,
  system: NamedRef,
  dutyOrgs: Type.Record(Type.String(), Type.String(), { description: '五项责任所列机构的名称' }),
  state: OneOf(states),
  returnedReason: Nullable(Type.String()),
  registeredAt: Nullable(At),
  changedAt: Nullable(At),
  withdrawnAt: Nullable(At),
  /** A change or a withdrawal that is under way, for those whom the workings are open to. */
  amendment: Nullable(Type.Object({ id: Id, kind: OneOf(['change', 'withdrawal'] as const) })),
  /** How it was withdrawn, once it is. */
  withdrawal: Nullable(
    Type.Object({ ground: OneOf(withdrawalGrounds), mergedInto: Nullable(Type.Object({ id: Id, name: Type.String() })) }),
  ),
  /** What still stands against handing it in; empty when it is ready. */
  gaps: Type.Array(Type.Object({ path: Type.String(), message: Type.String() })),
  classPath: Nullable(Type.String({ description: '信息资源分类的各级名称' })),
  partlyUnshared: Type.Boolean({ description: '部分信息项不予共享' }),
  /** What the rules say, warnings too, and what they could not decide; for those whom the workings are open to. */
  findings: Type.Array(RuleFinding),
  undecided: Type.Array(RuleUndecided),
  cases: Type.Array(CaseLine),
  /** Versions and trail are open to this actor. */
  showsWorkings: Type.Boolean(),
  mayDo: Type.Array(OneOf(resourceActs)),
  version: Type.Integer(),
  updatedBy: Type.String(),
  updatedAt: At,
})
export type Resource = Static<typeof Resource>

/** A version as it was handed in. */
export const ResourceVersion = Type.Object({
  version: Type.Integer(),
  content: Content,
  submittedBy: Type.String(),
  submittedAt: At,
})

export type ResourceVersion = Static<typeof ResourceVersion>

const DifferentField = Type.Object({ path: Type.String(), title: Type.String(), before: Type.String(), after: Type.String() })

/** Two versions side by side: what they say differently, in words; items are matched by their ids. */
export const VersionDifference = Type.Object({
  fields: Type.Array(DifferentField),
  parts: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      changes: Type.Array(OneOf(['added', 'dropped', 'renamed', 'retyped', 'changed'] as const)),
      fields: Type.Array(DifferentField),
    }),
  ),
})

export type VersionDifference = Static<typeof VersionDifference>

export const DifferenceQuery = Strict({
  from: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
  to: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
})

export const SharingBasis = Type.Object({
  id: Type.String(),
  title: Type.String(),
  rank: OneOf(['law', 'administrative-regulation'] as const),
})
export type SharingBasis = Static<typeof SharingBasis>

const filters = {
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  orgId: Type.Optional(Type.String({ maxLength: 64 })),
  code: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
  projectId: Type.Optional(Id),
  systemId: Type.Optional(Id),
  state: Type.Optional(OneOf(states)),
  sharing: Type.Optional(OneOf(sharings)),
  sort: Type.Optional(OneOf(['-number', 'number', '-registered', 'registered'] as const)),
}

export const ResourceQuery = Strict({ ...PageQuery, ...filters })
export type ResourceQuery = Static<typeof ResourceQuery>

/** Which entries a workbook is made of, and in which layout. */
export const WorkbookQuery = Strict({
  ...filters,
  id: Type.Optional(Id),
  profile: Type.Optional(
    OneOf(['national', 'two-sheet'] as const, { description: '模板：national 国家目录模板，two-sheet 目录与信息项两表模板' }),
  ),
})
