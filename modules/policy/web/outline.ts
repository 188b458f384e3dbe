// SPDX-License-Identifier: Apache-2.0

/** What an outline needs to know of an article (条). */
export interface OutlineArticle {
  id: string
  chapter: string
}

/** A chapter (章) with its articles in the order of the text; `key` is safe as an anchor. */
export interface Chapter<A> {
  key: string
  title: string
  articles: A[]
}

/** Groups articles into the chapters that they follow each other in. */
export function chaptersOf<A extends OutlineArticle>(articles: readonly A[]): Chapter<A>[] {
  const chapters: Chapter<A>[] = []
  for (const article of articles) {
    const last = chapters.at(-1)
    if (last !== undefined && last.title === article.chapter) last.articles.push(article)
    else chapters.push({ key: `chapter-${chapters.length + 1}`, title: article.chapter, articles: [article] })
  }
  return chapters
}

/** The article that an item (项) belongs to, as ids say it: `GE18-2.1b` → `GE18-2.1` → `GE18-2`. Null when none of them is in the text. */
export function parentOf(id: string, ids: ReadonlySet<string>): string | null {
  let rest = id
  while (true) {
    const shorter = rest.replace(/(?:[a-z]|\.\d+)$/, '')
    if (shorter === rest) return null
    if (ids.has(shorter)) return shorter
    rest = shorter
  }
}
