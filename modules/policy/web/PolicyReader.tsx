// SPDX-License-Identifier: Apache-2.0
import { holdsDuty, Page, QueryView, useApi, useSession } from '@tongchou/ui'
import { Button } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { useLocation, useNavigate, useParams, useSearchParams } from 'react-router'
import { ArticleContents } from './ArticleContents.tsx'
import { ArticleView } from './ArticleView.tsx'
import { hitAnchor } from './MarkedText.tsx'
import { useModes } from './modes.ts'
import { chaptersOf, parentOf } from './outline.ts'
import { PackFacts } from './PackFacts.tsx'
import './policy.css'
import { type PackDetail, STATUS_WORDS } from './policy-api.ts'
import { ReaderSearch } from './ReaderSearch.tsx'
import { useReadingPosition } from './reading-position.ts'
import { numberHits, searchTerm } from './text-search.ts'
import { useWords } from './vocabulary.ts'

const LIBRARY = [{ label: '制度库', href: '/policy' }]

/** State of a navigation that only changes the word looked for: the reader stays where they are. */
const SEARCHING = 'searching'

/** The office that the API lets set modes; here only for showing the switches. */
const SETS_MODES = ['big-data-center'] as const

/** A document of the library, article by article, with what carries each (制度阅读). */
export function PolicyReader() {
  const { pack: id = '', article } = useParams()
  const query = useApi<PackDetail>(`/api/v1/policy-packs/${encodeURIComponent(id)}`)
  const loaded = query.data !== undefined
  const { key, state } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: by the key, the same article asked for again after scrolling away is gone to again
  useEffect(() => {
    if (loaded && article !== undefined && state !== SEARCHING) goTo(article)
  }, [loaded, article, state, key])
  // One page for all states of the query, so that the heading that took the focus stays while its text changes.
  return (
    <Page breadcrumb={LIBRARY} {...headOf(query.data)}>
      <QueryView query={query} what="制度文件" lines={12}>
        {(pack) => <Reader key={id} pack={pack} article={article} />}
      </QueryView>
    </Page>
  )
}

function headOf(pack: PackDetail | undefined) {
  if (pack === undefined) return { title: '制度阅读' }
  return {
    title: pack.title,
    state: STATUS_WORDS[pack.status],
    lead: [pack.documentNumber, pack.issuedBy].filter(Boolean).join(' · '),
    actions: <Button onClick={() => window.print()}>打印</Button>,
  }
}

function Reader({ pack, article }: { pack: PackDetail; article: string | undefined }) {
  const session = useSession()
  const words = useWords()
  const modes = useModes(pack.rulesLoaded && holdsDuty(session, SETS_MODES) ? pack.id : null)
  const search = useTextSearch(pack)
  const position = useReadingPosition(pack.articles.map((one) => one.id))
  const chapters = useMemo(() => chaptersOf(pack.articles), [pack])
  const ids = useMemo(() => new Set(pack.articles.map((one) => one.id)), [pack])
  const href = (id: string) => ({ pathname: `/policy/${pack.id}/${id}`, search: search.kept })
  return (
    <>
      <PackFacts pack={pack} modes={modes} />
      {article !== undefined && !ids.has(article) && <p role="alert">本文件没有编号为“{article}”的条文，以下为全文。</p>}
      <div className="tc-reader">
        <ArticleContents chapters={chapters} href={href} current={position ?? article} hits={search.hits} />
        <div>
          <ReaderSearch {...search.line} />
          {chapters.map((chapter) => (
            <section key={chapter.key} className="tc-chapter" aria-labelledby={chapter.key}>
              <h2 id={chapter.key} tabIndex={-1}>
                {chapter.title}
              </h2>
              {chapter.articles.map((one) => (
                <ArticleView
                  key={one.id}
                  article={one}
                  href={href(one.id)}
                  isItem={parentOf(one.id, ids) !== null}
                  named={one.id === article}
                  term={search.term}
                  firstHit={search.hits?.get(one.id)?.first ?? 0}
                  currentHit={search.line.currentHit}
                  words={words}
                  modes={modes}
                />
              ))}
            </section>
          ))}
        </div>
      </div>
    </>
  )
}

/** Search within the text: the word lives in the address, the place one stands on does not. */
function useTextSearch(pack: PackDetail) {
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const query = params.get('q') ?? ''
  const term = searchTerm(query)
  const [currentHit, setCurrentHit] = useState<number | null>(null)
  const numbered = useMemo(() => (term === '' ? null : numberHits(pack.articles, term)), [pack, term])
  const found = numbered && { total: numbered.total, articles: [...numbered.byId.values()].filter((hits) => hits.count > 0).length }
  const onStep = (by: 1 | -1) => {
    if (found === null || found.total === 0) return
    const from = currentHit ?? (by === 1 ? -1 : 0)
    const next = (from + by + found.total) % found.total
    setCurrentHit(next)
    document.getElementById(hitAnchor(next))?.scrollIntoView()
  }
  const onSearch = (text: string) => {
    setCurrentHit(null)
    void navigate(
      { search: text.trim() === '' ? '' : `?${new URLSearchParams({ q: text.trim() })}` },
      { replace: true, preventScrollReset: true, state: SEARCHING },
    )
  }
  return {
    term,
    kept: params.toString() === '' ? '' : `?${params}`,
    hits: numbered?.byId ?? null,
    line: { query, onSearch, found, currentHit, onStep },
  }
}

function goTo(article: string): void {
  const element = document.getElementById(article)
  element?.focus({ preventScroll: true })
  element?.scrollIntoView()
}
