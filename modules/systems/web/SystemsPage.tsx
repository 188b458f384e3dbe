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
import { awaitingWords, deploymentWords, statusWords } from '../words.ts'
import { readers, registrars, type SystemLine } from './system-api.ts'
import { YesNo } from './values.tsx'

/** 信息系统: the register, and the work lists of the two offices that answer. */
export function SystemsPage() {
  const session = useSession()
  const filters: ListFilter[] = [
    { name: 'q', label: '系统名称或功能', kind: 'text', width: 220 },
    { name: 'status', label: '状态', kind: 'select', options: optionsOf(statusWords) },
    { name: 'projectId', label: '所属项目', kind: 'reference', of: 'project' },
    { name: 'orgId', label: '所属单位', kind: 'reference', of: 'organisation' },
    {
      name: 'awaiting',
      label: '待办',
      kind: 'select',
      options: optionsOf(awaitingWords),
    },
  ]
  const state = useListState(filters)
  const query = useApi<ListPage<SystemLine>>('/api/v1/systems', state.query)
  const mayRegister = holdsDuty(session, registrars)
  const register = (
    <ActLink first to={withQuery('/systems/new', { projectId: state.values.projectId })}>
      登记信息系统
    </ActLink>
  )
  if (holdsDuty(session, OUTSIDE_DUTIES)) {
    return (
      <Page title="信息系统">
        <Forbidden duty={readers} act="查看信息系统" />
      </Page>
    )
  }
  return (
    <Page
      title="信息系统"
      lead="登记内容由所属单位填写；部署、接入、共享和安全由市大数据中心核实，保护等级由公安机关确认。"
      actions={
        <>
          {holdsDuty(session, ['big-data-center']) && <ActLink to="/systems?awaiting=confirmation">待核实的系统</ActLink>}
          {holdsDuty(session, ['public-security']) && <ActLink to="/systems?awaiting=protection">待确认保护等级的系统</ActLink>}
          {mayRegister && register}
        </>
      }
    >
      <ListTable<SystemLine, ListPage<SystemLine>>
        label="信息系统清单"
        id="systems"
        operation="listSystems"
        query={query}
        state={state}
        filters={filters}
        rowKey={(row) => row.id}
        columns={[
          { key: 'name', title: '系统名称', render: (row) => <Link to={`/systems/${row.id}`}>{row.name}</Link> },
          { key: 'org', title: '所属单位', render: (row) => row.org.name },
          { key: 'status', title: '状态', render: (row) => <StateWord text={statusWords[row.status]} /> },
          { key: 'deployment', title: '部署位置', render: (row) => <Deployment value={row.deployment} /> },
          { key: 'brain', title: '接入城市大脑', render: (row) => <YesNo value={row.cityBrainConnected} yes="已接入" no="未接入" /> },
          {
            key: 'protection',
            title: '保护等级',
            render: (row) => (row.protectionLevel === null ? <span className="tc-muted">未登记</span> : `第${row.protectionLevel}级`),
          },
          { key: 'awaits', title: '待办', render: (row) => <Awaits row={row} /> },
          { key: 'number', title: '编号', sort: 'number', align: 'right', shown: 'hidden', render: (row) => row.number },
          {
            key: 'updated',
            title: '更新日期',
            sort: 'updated',
            shown: 'hidden',
            render: (row) => <CivilDate value={row.updatedAt} table />,
          },
        ]}
        empty={{
          what: '尚无信息系统',
          hint: '单位登记的信息系统列在这里，供核实、评审和验收时查阅。',
          ...(mayRegister ? { act: register } : {}),
        }}
      />
    </Page>
  )
}

function Deployment({ value }: { value: SystemLine['deployment'] }) {
  if (value === null) return <StateWord text="尚未核实" />
  return <StateWord text={deploymentWords[value]} tone={value === 'gov-cloud' ? 'good' : 'bad'} />
}

function Awaits({ row }: { row: SystemLine }) {
  if (!row.awaitsConfirmation && !row.awaitsProtection) return <span className="tc-muted">无</span>
  return (
    <>
      {row.awaitsConfirmation && <StateWord text="待核实" tone="now" />}{' '}
      {row.awaitsProtection && <StateWord text="待确认等级" tone="now" />}
    </>
  )
}
