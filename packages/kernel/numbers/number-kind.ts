// SPDX-License-Identifier: Apache-2.0
import { checkCitizenCharacters, checkCitizenDigit, checkCreditCharacters, checkOrganisationCode } from './check-characters.ts'
import { type Checked, describeProblem } from './checked.ts'
import { parseDocumentNumber } from './document-number.ts'

/** Numbers that name something outside the system: 统一社会信用代码, 公民身份号码, 组织机构代码, 发文字号. */
export type NumberKind = 'social-credit-code' | 'citizen-id' | 'organisation-code' | 'document-number'

/** A number in the one form in which it is kept, or what is wrong with it. What only records know, such as divisions, is not asked. */
export function checkNumber(of: NumberKind, text: string): Checked<string> {
  switch (of) {
    case 'social-credit-code':
      return checkCreditCharacters(text)
    case 'citizen-id': {
      const characters = checkCitizenCharacters(text)
      return characters.ok ? checkCitizenDigit(characters.value) : characters
    }
    case 'organisation-code': {
      const code = checkOrganisationCode(text)
      return code.ok ? { ok: true, value: code.value.value } : code
    }
    case 'document-number': {
      const number = parseDocumentNumber(text)
      return number.ok ? { ok: true, value: number.value.text } : number
    }
  }
}

/** What is wrong with a number, as one sentence without its full stop; undefined when nothing is. */
export function numberProblem(of: NumberKind, text: string): string | undefined {
  const checked = checkNumber(of, text)
  return checked.ok ? undefined : describeProblem(checked.problem).replace(/。$/, '')
}
