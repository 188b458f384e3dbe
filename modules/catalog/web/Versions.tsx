import { itemChangeWords } from '@tongchou/metadata'
import { DifferenceTable, Empty, Moment, QueryView, Section, useApi } from '@tongchou/ui'
import { Select } from 'antd'
import { useId, useState } from 'react'
import { openingWords, sharingWords } from '../words.ts'
import type { ResourceVersion, VersionDifference } from './catalog-api.ts'

/** 提交版本: each as it was handed in, and any two side by side. */
export function Versions({ id }: { id: string }) {
  const query = useApi<{ items: ResourceVersion[] }>(`/api/v1/catalog/resources/${id}/versions`, { limit: 200 })
  return (
    <Section title="提交版本">
      <QueryView
        query={query}
        what="提交版本"
        isEmpty={(page) => page.items.length === 0}
        empty={<Empty what="尚未提交" hint="每次提交审核的内容原样保存在这里。" />}
      >
        {({ items }) => (
          <>
            <ol className="tc-trail" aria-label="提交版本">
              {items.map((one) => (
                <li key={one.version}>
                  <Moment at={one.submittedAt} />
                  <div>
                    {one.submittedBy}提交第{one.version}版：{one.content.items.length}个信息项，
                    {one.content.sharing && sharingWords[one.content.sharing]}，{one.content.opening && openingWords[one.content.opening]}
                  </div>
                </li>
              ))}
            </ol>
            {items.length > 1 && <Compared id={id} versions={items.map(({ version }) => version)} />}
          </>
        )}
      </QueryView>
    </Section>
  )
}

/** 版本差异 between two that are chosen; the last two to begin with. `versions` come the last first. */
function Compared({ id, versions }: { id: string; versions: readonly number[] }) {
  const [chosen, setChosen] = useState({ from: versions[1] ?? 0, to: versions[0] ?? 0 })
  const label = useId()
  const query = useApi<VersionDifference>(`/api/v1/catalog/resources/${id}/difference`, chosen)
  const options = versions.map((version) => ({ value: version, label: `第${version}版` }))
  return (
    <section aria-label="版本差异">
      <h3 className="tc-difference-head">版本差异</h3>
      <div className="tc-copy-items">
        <label htmlFor={`${label}from`}>原</label>
        <Select id={`${label}from`} value={chosen.from} options={options} onChange={(from: number) => setChosen({ ...chosen, from })} />
        <label htmlFor={`${label}to`}>现</label>
        <Select id={`${label}to`} value={chosen.to} options={options} onChange={(to: number) => setChosen({ ...chosen, to })} />
      </div>
      <QueryView query={query} what="版本差异" lines={3}>
        {({ fields, parts }) => (
          <DifferenceTable
            difference={{
              title: `第${chosen.to}版较第${chosen.from}版`,
              fields,
              parts: parts.map((item) => ({ ...item, changes: item.changes.map((change) => itemChangeWords[change]) })),
            }}
          />
        )}
      </QueryView>
    </section>
  )
}
