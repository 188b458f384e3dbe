import { type CivilDay, checkCivilDate, compareCivilDates, todayInShanghai } from './civil-date.ts'
import { type Division, resolveDivision } from './divisions.ts'
import {
  checkCitizenCharacters,
  checkCitizenDigit,
  checkCreditCharacters,
  checkOldCitizenCharacters,
  citizenCheckCharacter,
} from './numbers/check-characters.ts'
import { type Checked, type InputProblem, problem, valid } from './numbers/checked.ts'

/** A checked citizen identity number (公民身份号码, GB 11643-1999). Warnings are for a person to look at, never a ground for refusal. */
export interface CitizenId {
  /** 18 characters, a final X in upper case. */
  value: string
  bornOn: CivilDay
  sex: 'male' | 'female'
  divisionCode: string
  /** The division at the time of issue; unknown codes give a warning. */
  division?: Division
  warnings: string[]
}

/** A checked unified social credit code (统一社会信用代码, GB 32100-2015). The division is the registering office's, not where the body is. */
export interface SocialCreditCode {
  value: string
  registeringDivisionCode: string
  organisationCode: string
  warnings: string[]
}

const REGISTRARS = ['1', '5', '9', 'Y']
const EARLIEST_BIRTH_YEAR = 1850

/**
 * Checks an 18-character number and gives it normalised. A 15-digit number is refused here, because where a number identifies a record it
 * has one form; `upgradeCitizenId` turns the old form into it.
 * @param now decides which births are still to come
 */
export function checkCitizenId(text: string, now: Date): Checked<CitizenId> {
  const characters = checkCitizenCharacters(text)
  if (!characters.ok) return characters
  const { value } = characters
  const bornOn = `${value.slice(6, 10)}-${value.slice(10, 12)}-${value.slice(12, 14)}`
  const birth = checkBirth(bornOn, now)
  if (birth) return { ok: false, problem: birth }
  const digit = checkCitizenDigit(value)
  if (!digit.ok) return digit
  const divisionCode = value.slice(0, 6)
  const division = resolveDivision(divisionCode)
  return valid({
    value,
    bornOn,
    sex: Number(value[16]) % 2 === 1 ? 'male' : 'female',
    divisionCode,
    ...(division ? { division } : {}),
    warnings: division ? [] : [unknownDivision('公民身份号码前6位', divisionCode)],
  })
}

/** Turns a 15-digit number (births of the 1900s only) into the 18-character one and checks that. */
export function upgradeCitizenId(text: string, now: Date): Checked<CitizenId> {
  const characters = checkOldCitizenCharacters(text)
  if (!characters.ok) return characters
  const { value } = characters
  const body = `${value.slice(0, 6)}19${value.slice(6)}`
  return checkCitizenId(body + citizenCheckCharacter(body), now)
}

export function checkSocialCreditCode(text: string): Checked<SocialCreditCode> {
  const characters = checkCreditCharacters(text)
  if (!characters.ok) return characters
  const { value } = characters
  const registeringDivisionCode = value.slice(2, 8)
  const warnings: string[] = []
  // The lists of registrars in circulation contradict each other, so an unusual first character is shown to a person and not refused.
  if (!REGISTRARS.includes(value.slice(0, 1)))
    warnings.push(`统一社会信用代码第1位“${value.slice(0, 1)}”不是常见的登记管理部门代码，请核对`)
  if (!resolveDivision(registeringDivisionCode)) warnings.push(unknownDivision('统一社会信用代码第3至8位', registeringDivisionCode))
  return valid({ value, registeringDivisionCode, organisationCode: value.slice(8, 17), warnings })
}

function checkBirth(bornOn: CivilDay, now: Date): InputProblem | undefined {
  const date = checkCivilDate(bornOn)
  const text = bornOn.replaceAll('-', '')
  if (!date.ok) return problem('citizen_id.birth_date', `公民身份号码第7至14位的出生日期${text}不存在`, '请对照证件核对出生日期', 7).problem
  if (compareCivilDates(bornOn, todayInShanghai(now)) > 0)
    return problem('citizen_id.birth_in_future', `公民身份号码第7至14位的出生日期${text}晚于今天`, '请对照证件核对出生日期', 7).problem
  if (Number(bornOn.slice(0, 4)) < EARLIEST_BIRTH_YEAR)
    return problem('citizen_id.birth_too_early', `公民身份号码第7至14位的出生日期${text}过早`, '请对照证件核对出生日期', 7).problem
  return undefined
}

function unknownDivision(where: string, code: string): string {
  return `${where}的行政区划代码${code}不在1981年以来的区划表中，请核对`
}
