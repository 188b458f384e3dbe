// SPDX-License-Identifier: Apache-2.0
import { apiPost, type ListPage } from '@tongchou/api-client'
import {
  ActForm,
  CivilDate,
  field,
  holdsDuty,
  type ListColumn,
  type ListFilter,
  ListTable,
  Page,
  Section,
  StateWord,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Button } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import type { Enterprise } from './supplier-api.ts'

const filters: readonly ListFilter[] = [
  { name: 'q', label: '名称或代码', kind: 'text' },
  {
    name: 'coded',
    label: '统一社会信用代码',
    kind: 'select',
    options: [
      { value: 'yes', label: '已登记' },
      { value: 'no', label: '未登记' },
    ],
  },
]

const columns: readonly ListColumn<Enterprise>[] = [
  { key: 'name', title: '企业名称', render: (row) => <Link to={`/enterprises/${row.id}`}>{row.name}</Link> },
  { key: 'uscc', title: '统一社会信用代码', render: (row) => row.uscc ?? <StateWord text="未登记" tone="soon" /> },
  { key: 'by', title: '登记人', render: (row) => row.registeredBy },
  { key: 'at', title: '登记时间', render: (row) => <CivilDate value={row.registeredAt} table /> },
]

/** 企业名录: who contracts are made with. */
export function EnterprisesPage() {
  const session = useSession()
  const navigate = useNavigate()
  const [registering, setRegistering] = useState(false)
  const state = useListState(filters)
  const query = useApi<ListPage<Enterprise>>('/api/v1/enterprises', state.query)
  const register = holdsDuty(session, ['applicant', 'district', 'big-data-center']) && (
    <Button type="primary" onClick={() => setRegistering(true)}>
      登记企业
    </Button>
  )
  return (
    <Page title="企业名录" lead="合同的承建单位。登记合同时选择，未登记的随合同登记。" actions={register}>
      {registering && (
        <Section title="登记企业">
          <ActForm
            act="登记"
            fields={[
              field('name', '企业名称', { type: 'text', maxLength: 200, help: '与营业执照一致' }),
              field('uscc', '统一社会信用代码', { type: 'identifier', of: 'social-credit-code' }),
            ]}
            send={async (data, key) => {
              const made = await apiPost<Enterprise>('/api/v1/enterprises', data, { idempotencyKey: key })
              void navigate(`/enterprises/${made.id}`)
            }}
          />
        </Section>
      )}
      <ListTable
        label="企业名录"
        id="enterprises"
        operation="listEnterprises"
        query={query}
        state={state}
        filters={filters}
        columns={columns}
        rowKey={(row) => row.id}
        empty={{ what: '名录中没有企业', hint: '登记合同后，承建单位列在这里。' }}
      />
    </Page>
  )
}
