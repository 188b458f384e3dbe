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
import { cycleWords, gradeWords, openingWords, sharingWords, stateWords } from '../words.ts'
import { compilers, type ResourceLine, readers, stateTones } from './catalog-api.ts'
import { ExportCatalog } from './ExportCatalog.tsx'

/** 资源目录: what the city's data is, who provides it, how it is shared. */
export function CatalogPage() {
  const session = useSession()
  const filters: ListFilter[] = [
    { name: 'q', label: '资源名称或摘要', kind: 'text', width: 220 },
    { name: 'code', label: '资源代码', kind: 'text', width: 150 },
    { name: 'state', label: '状态', kind: 'select', options: optionsOf(stateWords) },
    { name: 'sharing', label: '共享类型', kind: 'select', options: optionsOf(sharingWords) },
    { name: 'projectId', label: '所属项目', kind: 'reference', of: 'project' },
    { name: 'orgId', label: '提供方', kind: 'reference', of: 'organisation' },
  ]
  const state = useListState(filters)
  const query = useApi<ListPage<ResourceLine>>('/api/v1/catalog/resources', state.query)
  const mayCompile = holdsDuty(session, compilers)
  const compile = (
    <ActLink first to={withQuery('/catalog/new', { projectId: state.values.projectId })}>
      编制资源目录
    </ActLink>
  )
  if (holdsDuty(session, OUTSIDE_DUTIES)) {
    return (
      <Page title="资源目录">
        <Forbidden duty={readers} act="查看资源目录" />
      </Page>
    )
  }
  return (
    <Page
      title="资源目录"
      lead="已登记的目录各部门均可查阅；编制和审核中的目录仅供所属单位、使用单位和监管部门查阅。"
      actions={
        <>
          <ActLink to="/catalog/amendments">变更和撤销</ActLink>
          <ActLink to="/catalog/search">查找目录</ActLink>
          <ActLink to="/catalog/classes">信息资源分类</ActLink>
          <ExportCatalog query={state.values} label="导出目录" />
          {mayCompile && <ActLink to="/catalog/imports">导入目录</ActLink>}
          {mayCompile && compile}
        </>
      }
    >
      <ListTable<ResourceLine, ListPage<ResourceLine>>
        label="资源目录清单"
        id="catalog"
        operation="listResources"
        query={query}
        state={state}
        filters={filters}
        rowKey={(row) => row.id}
        columns={[
          { key: 'name', title: '资源名称', render: (row) => <Link to={`/catalog/${row.id}`}>{row.name}</Link> },
          { key: 'code', title: '资源代码', render: (row) => row.code ?? <span className="tc-muted">未赋码</span> },
          { key: 'org', title: '提供方', render: (row) => row.org.name },
          { key: 'state', title: '状态', render: (row) => <StateWord text={stateWords[row.state]} tone={stateTones[row.state]} /> },
          { key: 'sharing', title: '共享类型', render: (row) => wordOr(row.sharing && sharingWords[row.sharing]) },
          { key: 'opening', title: '开放类型', render: (row) => wordOr(row.opening && openingWords[row.opening]) },
          { key: 'grade', title: '数据分级', render: (row) => wordOr(row.grade && gradeWords[row.grade]) },
          { key: 'cycle', title: '更新周期', render: (row) => wordOr(row.updateCycle && cycleWords[row.updateCycle]) },
          { key: 'items', title: '信息项', align: 'right', render: (row) => row.itemCount },
          {
            key: 'registered',
            title: '登记日期',
            sort: 'registered',
            render: (row) => (row.registeredOn ? <CivilDate value={row.registeredOn} table /> : <span className="tc-muted">未登记</span>),
          },
          { key: 'number', title: '编号', sort: 'number', align: 'right', shown: 'hidden', render: (row) => row.number },
        ]}
        empty={{
          what: '尚无资源目录',
          hint: '各部门编制的数据资源目录列在这里。新建项目须于验收前完成编制、审核和登记（第十五条）。',
          ...(mayCompile ? { act: compile } : {}),
        }}
      />
    </Page>
  )
}

function wordOr(word: string | null) {
  return word ?? <span className="tc-muted">未填写</span>
}
