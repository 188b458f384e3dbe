// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { chaptersOf, parentOf } from './outline.ts'

test('articles stand in the chapters of the text, in its order', () => {
  const chapters = chaptersOf([
    { id: 'WH23-1', chapter: '第一章 总则' },
    { id: 'WH23-2', chapter: '第一章 总则' },
    { id: 'WH23-5', chapter: '第二章 规划' },
  ])
  expect(chapters.map((chapter) => [chapter.key, chapter.title, chapter.articles.map((article) => article.id)])).toEqual([
    ['chapter-1', '第一章 总则', ['WH23-1', 'WH23-2']],
    ['chapter-2', '第二章 规划', ['WH23-5']],
  ])
})

test('an item belongs to the nearest article above it that the text has', () => {
  const ids = new Set(['GE18-2.1', 'GE18-2.1a', 'GE18-2.3.1', 'WH12-1', 'WH12-14'])
  expect(parentOf('GE18-2.1a', ids)).toBe('GE18-2.1')
  expect(parentOf('GE18-2.3.1', ids)).toBeNull()
  expect(parentOf('GE18-2.1.4b', ids)).toBe('GE18-2.1')
  expect(parentOf('WH12-14', ids)).toBeNull()
})
