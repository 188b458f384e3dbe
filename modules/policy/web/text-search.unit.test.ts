// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countHits, markTerms, searchTerms } from './text-search.ts'

test('every place of a word is marked and numbered on from the article before', () => {
  expect(markTerms('项目建设单位提出项目申请', ['项目'], 3)).toEqual([
    { text: '项目', hit: 3 },
    { text: '建设单位提出', hit: null },
    { text: '项目', hit: 4 },
    { text: '申请', hit: null },
  ])
})

test('a longer word wins over one inside it', () => {
  const terms = searchTerms('项目 项目建设')
  expect(terms).toEqual(['项目建设', '项目'])
  expect(markTerms('项目建设', terms)).toEqual([{ text: '项目建设', hit: 0 }])
})

test('width and case do not hide a word', () => {
  expect(searchTerms('ＡＰＰ')).toEqual(['app'])
  expect(countHits('城市APP、城市ＡＰＰ', searchTerms('app'))).toBe(2)
})

test('a character that grows when folded moves no mark', () => {
  expect(markTerms('㎏项目', ['项目'])).toEqual([
    { text: '㎏', hit: null },
    { text: '项目', hit: 0 },
  ])
})

test('nothing to look for marks nothing', () => {
  expect(searchTerms('  ')).toEqual([])
  expect(countHits('项目', [])).toBe(0)
  expect(markTerms('项目', [])).toEqual([{ text: '项目', hit: null }])
})

test('the pieces joined are the text, whatever is looked for', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string({ minLength: 1, maxLength: 3 })), (text, words) => {
      expect(
        markTerms(text, searchTerms(words.join(' ')))
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text)
    }),
  )
})
