/** A number as it stands in the file, as text without an exponent. */
export interface NumberText {
  text: string
  /** Of more than fifteen digits before the point the spreadsheet keeps fifteen: the others are lost. */
  lostDigits: boolean
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/
const LONGEST = 400
/** What a spreadsheet keeps of a number, and shows at most. */
const SIGNIFICANT = 15

/** The number that a cell shows, from its digits and not through floating point; undefined when it is none. */
export function numberText(raw: string): NumberText | undefined {
  const text = raw.trim()
  const parts = text.length <= LONGEST ? NUMBER.exec(text) : null
  if (!parts) return undefined
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts
  if (whole === '' && fraction === '') return undefined
  const value = Number(text)
  const digits = whole + fraction
  const point = whole.length + Number(exponent)
  if (!Number.isFinite(value) || Math.abs(point) > LONGEST) return undefined
  const significant = withoutLastZeros(digits.replace(/^0+/, ''))
  const lead = digits.length - digits.replace(/^0+/, '').length
  if (significant === '') return { text: '0', lostDigits: false }
  const lostDigits = point - lead > SIGNIFICANT
  // 28.3 is kept as 28.300000000000001: what is shown ends at the fifteenth digit.
  if (significant.length > SIGNIFICANT && !lostDigits) return numberText(value.toPrecision(SIGNIFICANT))
  return { text: `${sign === '-' ? '-' : ''}${placed(digits, point)}`, lostDigits }
}

/** Digits with the point at a place that may lie outside of them. */
function placed(digits: string, point: number): string {
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0')
  const at = point <= 0 ? 1 : point
  const whole = padded.slice(0, at).replace(/^0+(?=\d)/, '')
  const fraction = withoutLastZeros(padded.slice(at))
  return fraction === '' ? whole : `${whole}.${fraction}`
}

function withoutLastZeros(digits: string): string {
  let end = digits.length
  while (digits[end - 1] === '0') end -= 1
  return digits.slice(0, end)
}
