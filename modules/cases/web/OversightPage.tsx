import { ApiProblem, type ListPage } from '@tongchou/api-client'
import { ActLink, CivilDate, Figures, type ListFilter, ListTable, optionsOf, Page, StateWord, useApi, useListState } from '@tongchou/ui'
import { Link } from 'react-router'
import { cardStateWords, standingWords } from '../words.ts'
import { cardStateTones, type OverseenTask, type OversightFigures, standingTones } from './oversight-api.ts'
import { RowVerbs } from './RowVerbs.tsx'

const filters: ListFilter[] = [
  { name: 'q', label: '办件', kind: 'text', width: 200 },
  { name: 'standing', label: '状态', kind: 'select', options: optionsOf(standingWords) },
  { name: 'orgId', label: '承办单位', kind: 'reference', of: 'organisation' },
  { name: 'from', label: '办结自', kind: 'date' },
  { name: 'to', label: '办结至', kind: 'date' },
]

/** 电子监察: every running task of every kind of case, who is late, at which step, by how much. */
export function OversightPage() {
  const state = useListState(filters)
  const query = useApi<ListPage<OverseenTask>>('/api/v1/oversight/tasks', state.query)
  const refused = query.error instanceof ApiProblem && query.error.status === 403
  return (
    <Page
      title="电子监察"
      lead="在办事项的办理时限，逾期最久的在前。"
      actions={
        !refused && (
          <>
            <ActLink to="/oversight/offices">单位排名</ActLink>
            <ActLink to="/oversight/cards">黄红牌</ActLink>
          </>
        )
      }
    >
      <Overview />
      <ListTable<OverseenTask, ListPage<OverseenTask>>
        label="电子监察清单"
        id="oversight"
        operation="listOverseenTasks"
        query={query}
        state={state}
        filters={filters}
        rowKey={(row) => `${row.caseId}/${row.taskId}`}
        columns={[
          {
            key: 'title',
            title: '办件',
            render: (row) => (row.mayReadCase ? <Link to={`/cases/${row.caseId}`}>{row.title}</Link> : row.title),
          },
          { key: 'procedure', title: '流程', render: (row) => row.procedureTitle },
          { key: 'step', title: '环节', render: (row) => row.stepTitle },
          { key: 'org', title: '承办单位', render: (row) => row.orgName },
          { key: 'since', title: '收到', sort: 'since', render: (row) => <CivilDate value={row.sinceAt} table /> },
          { key: 'due', title: '期限', sort: 'due', render: (row) => <DueCell row={row} /> },
          {
            key: 'standing',
            title: '状态',
            render: (row) => <StateWord text={standingWords[row.standing]} tone={standingTones[row.standing]} />,
          },
          {
            key: 'left',
            title: '剩余或逾期',
            render: (row) => row.standing !== 'no-limit' && <span className="tc-num">{row.leftText}</span>,
          },
          { key: 'yellow', title: '黄牌', align: 'right', render: (row) => row.yellowCount },
          { key: 'red', title: '红牌', align: 'right', render: (row) => row.redCount },
          {
            key: 'reason',
            title: '说明理由',
            render: (row) =>
              row.reason === null ? (
                <span className="tc-muted">无</span>
              ) : (
                <StateWord text={cardStateWords[row.reason]} tone={cardStateTones[row.reason]} />
              ),
          },
          { key: 'acts', title: '操作', act: true, render: (row) => <RowVerbs {...row} /> },
        ]}
        empty={{ what: '没有在办事项', hint: '各单位在办的事项和时限列在这里。' }}
      />
    </Page>
  )
}

function DueCell({ row }: { row: OverseenTask }) {
  if (row.dueAt === null) return <span className="tc-muted">未规定</span>
  return (
    <>
      <CivilDate value={row.dueAt} table />
      {row.provisional && '（暂定）'}
    </>
  )
}

/** Each figure opens its rows. */
function Overview() {
  const figures = useApi<OversightFigures>('/api/v1/oversight/figures')
  if (!figures.data) return null
  const { running, late, soon, inTime, paused, noLimit, redCards, unexplained, toReview } = figures.data
  const rows = (standing: string, count: number) => <Link to={`/oversight?standing=${standing}`}>{count} 件</Link>
  return (
    <Figures
      items={[
        { label: '在办', value: <Link to="/oversight">{running} 件</Link> },
        { label: '已逾期', value: rows('late', late) },
        { label: '将到期', value: rows('soon', soon) },
        { label: '时限内', value: rows('in-time', inTime) },
        { label: '计时暂停', value: rows('paused', paused) },
        { label: '无办理时限', value: rows('no-limit', noLimit) },
        { label: '红牌', value: <Link to="/oversight/cards?colour=red">{redCards} 张</Link> },
        { label: '待说明理由', value: <Link to="/oversight/cards?state=due">{unexplained} 张</Link> },
        { label: '理由待审核', value: <Link to="/oversight/cards?state=given">{toReview} 张</Link> },
      ]}
    />
  )
}
