// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { shanghai } from './dates.ts'
import { describeTimeLeft } from './TimeLeft.tsx'

const today = '2026-11-22'

test('time left is said in words; red only when overdue, amber from two days on', () => {
  expect(describeTimeLeft({ workingDaysLeft: -3 }, today)).toEqual({ text: '已逾期 3 个工作日', tone: 'bad' })
  expect(describeTimeLeft({ workingDaysLeft: 0 }, today)).toEqual({ text: '今天到期', tone: 'soon' })
  expect(describeTimeLeft({ workingDaysLeft: 2 }, today)).toEqual({ text: '剩 2 个工作日', tone: 'soon' })
  expect(describeTimeLeft({ workingDaysLeft: 3 }, today)).toEqual({ text: '剩 3 个工作日', tone: 'plain' })
  expect(describeTimeLeft({ dueOn: '2026-11-21' }, today)).toEqual({ text: '已逾期 1 天', tone: 'bad' })
  expect(describeTimeLeft({ dueOn: '2027-01-01', provisional: true }, today)).toEqual({ text: '剩 40 天（暂定）', tone: 'plain' })
})

test('a clock that rests, is done or does not exist never looks late', () => {
  expect(describeTimeLeft({ workingDaysLeft: -3, paused: '等待补正' }, today)).toEqual({ text: '计时暂停：等待补正', tone: 'plain' })
  expect(describeTimeLeft({ dueOn: '2026-01-01', doneAt: '2026-02-01T17:00:00Z' }, today)).toEqual({
    text: '已办结 2026-02-02',
    tone: 'good',
  })
  expect(describeTimeLeft({}, today)).toEqual({ text: '无办理时限', tone: 'plain' })
})

test('the day is that of Shanghai, wherever the browser stands', () => {
  expect(shanghai('2026-11-22T16:00:00Z')).toEqual({ date: '2026-11-23', time: '00:00' })
})
