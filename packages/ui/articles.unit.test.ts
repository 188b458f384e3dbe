// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { articleHref, articleLabel, packOf } from './articles.ts'

test('a citation is written as an official would, and leads into the reading room', () => {
  expect(articleLabel('WH23-4')).toBe('乌海办法（2023）第四条')
  expect(articleLabel('WH23-10')).toBe('乌海办法（2023）第十条')
  expect(articleLabel('WH23-22')).toBe('乌海办法（2023）第二十二条')
  expect(packOf('WH23-15')).toBe('wuhai-2023')
  expect(articleHref('WH23-15')).toBe('/policy/wuhai-2023/WH23-15')
})

test('a citation of a pack that is not known here keeps its own name', () => {
  expect(articleLabel('XX30-2.1')).toBe('XX30-2.1')
})
