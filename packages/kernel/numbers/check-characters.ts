// SPDX-License-Identifier: Apache-2.0
import { type Checked, type InputProblem, problem, valid } from './checked.ts'

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
/** Shape and check characters of a unified social credit code (统一社会信用代码, GB 32100-2015); gives it in capitals. */
export function checkCreditCharacters(text: string): Checked<string> {
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
  return valid(value)
}

/** Length and characters of an 18-character citizen identity number (公民身份号码, GB 11643-1999), in capitals; its check digit is `checkCitizenDigit`. */
export function checkCitizenCharacters(text: string): Checked<string> {
  const value = upper(text.trim())
  if (/^\d{15}$/.test(value))
    return problem('citizen_id.old_form', '填写的是15位旧号码，此处须填18位公民身份号码', '请按居民身份证填写18位号码')
  const shape = checkCharacters(value, 18, CITIZEN_SHAPE)
  return shape ? { ok: false, problem: shape } : valid(value)
}

/** The 18th character of a number whose other characters are in order. */
export function checkCitizenDigit(value: string): Checked<string> {
  return citizenCheckCharacter(value) === value[17]
    ? valid(value)
    : problem('citizen_id.check_digit', '公民身份号码第18位校验码与前17位不符', '请对照证件逐位核对', 18)
}

/** Length and characters of an old number of 15 digits. */
export function checkOldCitizenCharacters(text: string): Checked<string> {
  const value = text.trim()
  const shape = checkCharacters(value, 15, OLD_CITIZEN_SHAPE)
  return shape ? { ok: false, problem: shape } : valid(value)
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
