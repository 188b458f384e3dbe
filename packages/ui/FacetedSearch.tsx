// SPDX-License-Identifier: Apache-2.0
import { Button, Input } from 'antd'
import { type ReactNode, useEffect, useId, useState } from 'react'
import { useSearchParams } from 'react-router'
import { useApi } from './data.ts'
import { QueryView } from './QueryView.tsx'
import { Empty } from './states.tsx'

/** 分面: values that could be chosen, with how much there is under what is chosen of the others. */
export interface Facet {
  name: string
  title: string
  values: readonly { value: string; title: string; count: number }[]
}

/** What a search with facets answers. */
export interface FacetedAnswer {
  total: number
  items: readonly unknown[]
  facets: readonly Facet[]
  nextCursor: string | null
}

export interface FacetedSearchProps<Answer extends FacetedAnswer> {
  /** What is found: 目录. */
  what: string
  path: string
  /** By what it is found, beside the field. */
  label: string
  facets: readonly string[]
  /** Asked of every answer, and not to be chosen. */
  always?: Readonly<Record<string, string>>
  /** What to do when nothing is found. */
  hint: string
  children: (answer: Answer) => ReactNode
}

/** A search by words, narrowed down by facets, page by page. The address is the truth: every state has its own. */
export function FacetedSearch<Answer extends FacetedAnswer>(props: FacetedSearchProps<Answer>) {
  const { what, path, label, facets, always, hint, children } = props
  const [params, setParams] = useSearchParams()
  const q = params.get('q') ?? ''
  const cursor = params.get('cursor') ?? ''
  const chosen = Object.fromEntries(facets.map((name) => [name, params.get(name) ?? '']))
  const query = useApi<Answer>(path, { q, ...chosen, ...always, cursor })
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(params)
    next.delete('cursor')
    if (value === '') next.delete(name)
    else next.set(name, value)
    setParams(next)
  }
  const isNarrowed = Object.values(chosen).some((value) => value !== '')
  return (
    <>
      <Words what={what} label={label} q={q} onSearch={(typed) => set('q', typed)} />
      <QueryView query={query} what={what}>
        {(answer) => (
          <div className="tc-faceted">
            <Facets offered={answer.facets.filter(({ name }) => facets.includes(name))} chosen={chosen} onChoose={set} />
            <section aria-label="查找结果">
              <p role="status" className="tc-muted">
                共{answer.total}项{what}
              </p>
              {answer.items.length === 0 ? (
                <Empty
                  what={q === '' ? `没有符合所选范围的${what}` : `没有找到“${q}”`}
                  hint={hint}
                  {...(isNarrowed ? { act: <Button onClick={() => setParams({ q })}>在全部范围内查找</Button> } : {})}
                />
              ) : (
                <ul className="tc-hits">{children(answer)}</ul>
              )}
              {(cursor !== '' || answer.nextCursor) && (
                <nav className="tc-paging" aria-label="翻页">
                  <Button disabled={cursor === ''} onClick={() => set('cursor', '')}>
                    回到首页
                  </Button>
                  <Button disabled={answer.nextCursor === null} onClick={() => set('cursor', answer.nextCursor ?? '')}>
                    下一页
                  </Button>
                </nav>
              )}
            </section>
          </div>
        )}
      </QueryView>
    </>
  )
}

interface WordsProps {
  what: string
  label: string
  q: string
  onSearch: (typed: string) => void
}

function Words({ what, label, q, onSearch }: WordsProps) {
  const id = useId()
  const [typed, setTyped] = useState(q)
  // Going back in the browser brings the words of then.
  useEffect(() => setTyped(q), [q])
  return (
    <search aria-label={`查找${what}`}>
      <form
        className="tc-search-words"
        onSubmit={(event) => {
          event.preventDefault()
          onSearch(typed.trim())
        }}
      >
        <label htmlFor={id}>{label}</label>
        <Input id={id} value={typed} allowClear maxLength={100} style={{ width: 320 }} onChange={(event) => setTyped(event.target.value)} />
        <Button type="primary" htmlType="submit">
          查找
        </Button>
      </form>
    </search>
  )
}

interface FacetsProps {
  offered: readonly Facet[]
  chosen: Readonly<Record<string, string>>
  onChoose: (name: string, value: string) => void
}

function Facets({ offered, chosen, onChoose }: FacetsProps) {
  const useful = offered.filter(({ name, values }) => values.length > 1 || chosen[name] !== '')
  if (useful.length === 0) return null
  return (
    <nav aria-label="缩小范围" className="tc-facets">
      {useful.map(({ name, title, values }) => (
        <section key={name} aria-label={title}>
          <h2>{title}</h2>
          <ul>
            {values.slice(0, MOST_VALUES).map((one) => (
              <li key={one.value}>
                <button
                  type="button"
                  aria-pressed={chosen[name] === one.value}
                  onClick={() => onChoose(name, chosen[name] === one.value ? '' : one.value)}
                >
                  {one.title} <span className="tc-num">{one.count}</span>
                </button>
              </li>
            ))}
            {chosen[name] !== '' && !values.some(({ value }) => value === chosen[name]) && (
              <li>
                <button type="button" aria-pressed="true" onClick={() => onChoose(name, '')}>
                  取消所选的{title}
                </button>
              </li>
            )}
          </ul>
        </section>
      ))}
    </nav>
  )
}

/** Values of one facet that are offered: the commonest. */
const MOST_VALUES = 12
