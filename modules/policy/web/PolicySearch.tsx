// SPDX-License-Identifier: Apache-2.0
import type { ListPage } from '@tongchou/api-client'
import { Empty, QueryView, Section, useApi } from '@tongchou/ui'
import { Link } from 'react-router'
import { MarkedText } from './MarkedText.tsx'
import type { SearchHit } from './policy-api.ts'
import { searchTerm } from './text-search.ts'

/** Articles of all documents that hold a word (条文检索), each opening at the article with the word marked. */
export function PolicySearch({ q }: { q: string }) {
  const query = useApi<ListPage<SearchHit>>('/api/v1/policy-packs/search', { q, limit: 200 })
  return (
    <Section title={`检索“${q}”的结果`}>
      <QueryView
        query={query}
        what="检索结果"
        isEmpty={(page) => page.items.length === 0}
        empty={<Empty what={`没有条文含有“${q}”`} hint="个别文件所存文本为繁体字或有缺损，可换字词再查。" />}
      >
        {(page) => <Hits page={page} q={q} />}
      </QueryView>
    </Section>
  )
}

function Hits({ page, q }: { page: ListPage<SearchHit>; q: string }) {
  const documents = new Set(page.items.map((hit) => hit.pack)).size
  const search = `?${new URLSearchParams({ q })}`
  return (
    <>
      <p role="status">
        {page.nextCursor === null
          ? `${documents} 部文件的 ${page.items.length} 条条文含有该词；所存文本为繁体字的，须以繁体字检索。`
          : `以下为前 ${page.items.length} 条条文，写得具体些可以缩小范围。`}
      </p>
      <ul className="tc-search-hits">
        {page.items.map((hit) => (
          <li key={hit.article} className="tc-search-hit">
            <Link to={{ pathname: `/policy/${hit.pack}/${hit.article}`, search }}>
              {hit.title} {hit.label}
            </Link>{' '}
            <span className="tc-muted">{hit.article}</span>
            <p>
              <MarkedText text={hit.excerpt} term={searchTerm(q)} />
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}
