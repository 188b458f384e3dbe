// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { checkForm, parseForm } from './form.ts'

const checks = {
  isCivilDate: () => true,
  numberProblem: (of: string, text: string) => (text.endsWith('号') ? undefined : `不是${of}`),
}

function formOf(field: object) {
  return parseForm({ id: 'f', title: '表单', version: 1, fields: [{ id: 'number', title: '批复文号', ...field }] })
}

test('a number of a form names what kind it is; another kind is refused where the pack is loaded', () => {
  expect(formOf({ type: 'identifier', of: 'document-number' })).toMatchObject({
    form: { fields: [{ type: 'identifier', of: 'document-number', required: true }] },
  })
  expect(formOf({ type: 'identifier', of: 'phone' })).toMatchObject({ problems: [{ path: 'fields/0/of' }] })
  expect(formOf({ type: 'identifier' })).toHaveProperty('problems')
})

test('a number that was filled in is checked by the caller, an empty one only where it must be there', () => {
  const parsed = formOf({ type: 'identifier', of: 'document-number', required: false })
  if (!('form' in parsed)) throw new Error('the form is in order')
  expect(checkForm(parsed.form, { number: '乌发改〔2026〕1号' }, checks)).toEqual([])
  expect(checkForm(parsed.form, {}, checks)).toEqual([])
  expect(checkForm(parsed.form, { number: '一号文' }, checks)).toEqual([{ path: 'number', message: '批复文号：不是document-number' }])
  expect(checkForm(parsed.form, { number: 7 }, checks)).toEqual([{ path: 'number', message: '批复文号：应为文字' }])
})
