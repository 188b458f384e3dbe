import type { ListPage } from '@tongchou/api-client'
import { sharingBases } from '@tongchou/metadata'
import {
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
import { cycleWords, dutyWords, stateWords, unsharedScopeWords } from '../words.ts'
import { type DutyLine, readers, stateTones, type UnsharedLine } from './catalog-api.ts'

const dutyFilters: ListFilter[] = [
  { name: 'q', label: '资源名称', kind: 'text', width: 180 },
  { name: 'orgId', label: '提供方', kind: 'reference', of: 'organisation' },
  { name: 'bearerId', label: '承担单位', kind: 'reference', of: 'organisation' },
  { name: 'lacking', label: '未落实的责任', kind: 'select', options: optionsOf(dutyWords) },
  { name: 'state', label: '状态', kind: 'select', options: optionsOf(stateWords) },
]

/** 责任清单: 谁经手、谁使用、谁管理、谁归档、谁负责, resource by resource. */
export function ResponsibilitiesPage() {
  const session = useSession()
  const state = useListState(dutyFilters)
  const query = useApi<ListPage<DutyLine>>('/api/v1/catalog/responsibilities', state.query)
  if (holdsDuty(session, OUTSIDE_DUTIES)) return <NotForOutside title="责任清单" />
  return (
    <Page title="责任清单" lead="谁经手、谁使用、谁管理、谁归档、谁负责（第十四条）。已登记的目录各部门均可查阅。">
      <ListTable<DutyLine, ListPage<DutyLine>>
        label="数据资源责任清单"
        id="catalog-responsibilities"
        operation="listResourceDuties"
        query={query}
        state={state}
        filters={dutyFilters}
        rowKey={(row) => row.id}
        columns={[
          { key: 'name', title: '资源名称', render: (row) => <Link to={`/catalog/${row.resourceId}`}>{row.name}</Link> },
          { key: 'code', title: '资源代码', shown: 'hidden', render: (row) => row.code ?? <span className="tc-muted">未赋码</span> },
          { key: 'org', title: '提供方', render: (row) => row.org.name },
          { key: 'handledBy', title: '谁经手', render: (row) => <Bearer bearer={row.handledBy} /> },
          { key: 'usedBy', title: '谁使用', render: (row) => <Bearer bearer={row.usedBy} /> },
          { key: 'managedBy', title: '谁管理', render: (row) => <Bearer bearer={row.managedBy} /> },
          { key: 'archivedBy', title: '谁归档', render: (row) => <Bearer bearer={row.archivedBy} /> },
          { key: 'answersFor', title: '谁负责', render: (row) => <Bearer bearer={row.answersFor} /> },
          { key: 'cycle', title: '更新周期', shown: 'hidden', render: (row) => row.updateCycle && cycleWords[row.updateCycle] },
          { key: 'state', title: '状态', render: (row) => <StateWord text={stateWords[row.state]} tone={stateTones[row.state]} /> },
          { key: 'number', title: '编号', align: 'right', shown: 'hidden', render: (row) => row.number },
        ]}
        empty={{ what: '尚无数据资源', hint: '目录编制后，五项责任列在这里。' }}
      />
    </Page>
  )
}

const unsharedFilters: ListFilter[] = [
  { name: 'q', label: '资源名称', kind: 'text', width: 180 },
  { name: 'orgId', label: '提供方', kind: 'reference', of: 'organisation' },
  { name: 'scope', label: '范围', kind: 'select', options: optionsOf(unsharedScopeWords) },
  {
    name: 'basisLaw',
    label: '依据',
    kind: 'select',
    options: optionsOf(Object.fromEntries(sharingBases.map(({ id, title }) => [id, title]))),
  },
  { name: 'state', label: '状态', kind: 'select', options: optionsOf(stateWords) },
]

/** 共享负面清单: what is not shared, the whole of it or an item, and by what law. */
export function UnsharedPage() {
  const session = useSession()
  const state = useListState(unsharedFilters)
  const query = useApi<ListPage<UnsharedLine>>('/api/v1/catalog/unshared', state.query)
  if (holdsDuty(session, OUTSIDE_DUTIES)) return <NotForOutside title="共享负面清单" />
  return (
    <Page title="共享负面清单" lead="不予共享的数据资源和信息项，及其法律、行政法规依据（第十五条）。已登记的目录各部门均可查阅。">
      <ListTable<UnsharedLine, ListPage<UnsharedLine>>
        label="共享负面清单"
        id="catalog-unshared"
        operation="listUnsharedResources"
        query={query}
        state={state}
        filters={unsharedFilters}
        rowKey={(row) => row.id}
        columns={[
          { key: 'name', title: '资源名称', render: (row) => <Link to={`/catalog/${row.resourceId}`}>{row.name}</Link> },
          { key: 'code', title: '资源代码', render: (row) => row.code ?? <span className="tc-muted">未赋码</span> },
          { key: 'org', title: '提供方', render: (row) => row.org.name },
          { key: 'scope', title: '范围', render: (row) => unsharedScopeWords[row.scope] },
          { key: 'item', title: '不予共享的信息项', render: (row) => row.item?.name ?? '全部信息项' },
          { key: 'basis', title: '依据', render: (row) => row.basis || <span className="tc-muted">未填写</span> },
          { key: 'reason', title: '理由', render: (row) => row.reason },
          { key: 'state', title: '状态', render: (row) => <StateWord text={stateWords[row.state]} tone={stateTones[row.state]} /> },
          { key: 'number', title: '编号', align: 'right', shown: 'hidden', render: (row) => row.number },
        ]}
        empty={{ what: '没有不予共享的数据资源', hint: '共享类型为不予共享的目录，以及部分信息项不予共享的目录，列在这里。' }}
      />
    </Page>
  )
}

function NotForOutside({ title }: { title: string }) {
  return (
    <Page title={title}>
      <Forbidden duty={readers} act={`查看${title}`} />
    </Page>
  )
}

function Bearer({ bearer }: { bearer: DutyLine['handledBy'] }) {
  if (bearer === null) return <span className="tc-muted">未落实</span>
  return (
    <>
      {bearer.orgName}
      {bearer.post && <span className="tc-muted"> {bearer.post}</span>}
    </>
  )
}
