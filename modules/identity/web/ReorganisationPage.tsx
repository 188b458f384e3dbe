import { apiPost, type ListPage } from '@tongchou/api-client'
import {
  ActError,
  CivilDate,
  Facts,
  Forbidden,
  holdsDuty,
  type ListColumn,
  type ListFilter,
  ListTable,
  Missing,
  Page,
  QueryView,
  Section,
  useAct,
  useAllPages,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Button } from 'antd'
import { useParams } from 'react-router'
import { ReorganisationState } from './ReorganisationsPage.tsx'
import { kindWords, type Move, type Reorganisation, thingName } from './reorganisation-api.ts'
import './identity.css'

const filters: readonly ListFilter[] = [
  {
    name: 'kind',
    label: '类别',
    kind: 'select',
    options: ['post', 'case', 'project', 'system', 'catalog-entry', 'problem', 'organisation', 'token'].map((value) => ({
      value,
      label: thingName(value),
    })),
  },
]

const columns: readonly ListColumn<Move>[] = [
  { key: 'title', title: '事项', render: (move) => move.title },
  { key: 'role', title: '移交为', render: (move) => move.role },
  { key: 'from', title: '原机构', render: (move) => move.from.name },
  { key: 'to', title: '承接机构', render: (move) => move.to.name },
]

/** One 组织调整: its document and what went where. */
export function ReorganisationPage() {
  const { id = '' } = useParams()
  const session = useSession()
  const allowed = holdsDuty(session, ['system-admin', 'audit-admin'])
  const state = useListState(filters)
  const all = useAllPages<Reorganisation>('/api/v1/reorganisations')
  const moves = useApi<ListPage<Move>>(allowed ? `/api/v1/reorganisations/${id}/moves` : null, state.query)
  const one = all.data?.find((other) => other.id === id)
  const above = [{ label: '组织调整', href: '/reorganisations' }]
  if (!allowed)
    return (
      <Page title="组织调整" breadcrumb={above}>
        <Forbidden duty={['system-admin', 'audit-admin']} act="查看组织调整" />
      </Page>
    )
  // Without it the list below would say that nothing was handed over.
  if (!all.data)
    return (
      <Page title="组织调整" breadcrumb={above}>
        <QueryView query={all} what="组织调整">
          {() => null}
        </QueryView>
      </Page>
    )
  if (!one)
    return (
      <Page title="组织调整" breadcrumb={above}>
        <Missing what="组织调整" />
      </Page>
    )
  return (
    <Page
      title={`${one.from.map((side) => side.name).join('、')}${kindWords[one.kind]}`}
      breadcrumb={above}
      actions={one.state === 'coming' && holdsDuty(session, ['system-admin']) && <Cancel id={id} />}
    >
      <Facts
        items={[
          { label: '状态', value: <ReorganisationState state={one.state} /> },
          { label: '生效日期', value: <CivilDate value={one.effectiveOn} /> },
          { label: '文号', value: one.documentNumber },
          { label: '办理人', value: one.plannedBy },
          { label: '调整后', value: one.to.map((side) => side.name).join('、') },
          { label: '事由', value: one.reason, wide: true },
        ]}
      />
      <Section title="移交清单">
        <ListTable
          label="组织调整移交清单"
          id="reorganisation-moves"
          operation="listReorganisationMoves"
          fixed={{ id }}
          query={moves}
          state={state}
          filters={filters}
          columns={columns}
          rowKey={(move) => `${move.kind} ${move.id} ${move.role} ${move.from.id}`}
          empty={{
            what: one.state === 'coming' ? '尚未移交' : '没有移交事项',
            hint: one.state === 'coming' ? '到生效日期自动移交，移交后列在这里。' : '更名和改隶不移交事项。',
          }}
        />
      </Section>
    </Page>
  )
}

function Cancel({ id }: { id: string }) {
  const act = useAct((_: null, key) => apiPost(`/api/v1/reorganisations/${id}/cancel`, undefined, { idempotencyKey: key }))
  return (
    <>
      <ActError act="撤销" error={act.error} />
      <Button loading={act.isPending} onClick={() => act.mutate(null)}>
        撤销本次调整
      </Button>
    </>
  )
}
