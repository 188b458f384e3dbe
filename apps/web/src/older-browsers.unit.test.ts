// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { at, clonePlain, hasOwn } from './older-browsers.ts'

test('what older browsers get answers as the standard functions do', () => {
  for (const index of [0, 1, -1, -3, 5, -9, 1.7, Number.NaN]) expect(at.call([1, 2, 3], index)).toBe([1, 2, 3].at(index))
  expect(at.call('统筹', -1)).toBe('筹')
  const object = { a: undefined, b: 0 }
  for (const key of ['a', 'b', 'toString']) expect(hasOwn(object, key)).toBe(Object.hasOwn(object, key))
  const layers = [['a'], ['b', 'c']]
  expect(clonePlain(layers)).toEqual(layers)
  expect(clonePlain(layers)[0]).not.toBe(layers[0])
})
