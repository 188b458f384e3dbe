import { ruleProblems } from './quality.ts'

/**
 * What the value of an item may be (数据类型). The letters of 发改高技〔2017〕1272号 map onto these: C text, M note, N integer or decimal, I integer,
 * Y money, D date, T instant, L flag, B and F double. G (通用型) has no value that a table could check: such an item cannot be collected.
 */
export type ItemType =
  | { kind: 'text'; length: number }
  | { kind: 'note' }
  | { kind: 'code'; codes: readonly string[] }
  | { kind: 'citizen-id' }
  | { kind: 'credit-code' }
  | { kind: 'integer' }
  | { kind: 'decimal'; digits: number; scale: number }
  /** An amount in 分. */
  | { kind: 'money' }
  | { kind: 'double' }
  | { kind: 'date' }
  | { kind: 'instant' }
  /** `YYYY-MM`. */
  | { kind: 'month' }
  | { kind: 'flag' }

/** One item of a resource (信息项). Its id is its identity in columns, hashes, log, feeds, grants and masks; names and titles may change. */
export interface Item {
  /** `i1`, `i2` …; never used again for another item of the resource. */
  id: string
  title: string
  type: ItemType
  required: boolean
}

/**
 * What the values of one record have to be to each other (质量规则). A closed set, so that a pack brings rules as data and nothing is evaluated; `id` is
 * what a line that was set aside is known by, `title` says the fault in words.
 */
export type QualityRule = { id: string; title: string } & (
  | { rule: 'range'; item: string; least?: number; most?: number }
  /** Days or months: the first not after the last. */
  | { rule: 'order'; first: string; last: string }
  /** A date of birth is the one in the citizen identity number. */
  | { rule: 'birth'; item: string; of: string }
  | { rule: 'required-when'; item: string; when: string; is: string }
)

/**
 * `state`: a row per key, as it is now (状态). `event`: what happened, once and for all (事件): a second row with a known key is refused unless
 * it is the same.
 */
export type ResourceKind = 'state' | 'event'

/** The shape of a resource's records in one version of its catalog entry (资源结构). */
export interface ResourceDefinition {
  /** The catalog entry. */
  resource: string
  /** From 1; every row of the log names the one that it was written under. */
  version: number
  title: string
  kind: ResourceKind
  /** Ids of the items that together identify a record, in their order. */
  key: readonly [string, ...string[]]
  items: readonly Item[]
  rules?: readonly QualityRule[]
}

/** What makes a definition unusable, in words for whoever maintains the catalog; empty when it can be installed. */
export function definitionProblems(definition: ResourceDefinition): string[] {
  const { key, items, version } = definition
  const problems: string[] = []
  const byId = new Map(items.map((item) => [item.id, item]))
  if (byId.size !== items.length) problems.push('信息项标识重复')
  if (items.length === 0 || items.length > MOST_ITEMS) problems.push(`信息项应为 1 至 ${MOST_ITEMS} 个`)
  if (!Number.isSafeInteger(version) || version < 1) problems.push('版本号应为正整数')
  if (new Set(key).size !== key.length) problems.push('主键信息项重复')
  for (const id of key) {
    const item = byId.get(id)
    if (!item) problems.push(`主键信息项 ${id} 不存在`)
    else if (!item.required) problems.push(`主键信息项“${item.title}”须为必填`)
    else if (!mayBeKey.has(item.type.kind)) problems.push(`信息项“${item.title}”的类型不能用作主键`)
  }
  for (const item of items) problems.push(...itemProblems(item))
  problems.push(...ruleProblems(definition))
  return problems
}

/** As many as one table of PostgreSQL surely takes, retired ones included. */
const MOST_ITEMS = 500
/** Every kind whose canonical text is the value itself; two doubles may print alike. */
const mayBeKey = new Set<ItemType['kind']>(['text', 'code', 'citizen-id', 'credit-code', 'integer', 'decimal', 'date', 'instant', 'month'])

function itemProblems({ id, title, type }: Item): string[] {
  const problems: string[] = []
  if (!/^i[1-9]\d{0,5}$/.test(id)) problems.push(`信息项标识“${id}”不合规则`)
  if (type.kind === 'text' && !isWithin(type.length, 1, 65_535)) problems.push(`信息项“${title}”的长度应为 1 至 65535`)
  if (type.kind === 'decimal' && !(isWithin(type.digits, 1, 38) && isWithin(type.scale, 0, type.digits)))
    problems.push(`信息项“${title}”的精度应为 1 至 38 位，小数位不多于精度`)
  if (type.kind === 'code' && type.codes.length === 0) problems.push(`信息项“${title}”没有代码值`)
  return problems
}

const isWithin = (value: number, least: number, most: number) => Number.isSafeInteger(value) && value >= least && value <= most
