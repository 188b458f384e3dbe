import { checkCitizenCharacters, checkCitizenDigit, checkCreditCharacters, describeProblem } from '@tongchou/kernel/numbers'
import type { Item, ItemType } from './definition.ts'

/** What is wrong with one value: `rule` is stable, `message` is for whoever corrects the source and never repeats the whole value. */
export interface ValueProblem {
  item: string
  rule: string
  message: string
}

/**
 * Checks the value of one item and gives its canonical text: the one that PostgreSQL prints for the column, so that hashes, log, feed and
 * comparison all mean the same by "the same value". Null for an empty one.
 */
export type Check = (raw: unknown) => string | null | ValueProblem

/** The check of an item, made once and used for every row. */
export function checkOf({ id, title, type, required }: Item): Check {
  const check = checks(type)
  const problem = (rule: string, what: string): ValueProblem => ({ item: id, rule, message: `“${title}”${what}` })
  const missing = problem('required', '不能为空')
  return (raw) => {
    // An empty text is no value: sources write both for the same thing, and a key made of nothing identifies nobody.
    if (raw === null || raw === undefined || raw === '') return required ? missing : null
    const found = check(raw)
    return typeof found === 'string' ? found : problem(found.rule, found.what)
  }
}

interface Wrong {
  rule: string
  what: string
}
const wrong = (rule: string, what: string): Wrong => ({ rule, what })

function checks(type: ItemType): (raw: unknown) => string | Wrong {
  switch (type.kind) {
    case 'text':
      return textUpTo(type.length)
    case 'note':
      return textUpTo(1_000_000)
    case 'code':
      return codeOf(type.codes)
    case 'citizen-id':
      return citizenId
    case 'credit-code':
      return creditCode
    case 'integer':
      return integer
    case 'money':
      return integer
    case 'decimal':
      return decimalOf(type.digits, type.scale)
    case 'double':
      return double
    case 'date':
      return date
    case 'month':
      return month
    case 'instant':
      return instant
    case 'flag':
      return flag
  }
}

function textUpTo(length: number): (raw: unknown) => string | Wrong {
  return (raw) => {
    if (typeof raw !== 'string') return typeof raw === 'number' ? wrong('type', '应为文本，来源给出的是数值') : wrong('type', '应为文本')
    // As PostgreSQL counts: characters, not UTF-16 units.
    if (raw.length > length && [...raw].length > length) return wrong('length', `超过 ${length} 字`)
    if (raw.includes('\0')) return wrong('characters', '含有空字符（NUL）')
    if (!raw.isWellFormed()) return wrong('characters', '含有残缺的字符')
    return raw
  }
}

function codeOf(codes: readonly string[]): (raw: unknown) => string | Wrong {
  const known = new Set(codes)
  return (raw) => {
    const text = typeof raw === 'number' ? String(raw) : raw
    return typeof text === 'string' && known.has(text) ? text : wrong('code', '不在代码表中')
  }
}

function citizenId(raw: unknown): string | Wrong {
  if (typeof raw !== 'string') return wrong('type', '应为文本，按数值存放会丢失末位')
  const shape = checkCitizenCharacters(raw)
  if (!shape.ok) return wrong('citizen-id', `不合规则：${describeProblem(shape.problem)}`)
  const { value } = shape
  if (typeof date(`${value.slice(6, 10)}-${value.slice(10, 12)}-${value.slice(12, 14)}`) !== 'string')
    return wrong('citizen-id', '不合规则：第7至14位不是日期。')
  const digit = checkCitizenDigit(value)
  return digit.ok ? value : wrong('citizen-id', `不合规则：${describeProblem(digit.problem)}`)
}

function creditCode(raw: unknown): string | Wrong {
  if (typeof raw !== 'string') return wrong('type', '应为文本')
  const checked = checkCreditCharacters(raw)
  return checked.ok ? checked.value : wrong('credit-code', `不合规则：${describeProblem(checked.problem)}`)
}

const INTEGER = /^[+-]?\d{1,18}$/
const CANONICAL_INTEGER = /^(?:0|-?[1-9]\d{0,17})$/

function integer(raw: unknown): string | Wrong {
  if (typeof raw === 'number')
    return Number.isSafeInteger(raw) ? String(raw === 0 ? 0 : raw) : wrong('type', '不是整数，或超出可以准确表示的范围')
  if (typeof raw === 'string' && INTEGER.test(raw)) return CANONICAL_INTEGER.test(raw) ? raw : BigInt(raw).toString()
  return wrong('type', '不是整数')
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?$/

function decimalOf(digits: number, scale: number): (raw: unknown) => string | Wrong {
  return (raw) => {
    const text = typeof raw === 'number' ? plainNumber(raw) : raw
    const parts = typeof text === 'string' && text.length <= 100 ? DECIMAL.exec(text) : null
    if (!parts || !(parts[2] || parts[3])) return wrong('type', '不是数值')
    const whole = (parts[2] ?? '').replace(/^0+(?=\d)/, '') || '0'
    const fraction = (parts[3] ?? '').replace(/0+$/, '')
    // Rounded here, the source and the copy would differ for ever and nobody would know why.
    if (fraction.length > scale) return wrong('precision', `小数多于 ${scale} 位`)
    if (whole !== '0' && whole.length > digits - scale) return wrong('precision', `整数多于 ${digits - scale} 位`)
    if (whole === '0' && digits === scale && fraction.length > digits) return wrong('precision', `多于 ${digits} 位`)
    const isZero = whole === '0' && fraction === ''
    return `${parts[1] === '-' && !isZero ? '-' : ''}${whole}${scale > 0 ? `.${fraction.padEnd(scale, '0')}` : ''}`
  }
}

/** Without an exponent; one that needs it is beyond what a decimal column takes anyway. */
function plainNumber(value: number): string {
  const text = String(value)
  return text.includes('e') ? '' : text
}

function double(raw: unknown): string | Wrong {
  const value =
    typeof raw === 'string' && raw.length <= 100 && /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(raw) ? Number(raw) : raw
  return typeof value === 'number' && Number.isFinite(value) ? String(value === 0 ? 0 : value) : wrong('type', '不是数值')
}

function date(raw: unknown): string | Wrong {
  if (typeof raw !== 'string') return wrong('type', '不是日期')
  if (raw.length !== 10 || raw.charCodeAt(4) !== 45 || raw.charCodeAt(7) !== 45) return wrong('date', '应按“年-月-日”填写，如 2026-01-09')
  const [year, month, day] = [digitsAt(raw, 0, 4), digitsAt(raw, 5, 7), digitsAt(raw, 8, 10)]
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return wrong('date', '没有这一天')
  return raw
}

function month(raw: unknown): string | Wrong {
  return typeof raw === 'string' && raw.length === 7 && typeof date(`${raw}-01`) === 'string'
    ? raw
    : wrong('date', '应按“年-月”填写，如 2026-01')
}

/** The number of the digits from `from` to `to`, -1 when one is no digit. */
function digitsAt(text: string, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) return -1
    value = value * 10 + digit
  }
  return value
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const daysOf = (year: number, month: number) =>
  month === 2 && ((year % 4 === 0 && year % 100 !== 0) || year % 400 === 0) ? 29 : (DAYS[month - 1] ?? 0)

const INSTANT = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/

/** RFC 3339 with a zone, in UTC to the microsecond: a time without a zone would mean something else on another machine. */
function instant(raw: unknown): string | Wrong {
  const parts = typeof raw === 'string' ? INSTANT.exec(raw) : null
  if (!parts || typeof raw !== 'string' || typeof date(parts[1]) !== 'string')
    return wrong('instant', '应为带时区的时间，如 2026-01-09T08:30:00+08:00')
  const fraction = (parts[3] ?? '').slice(1).replace(/0+$/, '')
  const seconds = new Date(raw.replace(/\.\d+/, '')).toISOString().slice(0, 19)
  return `${seconds}${fraction === '' ? '' : `.${fraction}`}Z`
}

const YES = new Set<unknown>([true, 1, '1', 'true', 't', '是', 'Y', 'y'])
const NO = new Set<unknown>([false, 0, '0', 'false', 'f', '否', 'N', 'n'])

function flag(raw: unknown): string | Wrong {
  if (YES.has(raw)) return 'true'
  return NO.has(raw) ? 'false' : wrong('type', '应为“是”或“否”')
}
