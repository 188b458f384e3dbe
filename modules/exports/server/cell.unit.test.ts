import type { ListColumn, ListColumnKind } from '@tongchou/kernel'
import { describe, expect, test } from 'vitest'
import { cellOf, harmless } from './cell.ts'

const column = (kind: ListColumnKind): ListColumn => ({ key: 'x', title: 'x', kind, read: (item) => item as string | number | null })

describe('a cell', () => {
  test('money is a number of 元, to the 分', () => {
    expect(cellOf(column('money'), 10_000_000_000_001)).toBe(100_000_000_000.01)
    expect(cellOf(column('money'), 0)).toBe(0)
    expect(cellOf(column('money'), null)).toBeNull()
  })

  test('a date is a date, an instant what the clock in Shanghai showed', () => {
    expect(cellOf(column('date'), '2026-02-28')).toEqual(new Date('2026-02-28T00:00:00Z'))
    expect(cellOf(column('instant'), '2026-02-28T16:30:00Z')).toEqual(new Date('2026-03-01T00:30:00Z'))
  })

  test('an identifier stays text, leading zeros and all', () => {
    expect(cellOf(column('text'), '015080218/2018-00006')).toBe('015080218/2018-00006')
    expect(cellOf(column('text'), '91150300MA0N12345X')).toBe('91150300MA0N12345X')
  })
})

describe('a text that begins like a formula', () => {
  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1+1', '＋1', '－1', '＠x', ' =1', '\u00a0=1', '\u0000=1'])(
    '%j is set apart',
    (text) => expect(harmless(text)).toMatch(/^'/),
  )

  test.each(['民政-核对', '2026年', '（一）', '乌海政发〔2012〕17号', ''])('%j is not one', (text) => expect(harmless(text)).toBe(text))

  test('what no sheet can hold is left out', () => {
    expect(harmless('甲\u0000乙\u0008')).toBe('甲乙')
    expect(harmless('长'.repeat(40_000))).toHaveLength(32_000)
  })
})
