import { applicationLogin } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { afterAll, expect, test } from 'vitest'
import { openSandbox } from './differential-sandbox.ts'
import { openOracles } from './oracles.ts'

const { connection } = await testDatabase()
const sandbox = openSandbox(applicationLogin(connection))
afterAll(() => sandbox.close())
const oracles = await openOracles(sandbox)

// The long run: `npm run hostile -- oracles --n 400`.
test('no filter, sort, search, count, page or export lets anybody feel what they may not read', async () => {
  const report = await oracles.run({ seed: 20_261_129, perPair: 15 })
  expect(report.faults).toEqual([])
  // It compared something: things that were hidden from people of another unit, of no such duty and of another area, and answers with content.
  for (const asker of ['stranger', 'district', 'tender', 'supervisor', 'citizen'])
    expect(report.pairs.filter((pair) => pair.endsWith(asker)).length, asker).toBeGreaterThan(0)
  expect(report.answered).toBeGreaterThan(report.asked / 4)
  // A list that joins the contract is asked from then on.
  expect(oracles.operations.filter(({ id }) => !report.operations.has(id)).map(({ id }) => id)).toEqual([])
}, 120_000)
