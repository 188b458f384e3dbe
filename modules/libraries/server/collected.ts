import type { Entry, EntryItem } from '@tongchou/metadata'
import { definitionProblems, type Item, type ItemType, type QualityRule, type ResourceDefinition } from '@tongchou/records'
import { describedType, elements, type PackResource } from '@tongchou/resource-packs'

/** What an entry keeps of the pack's resource that it was introduced from (入库结构), by item ids. */
export interface PackStructure {
  kind: ResourceDefinition['kind']
  items: readonly Pick<Item, 'id' | 'type' | 'required'>[]
  rules: readonly QualityRule[]
  /** Items that point at a person. */
  person: readonly string[]
}

export function structureOf({ kind, items, rules, person }: PackResource): PackStructure {
  return { kind, items: items.map(({ id, type, required, isKey }) => ({ id, type, required: required || isKey })), rules, person }
}

/** Whether the city collects the records of an entry (入库): what is shared as tables on the platform. An interface passes through. */
export function isCollected({ format, sharing, sharingChannel, sharingForm }: Entry): boolean {
  return format === 'database' && sharing !== 'none' && sharingChannel === 'platform' && sharingForm === 'database'
}

/** Something that stands against building a table for an entry, at its field. */
export interface StructureProblem {
  path: string
  message: string
}

/**
 * The structure of an entry's records: types from the catalog, made stricter by the pack that it was introduced from as far as the entry still says the same.
 */
export function definitionOf(
  resource: string,
  version: number,
  entry: Pick<Entry, 'name' | 'items'>,
  pack: PackStructure | undefined,
): { definition: ResourceDefinition } | { problems: StructureProblem[] } {
  const problems: StructureProblem[] = []
  const items = entry.items.flatMap((item, index): Item[] => {
    const of = pack?.items.find(({ id }) => id === item.id)
    const type = of && describedType(of.type, item) ? of.type : typeOf(item)
    if (item.id === undefined || type === undefined) {
      problems.push({ path: `items/${index}/type`, message: `信息项“${item.name}”的数据类型不能入库` })
      return []
    }
    return [{ id: item.id, title: item.name, type, required: item.isKey || of?.required === true }]
  })
  const ids = new Set(items.map(({ id }) => id))
  const [first, ...others] = entry.items.flatMap(({ id, isKey }) => (isKey && id !== undefined ? [id] : []))
  if (first === undefined) problems.push({ path: 'items', message: '没有主键，不能入库' })
  if (problems.length > 0 || first === undefined) return { problems }
  const rules = (pack?.rules ?? []).filter((rule) => Object.values(rule).every((value) => !isItemId(value) || ids.has(value)))
  const definition: ResourceDefinition = {
    resource,
    version,
    title: entry.name,
    kind: pack?.kind ?? 'state',
    key: [first, ...others],
    items,
    ...(rules.length > 0 ? { rules: rules.filter((rule) => definitionProblems(withRule(items, first, rule)).length === 0) } : {}),
  }
  const wrong = definitionProblems(definition)
  return wrong.length > 0 ? { problems: wrong.map((message) => ({ path: 'items', message })) } : { definition }
}

const isItemId = (value: unknown): value is string => typeof value === 'string' && /^i[1-9]\d*$/.test(value)

/** A definition that is right but for the rule. */
function withRule(items: readonly Item[], key: string, rule: QualityRule): ResourceDefinition {
  const plain = items.map((item) => (item.id === key ? { ...item, required: true } : item))
  return { resource: 'r', version: 1, title: '', kind: 'state', key: [key], items: plain, rules: [rule] }
}

/** The letters of 发改高技〔2017〕1272号 as the library keeps them; undefined for what no table can check. */
function typeOf({ type, length, precision, element }: EntryItem): ItemType | undefined {
  switch (type) {
    case 'C':
      if (element === elements['citizen-id']) return { kind: 'citizen-id' }
      if (element === elements['credit-code']) return { kind: 'credit-code' }
      return length === null ? { kind: 'note' } : { kind: 'text', length }
    case 'N':
      return { kind: 'decimal', digits: length ?? 38, scale: precision ?? 0 }
    case 'Y':
      return precision === null || precision === 0 ? { kind: 'money' } : { kind: 'decimal', digits: length ?? 38, scale: precision }
    case 'D':
      return { kind: 'date' }
    case 'T':
      return { kind: 'instant' }
    case 'L':
      return { kind: 'flag' }
    case 'M':
      return { kind: 'note' }
    case 'I':
      return { kind: 'integer' }
    case 'B':
    case 'F':
      return { kind: 'double' }
    default:
      return undefined
  }
}
