// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react'
import { Link } from 'react-router'
import { type Chapter, parentOf } from './outline.ts'
import type { ArticleDetail } from './policy-api.ts'

export interface ArticleContentsProps {
  chapters: readonly Chapter<ArticleDetail>[]
  href: (article: string) => { pathname: string; search: string }
  /** The article being read. */
  current: string | undefined
  /** Hits by article id, while something is searched. */
  hits: ReadonlyMap<string, { count: number }> | null
}

/** The table of contents (目录): chapters and their articles; the one being read is marked and kept in view. */
export function ArticleContents({ chapters, href, current, hits }: ArticleContentsProps) {
  const list = useRef<HTMLElement>(null)
  const ids = new Set(chapters.flatMap((chapter) => chapter.articles.map((article) => article.id)))
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is looked at again when another article is current
  useEffect(() => keepInView(list.current), [current])
  return (
    <nav className="tc-contents" aria-label="目录" ref={list}>
      <ol>
        {chapters.map((chapter) => (
          <li key={chapter.key} className="tc-contents-chapter">
            <a href={`#${chapter.key}`} className="tc-contents-title">
              {chapter.title}
            </a>
            <ol>
              {chapter.articles.map(({ id, label }) => (
                <li key={id}>
                  <Link
                    className={parentOf(id, ids) === null ? undefined : 'tc-contents-item'}
                    to={href(id)}
                    preventScrollReset
                    aria-current={id === current ? 'location' : undefined}
                  >
                    {label}
                    <HitCount count={hits?.get(id)?.count ?? 0} />
                  </Link>
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ol>
    </nav>
  )
}

function HitCount({ count }: { count: number }) {
  return count === 0 ? null : <span className="tc-contents-hits">{count} 处</span>
}

// `scrollIntoView` would move the window as well; only the list may move.
function keepInView(list: HTMLElement | null): void {
  const mark = list?.querySelector<HTMLElement>('[aria-current]')
  if (!list || !mark) return
  const top = mark.offsetTop - list.offsetTop
  if (top < list.scrollTop || top + mark.offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = top - list.clientHeight / 2
}
