import { apiPost, type ListPage, withQuery } from '@tongchou/api-client'
import {
  ActChooser,
  ActForm,
  ActLink,
  ArticleChip,
  type ChosenAct,
  CivilDate,
  choicesOf,
  Facts,
  Forbidden,
  field,
  holdsDuty,
  type ListFilter,
  ListTable,
  Moment,
  OUTSIDE_DUTIES,
  Page,
  QueryView,
  SecrecyQuestion,
  Section,
  StateWord,
  type Tone,
  TrailSection,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { recordStateWords, withholdingWords } from '../words.ts'
import { actionName, proseField, readers, recorders, type WithheldRecord } from './supervision-api.ts'

const root = '/api/v1/supervision/withheld-records'

/** 资料提供情况记录: what builders refused, hid or misreported (第十八条). */
export function WithheldRecordsPage() {
  const session = useSession()
  const filters: ListFilter[] = [
    { name: 'q', label: '项目名称或情况', kind: 'text', width: 220 },
    { name: 'projectId', label: '项目', kind: 'reference', of: 'project' },
  ]
  const state = useListState(filters)
  const query = useApi<ListPage<WithheldRecord>>(root, state.query)
  const mayRecord = holdsDuty(session, recorders)
  const record = (
    <ActLink first to={withQuery('/withheld-records/new', { projectId: state.values.projectId })}>
      作出记录
    </ActLink>
  )
  if (holdsDuty(session, OUTSIDE_DUTIES)) {
    return (
      <Page title="资料提供情况记录">
        <Forbidden duty={readers} act="查看资料提供情况记录" />
      </Page>
    )
  }
  return (
    <Page
      title="资料提供情况记录"
      lead="项目建设单位应如实提供有关资料和情况，不得拒绝、隐匿、瞒报；违反的，记录在此并对监管部门公开。"
      actions={mayRecord ? record : undefined}
    >
      <ListTable<WithheldRecord, ListPage<WithheldRecord>>
        label="拒绝、隐匿、瞒报记录"
        id="withheld-records"
        operation="listWithheldRecords"
        query={query}
        state={state}
        filters={filters}
        rowKey={(row) => row.id}
        columns={[
          { key: 'project', title: '项目', render: (row) => <Link to={`/withheld-records/${row.id}`}>{row.project.name}</Link> },
          { key: 'builder', title: '建设单位', render: (row) => row.builder.name },
          { key: 'kind', title: '情形', render: (row) => withholdingWords[row.kind] },
          { key: 'found', title: '发现日期', render: (row) => <CivilDate value={row.foundOn} table /> },
          { key: 'by', title: '记录人', render: (row) => row.recordedBy },
          { key: 'state', title: '状态', render: (row) => <StateWord {...recordState(row)} /> },
        ]}
        empty={{
          what: '没有拒绝、隐匿、瞒报记录',
          hint: '监督、绩效评价和审计中作出的记录列在这里。',
          ...(mayRecord ? { act: record } : {}),
        }}
      />
    </Page>
  )
}

function recordState({ revocation, reply }: WithheldRecord): { text: string; tone: Tone } {
  if (revocation) return { text: recordStateWords.revoked, tone: 'good' }
  return reply ? { text: recordStateWords.replied, tone: 'now' } : { text: recordStateWords['awaiting-reply'], tone: 'soon' }
}

/** 记录拒绝、隐匿、瞒报. */
export function NewWithheldPage() {
  const session = useSession()
  return (
    <Page title="记录拒绝、隐匿、瞒报" breadcrumb={[{ label: '资料提供情况记录', href: '/withheld-records' }, { label: '作出记录' }]}>
      {holdsDuty(session, recorders) ? (
        <SecrecyQuestion what="记录" onYes={() => apiPost(root, { secrecy: true })}>
          {() => <NewRecord />}
        </SecrecyQuestion>
      ) : (
        <Forbidden duty={recorders} act="作出记录" />
      )}
    </Page>
  )
}

function NewRecord() {
  const navigate = useNavigate()
  const [params] = useSearchParams()
  return (
    <ActForm
      act="作出记录"
      initial={{ projectId: params.get('projectId') }}
      fields={[
        field('projectId', '项目', { type: 'reference', of: 'project' }),
        field('kind', '情形', { type: 'choice', choices: choicesOf(withholdingWords) }),
        proseField('description', '具体情况', '写明要求提供什么、如何拒绝或者隐匿、与事实有何不符。'),
        field('foundOn', '发现日期', { type: 'date' }),
      ]}
      send={async (data, key) => {
        const made = await apiPost<WithheldRecord>(root, { secrecy: false, ...data }, { idempotencyKey: key })
        void navigate(`/withheld-records/${made.id}`)
      }}
    />
  )
}

/** The page of one record, with the builder's reply. */
export function WithheldRecordPage() {
  const { id = '' } = useParams()
  const query = useApi<WithheldRecord>(`${root}/${id}`)
  return (
    <QueryView query={query} what="记录" page>
      {(record) => (
        <Page
          title={record.project.name}
          state={recordState(record)}
          lead={`${withholdingWords[record.kind]} · 编号${record.number}`}
          breadcrumb={[{ label: '资料提供情况记录', href: '/withheld-records' }, { label: record.project.name }]}
        >
          <Recorded record={record} />
          <Acts record={record} />
          <TrailSection path={`${root}/${id}/trail`} actionName={actionName} />
        </Page>
      )}
    </QueryView>
  )
}

function Recorded({ record }: { record: WithheldRecord }) {
  const { reply, revocation } = record
  return (
    <Section title="记录内容" extra={<ArticleChip article="WH23-18" />}>
      <Facts
        items={[
          { label: '项目', value: <Link to={`/projects/${record.project.id}`}>{record.project.name}</Link> },
          { label: '建设单位', value: record.builder.name },
          { label: '发现日期', value: <CivilDate value={record.foundOn} /> },
          { label: '记录人', value: record.recordedBy },
          { label: '记录时间', value: <Moment at={record.recordedAt} /> },
          { label: '具体情况', value: record.description, wide: true },
          { label: '单位说明', value: reply ? `${reply.text}（${reply.by}）` : '尚未说明', wide: true },
          ...(revocation ? [{ label: '撤销原因', value: `${revocation.reason}（${revocation.by}）`, wide: true }] : []),
        ]}
      />
    </Section>
  )
}

function Acts({ record }: { record: WithheldRecord }) {
  const path = `${root}/${record.id}`
  const { version } = record
  const reply: ChosenAct = {
    id: 'reply',
    title: '作出说明',
    form: (onDone) => (
      <SecrecyQuestion what="说明" onYes={() => apiPost(`${path}/reply`, { secrecy: true })}>
        {() => (
          <ActForm
            act="作出说明"
            fields={[proseField('reply', '单位说明', '说明只能作出一次，与记录一并公开。')]}
            onDone={onDone}
            send={(data, idempotencyKey) => apiPost(`${path}/reply`, { secrecy: false, version, ...data }, { idempotencyKey })}
          />
        )}
      </SecrecyQuestion>
    ),
  }
  const revoke: ChosenAct = {
    id: 'revoke',
    title: '撤销记录',
    form: (onDone) => (
      <ActForm
        act="撤销记录"
        fields={[proseField('reason', '撤销原因', '记录有误的，可以撤销；撤销后仍可查阅。')]}
        onDone={onDone}
        send={(data, idempotencyKey) => apiPost(`${path}/revocation`, { version, ...data }, { idempotencyKey })}
      />
    ),
  }
  return <ActChooser acts={[reply, revoke].filter(({ id }) => record.mayDo.some((one) => one === id))} />
}
