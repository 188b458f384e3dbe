import { apiPost, type ListPage } from '@tongchou/api-client'
import {
  ActError,
  CivilDate,
  Forbidden,
  holdsDuty,
  type ListFilter,
  ListTable,
  Moment,
  OpinionBox,
  optionsOf,
  Page,
  StateWord,
  useAct,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Button, Modal, Radio } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import './cases.css'
import { cardStateWords, colourWords } from '../words.ts'
import { type Card, cardStateTones, type Explanation } from './oversight-api.ts'
import { RowVerbs } from './RowVerbs.tsx'

const filters: ListFilter[] = [
  { name: 'colour', label: '黄牌或红牌', kind: 'select', options: optionsOf(colourWords) },
  {
    name: 'state',
    label: '说明理由',
    kind: 'select',
    options: optionsOf({
      due: cardStateWords.due,
      given: cardStateWords.given,
      accepted: cardStateWords.accepted,
      rejected: cardStateWords.rejected,
    }),
  },
]
const overseerFilters: ListFilter[] = [...filters, { name: 'orgId', label: '承办单位', kind: 'reference', of: 'organisation' }]

/** 我的黄红牌: cards of the current post, and those reported to the person, with 说明理由. */
export function MyCardsPage() {
  return (
    <Page title="我的黄红牌" lead="本岗位承办事项的黄牌、红牌，以及报告给本人的逾期事项。红牌须按时说明理由。">
      <Cards filters={filters} empty="没有黄牌和红牌" hint="办理时限将满时发黄牌，逾期发红牌。" />
    </Page>
  )
}

const overseers = ['supervisor', 'vice-mayor', 'audit', 'big-data-center']

/** 黄红牌 of all offices, for who oversees them. */
export function OverseenCardsPage() {
  // The list answers everybody with their own cards, which have a page of their own; here an empty one would say that no office has any.
  if (!holdsDuty(useSession(), overseers))
    return (
      <Page title="黄红牌">
        <Forbidden duty={overseers} act="查看各单位的黄红牌" />
      </Page>
    )
  return (
    <Page title="黄红牌" lead="各单位的黄牌、红牌和说明的理由。" breadcrumb={[{ label: '电子监察', href: '/oversight' }]}>
      <Cards filters={overseerFilters} empty="没有黄牌和红牌" hint="办理时限将满时发黄牌，逾期发红牌。" />
    </Page>
  )
}

function Cards({ filters: shown, empty, hint }: { filters: ListFilter[]; empty: string; hint: string }) {
  const state = useListState(shown)
  const query = useApi<ListPage<Card>>('/api/v1/cards', state.query)
  const [open, setOpen] = useState<{ card: Card; act: 'explain' | 'review' } | null>(null)
  return (
    <>
      <ListTable<Card, ListPage<Card>>
        label="黄红牌清单"
        id="cards"
        operation="listCards"
        query={query}
        state={state}
        filters={shown}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'case',
            title: '办件',
            render: (row) => (row.mayReadCase ? <Link to={`/cases/${row.caseId}`}>{row.caseTitle}</Link> : row.caseTitle),
          },
          {
            key: 'colour',
            title: '牌',
            render: (row) => <StateWord text={colourWords[row.colour]} tone={row.colour === 'red' ? 'bad' : 'soon'} />,
          },
          { key: 'step', title: '环节', render: (row) => row.stepTitle },
          { key: 'org', title: '承办单位', render: (row) => row.orgName },
          { key: 'due', title: '期限', sort: 'due', render: (row) => <CivilDate value={row.dueAt} table /> },
          { key: 'issued', title: '发出', sort: 'issued', render: (row) => <CivilDate value={row.issuedAt} table /> },
          { key: 'state', title: '说明理由', render: (row) => <Reasons card={row} /> },
          { key: 'explainBy', title: '说明期限', shown: 'hidden', render: (row) => row.explainBy && <Moment at={row.explainBy} /> },
          {
            key: 'escalated',
            title: '报告上级',
            render: (row) => row.escalatedToName ?? <span className="tc-muted">{row.escalatedAt ? '未设上级' : '无'}</span>,
          },
          {
            key: 'acts',
            title: '办理',
            act: true,
            render: (row) => (
              <>
                {row.mayExplain && (
                  <Button size="small" onClick={() => setOpen({ card: row, act: 'explain' })}>
                    说明理由
                  </Button>
                )}
                {row.mayReview && (
                  <Button size="small" onClick={() => setOpen({ card: row, act: 'review' })}>
                    审核理由
                  </Button>
                )}
                <RowVerbs {...row} title={row.caseTitle} />
              </>
            ),
          },
        ]}
        empty={{ what: empty, hint }}
      />
      {open?.act === 'explain' && <ExplainDialog card={open.card} onClose={() => setOpen(null)} />}
      {open?.act === 'review' && <ReviewDialog card={open.card} onClose={() => setOpen(null)} />}
    </>
  )
}

function Reasons({ card }: { card: Card }) {
  const latest = card.explanations.at(-1)
  return (
    <>
      <StateWord text={cardStateWords[card.state]} tone={cardStateTones[card.state]} />
      {latest && <ReasonText explanation={latest} />}
    </>
  )
}

function ReasonText({ explanation }: { explanation: Explanation }) {
  return (
    <div className="tc-muted">
      {explanation.orgName} {explanation.personName}：{explanation.reason}
      {explanation.opinion && <div>审核意见：{explanation.opinion}</div>}
    </div>
  )
}

function ExplainDialog({ card, onClose }: { card: Card; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const send = useAct(async (text: string, key) => {
    await apiPost(`/api/v1/cards/${card.id}/explanations`, { reason: text }, { idempotencyKey: key })
    onClose()
  })
  const lacks = reason.trim() === ''
  return (
    <Modal open title={`说明理由：${card.caseTitle}`} onCancel={onClose} footer={null} destroyOnHidden>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (!lacks) send.mutate(reason)
        }}
      >
        <p>
          “{card.stepTitle}”环节已逾期{card.isClosed ? '办结' : '，至今未办结'}。
        </p>
        <OpinionBox
          label="逾期理由"
          kind="explanation"
          value={reason}
          onChange={setReason}
          phrases={['等待外单位回复。', '申报材料需多次补正。', '系统故障，附停机通知。']}
          required
          error={tried && lacks ? '请填写逾期理由' : undefined}
        />
        <ActError act="提交理由" error={send.error} />
        <Ends act="提交理由" pending={send.isPending} onClose={onClose} />
      </form>
    </Modal>
  )
}

function ReviewDialog({ card, onClose }: { card: Card; onClose: () => void }) {
  const [accepted, setAccepted] = useState<boolean | null>(null)
  const [opinion, setOpinion] = useState('')
  const [tried, setTried] = useState(false)
  const send = useAct(async (body: { accepted: boolean; opinion: string }, key) => {
    await apiPost(`/api/v1/cards/${card.id}/verdict`, body, { idempotencyKey: key })
    onClose()
  })
  const lacks = accepted === null ? '请选择接受或不接受' : !accepted && opinion.trim() === '' ? '不接受的，请写明原因' : null
  const open = card.explanations.find((one) => one.verdict === null)
  return (
    <Modal open title={`审核理由：${card.caseTitle}`} onCancel={onClose} footer={null} destroyOnHidden>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (accepted !== null && lacks === null) send.mutate({ accepted, opinion })
        }}
      >
        {open && <ReasonText explanation={open} />}
        <Radio.Group aria-label="审核结果" value={accepted} onChange={(event) => setAccepted(event.target.value as boolean)}>
          <Radio value={true}>接受</Radio>
          <Radio value={false}>不接受</Radio>
        </Radio.Group>
        <OpinionBox
          label="审核意见"
          kind="verdict"
          value={opinion}
          onChange={setOpinion}
          phrases={['情况属实，予以接受。', '理由不充分，请重新说明。']}
        />
        {tried && lacks !== null && (
          <p className="tc-field-error" role="alert">
            {lacks}
          </p>
        )}
        <ActError act="提交审核" error={send.error} />
        <Ends act="提交审核" pending={send.isPending} onClose={onClose} />
      </form>
    </Modal>
  )
}

function Ends({ act, pending, onClose }: { act: string; pending: boolean; onClose: () => void }) {
  return (
    <div className="tc-dialog-end">
      <Button onClick={onClose}>取消</Button>
      <Button type="primary" htmlType="submit" loading={pending}>
        {act}
      </Button>
    </div>
  )
}
