import { type Checked, type InputProblem, problem, valid } from './checked.ts'
import { type CivilDay, checkCivilDate, compareCivilDates, todayInShanghai } from './civil-date.ts'
import { type Division, resolveDivision } from './divisions.ts'

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

/** A checked organisation code (组织机构代码, GB 11714). */
export interface OrganisationCode {
  /** Nine characters without the hyphen. */
  value: string
  /** As it is printed: 01508021-8. */
  printed: string
}

const CITIZEN_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CITIZEN_CHECKS = '10X98765432'
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
/** Digits and capitals without I, O, S, V, Z; a character's value is its index. */
const CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]
const ORGANISATION_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const REGISTRARS = ['1', '5', '9', 'Y']
const EARLIEST_BIRTH_YEAR = 1850

/**
 * Checks an 18-character number and gives it normalised. A 15-digit number is refused here, because where a number identifies a record it
 * has one form; `upgradeCitizenId` turns the old form into it.
 * @param now decides which births are still to come
 */
export function checkCitizenId(text: string, now: Date): Checked<CitizenId> {
  const value = upper(text.trim())
  if (/^\d{15}$/.test(value))
    return problem('citizen_id.old_form', '填写的是15位旧号码，此处须填18位公民身份号码', '请按居民身份证填写18位号码')
  const shape = checkCharacters(value, 18, CITIZEN_SHAPE)
  if (shape) return { ok: false, problem: shape }
  const bornOn = `${value.slice(6, 10)}-${value.slice(10, 12)}-${value.slice(12, 14)}`
  const birth = checkBirth(bornOn, now)
  if (birth) return { ok: false, problem: birth }
  if (citizenCheckCharacter(value) !== value[17])
    return problem('citizen_id.check_digit', '公民身份号码第18位校验码与前17位不符', '请对照证件逐位核对', 18)
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
  const value = text.trim()
  const shape = checkCharacters(value, 15, OLD_CITIZEN_SHAPE)
  if (shape) return { ok: false, problem: shape }
  const body = `${value.slice(0, 6)}19${value.slice(6)}`
  return checkCitizenId(body + citizenCheckCharacter(body), now)
}

export function checkSocialCreditCode(text: string): Checked<SocialCreditCode> {
  const value = upper(text.trim())
  const shape = checkCharacters(value, 18, CREDIT_SHAPE)
  if (shape) return { ok: false, problem: shape }
  if (creditCheckCharacter(value) !== value[17])
    return problem('social_credit_code.check_digit', '统一社会信用代码第18位校验码与前17位不符', '请对照登记证书逐位核对', 18)
  const organisationCode = value.slice(8, 17)
  if (organisationCheckCharacter(organisationCode) !== organisationCode[8])
    return problem(
      'social_credit_code.organisation_check_digit',
      '统一社会信用代码第17位（组织机构代码校验码）与第9至16位不符',
      '请对照登记证书核对第9至17位',
      17,
    )
  const registeringDivisionCode = value.slice(2, 8)
  const warnings: string[] = []
  // The lists of registrars in circulation contradict each other, so an unusual first character is shown to a person and not refused.
  if (!REGISTRARS.includes(value.slice(0, 1)))
    warnings.push(`统一社会信用代码第1位“${value.slice(0, 1)}”不是常见的登记管理部门代码，请核对`)
  if (!resolveDivision(registeringDivisionCode)) warnings.push(unknownDivision('统一社会信用代码第3至8位', registeringDivisionCode))
  return valid({ value, registeringDivisionCode, organisationCode, warnings })
}

/** Accepts 01508021-8 as printed and 015080218. */
export function checkOrganisationCode(text: string): Checked<OrganisationCode> {
  const value = upper(text.trim()).replace(/^(.{8})-(.)$/u, '$1$2')
  const shape = checkCharacters(value, 9, ORGANISATION_SHAPE)
  if (shape) return { ok: false, problem: shape }
  if (organisationCheckCharacter(value) !== value[8])
    return problem('organisation_code.check_digit', '组织机构代码第9位校验码与前8位不符', '请对照证书逐位核对', 9)
  return valid({ value, printed: `${value.slice(0, 8)}-${value.slice(8)}` })
}

/** The check character for the first 17 digits (GB 11643, ISO 7064 MOD 11-2). */
export function citizenCheckCharacter(body: string): string {
  return CITIZEN_CHECKS.charAt(weighted(body, CITIZEN_WEIGHTS, CREDIT_ALPHABET) % 11)
}

/** The check character for the first 17 characters (GB 32100). The outer mod 31 is missing from the formula as usually printed: remainder 0 means '0'. */
export function creditCheckCharacter(body: string): string {
  return CREDIT_ALPHABET.charAt((31 - (weighted(body, CREDIT_WEIGHTS, CREDIT_ALPHABET) % 31)) % 31)
}

/** The check character for the first 8 characters (GB 11714): 10 is X and 11 is 0. */
export function organisationCheckCharacter(body: string): string {
  return '0123456789X0'.charAt(11 - (weighted(body, ORGANISATION_WEIGHTS, ORGANISATION_ALPHABET) % 11))
}

function weighted(body: string, weights: readonly number[], alphabet: string): number {
  return weights.reduce((sum, weight, place) => sum + alphabet.indexOf(body.charAt(place)) * weight, 0)
}

interface Shape {
  name: string
  code: string
  /** Which characters may stand at a place, counted from 0. */
  allows(character: string, place: number): boolean
  allowed: string
}

// ASCII only: toUpperCase() would also turn ı into I and ſ into S, and so accept what nobody issued.
function upper(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
}

const isDigit = (character: string) => character >= '0' && character <= '9' && character.length === 1

const CITIZEN_SHAPE: Shape = {
  name: '公民身份号码',
  code: 'citizen_id',
  allows: (character, place) => isDigit(character) || (place === 17 && character === 'X'),
  allowed: '前17位为半角数字，第18位为半角数字或X',
}
const OLD_CITIZEN_SHAPE: Shape = { name: '15位旧身份证号码', code: 'citizen_id', allows: isDigit, allowed: '各位均为半角数字' }
const CREDIT_SHAPE: Shape = {
  name: '统一社会信用代码',
  code: 'social_credit_code',
  // Places 3 to 8 are the division code, which is digits only.
  allows: (character, place) => (place >= 2 && place <= 7 ? isDigit(character) : CREDIT_ALPHABET.includes(character)),
  allowed: '由半角数字和大写字母组成，不含I、O、S、V、Z，第3至8位为数字',
}
const ORGANISATION_SHAPE: Shape = {
  name: '组织机构代码',
  code: 'organisation_code',
  allows: (character, place) => (place === 8 ? isDigit(character) || character === 'X' : ORGANISATION_ALPHABET.includes(character)),
  allowed: '前8位为半角数字或大写字母，第9位为半角数字或X',
}

function checkCharacters(value: string, length: number, shape: Shape): InputProblem | undefined {
  const characters = [...value]
  if (characters.length !== length)
    return problem(`${shape.code}.length`, `${shape.name}应为${length}位，填写了${characters.length}位`, '请补全或删去多余的字符').problem
  const at = characters.findIndex((character, place) => !shape.allows(character, place))
  if (at < 0) return undefined
  return problem(
    `${shape.code}.character`,
    `${shape.name}第${at + 1}位${describe(characters[at] ?? '')}`,
    `${shape.allowed}，请改正`,
    at + 1,
  ).problem
}

function describe(character: string): string {
  if (/[\uff01-\uff5e]/.test(character)) return '是全角字符'
  if (character === 'O') return '是字母O，不是数字0'
  if (character === 'I') return '是字母I，不是数字1'
  // Unprintable and exotic characters are not echoed into messages and logs.
  return /^[\x21-\x7e]$/.test(character) ? `不能是“${character}”` : '含有不可用的字符'
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
