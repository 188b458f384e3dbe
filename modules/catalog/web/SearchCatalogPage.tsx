// SPDX-License-Identifier: Apache-2.0
import { Empty, Forbidden, holdsDuty, Marked, OUTSIDE_DUTIES, Page, QueryView, StateWord, useApi, useSession } from '@tongchou/ui'
import { Button, Input } from 'antd'
import { useEffect, useId, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { cycleWords, sharingWords, stateWords } from '../words.ts'
import { type CatalogSearchAnswer, readers, stateTones } from './catalog-api.ts'
import './catalog.css'

const facetNames = ['orgId', 'sharing', 'class', 'cycle', 'grade', 'state'] as const

/** 查找目录: by words of any length and 拼音, narrowed down by facets that say how much there is. Every state has its address. */
export function SearchCatalogPage() {
  const session = useSession()
  const [params, setParams] = useSearchParams()
  const q = params.get('q') ?? ''
  const chosen = Object.fromEntries(facetNames.map((name) => [name, params.get(name) ?? '']))
  const cursor = params.get('cursor') ?? ''
  const outside = holdsDuty(session, OUTSIDE_DUTIES)
  const query = useApi<CatalogSearchAnswer>(outside ? null : '/api/v1/catalog/search', { q, ...chosen, cursor })
  const crumbs = [{ label: '资源目录', href: '/catalog' }, { label: '查找目录' }]
  if (outside)
    return (
      <Page title="查找目录" breadcrumb={crumbs}>
        <Forbidden duty={readers} act="查找目录" />
      </Page>
    )
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(params)
    next.delete('cursor')
    if (value === '') next.delete(name)
    else next.set(name, value)
    setParams(next)
  }
  const turn = (to: string) => {
    const next = new URLSearchParams(params)
    next.set('cursor', to)
    setParams(next)
  }
  return (
    <Page title="查找目录" lead="按当前岗位可以查看的范围查找；多个词以空格分开，须同时出现。" breadcrumb={crumbs}>
      <Words q={q} onSearch={(typed) => set('q', typed)} />
      <QueryView query={query} what="目录">
        {(answer) => (
          <div className="tc-catalog-search">
            <Facets answer={answer} chosen={chosen} onChoose={set} />
            <section aria-label="查找结果">
              <p role="status" className="tc-muted">
                共{answer.total}项目录
              </p>
              {answer.items.length === 0 ? (
                <Nothing q={q} narrowed={Object.values(chosen).some((value) => value !== '')} onWiden={() => setParams({ q })} />
              ) : (
                <Hits answer={answer} />
              )}
              {(cursor !== '' || answer.nextCursor) && (
                <nav className="tc-paging" aria-label="翻页">
                  <Button disabled={cursor === ''} onClick={() => set('cursor', '')}>
                    回到首页
                  </Button>
                  <Button disabled={answer.nextCursor === null} onClick={() => answer.nextCursor && turn(answer.nextCursor)}>
                    下一页
                  </Button>
                </nav>
              )}
            </section>
          </div>
        )}
      </QueryView>
    </Page>
  )
}

function Words({ q, onSearch }: { q: string; onSearch: (typed: string) => void }) {
  const label = useId()
  const [typed, setTyped] = useState(q)
  // The address is the truth: going back in the browser brings the words of then.
  useEffect(() => setTyped(q), [q])
  return (
    <search aria-label="查找目录">
      <form
        className="tc-copy-items"
        onSubmit={(event) => {
          event.preventDefault()
          onSearch(typed.trim())
        }}
      >
        <label htmlFor={label}>名称、代码、提供方、信息项或拼音</label>
        <Input
          id={label}
          value={typed}
          allowClear
          maxLength={100}
          style={{ width: 320 }}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="primary" htmlType="submit">
          查找
        </Button>
      </form>
    </search>
  )
}

interface FacetsProps {
  answer: CatalogSearchAnswer
  chosen: Readonly<Record<string, string>>
  onChoose: (name: string, value: string) => void
}

/** 分面: what could be chosen, with how much there is under what is chosen of the others. */
function Facets({ answer, chosen, onChoose }: FacetsProps) {
  const offered = answer.facets.filter(({ name, values }) => values.length > 1 || chosen[name] !== '')
  if (offered.length === 0) return null
  return (
    <nav aria-label="缩小范围" className="tc-facets">
      {offered.map(({ name, title, values }) => (
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

function Hits({ answer }: { answer: CatalogSearchAnswer }) {
  return (
    <ul className="tc-catalog-hits">
      {answer.items.map((hit) => {
        const words = [...answer.words, ...hit.marks]
        return (
          <li key={hit.id}>
            <h2>
              <Link to={`/catalog/${hit.id}`}>
                <Marked text={hit.name} words={words} />
              </Link>{' '}
              <StateWord text={stateWords[hit.state]} tone={stateTones[hit.state]} />
            </h2>
            <p className="tc-muted">
              <Marked
                text={[
                  hit.org.name,
                  hit.code ?? '未赋码',
                  hit.sharing && sharingWords[hit.sharing],
                  hit.updateCycle && cycleWords[hit.updateCycle],
                  `${hit.itemCount}个信息项`,
                ]
                  .filter(Boolean)
                  .join(' · ')}
                words={words}
              />
            </p>
            {hit.abstract !== '' && (
              <p>
                <Marked text={shortened(hit.abstract, words)} words={words} />
              </p>
            )}
            {hit.foundItems.length > 0 && (
              <p>
                信息项：
                <Marked text={hit.foundItems.join('、')} words={words} />
              </p>
            )}
          </li>
        )
      })}
    </ul>
  )
}

const SHOWN = 120

/** The part of a description in which the first word stands. */
function shortened(text: string, words: readonly string[]): string {
  if (text.length <= SHOWN) return text
  const at = Math.max(0, Math.min(...words.map((word) => text.toLowerCase().indexOf(word)).filter((found) => found >= 0), text.length))
  const from = at === text.length ? 0 : Math.max(0, at - 20)
  return `${from > 0 ? '…' : ''}${text.slice(from, from + SHOWN)}${from + SHOWN < text.length ? '…' : ''}`
}

function Nothing({ q, narrowed, onWiden }: { q: string; narrowed: boolean; onWiden: () => void }) {
  return (
    <Empty
      what={q === '' ? '没有符合所选范围的目录' : `没有找到“${q}”`}
      hint="可以减少字词，改用名称、信息项中的一两个字，或输入拼音首字母（低保：db）；全角半角和大小写不用区分。不在当前岗位可查看范围内的目录不会列出。"
      {...(narrowed ? { act: <Button onClick={onWiden}>在全部范围内查找</Button> } : {})}
    />
  )
}
