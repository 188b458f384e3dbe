import { type ListPage, withQuery } from '@tongchou/api-client'
import {
  ActLink,
  CivilDate,
  Forbidden,
  holdsDuty,
  type ListFilter,
  ListTable,
  OUTSIDE_DUTIES,
  optionsOf,
  Page,
  StateWord,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Link } from 'react-router'
import { kindWords, partyWords, stateWords } from '../words.ts'
import { finders, type ProblemLine, readers, stateTones } from './supervision-api.ts'

/** 监督整改: problems of 第二十条 and how their rectification stands. */
export function ProblemsPage() {
  const session = useSession()
  const filters: ListFilter[] = [
    { name: 'q', label: '项目名称或问题情况', kind: 'text', width: 220 },
    { name: 'state', label: '状态', kind: 'select', options: optionsOf(stateWords) },
    { name: 'kind', label: '问题类型', kind: 'select', width: 240, options: optionsOf(kindWords) },
    { name: 'projectId', label: '项目', kind: 'reference', of: 'project' },
  ]
  const state = useListState(filters)
  const query = useApi<ListPage<ProblemLine>>('/api/v1/supervision/problems', state.query)
  const mayPropose = holdsDuty(session, finders)
  const propose = (
    <ActLink first to={withQuery('/problems/new', { projectId: state.values.projectId })}>
      提出问题
    </ActLink>
  )
  if (holdsDuty(session, OUTSIDE_DUTIES)) {
    return (
      <Page title="监督整改">
        <Forbidden duty={readers} act="查看监督整改" />
      </Page>
    )
  }
  return (
    <Page
      title="监督整改"
      lead="市大数据中心联合市发改委对项目建设单位和用户单位进行监督，发现问题的，责令限期整改。"
      actions={mayPropose ? propose : undefined}
    >
      <ListTable<ProblemLine, ListPage<ProblemLine>>
        label="问题整改清单"
        id="problems"
        operation="listProblems"
        query={query}
        state={state}
        filters={filters}
        rowKey={(row) => row.id}
        columns={[
          { key: 'project', title: '项目', render: (row) => <Link to={`/problems/${row.id}`}>{row.project.name}</Link> },
          { key: 'kind', title: '问题类型', render: (row) => kindWords[row.kind] },
          { key: 'responsible', title: '责任单位', render: (row) => `${row.responsible.name}（${partyWords[row.party]}）` },
          { key: 'state', title: '状态', render: (row) => <StateWord text={stateWords[row.state]} tone={stateTones[row.state]} /> },
          { key: 'due', title: '整改期限', sort: 'due', render: (row) => <CivilDate value={row.dueOn} table /> },
          {
            key: 'held',
            title: '支付',
            render: (row) => (row.paymentHeld ? <StateWord text="暂缓支付" tone="bad" /> : <span className="tc-muted">未暂缓</span>),
          },
          { key: 'found', title: '发现日期', sort: 'found', shown: 'hidden', render: (row) => <CivilDate value={row.foundOn} table /> },
          { key: 'number', title: '编号', sort: 'number', align: 'right', shown: 'hidden', render: (row) => row.number },
        ]}
        empty={{
          what: '尚无问题',
          hint: '监督中发现的问题和整改情况列在这里。建设单位和用户单位自整改下达之日起可以查看。',
          ...(mayPropose ? { act: propose } : {}),
        }}
      />
    </Page>
  )
}
