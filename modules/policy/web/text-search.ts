// SPDX-License-Identifier: Apache-2.0

/** A stretch of text; `hit` numbers it within the whole search, so that 上一处 and 下一处 can find it. */
export interface TextPiece {
  text: string
  hit: number | null
}

/** A paragraph of a text: where it begins, and the number of its first hit. */
export interface Paragraph {
  at: number
  text: string
  firstHit: number
}

/** What is looked for, as the server looks for it: without blanks, in one case; full-width forms folded. Empty: nothing. */
export function searchTerm(query: string): string {
  return foldPerCharacter(query.replaceAll(/\s/g, ''))
}

/** Cuts a text into plain and hit pieces; joined, they are the text again, character for character. */
export function markTerm(text: string, term: string, firstHit = 0): TextPiece[] {
  if (term === '') return [{ text, hit: null }]
  const folded = foldPerCharacter(text)
  const pieces: TextPiece[] = []
  let plainFrom = 0
  let hit = firstHit
  for (let at = folded.indexOf(term); at >= 0; at = folded.indexOf(term, plainFrom)) {
    if (at > plainFrom) pieces.push({ text: text.slice(plainFrom, at), hit: null })
    plainFrom = at + term.length
    pieces.push({ text: text.slice(at, plainFrom), hit })
    hit += 1
  }
  if (plainFrom < text.length || pieces.length === 0) pieces.push({ text: text.slice(plainFrom), hit: null })
  return pieces
}

/** How many hits a term has in a text. */
export function countHits(text: string, term: string): number {
  return markTerm(text, term).filter((piece) => piece.hit !== null).length
}

/** The paragraphs of a text, their hits numbered on from `firstHit`. */
export function paragraphsOf(text: string, term: string, firstHit: number): Paragraph[] {
  let at = 0
  let hit = firstHit
  return text.split('\n').map((words) => {
    const paragraph = { at, text: words, firstHit: hit }
    at += words.length + 1
    hit += countHits(words, term)
    return paragraph
  })
}

/** Hits of a term in several texts, numbered through: for each id its first number and how many. */
export function numberHits(
  articles: readonly { id: string; text: string | null }[],
  term: string,
): { total: number; byId: ReadonlyMap<string, { first: number; count: number }> } {
  let total = 0
  const byId = new Map<string, { first: number; count: number }>()
  for (const { id, text } of articles) {
    const count = (text ?? '').split('\n').reduce((sum, words) => sum + countHits(words, term), 0)
    byId.set(id, { first: total, count })
    total += count
  }
  return { total, byId }
}

// Folding a whole text may change its length and the hits would be marked beside the word; one unit stays one unit here.
function foldPerCharacter(text: string): string {
  return Array.from({ length: text.length }, (_, index) => {
    const unit = text.charAt(index)
    const folded = unit.normalize('NFKC').toLowerCase()
    return folded.length === 1 ? folded : unit
  }).join('')
}
