/**
 * How a number format shows a number: as it is, as a day, a day with its time, a time, a span of hours, or filled into a pattern of zeros and words
 * (`"No."000000` shows 123 as No.000123).
 */
export type Shown = { as: 'plain' | 'date' | 'datetime' | 'time' | 'span' } | { as: 'pattern'; pattern: readonly string[] }

const plain: Shown = { as: 'plain' }

/** The built-in formats that show a day or a time; 27 to 36 and 50 to 58 as they are where Chinese is the language. */
const builtIn: Readonly<Record<number, Shown['as']>> = {
  ...Object.fromEntries([14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map((id) => [id, 'date'])),
  ...Object.fromEntries([18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56].map((id) => [id, 'time'])),
  22: 'datetime',
  46: 'span',
}

/** The format of a number, by its id and, for one of the file's own, its code. */
export function shownBy(id: number, code: string | undefined): Shown {
  if (code !== undefined) return shownByCode(code)
  const as = builtIn[id]
  return as === undefined || as === 'pattern' ? plain : { as }
}

function shownByCode(code: string): Shown {
  const tokens = tokensOf(code)
  const letters = tokens
    .filter(({ literal }) => !literal)
    .map(({ text }) => text)
    .join('')
    .toLowerCase()
    .replace(/general|g\/通用格式/g, '')
  if (/\[[hms]+\]/.test(letters)) return { as: 'span' }
  const bare = letters.replace(/\[[^\]]*\]/g, '').replace(/am\/pm|a\/p|上午\/下午/g, 'h')
  const hasTime = /[hs]/.test(bare)
  const hasDay = /[yd]|e(?![+-])|aaa|bb/.test(bare) || (bare.includes('m') && !hasTime)
  if (hasDay) return { as: hasTime ? 'datetime' : 'date' }
  return hasTime ? { as: 'time' } : patternOf(tokens)
}

interface Token {
  text: string
  literal: boolean
}

/** The first section of a format code (the one for positive numbers), its literals told from what has a meaning. */
function tokensOf(code: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < code.length && at < 255; at++) {
    const sign = code[at] ?? ''
    if (sign === ';') break
    if (sign === '"') {
      const end = code.indexOf('"', at + 1)
      const until = end < 0 ? code.length : end
      tokens.push({ text: code.slice(at + 1, until), literal: true })
      at = until
    } else if (sign === '\\') tokens.push({ text: code[++at] ?? '', literal: true })
    else if (sign === '_' || sign === '*') at += 1
    else if (sign === '[') {
      const end = code.indexOf(']', at)
      const until = end < 0 ? code.length : end
      tokens.push({ text: code.slice(at, until + 1), literal: false })
      at = until
    } else tokens.push({ text: sign, literal: false })
  }
  return tokens
}

/** A pattern only where every sign is a zero or is shown as it is, and the pattern shows something that the number alone does not. */
function patternOf(tokens: readonly Token[]): Shown {
  const signs = tokens.filter(({ text, literal }) => literal || !/^\[\$-[^\]]*\]$/.test(text))
  const isPlace = ({ text, literal }: Token) => text === '0' && !literal
  if (!signs.every((token) => token.literal || isPlace(token) || /^[-()（）年号第]$/.test(token.text))) return plain
  const places = signs.filter(isPlace).length
  if (places === 0 || (places === 1 && signs.length === 1)) return plain
  return { as: 'pattern', pattern: signs.map((token) => (isPlace(token) ? '\0' : token.text)) }
}

/** A whole number in a pattern of zeros, from the right; what is left over stands at the first zero. */
export function filled(pattern: readonly string[], digits: string): string {
  const first = pattern.indexOf('\0')
  let rest = digits
  let text = ''
  for (let at = pattern.length - 1; at >= 0; at--) {
    const sign = pattern[at] ?? ''
    if (sign !== '\0') text = sign + text
    else if (at === first) text = (rest === '' ? '0' : rest) + text
    else {
      text = (rest === '' ? '0' : rest.slice(-1)) + text
      rest = rest.slice(0, -1)
    }
  }
  return text
}
