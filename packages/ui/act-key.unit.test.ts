// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { ActKey } from './data.ts'

test('the same input keeps its key until an answer came; then, and for other input, the key is new', () => {
  const keys = new ActKey()
  const first = keys.keyFor({ opinion: '同意' })
  expect(keys.keyFor({ opinion: '同意' })).toBe(first)
  const other = keys.keyFor({ opinion: '不同意' })
  expect(other).not.toBe(first)
  keys.settle()
  expect(keys.keyFor({ opinion: '不同意' })).not.toBe(other)
})
