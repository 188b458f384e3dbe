import type { Masking } from '@tongchou/records'

/** A value under a mask: how long it is does not show, so that lengths tell nothing. */
export function masked(value: string | null, mask: Masking): string | null {
  if (value === null) return null
  const characters = [...value]
  switch (mask) {
    case 'keep-ends':
      return characters.length < 3 ? `${characters[0] ?? ''}＊` : `${characters[0]}＊${characters.at(-1)}`
    case 'middle':
      return characters.length < 10 ? '＊＊＊' : `${characters.slice(0, 3).join('')}＊＊＊${characters.slice(-2).join('')}`
    case 'range':
      return rangeOf(value)
    // A pseudonym that is the same everywhere needs a key of its own; until a grant brings one, nothing is shown.
    case 'pseudonym':
    case 'full':
      return '＊＊＊'
  }
}

/** The whole numbers with the same first digit and as many digits: 1000 to 1999 for 1234. */
function rangeOf(value: string): string {
  const number = Number(value)
  if (!Number.isFinite(number) || number < 0) return '＊＊＊'
  if (number < 1) return '0 至 1'
  const step = 10 ** Math.floor(Math.log10(number))
  const least = Math.floor(number / step) * step
  return `${least} 至 ${least + step - 1}`
}
