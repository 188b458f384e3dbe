// SPDX-License-Identifier: Apache-2.0

/** A stretch of text; `hit` numbers it within the whole search, so that 上一处 and 下一处 can find it. */
export interface TextPiece {
  text: string
  hit: number | null
}

/** The words to look for: separated by blanks, full-width forms folded, each once, longest first so that a word inside another does not split it. */
export function searchTerms(query: string): string[] {
  const terms = query.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean)
  return [...new Set(terms)].sort((a, b) => b.length - a.length)
}

/** Cuts a text into plain and hit pieces; joined, they are the text again, character for character. */
export function markTerms(text: string, terms: readonly string[], firstHit = 0): TextPiece[] {
  const folded = foldPerCharacter(text)
  const pieces: TextPiece[] = []
  let plainFrom = 0
  let hit = firstHit
  for (let at = 0; at < folded.length; ) {
    const term = terms.find((one) => folded.startsWith(one, at))
    if (term === undefined) {
      at += 1
      continue
    }
    if (at > plainFrom) pieces.push({ text: text.slice(plainFrom, at), hit: null })
    pieces.push({ text: text.slice(at, at + term.length), hit })
    hit += 1
    at += term.length
    plainFrom = at
  }
  if (plainFrom < text.length || pieces.length === 0) pieces.push({ text: text.slice(plainFrom), hit: null })
  return pieces
}

/** How many hits the terms have in a text. */
export function countHits(text: string, terms: readonly string[]): number {
  return terms.length === 0 ? 0 : markTerms(text, terms).filter((piece) => piece.hit !== null).length
}

// Folding a whole text may change its length and the hits would be marked beside the word; one unit stays one unit here.
function foldPerCharacter(text: string): string {
  return Array.from({ length: text.length }, (_, index) => {
    const unit = text.charAt(index)
    const folded = unit.normalize('NFKC').toLowerCase()
    return folded.length === 1 ? folded : unit
  }).join('')
}
