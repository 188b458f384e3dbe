// SPDX-License-Identifier: Apache-2.0
import { markWords } from './mark-words.ts'

/** One thing that was found (搜索结果). */
export interface SearchHit {
  kind: string
  id: string
  title: string
  note: string | null
  href: string
}

/** Answer of `GET /api/v1/search`. */
export interface SearchAnswer {
  items: SearchHit[]
  nextCursor: string | null
  groups: { kind: string; title: string; count: number; more: boolean }[]
  words: string[]
}

/** A text with the words that were looked for. Text, never HTML. */
export function Marked({ text, words }: { text: string; words: readonly string[] }) {
  const pieces = markWords(text, words)
  // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
  return pieces.map((piece, at) => (piece.hit ? <mark key={at}>{piece.text}</mark> : piece.text))
}
