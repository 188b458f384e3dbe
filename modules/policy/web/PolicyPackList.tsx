// SPDX-License-Identifier: Apache-2.0
import type { ListPage } from '@tongchou/api-client'
import { Empty, Page, QueryView, Section, Sideways, StateWord, useApi } from '@tongchou/ui'
import { Input } from 'antd'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { LegalBasisFold, Validity } from './PackFacts.tsx'
import './policy.css'
import { PolicySearch } from './PolicySearch.tsx'
import { jurisdictionName, MODE_WORDS, type PackSummary, STATUS_WORDS } from './policy-api.ts'

/** The reading room (制度库): every document, and a search through all of them. */
export function PolicyPackList() {
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const q = (params.get('q') ?? '').trim()
  const query = useApi<ListPage<PackSummary>>('/api/v1/policy-packs', { limit: 200 })
  const search = (text: string) => void navigate({ search: text.trim() === '' ? '' : `?${new URLSearchParams({ q: text.trim() })}` })
  return (
    <Page title="制度库" lead="各部文件逐条载入，每条注明由什么落实、产生哪些环节和职责、哪些未规定。系统中引用的条文都在这里打开。">
      <search className="tc-library-search">
        <Input.Search
          key={q}
          aria-label="在全部条文中检索"
          placeholder="在全部条文中检索，例如：验收"
          enterButton="检索"
          allowClear
          maxLength={100}
          defaultValue={q}
          onSearch={search}
        />
      </search>
      {q !== '' && <PolicySearch q={q} />}
      <Section title="文件">
        <QueryView
          query={query}
          what="制度列表"
          isEmpty={(page) => page.items.length === 0}
          empty={<Empty what="尚未装入文件" hint="文件由系统管理员随制度包装入，装入后在这里逐条阅读。" />}
        >
          {(page) => <PackTable packs={page.items} />}
        </QueryView>
      </Section>
    </Page>
  )
}

// 征求意见 and in force before what only records the past; within that the newest first.
const STATUS_ORDER: readonly PackSummary['status'][] = ['draft', 'in-force', 'repealed']

function PackTable({ packs }: { packs: readonly PackSummary[] }) {
  const sorted = [...packs].sort(
    (a, b) => STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status) || b.validFrom.localeCompare(a.validFrom),
  )
  return (
    <Sideways label="制度文件">
      <table className="tc-table" aria-label="制度文件">
        <thead>
          <tr>
            <th scope="col">文件</th>
            <th scope="col">状态</th>
            <th scope="col">适用地区</th>
            <th scope="col">引用期间</th>
            <th scope="col">规则</th>
            <th scope="col">依据</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((pack) => (
            <PackRow key={pack.id} pack={pack} />
          ))}
        </tbody>
      </table>
    </Sideways>
  )
}

function PackRow({ pack }: { pack: PackSummary }) {
  const status = STATUS_WORDS[pack.status]
  return (
    <tr>
      <td>
        <Link to={`/policy/${pack.id}`}>{pack.title}</Link>
        <small className="tc-packs-under">{[pack.short, pack.documentNumber, pack.issuedBy].filter(Boolean).join(' · ')}</small>
      </td>
      <td>
        <StateWord text={status.text} tone={status.tone} />
      </td>
      <td className="tc-cell">{jurisdictionName(pack.jurisdiction)}</td>
      <td className="tc-cell">
        <Validity pack={pack} table />
      </td>
      <td className="tc-cell">{pack.rulesLoaded ? `已装入，现为${MODE_WORDS[pack.mode]}` : '未装入，只供阅读'}</td>
      <td className="tc-cell">
        <LegalBasisFold basis={pack.legalBasis} />
      </td>
    </tr>
  )
}
