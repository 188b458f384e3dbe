import { expect, test } from 'vitest'
import { disclosureIndexNumber, documentNumber, parseDisclosureIndexNumber, parseDocumentNumber } from './document-number.ts'

test.each(['〔2012〕', '[2012]', '［2012］', '(2012)', '（2012）', '【2012】', '〖2012〗', ' [2012] '])(
  'brackets as in 乌海政发%s17号 become 〔〕',
  (year) => {
    expect(parseDocumentNumber(` 乌海政发${year}17号`)).toEqual({
      ok: true,
      value: { agencyWord: '乌海政发', year: 2012, serial: 17, text: '乌海政发〔2012〕17号' },
    })
  },
)

test.each([
  ['格政办〔2018〕6号', '格政办〔2018〕6号'],
  ['国办发〔2019〕57号', '国办发〔2019〕57号'],
])('%s stays as it is', (text, normal) => {
  expect(parseDocumentNumber(text)).toMatchObject({ ok: true, value: { text: normal } })
})

test.each([
  ['乌海政发〔2012〕017号', 'document_number.padding', 11],
  ['乌海政发〔2012〕0号', 'document_number.padding', 11],
  ['乌海政发〔2012〕第17号', 'document_number.ordinal', 11],
  ['乌海政发〔2012〕17', 'document_number.no_suffix', 12],
  ['乌海政发〔2012〕１７号', 'document_number.serial', 11],
  ['乌海政发〔2012〕十七号', 'document_number.serial', 11],
  ['乌海政发〔2012〕号', 'document_number.serial', 11],
  ['乌海政发〔2012]17号', 'document_number.brackets', 5],
  ['乌海政发〔1012〕17号', 'document_number.year', 6],
  ['乌海政发〔12〕17号', 'document_number.malformed', undefined],
  ['乌海政发2012-17号', 'document_number.malformed', undefined],
  ['〔2012〕17号', 'document_number.malformed', undefined],
  ['', 'document_number.malformed', undefined],
  [`${'乌'.repeat(21)}〔2012〕17号`, 'document_number.agency_word', 1],
  ['乌海政发〔2012〕99999999999999999999号', 'document_number.serial', undefined],
])('%s is refused as %s', (text, code, position) => {
  const parsed = parseDocumentNumber(text)
  expect(parsed).toMatchObject({ ok: false, problem: { code } })
  expect(parsed.ok ? 0 : parsed.problem.position).toBe(position)
})

test('a number is built under the same rules', () => {
  expect(documentNumber('乌数函', 2026, 3)).toMatchObject({ ok: true, value: { text: '乌数函〔2026〕3号' } })
  expect(documentNumber('乌数函', 2026, 0)).toMatchObject({ ok: false, problem: { code: 'document_number.serial' } })
  expect(documentNumber('乌 函', 2026, 1)).toMatchObject({ ok: false, problem: { code: 'document_number.agency_word' } })
})

test('a disclosure index number is read with its organisation code checked', () => {
  const value = { organisationCode: '015080218', year: 2018, serial: 6, text: '015080218/2018-00006' }
  expect(parseDisclosureIndexNumber('015080218/2018-00006')).toEqual({ ok: true, value })
  expect(parseDisclosureIndexNumber('01508021-8/2018-00006')).toEqual({ ok: true, value })
  expect(disclosureIndexNumber('015080218', 2018, 6)).toEqual({ ok: true, value })
})

test.each([
  ['015080217/2018-00006', 'organisation_code.check_digit'],
  ['015080218/2018-6', 'disclosure_index.malformed'],
  ['015080218/2018-00000', 'disclosure_index.serial'],
  ['015080218/1812-00006', 'disclosure_index.year'],
  ['015080218-2018-00006', 'disclosure_index.malformed'],
])('the index number %s is refused as %s', (text, code) => {
  expect(parseDisclosureIndexNumber(text)).toMatchObject({ ok: false, problem: { code } })
})
