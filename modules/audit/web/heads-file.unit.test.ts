import { expect, test } from 'vitest'
import { readHeads } from './heads-file.ts'

const hash = 'ab'.repeat(32)

test('heads are read one a line, as the page and the command write them, or as a list', () => {
  const lines = `{"position":3,"hash":"${hash}","sealedAt":"2026-03-02T01:00:00Z"}\n{"position":5,"hash":"${hash}"}\n`
  const heads = [3, 5].map((position) => ({ position, hash }))
  expect(readHeads(lines)).toEqual(heads)
  expect(readHeads(JSON.stringify(heads))).toEqual(heads)
})

test.each(['', '[]', '{}', 'x', `{"position":"3","hash":"${hash}"}`, '{"position":3,"hash":"short"}'])(
  '%j holds none, and it is said',
  (text) => {
    expect(readHeads(text)).toContain('没有链头')
  },
)
