// SPDX-License-Identifier: Apache-2.0
import { classes, codeLists, dutyNames, type Entry, type EntryItem, entryOf, type FieldSpec, itemOf, valueAt } from '@tongchou/metadata'
import type { ProfileRow } from '@tongchou/workbook'
import { cellsOf, type EntryCells, type TableEntry } from './cell-text.ts'
import { type Around, type Registers, valueIn } from './cell-value.ts'
import { type TableColumn, tableEntryFields, tableItemFields } from './profile.ts'
import type { ReadCatalog, SaidEntry, SaidRow } from './read.ts'

/** What a cell says that cannot be taken: by its item path in the entry. */
export interface Unread {
  path: string
  message: string
  fix: string
}

/** An entry as a file says it is, with what could not be read of it. */
export interface TakenEntry {
  entry: Entry
  unread: Unread[]
  /** The item that stands on each row, in the order of `entry.items`. */
  itemRows: readonly SaidRow[]
}

/**
 * An entry as a file says it is. Of one that is stored already only those fields change whose cells do: what the file has no column for, and what
 * stands in it as it was given out, stays to the last sign.
 */
export function takeEntry(catalog: ReadCatalog, said: SaidEntry, registers?: Registers, stored?: TableEntry): TakenEntry {
  return new Taking(catalog, said, registers, stored).whole()
}

class Taking {
  readonly #catalog: ReadCatalog
  readonly #said: SaidEntry
  readonly #registers: Registers | undefined
  readonly #stored: TableEntry | undefined
  readonly #storedCells: EntryCells | undefined
  readonly #unread: Unread[] = []

  constructor(catalog: ReadCatalog, said: SaidEntry, registers: Registers | undefined, stored: TableEntry | undefined) {
    this.#catalog = catalog
    this.#said = said
    this.#registers = registers
    this.#stored = stored
    this.#storedCells = stored && cellsOf(catalog.profile, stored)
  }

  whole(): TakenEntry {
    const entry = this.#entry()
    if (this.#catalog.columns.item.size === 0) return { entry, unread: this.#unread, itemRows: [] }
    const known = this.#knownItems()
    const items = this.#said.items.map((row, index) => this.#item(entry, row, index, known[index]))
    return { entry: { ...entry, items }, unread: this.#unread, itemRows: this.#said.items }
  }

  #entry(): Entry {
    let entry: Entry = this.#stored?.entry ?? entryOf({ name: this.#said.name })
    const cells = this.#said.first.values
    const take = (spec: FieldSpec) => {
      const around = this.#around(entry, cells, 'entry')
      const now = this.#field(spec, 'entry', cells, this.#storedCells?.entry, valueAt(entry, spec.id), around, '')
      entry = withValue(entry, spec.id, now)
    }
    for (const spec of tableEntryFields) if (spec.id !== 'id' && this.#hasColumn(spec.id)) take(spec)
    return {
      ...this.#inferred(entry),
      name: entry.name ?? '',
      abstract: entry.abstract ?? '',
      relatedCodes: entry.relatedCodes ?? [],
      grading: entry.grading ?? [],
    }
  }

  #hasColumn(field: string): boolean {
    return this.#columnsOf(field, 'entry').length > 0
  }

  /** What a foreign template has no column for but says all the same. */
  #inferred(entry: Entry): Entry {
    const has = (field: string) => this.#hasColumn(field)
    const kind = classes[Number(entry.classCode?.[0]) - 1] ?? null
    const under = codeLists.sharingForm.entries.find(({ value }) => value === entry.sharingForm)?.under
    return {
      ...entry,
      class: entry.class === null && !has('class') ? kind : entry.class,
      sharingChannel:
        entry.sharingChannel === null && !has('sharingChannel') ? ((under ?? null) as Entry['sharingChannel']) : entry.sharingChannel,
    }
  }

  /** The stored item that a row is about: by its id, then by its technical name, then by its name. */
  #knownItems(): (number | undefined)[] {
    const items = this.#stored?.entry.items ?? []
    const taken = new Set<number>()
    const textOf = ({ values }: SaidRow, field: string) => values[`item:${field}:exact`] ?? ''
    const claim = (fits: (item: EntryItem) => boolean): number | undefined => {
      const at = items.findIndex((item, index) => !taken.has(index) && fits(item))
      if (at < 0) return undefined
      taken.add(at)
      return at
    }
    const rows = this.#said.items
    const byId = rows.map((row) => (textOf(row, 'id').trim() === '' ? undefined : claim(({ id }) => id === textOf(row, 'id').trim())))
    const unclaimed = (row: SaidRow, at: number | undefined) => at === undefined && textOf(row, 'id').trim() === ''
    const byCode = rows.map((row, index) =>
      unclaimed(row, byId[index]) && textOf(row, 'code') !== ''
        ? claim(({ code }) => plain(code) === plain(textOf(row, 'code')))
        : byId[index],
    )
    return rows.map((row, index) =>
      unclaimed(row, byCode[index]) && textOf(row, 'name') !== ''
        ? claim(({ name }) => plain(name) === plain(textOf(row, 'name')))
        : byCode[index],
    )
  }

  #item(entry: Entry, row: SaidRow, index: number, known: number | undefined): EntryItem {
    const base = known === undefined ? undefined : this.#stored?.entry.items[known]
    const cells = known === undefined ? undefined : this.#storedCells?.items[known]
    let item: EntryItem = base ?? itemOf({ name: '', code: '' })
    for (const spec of tableItemFields) {
      if (spec.id === 'id') continue
      const around = this.#around(entry, row.values, 'item')
      const now = this.#field(spec, 'item', row.values, cells, valueAt(item, spec.id), around, `items/${index}/`)
      item = { ...item, [spec.id]: now ?? blankOf(spec.id) }
    }
    const secret = [...this.#catalog.columns.item.keys()].find(({ as }) => as === 'secrecy')
    if (secret && isSecret(row.values[secret.key])) item = { ...item, secret: true }
    return this.#withId(item, row, index, base)
  }

  #withId(item: EntryItem, { values }: SaidRow, index: number, base: EntryItem | undefined): EntryItem {
    const asked = (values['item:id:exact'] ?? '').trim()
    if (base || asked === '') return item
    const { id: _none, ...rest } = item
    // A new entry may bring the ids that its items had elsewhere; one that is stored knows its own.
    if (this.#stored || !/^i[1-9][0-9]{0,5}$/.test(asked)) {
      this.#unread.push({ path: `items/${index}/id`, message: `本目录没有信息项标识“${asked}”`, fix: '新增的信息项不填标识' })
      return rest
    }
    return { ...rest, id: asked }
  }

  #around(entry: Entry, cells: ProfileRow, of: 'entry' | 'item'): Around {
    return { entry, registers: this.#registers, textOf: (field) => cells[`${of}:${field}:exact`] ?? '' }
  }

  /** The value of a field from the columns that say something of it. */
  #field(
    spec: FieldSpec,
    of: 'entry' | 'item',
    cells: ProfileRow,
    stored: ProfileRow | undefined,
    was: unknown,
    around: Around,
    at: string,
  ): unknown {
    const columns = this.#columnsOf(spec.id, of)
    const duty = dutyNames.some((name) => spec.id === `duties/${name}`)
    const posts = columns.filter(({ as }) => as === 'post')
    const values = columns.filter(({ as }) => as !== 'post')
    const said = this.#saidBy(values, spec.id, cells, stored, duty ? ((was as { orgId: string } | null)?.orgId ?? null) : was, around, at)
    if (!duty) return said
    const wasPost = (was as { post: string | null } | null)?.post ?? null
    const post = this.#saidBy(posts, spec.id, cells, stored, wasPost, { ...around, registers: undefined }, at)
    return typeof said === 'string' && said !== '' ? { orgId: said, post: post === '' ? null : post } : null
  }

  #saidBy(
    columns: readonly TableColumn[],
    field: string,
    cells: ProfileRow,
    stored: ProfileRow | undefined,
    was: unknown,
    around: Around,
    at: string,
  ): unknown {
    const textOf = ({ key }: TableColumn) => cells[key] ?? ''
    const speaks = stored
      ? columns.filter((column) => textOf(column) !== (stored[column.key] ?? ''))
      : columns.filter((column) => textOf(column) !== '')
    const [first] = speaks
    if (!first) return was
    // Of what changed, a part that was emptied speaks only where nothing else does.
    const column = speaks.find((one) => textOf(one).trim() !== '') ?? first
    const text = textOf(column)
    if (text.trim() === '') return text === '' || column.spec?.kind !== 'text' ? null : text
    if (column.as === 'post') return text
    const read = valueIn(column, field, text, around)
    if ('value' in read) return read.value
    this.#unread.push({ path: `${at}${field}`, message: read.message, fix: read.fix })
    return was
  }

  /** Columns of a field that are there, those that say the whole of it first. */
  #columnsOf(field: string, of: 'entry' | 'item'): TableColumn[] {
    const columns = [...this.#catalog.columns[of].keys()].filter(
      (column) => column.field === field || (column.as === 'condition-or-basis' && ['basisLaw', 'basisClause'].includes(field)),
    )
    return columns.sort((a, b) => order.indexOf(a.as) - order.indexOf(b.as))
  }
}

const order: readonly TableColumn['as'][] = [
  'exact',
  'id',
  'name',
  'post',
  'words',
  'effective',
  'open-or-not',
  'condition-or-basis',
  'secrecy',
  'unkept',
]

const plain = (text: string) => text.normalize('NFKC').trim().toLowerCase()

/** What a field of an item is where nothing is said: those that are never empty have their usual value. */
function blankOf(field: string): unknown {
  if (field === 'name' || field === 'code') return ''
  if (field === 'isKey' || field === 'isTimestamp') return false
  return field === 'sensitivity' ? 'general' : null
}

function isSecret(text: string | undefined): boolean {
  const said = plain(text ?? '')
  return said !== '' && !['非涉密', '否', '不涉密', '0', '公开'].includes(said)
}

function withValue(entry: Entry, path: string, value: unknown): Entry {
  const [group = '', name] = path.split('/')
  if (name === undefined) {
    const usual = group === 'containsPersonal' || group === 'containsSensitive' ? false : null
    return { ...entry, [group]: value ?? usual }
  }
  return { ...entry, [group]: { ...((entry as unknown as Record<string, object>)[group] ?? {}), [name]: value ?? null } }
}
