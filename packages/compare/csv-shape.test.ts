import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { shapeHere, shapeOf } from './csv-shape.ts'
import { openSource } from './source-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'tongchou-shape-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const line = `150302195001010011,户主,"海勃湾区 ""新华"" 街道"\n`
const large = line.repeat(300_000)

test.each([
  ['well formed', large],
  ['with a line of other width near its end', `${large}A,B\n${line}`],
  ['without an end to its last quotation mark', `${large}A,B,"C`],
])('a large file %s is told from a thread as it is told here', async (name, body) => {
  const path = join(folder, `${name}.csv`)
  writeFileSync(path, `id,name,address\n${body}`)
  const file = await openSource('left', path)
  const [apart, here] = await Promise.allSettled([shapeOf(file), shapeHere(file)])
  expect(apart).toEqual(here)
})

test('what is not UTF-8 is told too, and a reading that is given up ends', async () => {
  const path = join(folder, 'latin.csv')
  writeFileSync(path, Buffer.concat([Buffer.from(`id,name,address\n${large}`), Buffer.from([0xb0, 0xa1, 0x0a])]))
  const file = await openSource('left', path)
  expect(await shapeOf(file)).toBeUndefined()
  const given = new AbortController()
  const reading = shapeOf(file, given.signal)
  given.abort(new Error('given up'))
  await expect(reading).rejects.toThrow('given up')
})
