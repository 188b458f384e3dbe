import { checkOrganisationCode } from './check-characters.ts'
import { type Checked, problem, valid } from './checked.ts'

/** A document number (发文字号): agency word, year in 六角括号, serial. Unique per agency word, year and serial. */
export interface DocumentNumber {
  agencyWord: string
  year: number
  serial: number
  /** The normalised text: 乌海政发〔2012〕17号. */
  text: string
}

/** A disclosure index number (政府信息公开索引号): organisation code, year, serial of five digits. */
export interface DisclosureIndexNumber {
  organisationCode: string
  year: number
  serial: number
  text: string
}

const BRACKETS: Record<string, string> = { '〔': '〕', '[': ']', '［': '］', '(': ')', '（': '）', '【': '】', '〖': '〗' }
const NUMBER = /^([\p{Script=Han}A-Za-z]+)\s*([〔[［(（【〖])(\d{4})([〕\]］)）】〗])\s*(.+)$/u
const LONGEST_AGENCY_WORD = 20

/** Accepts every bracket that keyboards produce and normalises it to 〔〕; 第 and zero padding are refused, as GB/T 9704 has neither. */
export function parseDocumentNumber(text: string): Checked<DocumentNumber> {
  const trimmed = text.trim()
  const parts = NUMBER.exec(trimmed)
  if (!parts)
    return problem(
      'document_number.malformed',
      '发文字号不完整',
      '请依次填写机关代字、四位年份（加六角括号）和序号，例如乌海政发〔2012〕17号',
    )
  const [, agencyWord = '', open = '', year = '', close = '', rest = ''] = parts
  const at = trimmed.length - rest.length + 1
  if (BRACKETS[open] !== close)
    return problem('document_number.brackets', '年份前后的括号不成对', '请使用成对的六角括号〔〕', agencyWord.length + 1)
  if (rest.startsWith('第')) return problem('document_number.ordinal', '序号前有“第”字', '请删去“第”字，例如〔2012〕17号', at)
  if (!rest.endsWith('号')) return problem('document_number.no_suffix', '发文字号末尾没有“号”字', '请在序号后加“号”字', trimmed.length)
  const serial = rest.slice(0, -1)
  if (!/^[0-9]+$/.test(serial)) return problem('document_number.serial', '序号不是阿拉伯数字', '序号请用半角阿拉伯数字填写', at)
  if (serial.startsWith('0')) return problem('document_number.padding', '序号前补了0', '序号不编虚位，请删去前面的0，例如17号', at)
  return documentNumber(agencyWord, Number(year), Number(serial))
}

/** Builds a number from its parts, under the same rules. */
export function documentNumber(agencyWord: string, year: number, serial: number): Checked<DocumentNumber> {
  if (!/^[\p{Script=Han}A-Za-z]+$/u.test(agencyWord) || agencyWord.length > LONGEST_AGENCY_WORD)
    return problem('document_number.agency_word', '机关代字不符', `机关代字由汉字组成，不超过${LONGEST_AGENCY_WORD}字，例如乌海政发`, 1)
  if (!isDocumentYear(year))
    return problem('document_number.year', `年份${year}不在可用范围`, '请填写1949至2099之间的四位年份', agencyWord.length + 2)
  if (!Number.isSafeInteger(serial) || serial < 1) return problem('document_number.serial', '序号不是正整数', '序号从1起编')
  return valid({ agencyWord, year, serial, text: `${agencyWord}〔${year}〕${serial}号` })
}

/** Reads 015080218/2018-00006. The organisation code must pass its own check digit. */
export function parseDisclosureIndexNumber(text: string): Checked<DisclosureIndexNumber> {
  const parts = /^([0-9A-Za-z-]{9,10})\/(\d{4})-(\d{5})$/.exec(text.trim())
  if (!parts)
    return problem(
      'disclosure_index.malformed',
      '政府信息公开索引号格式不符',
      '请填写组织机构代码、年份和五位序号，例如015080218/2018-00006',
    )
  const code = checkOrganisationCode(parts[1] ?? '')
  if (!code.ok) return code
  return disclosureIndexNumber(code.value.value, Number(parts[2]), Number(parts[3]))
}

/** Builds an index number from an organisation code that was checked before. */
export function disclosureIndexNumber(organisationCode: string, year: number, serial: number): Checked<DisclosureIndexNumber> {
  if (!isDocumentYear(year)) return problem('disclosure_index.year', `年份${year}不在可用范围`, '请填写1949至2099之间的四位年份', 11)
  if (!Number.isInteger(serial) || serial < 1 || serial > 99_999)
    return problem('disclosure_index.serial', '索引号的序号超出范围', '序号从00001编至99999', 16)
  return valid({ organisationCode, year, serial, text: `${organisationCode}/${year}-${String(serial).padStart(5, '0')}` })
}

function isDocumentYear(year: number): boolean {
  return Number.isInteger(year) && year >= 1949 && year <= 2099
}
