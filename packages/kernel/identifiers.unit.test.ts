import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkCitizenId, checkSocialCreditCode, upgradeCitizenId } from './identifiers.ts'
import { checkOrganisationCode, organisationCheckCharacter } from './numbers/check-characters.ts'
import type { Checked } from './numbers/checked.ts'
import { syntheticCitizenId, syntheticOrganisationCode, syntheticSocialCreditCode } from './synthetic.ts'

const NOW = new Date('2026-11-22T01:00:00Z')

const CITIZENS = [
  '11010519491231002X',
  '150302199003070008',
  '150303198512310008',
  '150304200002290007',
  '632801197506150008',
  '15030219900108000X',
]
const CREDIT_CODES = [
  '91350100M000100Y43',
  '111503009001300030',
  '11150300900030002A',
  '12150300900020007Y',
  '1115030090008000XL',
  '11511301008778183N',
  '115113010833722043',
  '11511300MB1A21304N',
]
const ORGANISATIONS = ['015080218', '008778183', '90008000X', '900180000']

function codeOf(checked: Checked<unknown>): string {
  return checked.ok ? 'valid' : checked.problem.code
}

function substituted(value: string, place: number, character: string): string {
  return value.slice(0, place) + character + value.slice(place + 1)
}

describe('citizen identity numbers', () => {
  test.each(CITIZENS)('%s is accepted', (value) => {
    expect(checkCitizenId(value, NOW)).toMatchObject({ ok: true, value: { value, warnings: [] } })
  })

  test('the parts are read out', () => {
    expect(checkCitizenId('150303198512310008', NOW)).toMatchObject({
      ok: true,
      value: {
        bornOn: '1985-12-31',
        sex: 'female',
        divisionCode: '150303',
        division: { name: '海南区', parents: [{ name: '内蒙古自治区' }, { name: '乌海市' }] },
      },
    })
  })

  test('a lower-case x and spaces around are normalised', () => {
    expect(checkCitizenId(' 11010519491231002x ', NOW)).toMatchObject({ ok: true, value: { value: '11010519491231002X' } })
  })

  test('a 15-digit number is upgraded, and refused where 18 characters are required', () => {
    expect(upgradeCitizenId('110105491231002', NOW)).toMatchObject({ ok: true, value: { value: '11010519491231002X' } })
    expect(checkCitizenId('110105491231002', NOW)).toMatchObject({
      ok: false,
      problem: { code: 'citizen_id.old_form', cure: expect.stringContaining('18位') },
    })
    expect(codeOf(upgradeCitizenId('110105491331002', NOW))).toBe('citizen_id.birth_date')
    expect(codeOf(upgradeCitizenId('11010549123100X', NOW))).toBe('citizen_id.character')
    expect(codeOf(upgradeCitizenId('11010519491231002X', NOW))).toBe('citizen_id.length')
  })

  test.each([
    ['a wrong check digit', '110105194912310021', 'citizen_id.check_digit'],
    ['29 February of 1900, which was no leap year', syntheticCitizenId('150302', '1900-02-29'), 'citizen_id.birth_date'],
    ['month 13', syntheticCitizenId('150302', '1990-13-01'), 'citizen_id.birth_date'],
    ['a birth in the future', syntheticCitizenId('150302', '2026-11-23'), 'citizen_id.birth_in_future'],
    ['a birth before any living person', syntheticCitizenId('150302', '1819-01-01'), 'citizen_id.birth_too_early'],
    ['full-width digits', '１５０３０２１９９００３０７０００８', 'citizen_id.character'],
    ['the letter O for a zero', '15O302199003070008', 'citizen_id.character'],
    ['an X before the last place', '1503021990030700X8', 'citizen_id.character'],
    ['an inner space', '150302 19900307000', 'citizen_id.character'],
    ['a full-width X', '11010519491231002Ｘ', 'citizen_id.character'],
    ['a lone surrogate', `15030219900307000${'\ud800'}`, 'citizen_id.character'],
    ['17 characters', '15030219900307000', 'citizen_id.length'],
    ['nothing', '', 'citizen_id.length'],
  ])('%s is refused', (_, value, code) => {
    expect(codeOf(checkCitizenId(value, NOW))).toBe(code)
  })

  test('a birth today counts as born; the day is that of Shanghai', () => {
    const bornOn22 = syntheticCitizenId('150302', '2026-11-22')
    expect(codeOf(checkCitizenId(bornOn22, new Date('2026-11-21T16:00:00Z')))).toBe('valid')
    expect(codeOf(checkCitizenId(bornOn22, new Date('2026-11-21T15:59:59Z')))).toBe('citizen_id.birth_in_future')
  })

  test('the problem names the place and the cure', () => {
    expect(checkCitizenId('15O302199003070008', NOW)).toEqual({
      ok: false,
      problem: {
        code: 'citizen_id.character',
        message: '公民身份号码第3位是字母O，不是数字0',
        cure: '前17位为半角数字，第18位为半角数字或X，请改正',
        position: 3,
      },
    })
  })

  test('a division that was abolished is known, one that never was gives a warning and no refusal', () => {
    expect(checkCitizenId(syntheticCitizenId('110103', '1980-05-01'), NOW)).toMatchObject({
      ok: true,
      value: { division: { name: '崇文区', state: 'abolished' }, warnings: [] },
    })
    expect(checkCitizenId(syntheticCitizenId('150301', '1980-05-01'), NOW)).toMatchObject({
      ok: true,
      value: { warnings: [expect.stringContaining('150301')] },
    })
  })

  test('every single-character substitution is refused', () => {
    for (const value of CITIZENS)
      for (let place = 0; place < 18; place++)
        for (const character of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')
          if (value[place] !== character)
            expect(codeOf(checkCitizenId(substituted(value, place, character), NOW)), `${value} ${place} ${character}`).not.toBe('valid')
  })

  test('a substitution by any character at all is refused', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CITIZENS),
        fc.nat(17),
        fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
        (value, place, character) => {
          fc.pre(character.toUpperCase() !== value[place])
          return !checkCitizenId(substituted(value, place, character), NOW).ok
        },
      ),
    )
  })
})

describe('unified social credit codes', () => {
  test.each(CREDIT_CODES)('%s is accepted', (value) => {
    expect(checkSocialCreditCode(value)).toMatchObject({ ok: true, value: { value, organisationCode: value.slice(8, 17) } })
  })

  test.each([
    ["the standard's misprint", '91350100M000100Y4Z', 'social_credit_code.character'],
    ['a value of the service-item data that is no such code', 'TE5116020105116050', 'social_credit_code.check_digit'],
    ['a wrong last character', '111503009001300031', 'social_credit_code.check_digit'],
    ['the letter I', '1I1503009001300030', 'social_credit_code.character'],
    ['a small dotless i, which is no I', '1ı1503009001300030', 'social_credit_code.character'],
    ['a letter in the division code', '1115A3009001300030', 'social_credit_code.character'],
    ['full-width characters', '１11503009001300030', 'social_credit_code.character'],
    ['17 characters', '11150300900130003', 'social_credit_code.length'],
  ])('%s is refused', (_, value, code) => {
    expect(codeOf(checkSocialCreditCode(value))).toBe(code)
  })

  test('a wrong inner organisation code is refused even when the outer check fits', () => {
    // 11150300 900130004 with the outer check that its own 17 characters give.
    const outer = ['0123456789ABCDEFGHJKLMNPQRTUWXY']
      .flatMap((alphabet) => [...alphabet])
      .map((last) => checkSocialCreditCode(`11150300900130004${last}`))
    expect(outer.filter((checked) => checked.ok)).toEqual([])
    expect(outer.map(codeOf)).toContain('social_credit_code.organisation_check_digit')
  })

  test('lower case is normalised; an unusual registrar and an unknown division are warnings', () => {
    expect(checkSocialCreditCode('91350100m000100y43')).toMatchObject({ ok: true, value: { value: '91350100M000100Y43', warnings: [] } })
    expect(checkSocialCreditCode(syntheticSocialCreditCode('71', '150301', 5))).toMatchObject({
      ok: true,
      value: { warnings: [expect.stringContaining('第1位'), expect.stringContaining('150301')] },
    })
  })

  test('every single-character substitution is refused', () => {
    for (const value of CREDIT_CODES)
      for (let place = 0; place < 18; place++)
        for (const character of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')
          if (value[place] !== character)
            expect(codeOf(checkSocialCreditCode(substituted(value, place, character))), `${value} ${place} ${character}`).not.toBe('valid')
  })
})

describe('organisation codes', () => {
  test.each(ORGANISATIONS)('%s is accepted, with and without its hyphen', (value) => {
    const printed = `${value.slice(0, 8)}-${value.slice(8)}`
    expect(checkOrganisationCode(value)).toEqual({ ok: true, value: { value, printed } })
    expect(checkOrganisationCode(printed)).toEqual({ ok: true, value: { value, printed } })
    expect(checkOrganisationCode(printed.toLowerCase())).toEqual({ ok: true, value: { value, printed } })
  })

  test.each([
    ['a wrong check digit', '015080217', 'organisation_code.check_digit'],
    ['a hyphen in another place', '0150802-18', 'organisation_code.length'],
    ['a full-width hyphen', '01508021－8', 'organisation_code.length'],
    ['a letter as check digit', '01508021A', 'organisation_code.character'],
    ['full-width digits', '０15080218', 'organisation_code.character'],
  ])('%s is refused', (_, value, code) => {
    expect(codeOf(checkOrganisationCode(value))).toBe(code)
  })

  test('only the letters a to z are raised: a dotless i is not the I of the code', () => {
    const body = '9000000I'
    const value = body + organisationCheckCharacter(body)
    expect(checkOrganisationCode(value.toLowerCase())).toMatchObject({ ok: true, value: { value } })
    expect(codeOf(checkOrganisationCode(value.replace('I', 'ı')))).toBe('organisation_code.character')
  })

  test('every substitution is refused that the check of GB 11714 can tell: all but letters whose value is equal mod 11', () => {
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
    for (const value of ORGANISATIONS)
      for (let place = 0; place < 9; place++)
        for (const character of alphabet) {
          if (value[place] === character) continue
          const told = place === 8 || (alphabet.indexOf(character) - alphabet.indexOf(value.charAt(place))) % 11 !== 0
          expect(checkOrganisationCode(substituted(value, place, character)).ok, `${value} ${place} ${character}`).toBe(!told)
        }
  })
})

describe('synthetic identifiers', () => {
  test('every one of them passes the checks and shows that it belongs to nobody', () => {
    fc.assert(
      fc.property(
        fc.nat(9999),
        fc.date({ min: new Date('1900-01-01'), max: new Date('2026-11-22'), noInvalidDate: true }),
        (serial, date) => {
          const code = syntheticSocialCreditCode('11', '150300', serial)
          const id = syntheticCitizenId('150302', date.toISOString().slice(0, 10))
          expect(
            checkSocialCreditCode(code).ok && checkOrganisationCode(syntheticOrganisationCode(serial)).ok && checkCitizenId(id, NOW).ok,
          ).toBe(true)
          expect(code.slice(8, 12)).toBe('9000')
          expect(id.slice(14, 17)).toBe('000')
        },
      ),
    )
  })

  test('a serial outside the range is refused', () => {
    expect(() => syntheticOrganisationCode(10_000)).toThrow(RangeError)
  })
})
