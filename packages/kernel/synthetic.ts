import type { CivilDay } from './civil-date.ts'
import { citizenCheckCharacter, creditCheckCharacter, organisationCheckCharacter } from './numbers/check-characters.ts'

/**
 * A citizen identity number that passes every check and belongs to nobody: sequence 000 is never issued.
 * @param divisionCode six digits of a division
 */
export function syntheticCitizenId(divisionCode: string, bornOn: CivilDay): string {
  const body = `${divisionCode}${bornOn.replaceAll('-', '')}000`
  return body + citizenCheckCharacter(body)
}

/**
 * An organisation code that passes its check, from the range that begins with 9000.
 * @param serial 0 to 9999
 */
export function syntheticOrganisationCode(serial: number): string {
  if (!Number.isInteger(serial) || serial < 0 || serial > 9999) throw new RangeError(`合成代码的序号${serial}不在0至9999之间`)
  const body = `9000${String(serial).padStart(4, '0')}`
  return body + organisationCheckCharacter(body)
}

/**
 * A unified social credit code that passes both checks, with an organisation code beginning with 9000.
 * @param category the first two characters, for example 11 (机关), 12 (事业单位), 91 (企业)
 */
export function syntheticSocialCreditCode(category: string, divisionCode: string, serial: number): string {
  const body = category + divisionCode + syntheticOrganisationCode(serial)
  return body + creditCheckCharacter(body)
}
