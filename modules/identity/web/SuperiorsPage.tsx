import { apiPut, type ListPage } from '@tongchou/api-client'
import {
  Forbidden,
  holdsDuty,
  type ListColumn,
  type ListFilter,
  ListTable,
  Page,
  ReferenceSelect,
  StateWord,
  useAct,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { ActDialog, Field } from './ActDialog.tsx'
import { kindName, type OrganisationDetails } from './identity-api.ts'
import './identity.css'

interface Office {
  id: string
  name: string
  kind: string
  superior: { personId: string; name: string; postId: string; postTitle: string; orgName: string } | null
}

const filters: readonly ListFilter[] = [{ name: 'q', label: '机构名称', kind: 'text', width: 220 }]

const columns: readonly ListColumn<Office>[] = [
  { key: 'name', title: '机构', render: (office) => <Link to={`/organisations/${office.id}`}>{office.name}</Link> },
  { key: 'kind', title: '类别', render: (office) => kindName(office.kind) },
  {
    key: 'superior',
    title: '上级岗位',
    render: ({ superior }) =>
      superior ? `${superior.orgName} ${superior.postTitle}` : <StateWord text="未设置，逾期无人接收报告" tone="soon" />,
  },
  { key: 'person', title: '姓名', render: ({ superior }) => superior?.name ?? '' },
  { key: 'acts', title: '办理', act: true, render: (office) => <SetSuperior office={office} /> },
]

/** 上级岗位: to whom it is reported when an office is late. */
export function SuperiorsPage() {
  const allowed = holdsDuty(useSession(), ['system-admin'])
  const state = useListState(filters)
  const list = useApi<ListPage<Office>>(allowed ? '/api/v1/superiors' : null, state.query)
  return (
    <Page title="上级岗位" lead="机构办理逾期时，向其上级岗位报告。岗位变动后应及时调整。">
      {allowed ? (
        <ListTable
          label="上级岗位列表"
          id="superiors"
          operation="listSuperiors"
          query={list}
          state={state}
          filters={filters}
          columns={columns}
          rowKey={(office) => office.id}
          empty={{ what: '尚未设立机构' }}
        />
      ) : (
        <Forbidden duty={['system-admin']} act="设置上级岗位" />
      )}
    </Page>
  )
}

function SetSuperior({ office }: { office: Office }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        设置
      </Button>
      {open && <SuperiorDialog office={office} onClose={() => setOpen(false)} />}
    </>
  )
}

/** The office of the superior first, then one of its posts: most often the own leader, or one of the city government. */
function SuperiorDialog({ office, onClose }: { office: Office; onClose: () => void }) {
  const [orgId, setOrgId] = useState<string | undefined>(office.id)
  const [postId, setPostId] = useState<string | null>(office.superior?.postId ?? null)
  const chosen = useApi<OrganisationDetails>(orgId === undefined ? null : `/api/v1/organisations/${orgId}`)
  const act = useAct(async (input: { postId: string | null }, key) => {
    await apiPut(`/api/v1/organisations/${office.id}/superior`, input, { idempotencyKey: key })
    onClose()
  })
  const posts = (chosen.data?.posts ?? []).map((post) => ({ value: post.id, label: `${post.title} ${post.person.name}` }))
  return (
    <ActDialog
      title={`设置${office.name}的上级岗位`}
      act="设置上级岗位"
      lacks={postId === null ? '请选择上级岗位。' : null}
      pending={act.isPending}
      error={act.error}
      onSubmit={() => act.mutate({ postId })}
      onClose={onClose}
    >
      <Field label="上级岗位所在机构">
        <ReferenceSelect
          of="organisation"
          aria-label="上级岗位所在机构"
          value={orgId}
          allowClear={false}
          onChange={(id) => {
            setOrgId(id)
            setPostId(null)
          }}
        />
      </Field>
      <Field label="上级岗位">
        <Select
          aria-label="上级岗位"
          value={posts.some((post) => post.value === postId) ? postId : null}
          loading={chosen.isFetching}
          options={posts}
          placeholder="请选择岗位"
          notFoundContent="该机构尚无岗位"
          onChange={setPostId}
        />
      </Field>
    </ActDialog>
  )
}
