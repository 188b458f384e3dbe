import { expect, test } from 'vitest'
import { markTable, readTable } from '../packages/workbook/index.ts'
import { markHere, readHere } from '../packages/workbook/workbook.given.ts'
import { throwWorkbooks } from './workbook.ts'

// The long run has a child process for each: `npm run hostile -- workbook --n 1000`.
test('six hundred spoilt files end in rows or in a refusal by its name; what is marked says what it said', async () => {
  const report = await throwWorkbooks({ read: (bytes) => readHere(bytes), mark: markHere }, { seed: 20_261_129, from: 0, count: 600 })
  expect(report.faults).toEqual([])
  // The draws reach what they are meant to reach.
  for (const verdict of ['read', 'table.damaged', 'table.xml', 'table.structure', 'table.encoding', 'table.part_missing'])
    expect(report.verdicts.get(verdict) ?? 0, verdict).toBeGreaterThan(3)
  expect(report.marked).toBeGreaterThan(50)
})

test('eight of them by the product’s own child processes', async () => {
  const report = await throwWorkbooks(
    { read: (bytes) => readTable(bytes), mark: (bytes, findings) => markTable(bytes, findings) },
    { seed: 4711, from: 0, count: 8 },
  )
  expect(report.faults).toEqual([])
})
