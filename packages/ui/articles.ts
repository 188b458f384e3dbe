// SPDX-License-Identifier: Apache-2.0

// An 意见 counts its items in brackets: （十一）, not 第十一条.
const PACKS: Readonly<Record<string, { pack: string; short: string; item?: true }>> = {
  WH23: { pack: 'wuhai-2023', short: '乌海办法（2023）' },
  WH12: { pack: 'wuhai-2012', short: '乌海意见（2012）', item: true },
  WH10: { pack: 'wuhai-2010', short: '乌海意见（2010）' },
  GE18: { pack: 'golmud-2018', short: '格尔木（2018）' },
  UR07: { pack: 'urumqi-2007', short: '乌鲁木齐（2007）' },
}

/** The pack that holds a citation: `WH23-15` is in `wuhai-2023`. */
export function packOf(article: string): string | undefined {
  return PACKS[prefixOf(article)]?.pack
}

/** How a citation is written for readers: `WH23-15` → `乌海办法（2023）第十五条`. */
export function articleLabel(article: string): string {
  const known = PACKS[prefixOf(article)]
  if (known === undefined) return article
  const number = article.slice(prefixOf(article).length + 1)
  if (!/^\d{1,2}$/.test(number) || number === '0') return `${known.short} ${number}`
  const counted = chineseNumber(Number(number))
  return known.item ? `${known.short}（${counted}）` : `${known.short}第${counted}条`
}

/** Where the reading room (制度库) shows an article. */
export function articleHref(article: string, pack: string | undefined = packOf(article)): string {
  return `/policy/${pack ?? prefixOf(article)}/${article}`
}

function prefixOf(article: string): string {
  return article.split('-')[0] ?? article
}

const DIGITS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九'] as const

function chineseNumber(value: number): string {
  const tens = Math.floor(value / 10)
  const units = DIGITS[value % 10] ?? ''
  if (tens === 0) return units
  return `${tens === 1 ? '' : DIGITS[tens]}十${units}`
}
