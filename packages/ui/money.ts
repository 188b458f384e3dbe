// SPDX-License-Identifier: Apache-2.0

const FEN_PER_YUAN = 100n
const FEN_PER_WAN = 1_000_000n

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
    return { error: unit === '元' ? '金额最多两位小数（精确到分）' : '以万元填写时最多六位小数（精确到分）' }
  }
  const fen = BigInt((match[1] ?? '0') + fraction.padEnd(places, '0'))
  if (fen > BigInt(Number.MAX_SAFE_INTEGER)) return { error: '金额超出可填写的范围' }
  return { fen: Number(fen) }
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
