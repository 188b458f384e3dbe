// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { cleanEntry } from './entry.given.ts'
import { differenceOf, type Entry } from './index.ts'

const numbered = (entry: Entry): Entry => ({ ...entry, items: entry.items.map((item, index) => ({ ...item, id: `i${index + 1}` })) })
const before = numbered(cleanEntry(0))

test('the same entry, and the same items in another order, are no difference', () => {
  expect(differenceOf(before, before)).toEqual({ fields: [], items: [] })
  expect(differenceOf(before, { ...before, items: [...before.items].reverse() })).toEqual({ fields: [], items: [] })
})

test('fields are told in words, with what they said and what they say', () => {
  const after: Entry = {
    ...before,
    sharing: 'none',
    sharingCondition: null,
    basisLaw: 'statistics-law',
    grading: [{ object: 'economy', degree: 'serious', reason: '影响统计' }],
    duties: { ...before.duties, answersFor: { orgId: 'health', post: null } },
    relatedCodes: ['30700102/000007'],
  }
  const nameOf = (_field: string, id: string) => ({ 'civil-affairs': '市民政局', health: '市卫健委' })[id]
  expect(differenceOf(before, after, nameOf).fields.map(({ title, before: old, after: now }) => `${title}：${old} → ${now}`)).toEqual([
    '共享类型：有条件共享 → 不予共享',
    '共享条件：用于社会救助对象核对 → ',
    '不予共享依据： → 《中华人民共和国统计法》',
    '关联资源代码： → 30700102/000007',
    '由谁负责：市民政局 社会救助科 → 市卫健委',
    '定级理由：个人权益 严重危害：泄露影响困难群众权益 → 经济运行 严重危害：影响统计',
  ])
})

test('items are matched by their ids: renamed, retyped, added and dropped are told apart', () => {
  const [one, two, three, ...rest] = before.items
  if (!one || !two || !three) throw new Error('no items')
  const after: Entry = {
    ...before,
    items: [{ ...two, name: '对象姓名' }, { ...one, length: 20, masking: 'full' }, ...rest, { ...three, id: 'i9', name: three.name }],
  }
  const { items } = differenceOf(before, after)
  expect(items.map(({ id, name, changes }) => `${id} ${name} ${changes.join('+')}`)).toEqual([
    'i2 对象姓名 renamed',
    'i1 公民身份号码 retyped+changed',
    // The same words under another id are another item.
    'i9 保障金额 added',
    'i3 保障金额 dropped',
  ])
  expect(items[1]?.fields.map(({ title, before: old, after: now }) => `${title} ${old}→${now}`)).toEqual([
    '长度 18→20',
    '脱敏方式 保留首尾→全部遮盖',
  ])
})
