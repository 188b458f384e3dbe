// SPDX-License-Identifier: Apache-2.0
import type { ListPage } from '@tongchou/api-client'
import { CivilDate, type ListColumn, type ListFilter, ListTable, Money, Page, StateWord, useApi, useListState } from '@tongchou/ui'
import { Link } from 'react-router'
import type { SupplierContractLine } from './supplier-api.ts'
import { stageWords } from './words.ts'

const filters: readonly ListFilter[] = [{ name: 'q', label: '合同编号或项目名称', kind: 'text' }]

const columns: readonly ListColumn<SupplierContractLine>[] = [
  { key: 'number', title: '合同编号', render: (row) => <Link to={`/supplier-contracts/${row.id}`}>{row.number}</Link> },
  { key: 'project', title: '项目名称', render: (row) => row.project.name },
  { key: 'stage', title: '阶段', render: (row) => <StateWord {...stageWords[row.project.stage]} /> },
  { key: 'builder', title: '建设单位', render: (row) => row.builder.name },
  { key: 'amount', title: '合同金额（万元）', align: 'right', render: (row) => <Money fen={row.amountFen} unit={false} /> },
  { key: 'paid', title: '已支付（万元）', align: 'right', render: (row) => <Money fen={row.paidFen} unit={false} /> },
  { key: 'signed', title: '签订日期', render: (row) => <CivilDate value={row.signedOn} table /> },
  {
    key: 'returned',
    title: '退回待报送',
    render: (row) => (row.returnedCount === 0 ? '' : <StateWord text={`${row.returnedCount} 项`} tone="bad" />),
  },
]

/** 本企业的合同: what an enterprise's agent begins the day with. */
export function SupplierContractsPage() {
  const state = useListState(filters)
  const query = useApi<ListPage<SupplierContractLine>>('/api/v1/supplier-contracts', state.query)
  return (
    <Page title="本企业的合同" lead="本人经办的合同、付款进度和里程碑。向建设单位报送材料，从合同中办理。">
      <ListTable
        label="合同列表"
        id="supplier-contracts"
        operation="listSupplierContracts"
        query={query}
        state={state}
        filters={filters}
        columns={columns}
        rowKey={(row) => row.id}
        empty={{ what: '没有本人经办的合同', hint: '建设单位登记合同后列在这里。' }}
      />
    </Page>
  )
}
