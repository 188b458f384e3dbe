import type { Item, ItemType, Masking, RecordGrant, ResourceDefinition, RowCondition } from '@tongchou/records'
import { masked } from './mask.ts'

/** An item as it is seen. */
export interface SeenItem extends Item {
  mask: Masking | null
}

/** What a reader sees of a resource: the only thing that queries are made of, so that what is hidden cannot be told from what is not there. */
export interface RecordView {
  items: readonly SeenItem[]
  rows: readonly RowCondition[]
}

/**
 * The one field-permission function (字段权限): definition and grant to what is seen. Every filter, order, search, sum and answer goes through the view it
 * gives; an item that is not in it does not exist for the reader.
 */
export function viewOf({ items }: Pick<ResourceDefinition, 'items'>, grant: RecordGrant): RecordView {
  return {
    items: items.flatMap((item): SeenItem[] => {
      const mask = Object.hasOwn(grant.items, item.id) ? grant.items[item.id] : undefined
      return mask === undefined ? [] : [{ ...item, mask }]
    }),
    rows: grant.rows,
  }
}

/** The owner's own view: everything, as it is. */
export function wholeGrant({ items }: Pick<ResourceDefinition, 'items'>): RecordGrant {
  return { items: Object.fromEntries(items.map(({ id }) => [id, null])), rows: [] }
}

/** How the catalog grades an item; what it does not know is taken for sensitive. */
export interface ItemGrade {
  id: string
  sensitivity: 'general' | 'personal' | 'sensitive-personal' | 'sensitive'
  masking: Masking | null
}

/** The center's view: whatever is sensitive is masked as the catalog says, and wholly where it does not say how. */
export function maskedGrant({ items }: Pick<ResourceDefinition, 'items'>, grades: readonly ItemGrade[]): RecordGrant {
  const maskOf = (id: string): Masking | null => {
    const grade = grades.find((one) => one.id === id)
    if (!grade) return 'full'
    return grade.sensitivity === 'general' ? grade.masking : (grade.masking ?? (grade.sensitivity === 'personal' ? null : 'full'))
  }
  return { items: Object.fromEntries(items.map(({ id }) => [id, maskOf(id)])), rows: [] }
}

/** The values of a record as the view shows them. */
export function shown({ items }: RecordView, values: Readonly<Record<string, string | null>>): Record<string, string | null> {
  return Object.fromEntries(items.map(({ id, mask }) => [id, mask === null ? (values[id] ?? null) : masked(values[id] ?? null, mask)]))
}

/** Whether an amount can be summed up. */
export const isNumber = ({ kind }: ItemType) => kind === 'integer' || kind === 'money' || kind === 'decimal' || kind === 'double'
