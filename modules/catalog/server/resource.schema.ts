import { At, CivilDate, Id, Line, NotSecret, Nullable, OneOf, PageQuery, Prose, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'

/** 资源属性: 基础, 主题, 部门. */
export const classes = ['base', 'theme', 'department'] as const
/** 资源格式: 电子文件, 电子表格, 数据库, 图形图像, 流媒体, 自描述格式. */
export const formats = ['file', 'spreadsheet', 'database', 'image', 'stream', 'self-described'] as const
/** 更新周期: 实时, 每日, 每周, 每月, 每季度, 每半年, 每年, 不定期. */
export const cycles = ['realtime', 'daily', 'weekly', 'monthly', 'quarterly', 'half-yearly', 'yearly', 'irregular'] as const
/** 共享类型, from the widest to the narrowest: 无条件共享, 有条件共享, 不予共享. */
export const sharings = ['unconditional', 'conditional', 'none'] as const
/** 开放类型: 无条件开放, 有条件开放, 不予开放. */
export const openings = ['unconditional', 'conditional', 'none'] as const
/** 数据分级: 一般, 重要, 核心. */
export const grades = ['general', 'important', 'core'] as const
/** 数据类型: 字符C 数值N 货币Y 日期D 日期时间T 逻辑L 备注M 通用G 双精度B 整型I 浮点F. */
export const itemTypes = ['C', 'N', 'Y', 'D', 'T', 'L', 'M', 'G', 'B', 'I', 'F'] as const
/** 敏感程度: 一般, 个人信息, 敏感个人信息, 其他敏感数据. */
export const sensitivities = ['general', 'personal', 'sensitive-personal', 'sensitive'] as const
/** 脱敏方式: 全部遮盖, 首尾保留, 中间遮盖, 取区间, 假名. */
export const maskings = ['full', 'keep-ends', 'middle', 'range', 'pseudonym'] as const
/** State of an entry (目录状态); only the procedure `catalog-entry` moves it. */
export const states = ['draft', 'submitted', 'secrecy-reviewed', 'approved', 'registered', 'returned'] as const
export type ResourceState = (typeof states)[number]

/** WH23-14: 谁经手、谁使用、谁管理、谁归档、谁负责. */
export const dutyNames = ['handledBy', 'usedBy', 'managedBy', 'archivedBy', 'answersFor'] as const
const Bearer = Strict({ orgId: Line(64), post: Nullable(Line(100)) })
const Duties = Strict({
  handledBy: Nullable(Bearer),
  usedBy: Nullable(Bearer),
  managedBy: Nullable(Bearer),
  archivedBy: Nullable(Bearer),
  answersFor: Nullable(Bearer),
})
export type Duties = Static<typeof Duties>

/** Data item (信息项). `sharing` null: as the resource. */
export const Item = Strict({
  name: Line(100),
  code: Line(64),
  type: OneOf(itemTypes),
  length: Nullable(Type.Integer({ minimum: 1, maximum: 65535 })),
  isKey: Type.Boolean(),
  sensitivity: OneOf(sensitivities),
  masking: Nullable(OneOf(maskings)),
  sharing: Nullable(OneOf(sharings)),
})
export type Item = Static<typeof Item>

const contentFields = {
  name: Line(128),
  projectId: Nullable(Id),
  declaredResourceId: Nullable(Id),
  systemId: Nullable(Id),
  providerCode: Nullable(Type.String({ maxLength: 40 })),
  abstract: Prose(2500),
  class: Nullable(OneOf(classes)),
  format: Nullable(OneOf(formats)),
  updateCycle: Nullable(OneOf(cycles)),
  duties: Duties,
  sharing: Nullable(OneOf(sharings)),
  sharingCondition: Nullable(Prose(1000)),
  basisLaw: Nullable(Line(100)),
  basisClause: Nullable(Line(100)),
  opening: Nullable(OneOf(openings)),
  openingCondition: Nullable(Prose(1000)),
  grade: Nullable(OneOf(grades)),
  containsPersonal: Type.Boolean(),
  containsSensitive: Type.Boolean(),
  maskingRule: Nullable(Prose(1000)),
  items: Type.Array(Item, { maxItems: 1000 }),
}
const Version = Type.Integer({ minimum: 1 })

/** The content of an entry: what is compiled, frozen and reviewed. A draft may be incomplete. */
export const Content = Strict(contentFields)
export type Content = Static<typeof Content>

export const NewResource = Strict({ secrecy: NotSecret, ...contentFields })
export type NewResource = Static<typeof NewResource>

export const ResourceChange = Strict({ secrecy: NotSecret, version: Version, ...contentFields })
export type ResourceChange = Static<typeof ResourceChange>

export const Submission = Strict({ version: Version })

const OrgRef = Type.Object({ id: Type.String(), name: Type.String() })
const NamedRef = Nullable(Type.Object({ id: Type.String(), name: Nullable(Type.String()) }))

/** Line of the catalog. */
export const ResourceLine = Type.Object({
  id: Id,
  number: Type.Integer(),
  name: Type.String(),
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

export const resourceActs = ['change', 'submit'] as const
export type ResourceAct = (typeof resourceActs)[number]

const CaseLine = Type.Object({
  caseId: Type.String(),
  title: Type.String(),
  status: OneOf(['running', 'done', 'rejected', 'withdrawn', 'merged', 'voided'] as const),
  holders: Type.Array(Type.Object({ taskId: Type.String(), step: Type.String(), title: Type.String(), orgName: Type.String() })),
})

/** Data resource in the catalog (目录条目), as the API shows it. */
export const Resource = Type.Object({
  id: Id,
  number: Type.Integer(),
  org: OrgRef,
  content: Type.Object(contentFields),
  project: NamedRef,
  system: NamedRef,
  dutyOrgs: Type.Record(Type.String(), Type.String(), { description: '五项责任所列机构的名称' }),
  state: OneOf(states),
  returnedReason: Nullable(Type.String()),
  registeredAt: Nullable(At),
  /** What still stands against handing it in; empty when it is ready. */
  gaps: Type.Array(Type.Object({ path: Type.String(), message: Type.String() })),
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
  content: Type.Object(contentFields),
  submittedBy: Type.String(),
  submittedAt: At,
})

export type ResourceVersion = Static<typeof ResourceVersion>

export const SharingBasis = Type.Object({
  id: Type.String(),
  title: Type.String(),
  rank: OneOf(['law', 'administrative-regulation'] as const),
})
export type SharingBasis = Static<typeof SharingBasis>

export const ResourceQuery = Strict({
  ...PageQuery,
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  orgId: Type.Optional(Type.String({ maxLength: 64 })),
  projectId: Type.Optional(Id),
  systemId: Type.Optional(Id),
  state: Type.Optional(OneOf(states)),
  sharing: Type.Optional(OneOf(sharings)),
  sort: Type.Optional(OneOf(['-number', 'number', '-registered', 'registered'] as const)),
})
export type ResourceQuery = Static<typeof ResourceQuery>
