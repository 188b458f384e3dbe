// SPDX-License-Identifier: Apache-2.0
import { memo } from 'react'
import { Link } from 'react-router'
import { Carried } from './Carried.tsx'
import { MarkedText } from './MarkedText.tsx'
import type { Modes } from './modes.ts'
import type { ArticleDetail } from './policy-api.ts'
import { paragraphsOf } from './text-search.ts'
import type { Words } from './vocabulary.ts'

export interface ArticleViewProps {
  article: ArticleDetail
  /** The address of the article, with the search kept. */
  href: { pathname: string; search: string }
  /** An item of the article above it. */
  isItem: boolean
  /** The address names this article. */
  named: boolean
  term: string
  firstHit: number
  currentHit: number | null
  words: Words
  modes: Modes | null
}

/** One article (条): its words on the left, what carries it on the right. Its heading is the link to itself. */
export const ArticleView = memo(function ArticleView(props: ArticleViewProps) {
  const { article, href, isItem, named, words, modes } = props
  const kinds = ['tc-article', isItem && 'tc-article--item', named && 'tc-article--named'].filter(Boolean)
  return (
    <article id={article.id} className={kinds.join(' ')} aria-labelledby={`${article.id}-title`} tabIndex={-1}>
      <div className="tc-article-words">
        <h3 id={`${article.id}-title`}>
          <Link to={href} preventScrollReset>
            {article.label}
          </Link>
          <small>{article.id}</small>
        </h3>
        <ArticleWords {...props} />
      </div>
      <Carried article={article} words={words} modes={modes} />
    </article>
  )
})

function ArticleWords({ article, term, firstHit, currentHit }: ArticleViewProps) {
  if (article.text === null) return <p className="tc-muted">未持有原文</p>
  return paragraphsOf(article.text, term, firstHit).map((paragraph) => (
    <p key={paragraph.at}>
      <MarkedText text={paragraph.text} term={term} firstHit={paragraph.firstHit} currentHit={currentHit} />
    </p>
  ))
}
