import { apiPost, type ListPage } from '@tongchou/api-client'
import {
  ActError,
  ActLink,
  Forbidden,
  holdsDuty,
  type ListFilter,
  ListTable,
  Moment,
  optionsOf,
  Page,
  StateWord,
  type Tone,
  useAct,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Button } from 'antd'
import { Link } from 'react-router'
import { installationWords } from '../words.ts'
import { type LibraryLine, readers } from './libraries-api.ts'

const tones: Readonly<Record<LibraryLine['state'], Tone>> = { installed: 'good', refused: 'bad', failed: 'soon' }

/** 基础库: what the city collects, and how far building it is. */
export function LibrariesPage() {
  const session = useSession()
  if (!holdsDuty(session, readers))
    return (
      <Page title="基础库">
        <Forbidden duty={readers} act="查看基础库建库情况" />
      </Page>
    )
  return <Libraries />
}

function Libraries() {
  const filters: ListFilter[] = [
    { name: 'state', label: '建库情况', kind: 'select', options: optionsOf(installationWords) },
    { name: 'orgId', label: '提供方', kind: 'reference', of: 'organisation' },
  ]
  const state = useListState(filters)
  const query = useApi<ListPage<LibraryLine>>('/api/v1/libraries', state.query)
  const retrying = useAct((line: LibraryLine, idempotencyKey) =>
    apiPost(`/api/v1/libraries/${line.id}/installation`, {}, { idempotencyKey }),
  )
  return (
    <Page
      title="基础库"
      lead="以库表方式在共享平台共享的目录，登记后自动建库；建库不成的每五分钟再试一次。库表只增不减：删去、改窄信息项的，在提交审核前指出。"
      actions={<ActLink to="/resource-packs">资源包</ActLink>}
    >
      <ActError act="重新建库" error={retrying.error} />
      <ListTable<LibraryLine, ListPage<LibraryLine>>
        label="基础库建库情况"
        id="libraries"
        operation="listLibraries"
        query={query}
        state={state}
        filters={filters}
        rowKey={(row) => row.id}
        columns={[
          { key: 'title', title: '资源名称', render: (row) => <Link to={`/catalog/${row.id}`}>{row.title}</Link> },
          { key: 'org', title: '提供方', render: (row) => row.org.name },
          { key: 'state', title: '建库情况', render: (row) => <StateWord text={installationWords[row.state]} tone={tones[row.state]} /> },
          { key: 'reasons', title: '原因', render: (row) => row.reasons.join('；') || <span className="tc-muted">无</span> },
          { key: 'changes', title: '变更序号', align: 'right', render: (row) => row.changes },
          { key: 'tries', title: '建库次数', align: 'right', shown: 'hidden', render: (row) => row.tries },
          { key: 'triedAt', title: '最近一次', render: (row) => <Moment at={row.triedAt} /> },
          {
            key: 'acts',
            title: '办理',
            act: true,
            render: (row) => (
              <span className="tc-row-acts">
                <Link to={`/libraries/${row.id}/records`} aria-label={`查询数据：${row.title}`}>
                  查询数据
                </Link>
                <Link to={`/libraries/${row.id}/batches`} aria-label={`“${row.title}”的接收批次`}>
                  接收批次
                </Link>
                {row.mayRetry && (
                  <Button
                    size="small"
                    loading={retrying.isPending && retrying.variables.id === row.id}
                    onClick={() => retrying.mutate(row)}
                    aria-label={`重新建库“${row.title}”`}
                  >
                    重新建库
                  </Button>
                )}
              </span>
            ),
          },
        ]}
        empty={{ what: '尚无基础库资源', hint: '以库表方式共享的目录登记后，建库情况列在这里。' }}
      />
    </Page>
  )
}
