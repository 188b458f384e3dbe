// SPDX-License-Identifier: Apache-2.0

/** 资源属性（类）: 基础, 主题, 部门. */
export const classes = ['base', 'theme', 'department'] as const
/** 资源格式: 电子文件, 电子表格, 数据库, 图形图像, 流媒体, 自描述格式, 服务接口. */
export const formats = ['file', 'spreadsheet', 'database', 'image', 'stream', 'self-described', 'service'] as const
/** 更新周期, from the shortest to the longest; the last two have no length. */
export const cycles = ['realtime', 'daily', 'weekly', 'monthly', 'quarterly', 'half-yearly', 'yearly', 'irregular', 'other'] as const
/** 共享类型, from the widest to the narrowest: 无条件共享, 有条件共享, 不予共享. */
export const sharings = ['unconditional', 'conditional', 'none'] as const
/** 共享方式分类: 共享平台, 邮件, 介质交换. */
export const sharingChannels = ['platform', 'mail', 'media'] as const
/** 共享方式类型: 数据库, 文件, 接口 on the platform; 纸质报表, 电子文档 on media. */
export const sharingForms = ['database', 'file', 'interface', 'paper', 'document'] as const
/** 开放类型, from the widest to the narrowest: 无条件开放, 有条件开放, 不予开放. */
export const openings = ['unconditional', 'conditional', 'none'] as const
/** 开放方式: 实名认证开放, 审核开放. */
export const openLevels = ['real-name', 'reviewed'] as const
/** 数据分级, from the lowest to the highest: 一般, 重要, 核心. */
export const grades = ['general', 'important', 'core'] as const
/** 数据类型: 字符C 数值N 货币Y 日期D 日期时间T 逻辑L 备注M 通用G 双精度B 整型I 浮点F. */
export const itemTypes = ['C', 'N', 'Y', 'D', 'T', 'L', 'M', 'G', 'B', 'I', 'F'] as const
/** 敏感程度: 一般, 个人信息, 敏感个人信息, 其他敏感数据. */
export const sensitivities = ['general', 'personal', 'sensitive-personal', 'sensitive'] as const
/** 脱敏方式: 全部遮盖, 首尾保留, 中间遮盖, 取区间, 假名. */
export const maskings = ['full', 'keep-ends', 'middle', 'range', 'pseudonym'] as const
/** 空间范围: 全市, 市直, 区县. */
export const spatialScopes = ['city', 'city-departments', 'districts'] as const
/** 应用场景: 政务服务, 公共服务, 监管, 其他. */
export const scenarios = ['government-services', 'public-services', 'regulation', 'other'] as const
/** 影响对象 of GB/T 43697: whom it harms when the data are leaked, altered or lost. */
export const gradingObjects = ['national-security', 'economy', 'social-order', 'public-interest', 'organisation', 'individual'] as const
/** 影响程度 of GB/T 43697, from the lowest: 无, 一般, 严重, 特别严重. */
export const gradingDegrees = ['none', 'ordinary', 'serious', 'especially-serious'] as const
/** Why a published entry is withdrawn (撤销理由): 数据来源取消, 并入其他目录, 信息系统停用, 职能划转, 其他. */
export const withdrawalGrounds = ['source-abolished', 'merged', 'system-retired', 'function-moved', 'other'] as const
/** 五项责任 of WH23-14: 谁经手、谁使用、谁管理、谁归档、谁负责. */
export const dutyNames = ['handledBy', 'usedBy', 'managedBy', 'archivedBy', 'answersFor'] as const
/** 大普查六项: stored volume in GB and records in 万条, in all, shared and opened. */
export const censusNames = ['storedGb', 'recordsWan', 'sharedGb', 'sharedWan', 'openedGb', 'openedWan'] as const
/** 扩展元数据 beside the 13 elements; texts of at most 200 characters. */
export const extensionNames = [
  'smallestUnit',
  'serviceArea',
  'servedParties',
  'origin',
  'carrier',
  'contactName',
  'contactPhone',
  'storagePlace',
  'matter',
  'coveredPeriod',
] as const

type Or<V extends readonly string[]> = V[number] | null

/** How much harm to whom (定级理由): one line of the grading of GB/T 43697. */
export interface Impact {
  object: (typeof gradingObjects)[number]
  degree: (typeof gradingDegrees)[number]
  reason: string
}

/** A data item (信息项) as the rules look at it. Null: not said; of what the resource says too, as the resource. */
export interface EntryItem {
  /** 信息项标识: `i1`, `i2` … never reused within its resource, kept over renames and versions. Absent: not given yet. */
  id?: string | undefined
  name: string
  /** 英文名（技术名）. */
  code: string
  type: Or<typeof itemTypes>
  /** Characters of a text, digits of a number. */
  length: number | null
  /** Digits behind the point. */
  precision: number | null
  isKey: boolean
  isTimestamp: boolean
  /** 值域. */
  valueRange: string | null
  /** 关联代码集. */
  codeList: string | null
  /** 关联数据元. */
  element: string | null
  sensitivity: (typeof sensitivities)[number]
  masking: Or<typeof maskings>
  sharing: Or<typeof sharings>
  sharingCondition: string | null
  /** Why it is shared otherwise than its resource. */
  sharingReason: string | null
  basisLaw: string | null
  basisClause: string | null
  opening: Or<typeof openings>
  grade: Or<typeof grades>
  /** Why it has this grade. */
  gradeReason: string | null
  /** 是否本部门产生. */
  isOwn: boolean | null
  /** 所属表. */
  sourceTable: string | null
  /** 涉密: nothing secret is ever stored; what is checked before it is stored may say so. */
  secret?: boolean | undefined
}

/** A catalog entry (目录条目) as the rules look at it: the 13 elements of 发改高技〔2017〕1272号 and what WH23-14 and WH23-15 ask besides. */
export interface Entry {
  name: string
  /** Known from the account for entries of one's own unit; said by entries that come in a file. */
  provider?: string | null | undefined
  providerCode: string | null
  internalUnit: string | null
  /** 信息资源代码, where the entry has one. */
  code?: string | null | undefined
  class: Or<typeof classes>
  /** 类项目细目. */
  classCode: string | null
  abstract: string
  format: Or<typeof formats>
  formatType: string | null
  formatNote: string | null
  items: readonly EntryItem[]
  sharing: Or<typeof sharings>
  sharingCondition: string | null
  sharingChannel: Or<typeof sharingChannels>
  sharingForm: Or<typeof sharingForms>
  /** 不予共享依据: a law of the library and its clause. */
  basisLaw: string | null
  basisClause: string | null
  opening: Or<typeof openings>
  openingCondition: string | null
  openLevel: Or<typeof openLevels>
  updateCycle: Or<typeof cycles>
  /** 发布日期, set by the system; said by entries that come in a file. */
  publishedOn?: string | null | undefined
  /** 关联资源代码: codes, each with `#` and an item id where one item is meant. */
  relatedCodes: readonly string[]
  grade: Or<typeof grades>
  grading: readonly Impact[]
  containsPersonal: boolean
  containsSensitive: boolean
  maskingRule: string | null
  duties: Readonly<Record<(typeof dutyNames)[number], { orgId: string; post: string | null } | null>>
  census: Readonly<Record<(typeof censusNames)[number], string | null>>
  spatialScope: Or<typeof spatialScopes>
  scenario: Or<typeof scenarios>
  ext: Readonly<Record<(typeof extensionNames)[number], string | null>>
  projectId: string | null
  declaredResourceId: string | null
  systemId: string | null
  secret?: boolean | undefined
}

/** An item of which nothing is said; `of` says what is. */
export function itemOf(of: Partial<EntryItem> & Pick<EntryItem, 'name' | 'code'>): EntryItem {
  return {
    type: null,
    length: null,
    precision: null,
    isKey: false,
    isTimestamp: false,
    valueRange: null,
    codeList: null,
    element: null,
    sensitivity: 'general',
    masking: null,
    sharing: null,
    sharingCondition: null,
    sharingReason: null,
    basisLaw: null,
    basisClause: null,
    opening: null,
    grade: null,
    gradeReason: null,
    isOwn: null,
    sourceTable: null,
    ...of,
  }
}

const nothing = <N extends readonly string[]>(names: N) => Object.fromEntries(names.map((name) => [name, null])) as Record<N[number], null>

/** An entry of which nothing is said; `of` says what is. */
export function entryOf(of: Partial<Entry> & Pick<Entry, 'name'>): Entry {
  return {
    providerCode: null,
    internalUnit: null,
    class: null,
    classCode: null,
    abstract: '',
    format: null,
    formatType: null,
    formatNote: null,
    items: [],
    sharing: null,
    sharingCondition: null,
    sharingChannel: null,
    sharingForm: null,
    basisLaw: null,
    basisClause: null,
    opening: null,
    openingCondition: null,
    openLevel: null,
    updateCycle: null,
    relatedCodes: [],
    grade: null,
    grading: [],
    containsPersonal: false,
    containsSensitive: false,
    maskingRule: null,
    duties: nothing(dutyNames),
    census: nothing(censusNames),
    spatialScope: null,
    scenario: null,
    ext: nothing(extensionNames),
    projectId: null,
    declaredResourceId: null,
    systemId: null,
    ...of,
  }
}
