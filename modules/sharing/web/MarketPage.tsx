import { ActLink, Empty, Forbidden, holdsDuty, Page, QueryView, StateWord, useApi, useSession } from '@tongchou/ui'
import { Button, Input } from 'antd'
import { type FormEvent, useEffect, useId, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { sharingWords } from '../words.ts'
import { readers } from './sharing-api.ts'
import './sharing.css'

/** A part of what `GET /api/v1/catalog/search` answers. */
interface Found {
  total: number
  items: {
    id: string
    name: string
    abstract: string
    code: string | null
    org: { id: string; name: string }
    sharing: string | null
    itemCount: number
    foundItems: string[]
  }[]
  facets: { name: string; title: string; values: { value: string; title: string; count: number }[] }[]
  nextCursor: string | null
}

const shownFacets = ['sharing', 'orgId', 'class'] as const
const mostValues = 8
const tones = { unconditional: 'good', conditional: 'now', none: 'bad' } as const

/** 资源超市: what is registered, who has it, who may have it, and the way to ask. Every state has its address. */
export function MarketPage() {
  const session = useSession()
  if (!holdsDuty(session, readers))
    return (
      <Page title="资源超市">
        <Forbidden duty={readers} act="使用资源超市" />
      </Page>
    )
  return <Market />
}

function Market() {
  const [params, setParams] = useSearchParams()
  const q = params.get('q') ?? ''
  const chosen = Object.fromEntries(shownFacets.map((name) => [name, params.get(name) ?? '']))
  const cursor = params.get('cursor') ?? ''
  const query = useApi<Found>('/api/v1/catalog/search', { q, ...chosen, state: 'registered', cursor })
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(params)
    if (name !== 'cursor') next.delete('cursor')
    if (value === '') next.delete(name)
    else next.set(name, value)
    setParams(next)
  }
  return (
    <Page
      title="资源超市"
      lead="各部门已登记的数据资源。无条件共享的申请后由系统即时授权；有条件共享的由提供方答复；不予共享的列明依据。"
      actions={<ActLink to="/sharing/mine">我的申请</ActLink>}
    >
      <Words q={q} onSearch={(typed) => set('q', typed)} />
      <QueryView query={query} what="数据资源">
        {(answer) => (
          <>
            <Facets facets={answer.facets} chosen={chosen} onChoose={set} />
            <p role="status" className="tc-muted">
              共{answer.total}项数据资源
            </p>
            {answer.items.length === 0 ? (
              <Empty
                what={q === '' ? '没有符合所选范围的数据资源' : `没有找到“${q}”`}
                hint="可以减少字词，或输入拼音首字母。需要的数据没有部门登记的，请市大数据中心协调编目。"
              />
            ) : (
              <ul className="tc-shelf" aria-label="数据资源">
                {answer.items.map((hit) => (
                  <Resource key={hit.id} hit={hit} />
                ))}
              </ul>
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
          </>
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
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSearch(typed.trim())
  }
  return (
    <search aria-label="查找数据资源">
      <form className="tc-row-acts" onSubmit={submit}>
        <label htmlFor={label}>名称、提供方、信息项或拼音</label>
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
  facets: Found['facets']
  chosen: Readonly<Record<string, string>>
  onChoose: (name: string, value: string) => void
}

/** What could be chosen, with how much there is. */
function Facets({ facets, chosen, onChoose }: FacetsProps) {
  const shown = facets.filter(({ name }) => shownFacets.some((one) => one === name))
  return (
    <nav aria-label="缩小范围">
      {shown.map(({ name, title, values }) => (
        <p key={name} className="tc-row-acts">
          <span className="tc-muted">{title}</span>
          {values.slice(0, mostValues).map((one) => (
            <Button
              key={one.value}
              size="small"
              type={chosen[name] === one.value ? 'primary' : 'default'}
              aria-pressed={chosen[name] === one.value}
              onClick={() => onChoose(name, chosen[name] === one.value ? '' : one.value)}
            >
              {one.title} {one.count}
            </Button>
          ))}
        </p>
      ))}
    </nav>
  )
}

function Resource({ hit }: { hit: Found['items'][number] }) {
  const sharing = hit.sharing as keyof typeof tones | null
  return (
    <li>
      <h2>
        <Link to={`/catalog/${hit.id}`}>{hit.name}</Link>{' '}
        {sharing && <StateWord text={sharingWords[sharing] ?? sharing} tone={tones[sharing]} />}
      </h2>
      <p className="tc-muted">
        {[hit.org.name, hit.code ?? '未赋码', `${hit.itemCount}个信息项`].join(' · ')}
        {hit.foundItems.length > 0 && ` · 信息项：${hit.foundItems.join('、')}`}
      </p>
      {hit.abstract && <p>{hit.abstract.length > 120 ? `${hit.abstract.slice(0, 120)}…` : hit.abstract}</p>}
      <p>
        <Link to={`/market/${hit.id}`} aria-label={`申请共享“${hit.name}”`}>
          申请共享
        </Link>
      </p>
    </li>
  )
}
