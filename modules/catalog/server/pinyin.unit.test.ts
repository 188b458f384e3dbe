import { expect, test } from 'vitest'
import { pinyinQuery, pinyinWays, readIn } from './pinyin.ts'

test('letters are read as syllables, as first letters, and as both; the last part may be a beginning', () => {
  expect(pinyinWays('dibao')[0]).toEqual(['di', 'bao'])
  expect(pinyinWays('db')).toContainEqual(['d', 'b'])
  expect(pinyinWays('dbjiating')).toContainEqual(['d', 'b', 'jia', 'ting'])
  expect(pinyinWays('diba')).toContainEqual(['di', 'ba'])
  expect(pinyinWays('xian')).toEqual(expect.arrayContaining([['xian'], ['xi', 'an']]))
  expect(pinyinQuery('db')).toContain("'_d' <-> '_b'")
  expect(pinyinQuery('低保')).toBeUndefined()
  expect(pinyinQuery('d')).toBeUndefined()
  // No one waits for what nobody types: ways are few.
  expect(pinyinWays('a'.repeat(40)).length).toBeLessThanOrEqual(24)
})

test('what is read is named by its characters, each with every reading', () => {
  const readings = new Map([
    ['重', ['chong', 'zhong']],
    ['点', ['dian']],
    ['人', ['ren']],
  ])
  expect(readIn('本市重点人群', 'zdr', readings)).toBe('重点人')
  expect(readIn('本市重点人群', 'chongdian', readings)).toBe('重点')
  expect(readIn('本市重点人群', 'zhongren', readings)).toBeUndefined()
})
