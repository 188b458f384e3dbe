import { type ListPage, withQuery } from '@tongchou/api-client'
import {
  Forbidden,
  holdsDuty,
  type ListFilter,
  ListTable,
  Moment,
  optionsOf,
  Page,
  QueryView,
  Section,
  Sideways,
  StateWord,
  type Tone,
  useAllPages,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Link } from 'react-router'
import { quarantineWords } from '../words.ts'
import { type LibraryLine, type QuarantineGroup, type QuarantineLine, readers } from './libraries-api.ts'

export const quarantineTones: Readonly<Record<QuarantineLine['state'], Tone>> = {
  open: 'soon',
  resent: 'good',
  removed: 'plain',
  superseded: 'plain',
  corrected: 'good',
  discarded: 'plain',
}

/** 隔离区: what was received and not taken, by reason, until it is mended, taken back or discarded. */
export function QuarantinePage() {
  const session = useSession()
  if (!holdsDuty(session, readers))
    return (
      <Page title="隔离区">
        <Forbidden duty={readers} act="查看问题数据" />
      </Page>
    )
  return (
    <Page
      title="隔离区"
      lead="不合目录结构和质量规则的行不入库，留在这里。提供单位在来源更正后重报，或在此更正重投；来源送来同一主键的正常数据或删除的，自动离开。"
    >
      <Groups />
      <Lines />
    </Page>
  )
}

function Groups() {
  const query = useApi<{ groups: QuarantineGroup[] }>('/api/v1/quarantine-groups')
  // The list below says it.
  if (query.data?.groups.length === 0) return null
  return (
    <Section title="待处理的原因">
      <QueryView query={query} what="待处理的原因" lines={3}>
        {({ groups }) => (
          <Sideways label="待处理的原因">
            <table className="tc-table" aria-label="待处理的原因">
              <thead>
                <tr>
                  <th scope="col">资源</th>
                  <th scope="col">信息项</th>
                  <th scope="col">问题</th>
                  <th scope="col" className="tc-right">
                    行数
                  </th>
                  <th scope="col" className="tc-right">
                    批次数
                  </th>
                  <th scope="col">最近一次</th>
                  <th scope="col">
                    <span className="tc-hidden">查看</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {groups.map((group) => (
                  <tr key={`${group.resource.id}/${group.itemTitle}/${group.rule}`}>
                    <td>{group.resource.title}</td>
                    <td>{group.itemTitle}</td>
                    <td>{group.message}</td>
                    <td className="tc-right">{group.count}</td>
                    <td className="tc-right">{group.batches}</td>
                    <td>
                      <Moment at={group.latestAt} />
                    </td>
                    <td>
                      <Link
                        to={withQuery('/quarantine', { resourceId: group.resource.id, rule: group.rule })}
                        aria-label={`列出 ${group.count} 行：${group.resource.title}，${group.message}`}
                      >
                        列出
                      </Link>
                    </td>
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

function Lines() {
  const libraries = useAllPages<LibraryLine>('/api/v1/libraries')
  const groups = useApi<{ groups: QuarantineGroup[] }>('/api/v1/quarantine-groups').data?.groups ?? []
  const reasons = [...new Map(groups.map(({ rule, message }) => [rule, message]))].map(([value, label]) => ({ value, label }))
  const filters: ListFilter[] = [
    {
      name: 'state',
      label: '状态',
      kind: 'select',
      options: [...optionsOf(quarantineWords), { value: 'all', label: '全部' }],
    },
    {
      name: 'resourceId',
      label: '资源',
      kind: 'select',
      width: 220,
      options: (libraries.data ?? []).map(({ id, title }) => ({ value: id, label: title })),
    },
    { name: 'rule', label: '问题', kind: 'select', width: 180, options: reasons },
    { name: 'batchId', label: '批次号', kind: 'text', width: 160 },
    { name: 'orgId', label: '提供方', kind: 'reference', of: 'organisation' },
  ]
  const state = useListState(filters)
  const query = useApi<ListPage<QuarantineLine>>('/api/v1/quarantine', state.query)
  return (
    <ListTable<QuarantineLine, ListPage<QuarantineLine>>
      label="问题数据清单"
      id="quarantine"
      operation="listQuarantine"
      query={query}
      state={state}
      filters={filters}
      hides={state.values.state === '' ? '不选状态时只列待处理的。' : undefined}
      rowKey={(row) => row.id}
      columns={[
        {
          key: 'problems',
          title: '问题',
          render: (row) => <Link to={`/quarantine/${row.id}`}>{row.problems.map(({ message }) => message).join('；')}</Link>,
        },
        { key: 'resource', title: '资源名称', render: (row) => row.resource.title },
        { key: 'org', title: '提供方', shown: 'hidden', render: (row) => row.org.name },
        { key: 'key', title: '主键', render: (row) => row.key ?? <span className="tc-muted">不显示</span> },
        { key: 'items', title: '信息项', shown: 'hidden', render: (row) => row.problems.map(({ itemTitle }) => itemTitle).join('；') },
        { key: 'source', title: '来源', render: (row) => row.source },
        { key: 'batch', title: '批次号', shown: 'hidden', render: (row) => row.batchId },
        { key: 'line', title: '批次中的行', align: 'right', render: (row) => row.line },
        { key: 'at', title: '接收时间', render: (row) => <Moment at={row.at} /> },
        { key: 'state', title: '状态', render: (row) => <StateWord text={quarantineWords[row.state]} tone={quarantineTones[row.state]} /> },
        {
          key: 'closed',
          title: '处理时间',
          shown: 'hidden',
          render: (row) => (row.closedAt ? <Moment at={row.closedAt} /> : <span className="tc-muted">尚未</span>),
        },
        { key: 'closing', title: '处理情况', shown: 'hidden', render: (row) => row.closing ?? <span className="tc-muted">尚未</span> },
        { key: 'number', title: '接收次序', sort: 'number', align: 'right', shown: 'hidden', render: (row) => row.number },
      ]}
      empty={{ what: '没有待处理的问题数据', hint: '收到的行都已入库，或已经处理。已处理的按状态筛选。' }}
    />
  )
}
