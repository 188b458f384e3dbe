// SPDX-License-Identifier: Apache-2.0

/** Names that differ only in width, letters' case, spaces and punctuation are one name (重名). */
export function foldName(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[\s\p{P}\p{Cf}]/gu, '')
    .toLowerCase()
}

/** The same name as it should have been typed: one width, no spaces at its ends, none doubled, nothing that cannot be seen. */
export function tidyName(text: string): string {
  return text
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim()
}

export function isBlank(text: string | null | undefined): boolean {
  return text === null || text === undefined || text.trim() === ''
}

/**
 * Names that a spreadsheet made by pulling a cell down (下拉填充): at least three of one stem with numbers one after the other. Gives the places
 * of all of them but the first of each run.
 */
export function dragFilled(names: readonly string[]): number[] {
  const found: number[] = []
  let run: number[] = []
  let before: { stem: string; number: number } | undefined
  const close = () => {
    if (run.length >= 3) found.push(...run.slice(1))
    run = []
  }
  names.forEach((name, index) => {
    const cut = /^(.*?\D)(\d{1,4})$/.exec(tidyName(name).normalize('NFKC'))
    const now = cut?.[1] === undefined ? undefined : { stem: cut[1], number: Number(cut[2]) }
    if (!now || now.stem !== before?.stem || now.number !== before.number + 1) close()
    if (now) run.push(index)
    before = now
  })
  close()
  return found
}
