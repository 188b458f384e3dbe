import { apiPost } from '@tongchou/api-client'
import {
  ActError,
  ActLink,
  ArticleChip,
  AttachmentList,
  CivilDate,
  Facts,
  formatYuan,
  Moment,
  Page,
  ProcessPath,
  QueryView,
  Section,
  SideBySide,
  useAct,
  useApi,
} from '@tongchou/ui'
import { Alert, Button } from 'antd'
import { Link, useParams } from 'react-router'
import { type CaseView, type Signed, statusWords } from './case-api.ts'
import './cases.css'
import { DecideForm } from './DecideForm.tsx'
import { SubjectSummary, subjectLink } from './SubjectSummary.tsx'
import { Verbs } from './Verbs.tsx'

/** The page of a case (办件): where it is, what was said, and the act where one is due. */
export function CasePage() {
  const { id = '' } = useParams()
  const query = useApi<CaseView>(`/api/v1/cases/${id}`)
  return (
    <QueryView query={query} what="办件" page>
      {(view) => <Case view={view} />}
    </QueryView>
  )
}

function Case({ view }: { view: CaseView }) {
  const link = subjectLink(view.subject)
  return (
    <Page
      title={view.title}
      state={statusWords[view.status]}
      breadcrumb={[{ label: '工作台', href: '/' }, ...(link ? [link] : []), { label: view.procedure.title }]}
      lead={
        <>
          {view.applicant.organisation} {view.applicant.name} 于 <Moment at={view.openedAt} text /> 发起
          <span className="cases-articles">
            {view.procedure.articles.map((article) => (
              <ArticleChip key={article} article={article} />
            ))}
          </span>
        </>
      }
      actions={
        <>
          <Withdraw view={view} />
          <Read view={view} />
          <ActLink to={`/cases/${view.id}/print`}>打印</ActLink>
        </>
      }
    >
      <Section title="办理流程">
        <ProcessPath path={pathOf(view)} label={`${view.title}的办理流程`} />
        {view.procedure.note && <p className="tc-muted cases-note">{view.procedure.note}</p>}
      </Section>
      {view.mergedInto && (
        <Alert
          type="info"
          showIcon
          title={
            <>
              已并入 <Link to={`/cases/${view.mergedInto.id}`}>{view.mergedInto.title}</Link>
              {view.mergedInto.outcome ? `，其结果为${outcomeWords[view.mergedInto.outcome] ?? ''}` : '，结果随其结果'}
            </>
          }
        />
      )}
      {view.demands.map((demand) => (
        <Alert
          key={demand.id}
          type="warning"
          showIcon
          title={
            <>
              {demand.from}督办：{demand.demand}（<CivilDate value={demand.until} />
              前）{demand.reply ? `。已回复：${demand.reply}` : '。尚未回复'}
            </>
          }
        />
      ))}
      {view.barred.map((one) => (
        <Alert key={`${one.title}${one.reason}`} type="info" showIcon title={`${one.title}：${one.reason}`} />
      ))}
      {view.tasks.map((task) => (
        <Section key={task.id} title={task.title} extra={<ArticleChip article={task.article} />}>
          <SideBySide documents={documentsOf(view)} formTitle={task.title}>
            <DecideForm view={view} task={task} />
          </SideBySide>
        </Section>
      ))}
      <Verbs view={view} />
      {/* Who decides has it beside the form already. */}
      {view.tasks.length === 0 && (
        <Section title="事项内容">
          <SubjectSummary caseId={view.id} />
        </Section>
      )}
      <Section title="办理意见">
        <Opinions history={view.history} />
      </Section>
    </Page>
  )
}

function Withdraw({ view }: { view: CaseView }) {
  const act = useAct((input: { opinion: null }, key) => apiPost(`/api/v1/cases/${view.id}/withdrawal`, input, { idempotencyKey: key }))
  if (!view.mayWithdraw) return null
  return (
    <>
      <Button loading={act.isPending} onClick={() => act.mutate({ opinion: null })}>
        撤回
      </Button>
      <ActError error={act.error} act="撤回" />
    </>
  )
}

const outcomeWords: Readonly<Record<string, string>> = { ended: '已办结', rejected: '未通过', voided: '已作废' }

/** 已阅: who got a copy says that they have seen it. */
function Read({ view }: { view: CaseView }) {
  const act = useAct((_: object, key) => apiPost(`/api/v1/cases/${view.id}/copies/reading`, {}, { idempotencyKey: key }))
  if (view.copied !== 'unread') return null
  return (
    <>
      <Button loading={act.isPending} onClick={() => act.mutate({})}>
        已阅
      </Button>
      <ActError error={act.error} act="已阅" />
    </>
  )
}

function pathOf(view: CaseView) {
  return {
    steps: view.path.steps.map((step) => ({
      id: step.id,
      title: step.title,
      state: step.state,
      duty: step.duty,
      // An office that is named like its duty is named once.
      organisation: step.organisation?.endsWith(step.duty ?? '') ? undefined : step.organisation,
      holders: step.holders,
      since: step.sinceAt,
      due: step.dueAt,
      overdue: step.overdue,
      limitText: step.limitText,
      remarks: step.remarks,
      decisions: decisionsLast(step.decisions).map((d) => ({
        person: d.person,
        organisation: d.organisation,
        outcome: d.outcomeTitle,
        opinion: d.opinion ?? '',
        at: d.at,
      })),
    })),
    edges: view.path.edges,
  }
}

/** What was decided stands last, where the box of a step that is done reads it; what was done beside it stands before. */
function decisionsLast(lines: readonly Signed[]): readonly Signed[] {
  const decided = (line: Signed) => line.act === 'decide' || line.act === 'withdraw'
  return [...lines.filter((line) => !decided(line)), ...lines.filter(decided)]
}

/** The content of the subject first, then the files, the newest first. */
function documentsOf(view: CaseView) {
  const files = view.history.flatMap((line) => line.documents).reverse()
  return [
    ...files.map((file) => ({
      id: file.id,
      title: file.fileName,
      href: `/api/v1/attachments/${file.id}`,
      mediaType: file.mediaType,
      byteCount: file.byteCount,
    })),
    { id: 'subject', title: '事项内容', content: <SubjectSummary caseId={view.id} /> },
  ]
}

function Opinions({ history }: { history: readonly Signed[] }) {
  if (history.length === 0) return <p className="tc-muted">还没有办理意见。</p>
  return (
    <ol className="cases-opinions">
      {history.map((line) => (
        <li key={line.seq}>
          <p>
            <strong>{line.stepTitle}</strong> <span>{line.outcomeTitle}</span>{' '}
            <span className="tc-muted">
              {line.organisation} {line.person}（{line.dutyTitle}） <Moment at={line.at} />
            </span>
          </p>
          {line.opinion && <p className="cases-opinion">{line.opinion}</p>}
          {line.choices.length > 0 && <p>{line.choices.join('；')}</p>}
          {line.form.length > 0 && <Facts items={line.form.map((field) => ({ label: field.title, value: shown(field) }))} />}
          {line.documents.length > 0 && <AttachmentList attachments={line.documents} />}
        </li>
      ))}
    </ol>
  )
}

function shown({ type, value }: Signed['form'][number]): React.ReactNode {
  if (type === 'money' && typeof value === 'number') return `${formatYuan(value)} 元`
  if (Array.isArray(value)) {
    return (
      <ul>
        {value.map((line: Record<string, unknown>) => (
          <li key={JSON.stringify(line)}>
            {Object.entries(line)
              .map(([key, one]) => (key.endsWith('Fen') && typeof one === 'number' ? `${formatYuan(one)} 元` : String(one)))
              .join('：')}
          </li>
        ))}
      </ul>
    )
  }
  return String(value)
}
