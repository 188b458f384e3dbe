import type { Masking } from '@tongchou/records'
import { expect, test } from 'vitest'
import { codeNamesOf, structureSeen } from './code-names.ts'
import type { RecordView } from './field-view.ts'

const code = (id: string, mask: Masking | null = null) =>
  ({ id, title: '状态', type: { kind: 'code', codes: ['1', '2', '90'] }, required: true, mask }) as const
const view = (...items: RecordView['items'][number][]): RecordView => ({ items, rows: [] })
const namesIn = (valueRange: string | null) => Object.fromEntries(codeNamesOf(view(code('i1')), [{ id: 'i1', valueRange }]))

test.each([
  ['1 在保；2 停保；90 其他 情形', { i1: { 1: '在保', 2: '停保', 90: '其他 情形' } }],
  ['1 在保;\n2 停保', { i1: { 1: '在保', 2: '停保' } }],
  ['1 在保；3 不在代码表中', { i1: { 1: '在保' } }],
  ['1在保；2：停保', {}],
  ['在保、停保', {}],
  ['；；1 ；', {}],
  ['__proto__ 名称；constructor 名称', {}],
  ['', {}],
  [null, {}],
])('a department’s 值域 %j names what begins with a code of the list, and nothing else', (range, names) => {
  expect(namesIn(range)).toEqual(names)
})

test('a masked item names no codes, an item that is not seen or has no list has none', () => {
  const items = [
    { id: 'i1', valueRange: '1 在保' },
    { id: 'i2', valueRange: '1 在保' },
    { id: 'i3', valueRange: '1 在保' },
  ]
  const seen = view(code('i1', 'full'), { id: 'i3', title: '备注', type: { kind: 'note' }, required: false, mask: null })
  expect(codeNamesOf(seen, items)).toEqual(new Map())
  expect(structureSeen(seen, codeNamesOf(seen, items)).map(({ id, masked, codes }) => [id, masked, codes])).toEqual([
    ['i1', true, null],
    ['i3', false, null],
  ])
  // An entry that is gone or was changed names nothing either.
  expect(codeNamesOf(view(code('i1')), [])).toEqual(new Map())
})
