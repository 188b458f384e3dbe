import { expect, test } from 'vitest'
import { inTurn, median, quantile } from './measure.ts'

test('the middle of an odd and of an even number of figures', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2)
})

test('of a hundred figures, ninety-five do not exceed the p95', () => {
  const figures = Array.from({ length: 100 }, (_, index) => 100 - index)
  expect(quantile(figures, 0.95)).toBe(95)
  expect(quantile([7], 0.95)).toBe(7)
})

test('no figures have no middle', () => {
  expect(() => median([])).toThrow(RangeError)
})

test('the parties are measured in turn', async () => {
  const order: string[] = []
  const party = (name: string) => async () => order.push(name)
  const figures = await inTurn({ ours: party('ours'), limit: party('limit') }, 2)
  expect(order).toEqual(['ours', 'limit', 'ours', 'limit'])
  expect(figures).toEqual({ ours: [1, 3], limit: [2, 4] })
})
