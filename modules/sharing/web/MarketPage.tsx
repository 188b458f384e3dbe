import { ActLink, type FacetedAnswer, FacetedSearch, Forbidden, holdsDuty, Marked, Page, StateWord, useSession } from '@tongchou/ui'
import { Link } from 'react-router'
import { sharingWords } from '../words.ts'
import { readers } from './sharing-api.ts'

/** A part of what `GET /api/v1/catalog/search` answers. */
interface Found extends FacetedAnswer {
  /** As they were typed, to be marked. */
  words: readonly string[]
  items: readonly {
    id: string
    name: string
    abstract: string
    code: string | null
    org: { id: string; name: string }
    sharing: string | null
    itemCount: number
    foundItems: string[]
    /** What the reading of a word met. */
    marks: readonly string[]
  }[]
}

const tones = { unconditional: 'good', conditional: 'now', none: 'bad' } as const

/** 资源超市: what is registered, who has it, who may have it, and the way to ask. */
export function MarketPage() {
  const session = useSession()
  if (!holdsDuty(session, readers))
    return (
      <Page title="资源超市">
        <Forbidden duty={readers} act="使用资源超市" />
      </Page>
    )
  return (
    <Page
      title="资源超市"
      lead="各部门已登记的数据资源。无条件共享的申请后由系统即时授权；有条件共享的由提供方答复；不予共享的列明依据。"
      actions={<ActLink to="/sharing/mine">我的申请</ActLink>}
    >
      <FacetedSearch<Found>
        what="数据资源"
        path="/api/v1/catalog/search"
        label="名称、提供方、信息项或拼音"
        facets={['sharing', 'orgId', 'class']}
        always={{ state: 'registered' }}
        hint="可以减少字词，或输入拼音首字母。需要的数据没有部门登记的，请市大数据中心协调编目。"
      >
        {(answer) => answer.items.map((hit) => <Resource key={hit.id} hit={hit} words={[...answer.words, ...hit.marks]} />)}
      </FacetedSearch>
    </Page>
  )
}

function Resource({ hit, words }: { hit: Found['items'][number]; words: readonly string[] }) {
  const sharing = hit.sharing as keyof typeof tones | null
  return (
    <li>
      <h2>
        <Link to={`/catalog/${hit.id}`}>
          <Marked text={hit.name} words={words} />
        </Link>{' '}
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
