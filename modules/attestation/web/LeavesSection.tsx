import type { ListPage } from '@tongchou/api-client'
import { Moment, QueryView, Section, Sideways, StateWord, useApi } from '@tongchou/ui'
import { Link } from 'react-router'
import type { EvidenceLeaf } from './evidence-api.ts'

/** 存证批次: the leaves that came last, each with the way to its receipt. */
export function LeavesSection() {
  const query = useApi<ListPage<EvidenceLeaf>>('/api/v1/evidence/leaves', { limit: 20 })
  return (
    <Section title="最近的存证批次">
      <QueryView
        query={query}
        what="存证批次"
        isEmpty={({ items }) => items.length === 0}
        empty={<p className="tc-muted">尚无存证批次。</p>}
      >
        {({ items }) => (
          <Sideways label="最近的存证批次">
            <table className="tc-table tc-evidence-table" aria-label="最近的存证批次">
              <thead>
                <tr>
                  <th scope="col" className="tc-right">
                    位置
                  </th>
                  <th scope="col">类别</th>
                  <th scope="col">内容</th>
                  <th scope="col">时间</th>
                  <th scope="col">状态</th>
                  <th scope="col">摘要（SM3）</th>
                </tr>
              </thead>
              <tbody>
                {items.map((leaf) => (
                  <tr key={leaf.position}>
                    <td className="tc-right">
                      <Link to={`/evidence?leaf=${leaf.position}`} aria-label={`第 ${leaf.position} 叶的凭证`}>
                        {leaf.position}
                      </Link>
                    </td>
                    <td>{leaf.kindTitle}</td>
                    <td>{leaf.subjectTitle}</td>
                    <td>
                      <Moment at={leaf.at} />
                    </td>
                    <td>{leaf.signed ? <StateWord text="已签名" tone="good" /> : <StateWord text="待签名" tone="soon" />}</td>
                    <td className="tc-evidence-hash">{leaf.digest}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Sideways>
        )}
      </QueryView>
    </Section>
  )
}
