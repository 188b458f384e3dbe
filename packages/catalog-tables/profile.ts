// SPDX-License-Identifier: Apache-2.0
import { codeLists, entryFields, type FieldSpec, itemFields } from '@tongchou/metadata'
import type { Profile } from '@tongchou/workbook'
import data from './data/profiles.json' with { type: 'json' }

/** What a row of a sheet is about: a catalog entry (目录条目) or one of its items (信息项). */
export type Scope = 'entry' | 'item'

/**
 * How a cell stands for a field. `exact`: nothing is lost. `name`, `id`, `post`: the parts of a reference. The others say less than the field
 * does, as foreign templates do, and are believed where nothing exact was said.
 */
export type CellMeaning =
  | 'exact'
  | 'name'
  | 'id'
  | 'post'
  | 'open-or-not'
  | 'condition-or-basis'
  | 'words'
  | 'effective'
  | 'secrecy'
  | 'unkept'

/** A column of a profile. */
export interface TableColumn {
  /** Unique in its profile: what the values of a row are known by. */
  key: string
  title: string
  also: readonly string[]
  of: Scope
  /** Path in the entry or the item; the empty text where nothing of ours stands behind the column. */
  field: string
  as: CellMeaning
  required: boolean
  width: number | undefined
  spec: FieldSpec | undefined
  /** `words`: how a value is called here. */
  words: Readonly<Record<string, string>>
  /** `words`: what a name of the template stands for, where several values are called so. */
  reads: Readonly<Record<string, string>>
  /** Why a column of the template is not taken over. */
  unkept: string | undefined
}

/** One sheet: `both` has the entry's columns repeated on the row of each item. */
export interface TableSheet {
  sheet: string
  rows: 'both' | Scope
  columns: readonly TableColumn[]
}

/** A table layout of the catalog (目录模板), as data: the columns that it names, and after them every field that it has no exact column for. */
export interface CatalogProfile {
  id: string
  title: string
  note: string
  /** Whether the layout was compared with its source. */
  verified: boolean
  sheets: readonly TableSheet[]
}

type ColumnData = (typeof data)[number]['sheets'][number]['columns'][number]

interface Given {
  title: string
  also?: readonly string[]
  of: Scope
  field?: string
  as?: CellMeaning
  required?: boolean
  width?: number
  words?: Record<string, string>
  reads?: Record<string, string>
  unkept?: string
}

const text = (id: string, title: string): FieldSpec => ({ id, title, kind: 'text' })

/** Known of an entry that stands in the catalog, and no field that its form has. */
const entryOwn: readonly FieldSpec[] = [
  text('id', '目录标识'),
  text('provider', '提供方'),
  text('code', '资源代码'),
  text('publishedOn', '发布日期'),
]
const grading = text('grading', '资源定级理由')

/** Fields of an entry as tables know them. */
export const tableEntryFields: readonly FieldSpec[] = [...entryOwn, ...entryFields, grading]
/** Fields of an item as tables know them. */
export const tableItemFields: readonly FieldSpec[] = [text('id', '信息项标识'), ...itemFields]
/** What an item says of its entry, where items stand on a sheet of their own. */
const links: readonly FieldSpec[] = [text('entryId', '目录标识'), text('entryName', '目录名称')]

const specs: Readonly<Record<Scope, ReadonlyMap<string, FieldSpec>>> = {
  entry: new Map(tableEntryFields.map((spec) => [spec.id, spec])),
  item: new Map([...tableItemFields, ...links].map((spec) => [spec.id, spec])),
}

function columnOf(given: Given): TableColumn {
  const { title, also = [], of, field = '', as = given.unkept === undefined ? 'exact' : 'unkept', required = false, width } = given
  const spec = field === '' ? undefined : specs[of].get(field)
  if (field !== '' && field !== 'secret' && !spec) throw new RangeError(`no field ${field} of the ${of}`)
  const key = `${of}:${field === '' ? title : field}:${as}`
  return {
    key,
    title,
    also,
    of,
    field,
    as,
    required,
    width,
    spec,
    words: given.words ?? {},
    reads: given.reads ?? {},
    unkept: given.unkept,
  }
}

/** The columns that make a field whole. */
function wholeOf(spec: FieldSpec, of: Scope): Given[] {
  const title = of === 'item' && spec.id !== 'id' ? `信息项${spec.title}` : spec.title
  if (spec.kind !== 'reference') return [{ title, of, field: spec.id }]
  const parts: Given[] = [
    { title, of, field: spec.id, as: 'name', width: 24 },
    { title: `${title}标识`, of, field: spec.id, as: 'id', width: 16 },
  ]
  return spec.id.startsWith('duties/') ? [...parts, { title: `${title}的岗位`, of, field: spec.id, as: 'post' }] : parts
}

/** What a sheet's own columns do not say to the end. */
function remaining(named: readonly TableColumn[], rows: TableSheet['rows']): TableColumn[] {
  const keys = new Set(named.map(({ key }) => key))
  const wanted = [
    ...(rows === 'item' ? [] : tableEntryFields.flatMap((spec) => wholeOf(spec, 'entry'))),
    ...(rows === 'item' ? [{ title: '目录标识', of: 'item', field: 'entryId' } as const] : []),
    ...(rows === 'entry' ? [] : tableItemFields.flatMap((spec) => wholeOf(spec, 'item'))),
  ]
  return wanted.map(columnOf).filter(({ key }) => !keys.has(key))
}

/** The profiles that catalogs are exported and imported in. */
export const catalogProfiles: readonly CatalogProfile[] = data.map(({ sheets, ...profile }) => ({
  ...profile,
  sheets: sheets.map(({ sheet, rows, columns }) => {
    const named = (columns as readonly ColumnData[]).map((column) => columnOf(column as Given))
    return { sheet, rows: rows as TableSheet['rows'], columns: [...named, ...remaining(named, rows as TableSheet['rows'])] }
  }),
}))

export function catalogProfile(id: string): CatalogProfile {
  const found = catalogProfiles.find((profile) => profile.id === id)
  if (!found) throw new RangeError(`no profile ${id}`)
  return found
}

/** The sheet as it is read: every cell as text, so that a value comes back to the last space; what it means is decided with its field. */
export function readingProfile({ sheet, columns }: TableSheet): Profile {
  return {
    sheet,
    columns: columns.map(({ key, title, also, required, field }) => ({
      item: key,
      title,
      aliases: also,
      required,
      kind: field === 'publishedOn' ? 'date' : 'text',
    })),
  }
}

/** The sheet as it is written: with lists to choose from. */
export function writingProfile({ sheet, columns }: TableSheet): Profile {
  return {
    sheet,
    columns: columns.map((column) => ({
      item: column.key,
      title: column.title,
      required: column.required,
      choices: choicesOf(column),
      ...(column.width === undefined ? {} : { width: column.width }),
      ...(column.field === 'publishedOn' ? { kind: 'date' as const } : column.spec?.kind === 'integer' ? { kind: 'number' as const } : {}),
    })),
  }
}

/** What may be chosen in a column; nothing where anything may be typed. */
function choicesOf({ as, spec, words }: TableColumn): readonly string[] {
  if (as === 'words') return [...new Set(Object.values(words))]
  if (as === 'open-or-not' || spec?.kind === 'yes-no') return ['是', '否']
  if (as === 'secrecy') return ['非涉密']
  return spec?.kind === 'choice' && spec.list ? codeLists[spec.list].entries.map(({ label }) => label) : []
}
