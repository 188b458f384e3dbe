// SPDX-License-Identifier: Apache-2.0
import { Empty, ListFilters, Marked, Page, QueryView, type SearchAnswer, type SearchHit, useApi, useListState } from '@tongchou/ui'
import { Button } from 'antd'
import { Link, useSearchParams } from 'react-router'

const filters = [{ name: 'q', label: '名称、文号或条文', kind: 'text', width: 320 }] as const

/** 搜索: everything that holds the words, kind by kind; one kind alone goes on page by page. */
export function SearchPage() {
  const state = useListState(filters, 20)
  const [params] = useSearchParams()
  const q = state.values.q ?? ''
  const kind = params.get('kinds') ?? ''
  const query = useApi<SearchAnswer>(q === '' ? null : '/api/v1/search', {
    q,
    kinds: kind,
    cursor: params.get('cursor') ?? '',
    ...(kind === '' ? {} : { limit: 20 }),
  })
  // All kinds with their counts, also while one of them is looked at.
  const all = useApi<SearchAnswer>(q === '' ? null : '/api/v1/search', { q })
  return (
    <Page title="搜索" lead="按当前岗位可以查看的范围搜索；多个词以空格分开，须同时出现。">
      <ListFilters label="搜索" filters={filters} state={state} />
      {q === '' ? (
        <Hints />
      ) : (
        <>
          <Kinds q={q} kind={kind} groups={all.data?.groups ?? []} />
          <QueryView query={query} what="搜索结果" isEmpty={({ items }) => items.length === 0} empty={<Nothing q={q} />}>
            {(answer) => (
              <>
                {answer.groups
                  .filter((group) => answer.items.some((hit) => hit.kind === group.kind))
                  .map((group) => (
                    <section key={group.kind} className="tc-found" aria-label={group.title}>
                      <h2>
                        {group.title} <small>{countWords(group)}</small>
                      </h2>
                      <Hits hits={answer.items.filter((hit) => hit.kind === group.kind)} words={answer.words} />
                      {kind === '' && group.count > answer.items.filter((hit) => hit.kind === group.kind).length && (
                        <Link to={addressOf(q, group.kind)}>查看全部{group.title}</Link>
                      )}
                    </section>
                  ))}
                {kind !== '' && (state.previous || answer.nextCursor) && (
                  <nav className="tc-paging" aria-label="翻页">
                    <Button disabled={!state.previous} onClick={state.previous}>
                      上一页
                    </Button>
                    <Button disabled={answer.nextCursor === null} onClick={() => answer.nextCursor && state.next(answer.nextCursor)}>
                      下一页
                    </Button>
                  </nav>
                )}
              </>
            )}
          </QueryView>
        </>
      )}
    </Page>
  )
}

function Kinds({ q, kind, groups }: { q: string; kind: string; groups: SearchAnswer['groups'] }) {
  const there = groups.filter(({ count }) => count > 0)
  if (there.length < 2) return null
  return (
    <nav className="tc-kinds" aria-label="类别">
      <Link to={addressOf(q, '')} aria-current={kind === '' ? 'true' : undefined}>
        全部
      </Link>
      {there.map((group) => (
        <Link key={group.kind} to={addressOf(q, group.kind)} aria-current={kind === group.kind ? 'true' : undefined}>
          {group.title} {countWords(group)}
        </Link>
      ))}
    </nav>
  )
}

function Hits({ hits, words }: { hits: readonly SearchHit[]; words: readonly string[] }) {
  return (
    <ul>
      {hits.map((hit) => (
        <li key={hit.id}>
          <Link to={hit.href}>
            <Marked text={hit.title} words={words} />
          </Link>
          {hit.note && (
            <small>
              <Marked text={hit.note} words={words} />
            </small>
          )}
        </li>
      ))}
    </ul>
  )
}

function addressOf(q: string, kind: string): string {
  const params = new URLSearchParams(kind === '' ? { q } : { q, kinds: kind })
  return `/search?${params}`
}

function countWords({ count, more }: { count: number; more: boolean }): string {
  return more ? `超过 ${count} 条` : `${count} 条`
}

function Nothing({ q }: { q: string }) {
  return (
    <Empty
      what={`没有找到“${q}”`}
      hint="可以减少字词，或只输入名称、文号中的一段；括号和全角半角不用区分。不在当前岗位可查看范围内的事项不会列出。"
    />
  )
}

function Hints() {
  return (
    <Empty
      what="输入要找的名称或文号"
      hint="可以找项目、招标公告编号、合同编号、信息系统、数据资源、办件、文号、问题、机构、人员和制度条文，例如“智慧城管”“第十五条”“〔2026〕17号”。在任何页面按“/”键即可搜索。"
    />
  )
}
