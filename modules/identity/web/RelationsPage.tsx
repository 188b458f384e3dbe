import { apiPost, type ListPage } from '@tongchou/api-client'
import {
  ActForm,
  CivilDate,
  field,
  holdsDuty,
  type ListColumn,
  type ListFilter,
  ListTable,
  Moment,
  Page,
  Section,
  StateWord,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Button } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'

interface Relation {
  id: string
  kind: { id: string; title: string }
  subject: { kind: string; id: string; name: string }
  person: { id: string; name: string; username: string | null }
  within: { id: string; name: string } | null
  validFrom: string
  validTo: string | null
  state: 'standing' | 'coming' | 'ended'
  grantedBy: string
  endReason: string | null
  verification: { document: keyof typeof documentWords; by: string; at: string } | null
  mayEnd: boolean
}

interface RelationKind {
  id: string
  title: string
  subjectKind: string
  isVerified: boolean
  mayGrant: boolean
}

interface Granted {
  id: string
  username: string | null
  initialPassword: string | null
}

const documentWords = { 'id-card': '居民身份证', 'temporary-id-card': '临时居民身份证', 'household-register': '居民户口簿' } as const

/** Duties that grant relations of some kind. */
const granters: readonly string[] = ['big-data-center', 'applicant', 'district', 'public-security']

const filters: readonly ListFilter[] = [
  { name: 'q', label: '姓名、用户名或单位', kind: 'text' },
  {
    name: 'state',
    label: '状态',
    kind: 'select',
    options: [
      { value: 'standing', label: '有效' },
      { value: 'coming', label: '未生效' },
      { value: 'ended', label: '已终止' },
    ],
  },
]

const columns: readonly ListColumn<Relation>[] = [
  { key: 'person', title: '姓名', render: (row) => row.person.name },
  { key: 'username', title: '用户名', render: (row) => row.person.username ?? '未开通' },
  { key: 'kind', title: '类别', render: (row) => row.kind.title },
  { key: 'subject', title: '单位或本人', render: (row) => <Subject subject={row.subject} /> },
  { key: 'within', title: '范围', render: (row) => (row.within ? `仅限${row.within.name}` : '全部') },
  { key: 'validFrom', title: '生效日期', render: (row) => <CivilDate value={row.validFrom} table /> },
  { key: 'validTo', title: '终止日期', render: (row) => (row.validTo ? <CivilDate value={row.validTo} table /> : '长期') },
  { key: 'state', title: '状态', render: (row) => <RelationState state={row.state} /> },
  { key: 'grantedBy', title: '授权人', render: (row) => row.grantedBy },
  {
    key: 'document',
    title: '核验证件',
    render: (row) => (row.verification ? documentWords[row.verification.document] : ''),
    shown: 'hidden',
  },
  { key: 'verifiedBy', title: '核验人', render: (row) => row.verification?.by ?? '', shown: 'hidden' },
  { key: 'verifiedAt', title: '核验时间', render: (row) => row.verification && <Moment at={row.verification.at} />, shown: 'hidden' },
  { key: 'endReason', title: '终止原因', render: (row) => row.endReason ?? '', shown: 'hidden' },
]

/** 外部经办人: who acts here for an enterprise or for themselves, granted by whom. An enterprise's are granted on its page, citizens here. */
export function RelationsPage() {
  const state = useListState(filters)
  const list = useApi<ListPage<Relation>>('/api/v1/relations', state.query)
  const grants = holdsDuty(useSession(), granters)
  const kinds = useApi<{ kinds: RelationKind[] }>(grants ? '/api/v1/relation-kinds' : null)
  const verified = kinds.data?.kinds.filter((kind) => kind.mayGrant && kind.isVerified) ?? []
  const [granting, setGranting] = useState(false)
  const [made, setMade] = useState<Granted | null>(null)
  const [ending, setEnding] = useState<Relation | null>(null)
  const open = verified.length > 0 && !granting && (
    <Button type="primary" onClick={() => setGranting(true)}>
      核验并开通本人账号
    </Button>
  )
  const act: ListColumn<Relation> = {
    ...{ key: 'act', title: '办理', act: true },
    render: (row) =>
      row.mayEnd && (
        <Button size="small" onClick={() => setEnding(row)} aria-label={`终止：${row.person.name}`}>
          终止
        </Button>
      ),
  }
  return (
    <Page
      title="外部经办人"
      lead="不在政务部门任职的人员：代表企业办理的，在企业页面授予；查阅本人数据的公民，由公安机关在窗口当面核验身份后授予。各单位看本单位授权的，授权部门看其授予的类别。"
      actions={open}
    >
      {made && <ShownOnce made={made} onClose={() => setMade(null)} />}
      {granting && (
        <GrantToPerson
          kinds={verified}
          onLeave={() => setGranting(false)}
          onDone={(granted) => {
            setMade(granted)
            setGranting(false)
          }}
        />
      )}
      {ending && <EndRelation key={ending.id} relation={ending} onDone={() => setEnding(null)} />}
      <ListTable
        label="外部经办人"
        id="relations"
        operation="listRelations"
        query={list}
        state={state}
        filters={filters}
        columns={grants ? [...columns, act] : columns}
        rowKey={(row) => row.id}
        empty={{
          what: '尚无外部经办人',
          ...(verified.length > 0
            ? { hint: '当面核验身份证件后，开通本人账号。' }
            : { hint: '在企业名录中打开承建单位，授予经办关系。', act: <Link to="/enterprises">企业名录</Link> }),
        }}
      />
    </Page>
  )
}

/** 窗口核验: the clerk holds the document in the hand; the number is typed from it and shown nowhere afterwards. */
function GrantToPerson({
  kinds,
  onDone,
  onLeave,
}: {
  kinds: readonly RelationKind[]
  onDone: (granted: Granted) => void
  onLeave: () => void
}) {
  const choices = kinds.map(({ id, title }) => ({ value: id, title }))
  const documents = Object.entries(documentWords).map(([value, title]) => ({ value, title }))
  return (
    <Section title="核验并开通本人账号" extra={<Button onClick={onLeave}>不开通</Button>}>
      <ActForm
        act="开通"
        confidential
        initial={{ kind: choices[0]?.value }}
        fields={[
          field('kind', '类别', { type: 'choice', choices, inSight: true }),
          field('document', '核验的证件', { type: 'choice', choices: documents, inSight: true }),
          field('name', '姓名', { type: 'text', maxLength: 50, help: '与证件一致' }),
          field('identifier', '公民身份号码', { type: 'identifier', of: 'citizen-id', help: '对照证件填写，开通后只显示首尾几位' }),
          field('username', '用户名', { type: 'text', maxLength: 48, help: '3 至 48 个字母、数字、点、连字符或下划线，不用公民身份号码' }),
          field('validTo', '终止日期', { type: 'date', required: false, help: '自该日起不再有效，不填为长期' }),
        ]}
        send={async (data) => onDone(await apiPost<Granted>('/api/v1/relations', data))}
      >
        <p>须本人到场，人证相符。核验的证件、核验人和时间一并记录。此前开通过的，沿用原账号，并重新发给初始口令。</p>
      </ActForm>
    </Section>
  )
}

function ShownOnce({ made, onClose }: { made: Granted; onClose: () => void }) {
  return (
    <div className="tc-state" role="status">
      <p className="tc-state-title">本人账号已开通</p>
      <p>
        用户名 <strong>{made.username}</strong>，初始口令 <strong className="tc-num">{made.initialPassword}</strong>
      </p>
      <p>初始口令只显示这一次，请当面交给本人。首次登录须修改。</p>
      <Button onClick={onClose}>已记下</Button>
    </div>
  )
}

function EndRelation({ relation, onDone }: { relation: Relation; onDone: () => void }) {
  return (
    <Section title={`终止：${relation.person.name}`} extra={<Button onClick={onDone}>不终止</Button>}>
      <ActForm
        act="终止经办关系"
        fields={[field('reason', '终止原因', { type: 'text', maxLength: 500 })]}
        send={(data, key) => apiPost(`/api/v1/relations/${relation.id}/end`, data, { idempotencyKey: key })}
        onDone={onDone}
      >
        <p>
          {relation.person.name}，{relation.kind.title}，{relation.subject.name}。终止后，其登录立即结束。
        </p>
      </ActForm>
    </Section>
  )
}

function Subject({ subject }: { subject: Relation['subject'] }) {
  return subject.kind === 'enterprise' ? <Link to={`/enterprises/${subject.id}`}>{subject.name}</Link> : subject.name
}

function RelationState({ state }: { state: Relation['state'] }) {
  if (state === 'standing') return <StateWord text="有效" tone="good" />
  return state === 'coming' ? <StateWord text="未生效" tone="soon" /> : <StateWord text="已终止" />
}
