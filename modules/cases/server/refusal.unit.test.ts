import { InvalidState, InvalidValue, NotPermitted } from '@tongchou/kernel'
import { expect, test } from 'vitest'
import { refusalOf } from './refusal.ts'

const finding = (code: string) => ({ code, message: `${code} 的原因`, cure: '请更正' })

test.each(['task.not_holder', 'person.is_applicant', 'person.has_decided', 'person.not_parted', 'person.signed_already'])(
  '%s is a matter of who: 403',
  (code) => {
    const refusal = refusalOf([finding(code)])
    expect(refusal).toBeInstanceOf(NotPermitted)
    expect(refusal.message).toBe(`${code} 的原因。请更正。`)
  },
)

test.each([
  ['opinion.missing', 'opinion'],
  ['document.missing', 'documents'],
  ['document.unknown', 'documents'],
  ['choice.unknown', 'choices'],
  ['date.unknown', 'dates'],
  ['date.missing', 'dates'],
  ['date.past', 'dates'],
  ['outcome.unknown', 'outcome'],
])('%s is shown beside %s: 422', (code, path) => {
  const refusal = refusalOf([finding(code)])
  expect(refusal).toBeInstanceOf(InvalidValue)
  expect(refusal.fields).toEqual([{ path, message: `${code} 的原因。请更正。` }])
})

test.each(['task.closed', 'case.over', 'withdraw.too_late', 'withdraw.nothing', 'task.not_found'])(
  '%s is a matter of the state of the case: 409',
  (code) => {
    expect(refusalOf([finding(code)])).toBeInstanceOf(InvalidState)
  },
)

test('everything that is missing is named at once, the first as the reason', () => {
  const refusal = refusalOf([finding('opinion.missing'), finding('document.missing')])
  expect(refusal.code).toBe('opinion.missing')
  expect(refusal.fields.map((field) => field.path)).toEqual(['opinion', 'documents'])
})

test('a refusal without a reason is a defect of the program', () => {
  expect(() => refusalOf([])).toThrow('a refusal needs a finding')
})
