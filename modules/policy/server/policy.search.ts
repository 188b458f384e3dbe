import { decodeCursor, foldForSearch, type SearchHit, type SearchPort, todayInShanghai, toPage } from '@tongchou/kernel'
import { type PackLibrary, versionAt } from './pack-library.ts'

interface Indexed {
  hit: SearchHit
  /** All that is searched, folded. */
  folded: string
  text: string | null
}

/** Articles (条文) of the packs that can be asked today, by their words, and by title and document number (文号) of their pack. Law is public. */
export function articleSearch(library: PackLibrary): SearchPort {
  const byDay = new Map<string, Indexed[]>()
  const articlesOn = (now: Date): Indexed[] => {
    const day = todayInShanghai(now)
    const known = byDay.get(day) ?? indexOf(library, day)
    byDay.clear()
    byDay.set(day, known)
    return known
  }
  const matching = (now: Date, words: readonly string[]) =>
    articlesOn(now).filter(({ folded }) => words.every((word) => folded.includes(word)))
  return {
    kind: 'article',
    title: '制度条文',
    count: async (ctx, words, most) => Math.min(matching(ctx.now(), words).length, most),
    find: async (ctx, words, limit, cursor) => {
      const after = decodeCursor(cursor, ['integer'])?.[0] ?? 0
      const rows = matching(ctx.now(), words).map((found, index) => ({ found, at: index + 1 }))
      return toPage(
        rows.slice(after),
        limit,
        (row) => [row.at],
        ({ found: { hit, text } }) => ({ ...hit, note: text === null ? '未持有原文' : excerpt(text, words) }),
      )
    },
  }
}

function indexOf(library: PackLibrary, day: string): Indexed[] {
  const packs = [...library.packs.values()].flatMap((versions) => versionAt(versions, day) ?? [])
  return packs.flatMap((pack) =>
    pack.articles.map((article) => ({
      hit: {
        kind: 'article',
        id: article.id,
        title: `${pack.title} ${article.label}`,
        note: null,
        href: `/policy/${pack.id}/${article.id}`,
      },
      text: article.text,
      folded: foldForSearch(`${pack.documentNumber ?? ''} ${pack.title} ${article.label} ${article.text ?? ''}`),
    })),
  )
}

const EXCERPT = 80

/** The part of an article around the first word that stands in it. */
function excerpt(text: string, words: readonly string[]): string {
  const folded = foldForSearch(text)
  const at = words.map((word) => folded.indexOf(word)).find((place) => place >= 0) ?? 0
  const from = at < EXCERPT / 2 ? 0 : at - 20
  return `${from > 0 ? '…' : ''}${text.slice(from, from + EXCERPT)}${text.length > from + EXCERPT ? '…' : ''}`
}
