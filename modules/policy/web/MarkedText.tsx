// SPDX-License-Identifier: Apache-2.0
import { markTerm } from './text-search.ts'

export interface MarkedTextProps {
  text: string
  term: string
  /** Number of the first hit in this text within the whole search. */
  firstHit?: number
  /** The hit that the reader stands on. */
  currentHit?: number | null
}

/** A text with the word looked for marked. The mark has an outline too, so that it is seen without colour and on paper. */
export function MarkedText({ text, term, firstHit = 0, currentHit = null }: MarkedTextProps) {
  let at = 0
  return markTerm(text, term, firstHit).map((piece) => {
    const key = at
    at += piece.text.length
    if (piece.hit === null) return piece.text
    return (
      <mark key={key} id={hitAnchor(piece.hit)} className={piece.hit === currentHit ? 'tc-hit tc-hit--now' : 'tc-hit'}>
        {piece.text}
      </mark>
    )
  })
}

/** The anchor of a hit. */
export function hitAnchor(hit: number): string {
  return `hit-${hit}`
}
