// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countHits, markTerm, numberHits, paragraphsOf, searchTerm } from './text-search.ts'

test('every place of a word is marked and numbered on from the article before', () => {
  expect(markTerm('项目建设单位提出项目申请', '项目', 3)).toEqual([
    { text: '项目', hit: 3 },
    { text: '建设单位提出', hit: null },
    { text: '项目', hit: 4 },
    { text: '申请', hit: null },
  ])
})

test('width, case and blanks do not hide a word', () => {
  expect(searchTerm(' 城市 ＡＰＰ ')).toBe('城市app')
  expect(countHits('城市APP、城市ＡＰＰ', searchTerm('城市app'))).toBe(2)
})

test('a character that grows when folded moves no mark', () => {
  expect(markTerm('㎏项目', '项目')).toEqual([
    { text: '㎏', hit: null },
    { text: '项目', hit: 0 },
  ])
})

test('nothing to look for marks nothing', () => {
  expect(searchTerm('  ')).toBe('')
  expect(countHits('项目', '')).toBe(0)
  expect(markTerm('项目', '')).toEqual([{ text: '项目', hit: null }])
})

test('the pieces joined are the text, whatever is looked for', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', maxLength: 3 }), (text, query) => {
      const pieces = markTerm(text, searchTerm(query))
      expect(pieces.map((piece) => piece.text).join('')).toBe(text)
    }),
  )
})

test('hits are numbered through the paragraphs of an article', () => {
  expect(paragraphsOf('项目一。\n没有。\n项目和项目。', '项目', 5)).toEqual([
    { at: 0, text: '项目一。', firstHit: 5 },
    { at: 5, text: '没有。', firstHit: 6 },
    { at: 9, text: '项目和项目。', firstHit: 6 },
  ])
})

test('hits are numbered through a document, past an article whose words are not held', () => {
  const { total, byId } = numberHits(
    [
      { id: 'A-1', text: '项目、项目' },
      { id: 'A-2', text: null },
      { id: 'A-3', text: '目录\n项目' },
    ],
    '项目',
  )
  expect(total).toBe(3)
  expect([...byId]).toEqual([
    ['A-1', { first: 0, count: 2 }],
    ['A-2', { first: 2, count: 0 }],
    ['A-3', { first: 2, count: 1 }],
  ])
})
