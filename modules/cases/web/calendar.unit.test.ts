import { newLine } from '@tongchou/ui'
import { expect, test } from 'vitest'
import {
  arrangementsOf,
  countKinds,
  daysOfYear,
  formOfNotice,
  type HolidayNotice,
  linesOfWeek,
  noticeOfForm,
  stretchTroubles,
  timeOf,
  timeTroubles,
  weekOfLines,
  weeksOf,
  weekText,
} from './calendar.ts'

const off = (name: string, ...dates: string[]) => dates.map((date) => ({ name, date, isOffDay: true }))
const worked = (name: string, ...dates: string[]) => dates.map((date) => ({ name, date, isOffDay: false }))
const notice = (year: number, days: HolidayNotice['days']): HolidayNotice => ({
  ...{ year, days, papers: ['https://www.gov.cn/1.htm'], isPublished: days.length > 0, version: 0, loadedBy: null, loadedAt: null },
})

test('a year is its weekdays with what the notices say, also the notice of the year after', () => {
  const days = daysOfYear([notice(2012, worked('元旦', '2011-12-31')), notice(2011, off('元旦', '2011-01-03'))], 2011)
  expect(days).toHaveLength(365)
  const of = (date: string) => days.find((day) => day.date === date)
  expect([of('2011-01-01')?.kind, of('2011-01-03')?.kind, of('2011-01-04')?.kind, of('2011-12-31')?.kind]).toEqual([
    'weekend',
    'off',
    'work',
    'worked',
  ])
  expect(countKinds(days)).toEqual({ work: 259, weekend: 104, off: 1, worked: 1 })
})

test('a month stands in weeks that begin on Monday', () => {
  const weeks = weeksOf(daysOfYear([], 2026).filter(({ date }) => date.startsWith('2026-11')))
  expect(weeks.map((week) => week.length)).toEqual([7, 7, 7, 7, 7, 7])
  expect(weeks[0]?.map(({ day }) => day?.date.slice(8) ?? '')).toEqual(['', '', '', '', '', '', '01'])
})

test('a holiday is one line with its days and what is worked for it; two stretches are two lines', () => {
  const days = [...off('国庆节', '2026-10-01', '2026-10-02', '2026-10-05'), ...worked('国庆节', '2026-09-27', '2026-10-10')]
  expect(arrangementsOf(days)).toEqual([
    { name: '国庆节', from: '2026-10-01', to: '2026-10-02', dayCount: 2, worked: ['2026-09-27'] },
    { name: '国庆节', from: '2026-10-05', to: '2026-10-05', dayCount: 1, worked: ['2026-10-10'] },
  ])
})

test('a notice goes into the form and comes out of it as it was, each day with its item', () => {
  const days = [...off('元旦', '2026-01-01', '2026-01-02'), ...worked('元旦', '2026-01-04')]
  const { notice: sent, places } = noticeOfForm(formOfNotice(notice(2026, days)))
  expect(sent).toEqual({ year: 2026, papers: ['https://www.gov.cn/1.htm'], days })
  expect(places).toEqual(['off/0/from', 'off/0/from', 'worked/0/date'])
})

test('a stretch that ends before it begins, or lasts for months, is named with its line', () => {
  const lines = [
    newLine({ from: '2027-01-03', to: '2027-01-01' }),
    newLine({ from: '2027-01-01', to: '2028-01-01' }),
    newLine({ from: '2027-01-01', to: '2027-01-01' }),
  ]
  expect(stretchTroubles(lines).map(({ path }) => path)).toEqual(['off/0/to', 'off/1/to'])
})

test('working hours are read and said in words, Monday to Friday as one where they are alike', () => {
  const lines = [
    { days: 'workdays', from: '14:30', to: '18:00' },
    { days: 'workdays', from: '8:30', to: '12：00' },
    { days: '6', from: '09:00', to: '12:00' },
  ]
  const week = weekOfLines(lines)
  expect(week['3']).toEqual([
    { from: '08:30', to: '12:00' },
    { from: '14:30', to: '18:00' },
  ])
  expect(weekText(week)).toBe('周一至周五 08:30—12:00、14:30—18:00；周六 09:00—12:00')
  expect(weekOfLines(linesOfWeek(week))).toEqual(week)
  expect(weekText({ 1: [{ from: '09:00', to: '12:00' }] })).toBe('周一 09:00—12:00')
})

test('a time of day is read as offices write it, and named where it is none', () => {
  expect(['8:30', '08：30', '24:00', '24:30', '8点半', '12:60'].map(timeOf)).toEqual([
    '08:30',
    '08:30',
    '24:00',
    undefined,
    undefined,
    undefined,
  ])
  expect(timeTroubles([newLine({ days: '1', from: '8点半', to: '12:00' })])).toEqual([
    { path: 'spans/0/from', message: '第 1 行开始：“8点半”不是时刻，应如 08:30' },
  ])
})
