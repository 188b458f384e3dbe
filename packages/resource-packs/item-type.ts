import type { EntryItem } from '@tongchou/metadata'
import type { ItemType } from '@tongchou/records'
import type { CodeTables } from './pack.schema.ts'

/** The type that a pack writes as `text(60)` or `code(sex)`; undefined where it is none, or names a code list that the pack does not have. */
export function itemType(text: string, tables: CodeTables): ItemType | undefined {
  const [, name = '', first, second] = /^([a-z-]+)(?:\(([A-Za-z0-9]+)(?:, ?(\d+))?\))?$/.exec(text) ?? []
  switch (name) {
    case 'text':
      return { kind: 'text', length: Number(first) }
    case 'decimal':
      return { kind: 'decimal', digits: Number(first), scale: Number(second) }
    case 'code': {
      const table = tables[first ?? '']
      return table && { kind: 'code', codes: Object.keys(table.codes) }
    }
    case 'cn-id':
      return { kind: 'citizen-id' }
    case 'uscc':
      return { kind: 'credit-code' }
    case 'int':
      return { kind: 'integer' }
    case 'note':
    case 'money':
    case 'double':
    case 'date':
    case 'instant':
    case 'month':
    case 'flag':
      return { kind: name }
    default:
      return undefined
  }
}

/** How the catalog describes an item of this type (数据类型, 长度, 小数位, 值域, 关联数据元). */
export type Described = Pick<EntryItem, 'type' | 'length' | 'precision' | 'valueRange' | 'codeList' | 'element'>

/** Data elements (数据元) that an item is linked with when its values are these numbers; the link is what tells the library to check them. */
export const elements = { 'citizen-id': '公民身份号码', 'credit-code': '统一社会信用代码' } as const

const none: Described = { type: null, length: null, precision: null, valueRange: null, codeList: null, element: null }

export function described(type: ItemType, table?: CodeTables[string]): Described {
  switch (type.kind) {
    case 'text':
      return { ...none, type: 'C', length: type.length }
    case 'code':
      return {
        ...none,
        type: 'C',
        length: Math.max(...type.codes.map((code) => code.length)),
        valueRange: table
          ? Object.entries(table.codes)
              .map(([code, word]) => `${code} ${word}`)
              .join('；')
          : null,
        codeList: table ? `${table.title}${table.basis ? `（${table.basis}）` : ''}` : null,
      }
    case 'citizen-id':
    case 'credit-code':
      return { ...none, type: 'C', length: 18, element: elements[type.kind] }
    case 'month':
      return { ...none, type: 'C', length: 7, valueRange: '年-月，如 2026-01' }
    case 'decimal':
      return { ...none, type: 'N', length: type.digits, precision: type.scale }
    case 'money':
      return { ...none, type: 'Y', valueRange: '以分为单位的整数' }
    default:
      return { ...none, type: letters[type.kind] }
  }
}

const letters = { note: 'M', integer: 'I', double: 'B', date: 'D', instant: 'T', flag: 'L' } as const

/** Whether the catalog still describes an item as this type would be: then the type's finer checks hold. */
export function describedType(type: ItemType, item: Pick<EntryItem, 'type' | 'length' | 'precision'>): boolean {
  const { type: letter, length, precision } = described(type)
  return item.type === letter && item.length === length && (item.precision ?? null) === precision
}
