import { expect, test } from 'vitest'
import { fillText } from './notice-text.ts'

test('what is put into a text stays as it was written, whatever it looks like', () => {
  const hostile = '{due} {{constructor}} $& <%= 1 %> __proto__'
  expect(fillText('《{title}》将于{due}期满', { title: hostile, due: '2026年3月2日' })).toBe(`《${hostile}》将于2026年3月2日期满`)
})

test('a place without a value, and a value without a place, are mistakes', () => {
  expect(() => fillText('《{title}》', {})).toThrow('{title}')
  expect(() => fillText('《{toString}》', {})).toThrow('{toString}')
  expect(() => fillText('《》', { title: 'x' })).toThrow('title')
})
