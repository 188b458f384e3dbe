// SPDX-License-Identifier: Apache-2.0
import { checkNumber, type NumberKind, numberProblem } from '@tongchou/kernel/numbers'

export type IdentifierKind = NumberKind

/** How long what is typed may be, and what it looks like. */
export const identifiers: Readonly<Record<IdentifierKind, { maxLength: number; example: string }>> = {
  'social-credit-code': { maxLength: 18, example: '18位，例如 111503009001300030' },
  'citizen-id': { maxLength: 18, example: '18位，末位可为X' },
  'organisation-code': { maxLength: 10, example: '例如 01508021-8' },
  'document-number': { maxLength: 60, example: '例如 乌海政发〔2012〕17号' },
}

/** A number as it is kept, or the sentence that says what is wrong with it: the same check as the server's. */
export function readIdentifier(of: IdentifierKind, text: string): { value: string } | { error: string } {
  const checked = checkNumber(of, text)
  return checked.ok ? { value: checked.value } : { error: numberProblem(of, text) ?? '' }
}
