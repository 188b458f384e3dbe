import { type ListPage, withQuery } from '@tongchou/api-client'
import { Empty, Moment, Page, QueryView, Sideways, useApi } from '@tongchou/ui'
import { Link, useParams } from 'react-router'
import type { BatchLine } from './libraries-api.ts'
import { useResourceName } from './useResourceName.ts'

const shown = 100

/** 接收批次: what was received of a resource, each batch with its receipt in the evidence log. */
export function BatchesPage() {
  const { id = '' } = useParams()
  const query = useApi<ListPage<BatchLine>>(`/api/v1/libraries/${id}/batches`, { limit: shown })
  const name = useResourceName(id)
  return (
    <Page
      title={name === undefined ? '接收批次' : `${name}：接收批次`}
      lead="每批写入与其审计记录、存证在同一事务中提交。回执的存证凭证可下载，脱离本平台校验。"
      breadcrumb={[{ label: '基础库', href: '/libraries' }, { label: name ?? '资源目录', href: `/catalog/${id}` }, { label: '接收批次' }]}
    >
      <QueryView
        query={query}
        what="接收批次"
        isEmpty={({ items }) => items.length === 0}
        empty={<Empty what="尚未收到数据" hint="提供方的前置机或接口送来数据后，各批的回执列在这里。" />}
      >
        {({ items, nextCursor }) => (
          <>
            <Batches items={items} resource={id} />
            {nextCursor !== null && <p className="tc-muted">只列最近的 {shown} 批，更早的可由接口查询。</p>}
          </>
        )}
      </QueryView>
    </Page>
  )
}

function Batches({ items, resource }: { items: readonly BatchLine[]; resource: string }) {
  return (
    <Sideways label="接收批次">
      <table className="tc-table" aria-label="接收批次">
        <thead>
          <tr>
            <th scope="col">时间</th>
            <th scope="col">批次号</th>
            <th scope="col">来源</th>
            {['行数', '新增', '更新', '删除', '未变', '问题数据'].map((title) => (
              <th key={title} scope="col" className="tc-right">
                {title}
              </th>
            ))}
            <th scope="col">存证</th>
          </tr>
        </thead>
        <tbody>
          {items.map((batch) => (
            <tr key={batch.batchId}>
              <td>
                <Moment at={batch.receivedAt} />
              </td>
              <td>{batch.batchId}</td>
              <td>{batch.receivedBy}</td>
              {(['rows', 'inserted', 'updated', 'deleted', 'unchanged', 'bad'] as const).map((count) => (
                <td key={count} className="tc-right">
                  {count === 'bad' && batch.bad > 0 ? (
                    <Link
                      to={withQuery('/quarantine', { resourceId: resource, batchId: batch.batchId, state: 'all' })}
                      aria-label={`${batch.bad} 行问题数据，批次 ${batch.batchId}`}
                    >
                      {batch.bad}
                    </Link>
                  ) : (
                    batch[count]
                  )}
                </td>
              ))}
              <td>
                {batch.leaf === null ? (
                  <span className="tc-muted">待写入存证</span>
                ) : (
                  <Link to={`/evidence?leaf=${batch.leaf}`} aria-label={`批次 ${batch.batchId} 的存证凭证`}>
                    凭证
                  </Link>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  )
}
