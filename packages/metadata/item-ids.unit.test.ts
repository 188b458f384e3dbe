// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numberItems } from './index.ts'

const one = (name: string, code: string, id?: string) => ({ name, code, ...(id === undefined ? {} : { id }) })
const idsOf = (numbered: ReturnType<typeof numberItems>) => ('items' in numbered ? numbered.items.map(({ id }) => id) : numbered.wrong)
const known = [one('姓名', 'XM', 'i1'), one('金额', 'JE', 'i2'), one('备注', 'BZ', 'i4')]

test('a new entry numbers its items from one', () => {
  expect(numberItems([one('姓名', 'XM'), one('金额', 'JE')], [], 0)).toEqual({
    items: [one('姓名', 'XM', 'i1'), one('金额', 'JE', 'i2')],
    last: 2,
  })
})

test('an item keeps its id through renaming, retyping and another order', () => {
  expect(idsOf(numberItems([one('保障金额', 'BZJE', 'i2'), one('姓名', 'XM', 'i1')], known, 4))).toEqual(['i2', 'i1'])
})

test('who does not say ids means the item of the technical name, then of the name; what fits none is new', () => {
  expect(idsOf(numberItems([one('家庭成员姓名', 'xm'), one('金额', 'NEW'), one('住址', 'ZZ')], known, 4))).toEqual(['i1', 'i2', 'i5'])
  // 姓名 has the technical name of 金额: it is that item, and 金额 alone is new.
  expect(idsOf(numberItems([one('金额', 'X'), one('姓名', 'JE')], known, 4))).toEqual(['i5', 'i2'])
})

test('an id that was dropped is not given again, and one that is foreign or said twice is refused', () => {
  expect(idsOf(numberItems([one('姓名', 'XM', 'i1'), one('住址', 'ZZ')], known.slice(0, 1), 9))).toEqual(['i1', 'i10'])
  expect(idsOf(numberItems([one('住址', 'ZZ', 'i3')], known, 4))).toEqual([{ index: 0, id: 'i3' }])
  expect(idsOf(numberItems([one('甲', 'A', 'i1'), one('乙', 'B', 'i1')], known, 4))).toEqual([{ index: 1, id: 'i1' }])
})

test('whatever happens over many edits, no id ever stands for two items', () => {
  const edits = fc.array(
    fc.array(fc.record({ name: fc.constantFrom('甲', '乙', '丙'), code: fc.constantFrom('A', 'B', 'C', 'D') }), { maxLength: 5 }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  fc.assert(
    fc.property(edits, (steps) => {
      let known: readonly { name: string; code: string; id?: string | undefined }[] = []
      let last = 0
      for (const step of steps) {
        const before = new Set(known.map(({ id }) => id))
        const numbered = numberItems(step, known, last)
        if ('wrong' in numbered) return false
        const ids = numbered.items.map(({ id }) => id)
        if (new Set(ids).size !== ids.length) return false
        // What is new is numbered beyond everything that was ever given.
        if (ids.some((id) => !before.has(id) && Number(id.slice(1)) <= last)) return false
        ;({ items: known, last } = numbered)
      }
      return true
    }),
  )
})
