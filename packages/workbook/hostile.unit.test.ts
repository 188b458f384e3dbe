import { describe, expect, test } from 'vitest'
import { hostileFiles } from './hostile.given.ts'
import { defaultLimits } from './limits.ts'
import { givenBook, givenParts, readHere, textRows, verdictOn, zipOf } from './workbook.given.ts'

describe('files that somebody built to break a reader end in rows or in a refusal by its name', () => {
  test.each(hostileFiles.map(({ name, verdict, make }) => [name, verdict, make] as const))('%s: %s', async (_name, verdict, make) => {
    expect(await verdictOn(make())).toBe(verdict)
  })
})

test('the real bytes are counted: parts that together pass the limit are refused though each is within', async () => {
  const book = givenBook({ sheets: [{ rows: textRows([['a'.repeat(3000)]]) }, { rows: textRows([['b'.repeat(3000)]]) }] })
  const limits = { ...defaultLimits, inflatedBytes: 7000 }
  expect(await verdictOn(book, { limits })).toBe('table.inflates_too_much')
  expect(await verdictOn(book, { limits: { ...limits, inflatedBytes: 10_000 } })).toBe('read')
})

test('a name that leads nowhere outside is harmless in letters that a part may have', async () => {
  const entries = [...givenParts({ sheets: [{ rows: textRows([['a']]) }] })].map(([name, data]) => ({ name, data }))
  expect(await verdictOn(zipOf([...entries, { name: 'xl/media/图..片.png', data: 'x' }, { name: 'docProps/', data: '' }]))).toBe('read')
})

test.each([
  ['rows', 2, 'table.too_many_rows', { sheet: '表', row: 3 }],
  ['columns', 1, 'table.too_many_columns', { sheet: '表', row: 1, column: 2 }],
  ['cells', 3, 'table.too_many_cells', { sheet: '表', row: 2, column: 2 }],
  ['characters', 5, 'table.too_much_text', { sheet: '表', row: 2, column: 1 }],
  ['cellLength', 2, 'table.cell_too_long', { sheet: '表', row: 1, column: 2 }],
  ['sheets', 0, 'table.too_many_sheets', {}],
  ['xmlDepth', 3, 'table.too_deep', { part: 'xl/worksheets/sheet1.xml' }],
  ['entries', 3, 'table.too_many_entries', {}],
] as const)('%s: what is one over the limit is refused where it stands', async (limit, most, code, place) => {
  const book = givenBook({
    sheets: [
      {
        rows: textRows([
          ['a', 'bcd'],
          ['ef', 'g'],
          ['h', 'i'],
        ]),
      },
    ],
  })
  const limits = { ...defaultLimits, [limit]: most }
  await expect(readHere(book, { limits })).rejects.toMatchObject({ code, place })
})
