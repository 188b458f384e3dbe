// SPDX-License-Identifier: Apache-2.0
import { FacetedSearch, Forbidden, holdsDuty, Marked, OUTSIDE_DUTIES, Page, StateWord, useSession } from '@tongchou/ui'
import { Link } from 'react-router'
import { cycleWords, sharingWords, stateWords } from '../words.ts'
import { type CatalogSearchAnswer, readers, stateTones } from './catalog-api.ts'
import './catalog.css'

/** 查找目录: by words of any length and 拼音, narrowed down by facets that say how much there is. Every state has its address. */
export function SearchCatalogPage() {
  const session = useSession()
  const crumbs = [{ label: '资源目录', href: '/catalog' }, { label: '查找目录' }]
  if (holdsDuty(session, OUTSIDE_DUTIES))
    return (
      <Page title="查找目录" breadcrumb={crumbs}>
        <Forbidden duty={readers} act="查找目录" />
      </Page>
    )
  return (
    <Page title="查找目录" lead="按当前岗位可以查看的范围查找；多个词以空格分开，须同时出现。" breadcrumb={crumbs}>
      <FacetedSearch<CatalogSearchAnswer>
        what="目录"
        path="/api/v1/catalog/search"
        label="名称、代码、提供方、信息项或拼音"
        facets={['orgId', 'sharing', 'class', 'cycle', 'grade', 'state']}
        hint="可以减少字词，改用名称、信息项中的一两个字，或输入拼音首字母（低保：db）；全角半角和大小写不用区分。不在当前岗位可查看范围内的目录不会列出。"
      >
        {(answer) => answer.items.map((hit) => <Hit key={hit.id} hit={hit} words={[...answer.words, ...hit.marks]} />)}
      </FacetedSearch>
    </Page>
  )
}

function Hit({ hit, words }: { hit: CatalogSearchAnswer['items'][number]; words: readonly string[] }) {
  return (
    <li>
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
}

const SHOWN = 120

/** The part of a description in which the first word stands. */
function shortened(text: string, words: readonly string[]): string {
  if (text.length <= SHOWN) return text
  const at = Math.max(0, Math.min(...words.map((word) => text.toLowerCase().indexOf(word)).filter((found) => found >= 0), text.length))
  const from = at === text.length ? 0 : Math.max(0, at - 20)
  return `${from > 0 ? '…' : ''}${text.slice(from, from + SHOWN)}${from + SHOWN < text.length ? '…' : ''}`
}
