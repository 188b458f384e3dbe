import type { ListPage } from '@tongchou/api-client'
import {
  ActLink,
  Forbidden,
  holdsDuty,
  type ListFilter,
  ListTable,
  Moment,
  optionsOf,
  Page,
  StateWord,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Link } from 'react-router'
import { requestStateWords, wayWords } from '../words.ts'
import { type RequestLine, readers, requestTones } from './sharing-api.ts'

type Side = 'mine' | 'ours' | null

/** 我的申请: what the own unit asks of others. */
export const MyRequestsPage = () => (
  <Requests
    side="mine"
    title="我的申请"
    lead="本单位向其他部门申请的数据资源，以及各申请的答复。"
    empty={{ what: '尚无申请', hint: '在资源超市找到需要的数据资源后申请。', act: <ActLink to="/market">前往资源超市</ActLink> }}
  />
)

/** 待我授权: what others ask of the own unit. */
export const OurRequestsPage = () => (
  <Requests
    side="ours"
    title="待我授权"
    lead="其他部门向本单位申请的数据资源。待答复的由数据专员在期限内答复，不予共享须写明依据。"
    empty={{ what: '没有向本单位提出的申请', hint: '其他部门提交、经其负责人审签的申请列在这里。' }}
  />
)

/** 供需对接清单 (WH23-15): who asks what of whom, where it stands, how long it has taken. */
export const AllRequestsPage = () => (
  <Requests
    side={null}
    title="供需对接清单"
    lead="各部门的数据需求和提供方的答复（第十五条）。只列当前岗位可以查看的申请。"
    empty={{ what: '没有供需对接记录', hint: '部门提交共享申请后列在这里。' }}
  />
)

interface RequestsProps {
  side: Side
  title: string
  lead: string
  empty: { what: string; hint: string; act?: React.ReactNode }
}

function Requests(props: RequestsProps) {
  const session = useSession()
  if (!holdsDuty(session, readers))
    return (
      <Page title={props.title}>
        <Forbidden duty={readers} act={`查看${props.title}`} />
      </Page>
    )
  return <List {...props} />
}

const hiddenIf = (isOwn: boolean) => (isOwn ? ({ shown: 'hidden' } as const) : {})

function List({ side, title, lead, empty }: RequestsProps) {
  const filters: ListFilter[] = [
    { name: 'q', label: '数据资源', kind: 'text' },
    { name: 'state', label: '状态', kind: 'select', options: optionsOf(requestStateWords) },
    ...(side === 'mine' ? [] : [{ name: 'orgId', label: '需求方', kind: 'reference', of: 'organisation' } as const]),
    ...(side === 'ours' ? [] : [{ name: 'providerId', label: '提供方', kind: 'reference', of: 'organisation' } as const]),
  ]
  const state = useListState(filters)
  const fixed: Record<string, string> = side === null ? {} : { side }
  const query = useApi<ListPage<RequestLine>>('/api/v1/sharing/requests', { ...state.query, ...fixed })
  return (
    <Page title={title} lead={lead} actions={side === 'ours' ? undefined : <ActLink to="/market">资源超市</ActLink>}>
      <ListTable<RequestLine, ListPage<RequestLine>>
        label={title}
        id={`sharing-requests-${side ?? 'all'}`}
        operation="listSharingRequests"
        query={query}
        state={state}
        filters={filters}
        fixed={fixed}
        rowKey={(row) => row.id}
        columns={[
          { key: 'resource', title: '数据资源', render: (row) => <Link to={`/sharing/requests/${row.id}`}>{row.resource.name}</Link> },
          // One of them is the own unit throughout; it can still be shown, as a workbook for others wants it.
          { key: 'org', title: '需求方', ...hiddenIf(side === 'mine'), render: (row) => row.org.name },
          { key: 'provider', title: '提供方', ...hiddenIf(side === 'ours'), render: (row) => row.provider.name },
          { key: 'matter', title: '办理事项', render: (row) => row.matter },
          { key: 'way', title: '方式', render: (row) => wayWords[row.way] },
          {
            key: 'state',
            title: '状态',
            render: (row) => <StateWord text={requestStateWords[row.state]} tone={requestTones[row.state]} />,
          },
          {
            key: 'submitted',
            title: '提交时间',
            render: (row) => (row.submittedAt ? <Moment at={row.submittedAt} /> : <span className="tc-muted">未提交</span>),
          },
          {
            key: 'decided',
            title: '答复时间',
            render: (row) => (row.decidedAt ? <Moment at={row.decidedAt} /> : <span className="tc-muted">未答复</span>),
          },
          { key: 'days', title: '历时（天）', align: 'right', render: (row) => row.days ?? <span className="tc-muted">无</span> },
          { key: 'number', title: '申请编号', align: 'right', shown: 'hidden', render: (row) => row.number },
        ]}
        empty={empty}
      />
    </Page>
  )
}
