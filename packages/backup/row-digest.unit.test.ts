import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RowDigest } from './row-digest.ts'

const text = fc.array(
  fc.string().map((row) => row.replaceAll('\n', '\\n')),
  { maxLength: 20 },
)

function digestOf(rows: readonly string[], cuts: readonly number[] = []) {
  const bytes = Buffer.from(rows.map((row) => `${row}\n`).join(''))
  const digest = new RowDigest()
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  for (const [index, place] of places.entries()) if (index > 0) digest.update(bytes.subarray(places[index - 1], place))
  return digest.result()
}

/** The same by numbers of any size. */
function plainly(rows: readonly string[]) {
  const sum = rows.reduce((so, row) => so + BigInt(`0x${createHash('sha256').update(row).digest('hex')}`), 0n)
  return { rows: rows.length, digest: BigInt.asUintN(256, sum).toString(16).padStart(64, '0') }
}

test('the digest is the sum of the rows, however they come in pieces and in whatever order', () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat()), (rows, cuts) => {
      expect(digestOf(rows, cuts)).toEqual(plainly(rows))
      expect(digestOf(rows.toReversed(), cuts)).toEqual(plainly(rows))
    }),
  )
})

test('a row more, a row twice and another row are told', () => {
  const { digest } = digestOf(['a', 'b'])
  for (const other of [['a'], ['a', 'b', 'b'], ['a', 'c'], ['ab'], ['a', 'b', '']]) expect(digestOf(other).digest).not.toBe(digest)
})

test('a table that ends within a row is not digested', () => {
  const digest = new RowDigest()
  digest.update(Buffer.from('a\nb'))
  expect(() => digest.result()).toThrow()
})
