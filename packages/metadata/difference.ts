// SPDX-License-Identifier: Apache-2.0
import { labelOf } from './code-list.ts'
import { dutyNames, type Entry, type EntryItem } from './entry.ts'
import { entryFields, type FieldSpec, itemFields, valueAt, wordOf } from './fields.ts'
import { sharingBasis } from './sharing-basis.ts'

/** One field that two versions say differently, in words; an empty text says nothing. */
export interface FieldDifference {
  path: string
  title: string
  before: string
  after: string
}

/** What became of an item: 新增, 删除, 改名, 改类型, other changes. */
export type ItemChange = 'added' | 'dropped' | 'renamed' | 'retyped' | 'changed'

/** One item that two versions say differently, known by its id and by nothing else. */
export interface ItemDifference {
  id: string
  name: string
  changes: ItemChange[]
  /** Every field that differs; of an added or a dropped item what it says. */
  fields: FieldDifference[]
}

/** What differs between two versions of an entry (版本差异). */
export interface Difference {
  fields: FieldDifference[]
  items: ItemDifference[]
}

/** Names what a value refers to (单位、项目、系统); undefined where nobody can. */
export type NameOf = (field: string, value: string) => string | undefined

/** Compares two versions of an entry, field by field and item by item. Order of items is no difference. */
export function differenceOf(before: Entry, after: Entry, nameOf: NameOf = () => undefined): Difference {
  return {
    fields: [...entryFields.flatMap((spec) => fieldOf(spec, before, after, '', nameOf)), ...grading(before, after)],
    items: itemsOf(before.items, after.items, nameOf),
  }
}

function itemsOf(before: readonly EntryItem[], after: readonly EntryItem[], nameOf: NameOf): ItemDifference[] {
  const was = new Map(before.map((item) => [item.id, item]))
  const is = new Set(after.map(({ id }) => id))
  const nothing = {} as EntryItem
  const kept = after.flatMap((item): ItemDifference[] => {
    const former = was.get(item.id)
    const fields = itemFields.flatMap((spec) => fieldOf(spec, former ?? nothing, item, `items/${item.id}/`, nameOf))
    if (fields.length === 0) return []
    return [{ id: item.id ?? '', name: item.name, changes: former ? kindsOf(fields) : ['added'], fields }]
  })
  const dropped = before
    .filter(({ id }) => !is.has(id))
    .map((item): ItemDifference => {
      const fields = itemFields.flatMap((spec) => fieldOf(spec, item, nothing, `items/${item.id}/`, nameOf))
      return { id: item.id ?? '', name: item.name, changes: ['dropped'], fields }
    })
  return [...kept, ...dropped]
}

const naming = new Set(['name', 'code'])
const typing = new Set(['type', 'length', 'precision'])

function kindsOf(fields: readonly FieldDifference[]): ItemChange[] {
  const names = fields.map(({ path }) => path.slice(path.lastIndexOf('/') + 1))
  const kinds: ItemChange[] = []
  if (names.some((name) => naming.has(name))) kinds.push('renamed')
  if (names.some((name) => typing.has(name))) kinds.push('retyped')
  if (names.some((name) => !naming.has(name) && !typing.has(name))) kinds.push('changed')
  return kinds
}

function fieldOf(spec: FieldSpec, before: object, after: object, at: string, nameOf: NameOf): FieldDifference[] {
  const [old, now] = [said(spec, before, nameOf), said(spec, after, nameOf)]
  return old === now ? [] : [{ path: `${at}${spec.id}`, title: spec.title, before: old, after: now }]
}

function said(spec: FieldSpec, thing: object, nameOf: NameOf): string {
  const value = valueAt(thing, spec.id)
  if (value === null || value === undefined) return ''
  if (dutyNames.some((name) => spec.id === `duties/${name}`)) {
    const { orgId, post } = value as { orgId: string; post: string | null }
    return [nameOf(spec.id, orgId) ?? orgId, post].filter(Boolean).join(' ')
  }
  if (spec.id === 'basisLaw') return sharingBasis(String(value))?.title ?? String(value)
  if (spec.kind === 'reference') return nameOf(spec.id, String(value)) ?? String(value)
  return wordOf(spec, value)
}

function grading(before: Entry, after: Entry): FieldDifference[] {
  const lines = ({ grading: impacts }: Entry) =>
    impacts
      .map(({ object, degree, reason }) => `${labelOf('gradingObject', object)} ${labelOf('gradingDegree', degree)}：${reason}`)
      .join('；')
  const [old, now] = [lines(before), lines(after)]
  return old === now ? [] : [{ path: 'grading', title: '定级理由', before: old, after: now }]
}

/** 新增、删除…… in words, for tables and readers of screens. */
export const itemChangeWords: Readonly<Record<ItemChange, string>> = {
  added: '新增',
  dropped: '删除',
  renamed: '改名',
  retyped: '改类型',
  changed: '其他修改',
}
