import type { EntryItem } from '@tongchou/metadata'
import type { RecordView } from './field-view.ts'

/** What each code of an item is called (代码名称), by item: as the catalog says in its 值域, `1 男；2 女`. */
export type CodeNames = ReadonlyMap<string, Readonly<Record<string, string>>>

/** Of the items that a reader sees whole; a masked value is no code of the list, and what it would be called would tell it. */
export function codeNamesOf(view: RecordView, items: readonly Pick<EntryItem, 'id' | 'valueRange'>[]): CodeNames {
  return new Map(
    view.items.flatMap(({ id, type, mask }): [string, Record<string, string>][] => {
      if (type.kind !== 'code' || mask !== null) return []
      const names = namesIn(items.find((item) => item.id === id)?.valueRange ?? '', new Set(type.codes))
      return Object.keys(names).length > 0 ? [[id, names]] : []
    }),
  )
}

/** A department may have written anything there: only what begins with a code of the list is a name. */
function namesIn(range: string, codes: ReadonlySet<string>): Record<string, string> {
  const found = range.split(/[；;\n]/).flatMap((part): [string, string][] => {
    const [, code = '', name = ''] = /^(\S+)\s+(.+)$/.exec(part.trim()) ?? []
    return codes.has(code) ? [[code, name.trim()]] : []
  })
  return Object.fromEntries(found)
}

/** The items of an answer as their reader sees them. */
export function structureSeen({ items }: RecordView, codes: CodeNames) {
  return items.map(({ id, title, type, mask }) => ({ id, title, kind: type.kind, masked: mask !== null, codes: codes.get(id) ?? null }))
}
