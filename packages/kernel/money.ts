import { type Checked, problem, valid } from './numbers/checked.ts'

/** An amount of money in whole 分. Always a safe integer; what would not be one is refused and never rounded away. */
export type FenAmount = number

/** In which unit the amount was typed: 元 or 万元. */
export type MoneyUnit = 'yuan' | 'wan-yuan'

// One integer part, plain or in groups of three, and a fraction. No sign: a refund is another kind of record, not a negative amount.
const AMOUNT = /^(0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.(\d+))?$/
const FRACTION_DIGITS: Record<MoneyUnit, number> = { yuan: 2, 'wan-yuan': 6 }
const UNIT_NAMES: Record<MoneyUnit, string> = { yuan: '元', 'wan-yuan': '万元' }

/** Reads `123.45` or `1,234.5`. More decimals than the unit has 分 for are refused, even zeros: a slipped decimal point looks like that. */
export function parseFen(text: string, unit: MoneyUnit = 'yuan'): Checked<FenAmount> {
  const parts = AMOUNT.exec(text.trim())
  if (!parts) return problem('money.malformed', '金额格式不符', '请填写半角数字，不带正负号和单位，例如1234.50或1,234.50')
  const [, whole = '', fraction = ''] = parts
  const digits = FRACTION_DIGITS[unit]
  if (fraction.length > digits)
    return problem(
      'money.too_many_decimals',
      `金额以${UNIT_NAMES[unit]}计，小数超过${digits}位`,
      '金额精确到分，请核对小数点的位置',
      text.trim().length - fraction.length + digits + 1,
    )
  const fen = BigInt(whole.replaceAll(',', '') + fraction.padEnd(digits, '0'))
  if (fen > BigInt(Number.MAX_SAFE_INTEGER)) return problem('money.too_large', '金额超出可登记的范围', '请核对金额和单位')
  return valid(Number(fen))
}

/** Two decimals and thousands groups, `1,234,567.89`: exact, and aligned in a table. */
export function formatYuan(fen: FenAmount): string {
  return formatUnits(fen, 2, 2)
}

/** In 万元, exact to the 分: at least two decimals, as many as needed (`123.456789`), never rounded. */
export function formatWanYuan(fen: FenAmount): string {
  return formatUnits(fen, 6, 2)
}

/** The exact sum; an overflow is a bug in the caller's figures and throws. */
export function sumFen(amounts: Iterable<FenAmount>): FenAmount {
  let total = 0
  for (const amount of amounts) {
    total += requireFen(amount)
    requireFen(total)
  }
  return total
}

/** `part` as a percentage of `whole`, rounded half up (四舍五入) from exact integers. None when there is no whole to be a part of. */
export function percentOfFen(part: FenAmount, whole: FenAmount, decimals = 1): string | undefined {
  if (requireFen(whole) === 0) return undefined
  const scaled = divideHalfUp(BigInt(requireFen(part)) * 100n * 10n ** BigInt(decimals), BigInt(whole))
  return `${decimalText(scaled, decimals, decimals)}%`
}

/** The share of an amount that contract terms state in basis points (万分之, 3000 = 30%), rounded half up to the 分. */
export function shareOfFen(amount: FenAmount, basisPoints: number): FenAmount {
  if (!Number.isInteger(basisPoints)) throw new RangeError(`比例${basisPoints}不是以万分之一为单位的整数`)
  return requireFen(Number(divideHalfUp(BigInt(requireFen(amount)) * BigInt(basisPoints), 10_000n)))
}

function formatUnits(fen: FenAmount, digits: number, fewest: number): string {
  return decimalText(BigInt(requireFen(fen)), digits, fewest)
}

/** `scaled` divided by 10^digits, with at least `fewest` decimals and no needless zeros beyond them. */
function decimalText(scaled: bigint, digits: number, fewest: number): string {
  const text = (scaled < 0n ? -scaled : scaled).toString().padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, ',')
  const fraction = text
    .slice(text.length - digits)
    .replace(/0+$/, '')
    .padEnd(fewest, '0')
  return (scaled < 0n ? '-' : '') + whole + (fraction && `.${fraction}`)
}

// Half away from zero, so that a saving and an overrun of the same size show the same figure.
function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  const [top, bottom] = divisor < 0n ? [-dividend, -divisor] : [dividend, divisor]
  const size = ((top < 0n ? -top : top) * 2n + bottom) / (bottom * 2n)
  return top < 0n ? -size : size
}

function requireFen(fen: number): FenAmount {
  if (!Number.isSafeInteger(fen)) throw new RangeError(`金额${fen}不是以分为单位的安全整数`)
  return fen
}
