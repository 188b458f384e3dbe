import type { ListPage } from '@tongchou/api-client'
import {
  CivilDate,
  Forbidden,
  holdsDuty,
  type ListFilter,
  ListTable,
  Moment,
  optionsOf,
  Page,
  StateWord,
  type Tone,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Link } from 'react-router'
import { findingKindWords, findingStateWords, outcomeWords } from '../words.ts'
import { type ComparisonLine, type FindingLine, readers } from './comparison-api.ts'

export const findingTones: Readonly<Record<FindingLine['state'], Tone>> = { new: 'soon', sent: 'now', handled: 'good', gone: 'plain' }

/** 比对结果: what was found, who handles it and how far it is. */
export function FindingsPage() {
  const session = useSession()
  if (!holdsDuty(session, readers))
    return (
      <Page title="比对结果">
        <Forbidden duty={readers} act="查看比对结果" />
      </Page>
    )
  return <Findings />
}

function Findings() {
  const comparisons = useApi<ListPage<ComparisonLine>>('/api/v1/comparisons').data?.items ?? []
  const grounds = comparisons
    .flatMap(({ reasons, errors }) => [...reasons, ...errors])
    .map(({ id, title }) => ({ value: id, label: title }))
  const filters: ListFilter[] = [
    { name: 'comparison', label: '专题', kind: 'select', options: comparisons.map((one) => ({ value: one.comparison, label: one.title })) },
    { name: 'kind', label: '类别', kind: 'select', options: optionsOf(findingKindWords) },
    { name: 'ground', label: '情形', kind: 'select', options: grounds },
    { name: 'state', label: '办理状态', kind: 'select', options: optionsOf(findingStateWords) },
    { name: 'outcome', label: '处理结果', kind: 'select', options: optionsOf(outcomeWords) },
    { name: 'orgId', label: '办理单位', kind: 'reference', of: 'organisation' },
    { name: 'runId', label: '比对任务', kind: 'text' },
  ]
  const state = useListState(filters)
  const query = useApi<ListPage<FindingLine>>('/api/v1/comparison-findings', state.query)
  return (
    <Page
      title="比对结果"
      lead="不符合条件的家庭由发放单位核查处理；来源差错由来源部门校核。再次比对发现的仍是同一项，不再发现的自行消除。"
      breadcrumb={[{ label: '比对任务', href: '/comparison-runs' }, { label: '比对结果' }]}
    >
      <ListTable<FindingLine, ListPage<FindingLine>>
        label="比对结果"
        id="comparison-findings"
        operation="listComparisonFindings"
        query={query}
        state={state}
        filters={filters}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'number',
            title: '结果号',
            render: (row) => (
              <Link to={`/comparison-findings/${row.id}`} aria-label={`第 ${row.number} 号结果`}>
                {row.number}
              </Link>
            ),
          },
          { key: 'comparison', title: '专题', shown: 'hidden', render: (row) => row.comparison.title },
          { key: 'kind', title: '类别', render: (row) => findingKindWords[row.kind] },
          { key: 'key', title: '家庭编号', render: (row) => row.key ?? <span className="tc-muted">不列</span> },
          { key: 'grounds', title: '情形', render: (row) => row.grounds.map(({ title }) => title).join('；') },
          { key: 'org', title: '办理单位', render: (row) => row.org.name },
          {
            key: 'state',
            title: '办理状态',
            render: (row) => (
              <StateWord
                text={row.isAgain ? `${findingStateWords[row.state]}（再次发现）` : findingStateWords[row.state]}
                tone={findingTones[row.state]}
              />
            ),
          },
          {
            key: 'outcome',
            title: '处理结果',
            render: (row) => (row.outcome ? outcomeWords[row.outcome] : <span className="tc-muted">无</span>),
          },
          {
            key: 'due',
            title: '办理期限',
            render: (row) => (row.dueOn ? <CivilDate value={row.dueOn} /> : <span className="tc-muted">未转办</span>),
          },
          { key: 'found', title: '首次发现', render: (row) => <Moment at={row.foundAt} /> },
        ]}
        empty={{ what: '没有比对结果', hint: '比对完成后，不符合条件的家庭和来源差错列在这里。' }}
      />
    </Page>
  )
}
