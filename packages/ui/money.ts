// SPDX-License-Identifier: Apache-2.0

const FEN_PER_YUAN = 100n
const FEN_PER_WAN = 1_000_000n

const COUNTED = ['零', '一', '两', '三', '四', '五', '六', '七', '八', '九', '十']

/** The unit in which an amount is typed. */
export type MoneyUnit = '元' | '万元'

/** Reads a typed amount into 分 exactly, or says in Chinese why it cannot. Digits are never rounded. */
export function parseMoney(text: string, unit: MoneyUnit): { fen: number } | { error: string } {
  const plain = text
    .trim()
    .replaceAll(/[,，\s]/g, '')
    .normalize('NFKC')
  const match = /^(\d+)(?:\.(\d+))?$/.exec(plain)
  if (!match) return { error: '金额须为数字，例如 128.50' }
  const places = unit === '元' ? 2 : 6
  const fraction = (match[2] ?? '').replace(/0+$/, '')
  if (fraction.length > places) {
    const found = COUNTED[fraction.length] ?? '多'
    return { error: unit === '元' ? `金额不能有${found}位小数，最多两位，精确到分` : `以万元填写不能有${found}位小数，最多六位，精确到分` }
  }
  const fen = BigInt((match[1] ?? '0') + fraction.padEnd(places, '0'))
  if (fen > BigInt(Number.MAX_SAFE_INTEGER)) return { error: '金额超出可填写的范围' }
  return { fen: Number(fen) }
}

/** What stands behind an amount as offices write it, and how many 元 it is. */
const UNIT_WORDS: readonly (readonly [RegExp, bigint])[] = [
  [/亿元?$/, 100_000_000n],
  [/[万萬]元?$/, 10_000n],
  [/[元圆圓]$/, 1n],
]

/**
 * Reads an amount as it stands in an office's table into 分: 1,234.50、１２万、3.5亿元、￥600、人民币壹拾贰万伍仟元整. A unit in the cell goes
 * before that of the column. Digits are never rounded.
 */
export function readAmount(text: string, unit: MoneyUnit): { fen: number } | { error: string } {
  const plain = text
    .normalize('NFKC')
    .replaceAll(/\s/g, '')
    .replace(/^(?:人民币|RMB|CNY)/i, '')
    .replace(/^[¥￥]/, '')
    .replace(/[整正]$/, '')
  const capital = readCapitals(plain)
  if (capital !== undefined) return capital > BigInt(Number.MAX_SAFE_INTEGER) ? { error: '金额超出可填写的范围' } : { fen: Number(capital) }
  const own = UNIT_WORDS.find(([word]) => word.test(plain))
  if (!own) return parseMoney(plain, unit)
  const [word, yuan] = own
  if (yuan === 1n) return parseMoney(plain.replace(word, ''), '元')
  const inWan = parseMoney(plain.replace(word, ''), '万元')
  if ('error' in inWan || yuan === 10_000n) return inWan
  const fen = inWan.fen * 10_000
  return Number.isSafeInteger(fen) ? { fen } : { error: '金额超出可填写的范围' }
}

const CAPITALS = '零壹贰叁肆伍陆柒捌玖'
const PLACES: Readonly<Record<string, bigint>> = { 拾: 10n, 佰: 100n, 仟: 1000n }
const CAPITAL_AMOUNT = /^(?:([零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)[元圆])?(?:([壹贰叁肆伍陆柒捌玖])角)?(?:零?([壹贰叁肆伍陆柒捌玖])分)?$/

/** An amount in capitals (大写金额) in 分; undefined when the text is none. */
function readCapitals(text: string): bigint | undefined {
  const parts = CAPITAL_AMOUNT.exec(text)
  if (!parts || text === '') return undefined
  const digit = (character: string | undefined) => (character === undefined ? 0n : BigInt(CAPITALS.indexOf(character)))
  return capitalYuan(parts[1] ?? '') * 100n + digit(parts[2]) * 10n + digit(parts[3])
}

function capitalYuan(text: string): bigint {
  let total = 0n
  let section = 0n
  let digit = 0n
  for (const character of text) {
    const place = PLACES[character]
    if (character === '万' || character === '亿') {
      if (character === '万') total += (section + digit) * 10_000n
      else total = (total + section + digit) * 100_000_000n
      section = 0n
      digit = 0n
    } else if (place !== undefined) {
      section += (digit === 0n ? 1n : digit) * place
      digit = 0n
    } else digit = BigInt(CAPITALS.indexOf(character))
  }
  return total + section + digit
}

/** 元 with two decimals and grouping: 1,234,567.89. */
export function formatYuan(fen: number): string {
  const value = BigInt(fen)
  const sign = value < 0n ? '-' : ''
  const absolute = value < 0n ? -value : value
  return `${sign}${group(absolute / FEN_PER_YUAN)}.${String(absolute % FEN_PER_YUAN).padStart(2, '0')}`
}

/** 万元 with two decimals, rounded half up for reading; the exact amount stands beside it in 元. */
export function formatWan(fen: number): string {
  const value = BigInt(fen)
  const sign = value < 0n ? '-' : ''
  const absolute = value < 0n ? -value : value
  const hundredths = (absolute * 100n + FEN_PER_WAN / 2n) / FEN_PER_WAN
  return `${sign}${group(hundredths / 100n)}.${String(hundredths % 100n).padStart(2, '0')}`
}

/** The amount as it is typed: no grouping, no trailing zeros. */
export function editMoney(fen: number, unit: MoneyUnit): string {
  const places = unit === '元' ? 2 : 6
  const digits = String(fen).padStart(places + 1, '0')
  const fraction = digits.slice(-places).replace(/0+$/, '')
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`)
}

function group(value: bigint): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}
