// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { withChoice } from './modes.ts'
import type { ModeSetting } from './policy-api.ts'

const setting: ModeSetting = {
  mode: 'advise',
  defaultMode: 'advise',
  rules: { 'government-cloud': 'enforce' },
  version: 3,
  updatedBy: null,
  updatedAt: null,
}

test('a rule set by itself leaves the pack and the other rules as they were', () => {
  expect(withChoice(setting, 'city-brain', 'enforce')).toEqual({
    mode: 'advise',
    rules: { 'government-cloud': 'enforce', 'city-brain': 'enforce' },
    version: 3,
  })
})

test('a rule that follows the pack again is no longer named', () => {
  expect(withChoice(setting, 'government-cloud', 'follow')).toEqual({ mode: 'advise', rules: {}, version: 3 })
})

test('setting the pack keeps what rules are set to by themselves', () => {
  expect(withChoice(setting, null, 'enforce')).toEqual({ mode: 'enforce', rules: { 'government-cloud': 'enforce' }, version: 3 })
  expect(withChoice(setting, null, 'follow').mode).toBeNull()
})
