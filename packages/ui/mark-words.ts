// SPDX-License-Identifier: Apache-2.0

/** A stretch of text, and whether it is one of the words that were looked for. */
export interface MarkedPiece {
  text: string
  hit: boolean
}

/** As the search compares: full-width forms, letters of one case, brackets all 〔〕. Character for character, so that places stay. */
function foldCharacter(character: string): string {
  const folded = character.normalize('NFKC').toLowerCase()
  // What folds to more than one character (㈠) would move everything behind it.
  if (folded.length !== character.length) return character
  return folded.replace(/[[({【〖]/, '〔').replace(/[\])}】〗]/, '〕')
}

/** Cuts a text where the words stand; joined, the pieces are the text again. `words` are folded, as the answer of the search has them. */
export function markWords(text: string, words: readonly string[]): MarkedPiece[] {
  const folded = Array.from(text, foldCharacter).join('')
  const hit = new Array<boolean>(text.length).fill(false)
  for (const word of words.filter((one) => one !== ''))
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1)) hit.fill(true, at, at + word.length)
  const pieces: MarkedPiece[] = []
  for (let at = 0; at < text.length; at++) {
    const last = pieces.at(-1)
    if (last && last.hit === hit[at]) last.text += text[at]
    else pieces.push({ text: text[at] ?? '', hit: hit[at] ?? false })
  }
  return pieces
}
