import { expect, test } from 'vitest'
import { moneySteps } from './overview-api.ts'

const money = { projectCount: 2, budgetFen: 300, approvedFen: 200, fundedFen: 150, contractedFen: 199, paidFen: 1, heldFen: 0 }

test('each amount is a share of what was approved', () => {
  expect(moneySteps(money).map(({ percent }) => percent)).toEqual([100, 75, 100, 1])
})

test('of nothing approved there is no share', () => {
  expect(moneySteps({ ...money, approvedFen: 0 }).map(({ percent }) => percent)).toEqual([null, null, null, null])
})
