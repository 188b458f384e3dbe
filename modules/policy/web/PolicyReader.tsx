// SPDX-License-Identifier: Apache-2.0
import { holdsDuty, Page, QueryView, useApi, useSession } from '@tongchou/ui'
import { Button } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { useNavigate, useParams, useSearchParams } from 'react-router'
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

/** The office that the API lets set modes; here only for showing the switches. */
const SETS_MODES = ['big-data-center'] as const

/** A document of the library, article by article, with what carries each (制度阅读). */
export function PolicyReader() {
  const { pack: id = '', article } = useParams()
  const query = useApi<PackDetail>(`/api/v1/policy-packs/${encodeURIComponent(id)}`)
  const loaded = query.data !== undefined
  useEffect(() => {
    if (loaded && article !== undefined) goTo(article)
  }, [loaded, article])
  if (query.data === undefined) {
    return (
      <Page title="制度阅读" breadcrumb={LIBRARY}>
        <QueryView query={query} what={`编号为“${id}”的文件`} lines={12}>
          {() => null}
        </QueryView>
      </Page>
    )
  }
  return <Reader key={id} pack={query.data} article={article} />
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
    <Page
      title={pack.title}
      state={STATUS_WORDS[pack.status]}
      lead={[pack.documentNumber, pack.issuedBy].filter(Boolean).join(' · ')}
      breadcrumb={LIBRARY}
      actions={<Button onClick={() => window.print()}>打印</Button>}
    >
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
    </Page>
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
    document.getElementById(hitAnchor(next))?.scrollIntoView({ block: 'center' })
  }
  const onSearch = (text: string) => {
    setCurrentHit(null)
    void navigate(
      { search: text.trim() === '' ? '' : `?${new URLSearchParams({ q: text.trim() })}` },
      { replace: true, preventScrollReset: true },
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
