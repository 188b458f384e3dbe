import { expect, test } from 'vitest'
import { markWords } from './mark-words.ts'

const shown = (text: string, ...words: string[]) =>
  markWords(text, words)
    .map(({ text: piece, hit }) => (hit ? `<${piece}>` : piece))
    .join('')

test('words are marked where they stand, also when typed otherwise', () => {
  expect(shown('低保核对系统', '核对')).toBe('低保<核对>系统')
  expect(shown('殡葬服务ＡＰＰ（二期）', 'app', '〔二期〕')).toBe('殡葬服务<ＡＰＰ（二期）>')
  expect(shown('乌海政发〔2012〕17号', '2012', '17')).toBe('乌海政发〔<2012>〕<17>号')
})

test('what looks like a tag stays text, and nothing is lost', () => {
  const text = '<b>核对</b>㈠核对\u{20000}'
  const pieces = markWords(text, ['核对'])
  expect(pieces.map((piece) => piece.text).join('')).toBe(text)
  expect(pieces.filter((piece) => piece.hit)).toHaveLength(2)
})

test('without words, or in an empty text, nothing is marked', () => {
  expect(markWords('核对', [''])).toEqual([{ text: '核对', hit: false }])
  expect(markWords('', ['核对'])).toEqual([])
})
