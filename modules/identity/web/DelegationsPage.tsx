import { apiDelete, apiPost, type ListPage } from '@tongchou/api-client'
import {
  CivilDate,
  currentPost,
  dutyName,
  type ListColumn,
  type ListFilter,
  ListTable,
  Page,
  StateWord,
  useAct,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Button, Checkbox, Select } from 'antd'
import { useState } from 'react'
import { ActDialog, DateField, Field, TextField } from './ActDialog.tsx'
import './identity.css'

interface Party {
  personId: string
  name: string
  organisation: string
  title: string
}

interface Delegation {
  id: string
  from: Party
  to: Party
  duties: string[] | null
  reason: string
  validFrom: string
  validTo: string
  state: 'coming' | 'standing' | 'ended'
}

const filters: readonly ListFilter[] = [
  {
    name: 'box',
    label: '范围',
    kind: 'select',
    options: [
      { value: 'given', label: '我委托的' },
      { value: 'received', label: '委托我的' },
    ],
  },
]

const partyOf = ({ organisation, title, name }: Party) => `${organisation} ${title} ${name}`

const columns: readonly ListColumn<Delegation>[] = [
  { key: 'from', title: '委托人', render: (row) => partyOf(row.from) },
  { key: 'to', title: '受托人', render: (row) => partyOf(row.to) },
  { key: 'duties', title: '职责', render: (row) => (row.duties === null ? '该岗位全部职责' : row.duties.map(dutyName).join('、')) },
  { key: 'validFrom', title: '开始日期', render: (row) => <CivilDate value={row.validFrom} table /> },
  { key: 'validTo', title: '结束日期', render: (row) => <CivilDate value={row.validTo} table /> },
  { key: 'reason', title: '事由', render: (row) => row.reason },
  { key: 'state', title: '状态', render: (row) => <DelegationState state={row.state} /> },
  { key: 'acts', title: '办理', act: true, render: (row) => <End delegation={row} /> },
]

/** 委托代理: mine given, mine received. */
export function DelegationsPage() {
  const session = useSession()
  const [lending, setLending] = useState(false)
  const state = useListState(filters)
  const list = useApi<ListPage<Delegation>>('/api/v1/me/delegations', state.query)
  const post = currentPost(session)
  const received = state.values.box === 'received'
  const lend = post?.delegation === null && (
    <Button type="primary" onClick={() => setLending(true)}>
      委托代理
    </Button>
  )
  return (
    <Page
      title="委托代理"
      lead="外出、休假期间将本人岗位的职责委托给指定人员。受托人在右上角切换到受托岗位办理，签名和审计记录同时载明两人姓名；委托人和受托人不得分别处于同一办件的两方。"
      actions={lend}
    >
      <ListTable
        label="委托代理"
        id="delegations"
        operation="listDelegations"
        query={list}
        state={state}
        filters={filters}
        columns={columns}
        rowKey={(row) => row.id}
        empty={received ? { what: '没有委托给本人的岗位' } : { what: '尚未委托', hint: '外出期间需要他人代办的，用右上角的“委托代理”。' }}
      />
      {lending && <Lend onClose={() => setLending(false)} />}
    </Page>
  )
}

function DelegationState({ state }: { state: Delegation['state'] }) {
  if (state === 'standing') return <StateWord text="有效" tone="good" />
  return state === 'coming' ? <StateWord text="待开始" tone="soon" /> : <StateWord text="已结束" />
}

interface Candidate {
  postId: string
  title: string
  person: { id: string; name: string }
  organisation: { id: string; name: string }
}

function Lend({ onClose }: { onClose: () => void }) {
  const own = currentPost(useSession())
  const [words, setWords] = useState('')
  const [toPostId, setToPostId] = useState<string | null>(null)
  const [duties, setDuties] = useState<readonly string[]>(own?.duties ?? [])
  const [reason, setReason] = useState('')
  const [validFrom, setValidFrom] = useState('')
  const [validTo, setValidTo] = useState('')
  const people = useApi<ListPage<Candidate>>('/api/v1/me/delegates', { q: words })
  const act = useAct(async (input: Record<string, unknown>, key) => {
    await apiPost('/api/v1/me/delegations', input, { idempotencyKey: key })
    onClose()
  })
  const whole = duties.length === own?.duties.length
  return (
    <ActDialog
      title={`委托代理${own ? `：${own.organisation.name} ${own.title}` : ''}`}
      act="委托"
      lacks={lacksOf(toPostId, duties, reason, validFrom, validTo)}
      pending={act.isPending}
      error={act.error}
      onSubmit={() => act.mutate({ toPostId, reason: reason.trim(), validFrom, validTo, ...(whole ? {} : { duties }) })}
      onClose={onClose}
    >
      <Field label="受托人">
        <Select
          aria-label="受托人"
          virtual={false}
          showSearch={{ filterOption: false, onSearch: setWords }}
          loading={people.isFetching}
          value={toPostId}
          placeholder="输入姓名或机构查找"
          options={(people.data?.items ?? []).map((one) => ({
            value: one.postId,
            label: `${one.person.name}（${one.organisation.name} ${one.title}）`,
          }))}
          notFoundContent={people.isFetching ? '正在查找' : '没有符合的人员'}
          onChange={setToPostId}
        />
      </Field>
      <fieldset>
        <legend>委托的职责</legend>
        <div>
          {(own?.duties ?? []).map((duty) => (
            <Checkbox
              key={duty}
              checked={duties.includes(duty)}
              onChange={(event) => setDuties(event.target.checked ? [...duties, duty] : duties.filter((one) => one !== duty))}
            >
              {dutyName(duty)}
            </Checkbox>
          ))}
        </div>
      </fieldset>
      <DateField label="开始日期" value={validFrom} onChange={setValidFrom} />
      <DateField label="结束日期" hint="自该日起不再有效，最长一年。" value={validTo} onChange={setValidTo} />
      <TextField label="事由" hint="例如 赴京培训" maxLength={200} value={reason} onChange={setReason} />
    </ActDialog>
  )
}

function lacksOf(to: string | null, duties: readonly string[], reason: string, from: string, until: string): string | null {
  if (to === null) return '请选择受托人。'
  if (duties.length === 0) return '请至少选择一项职责。'
  if (from === '' || until === '') return '请填写开始日期和结束日期。'
  return reason.trim() === '' ? '请填写事由。' : null
}

function End({ delegation }: { delegation: Delegation }) {
  const session = useSession()
  const [open, setOpen] = useState(false)
  const act = useAct(async (_: null) => {
    await apiDelete(`/api/v1/me/delegations/${delegation.id}`)
    setOpen(false)
  })
  if (delegation.state === 'ended' || currentPost(session)?.delegation) return null
  const given = delegation.from.personId === session.person.id
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {given ? '收回' : '辞去'}
      </Button>
      {open && (
        <ActDialog
          title={given ? `收回对${delegation.to.name}的委托` : `辞去${delegation.from.name}的委托`}
          act={given ? '收回委托' : '辞去委托'}
          lacks={null}
          pending={act.isPending}
          error={act.error}
          onSubmit={() => act.mutate(null)}
          onClose={() => setOpen(false)}
        >
          <p>受托人在该岗位上的登录立即结束；此前代办的签名和意见不变。</p>
        </ActDialog>
      )}
    </>
  )
}
