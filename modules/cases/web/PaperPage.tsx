import {
  articleLabel,
  currentPost,
  fillPaper,
  paperMoment as moment,
  Page,
  Paper,
  type PaperDefinition,
  type PaperLine,
  PrintButton,
  paperFoot,
  paperMoney,
  QueryView,
  useApi,
  usePaper,
  useSession,
} from '@tongchou/ui'
import { useParams } from 'react-router'
import { type CaseView, type Signed, statusWords } from './case-api.ts'
import type { SubjectPage } from './SubjectSummary.tsx'

/** A case as a paper (办件单), to be printed: what it is about, its way, who signed what, what was handed in. */
export function CasePaperPage() {
  const { id = '' } = useParams()
  const kase = useApi<CaseView>(`/api/v1/cases/${id}`)
  const subject = useApi<SubjectPage>(`/api/v1/cases/${id}/subject`)
  const paper = usePaper('case-record')
  return (
    <QueryView query={kase} what="办件" page>
      {(view) => (
        <Page
          title={`打印：${view.title}`}
          breadcrumb={[{ label: '工作台', href: '/' }, { label: view.title, href: `/cases/${id}` }, { label: '打印' }]}
          actions={<PrintButton />}
        >
          <QueryView query={subject} what="事项内容">
            {(page) => (
              <QueryView query={paper} what="办件单格式">
                {(record) => <Record record={record} view={view} subject={page} />}
              </QueryView>
            )}
          </QueryView>
        </Page>
      )}
    </QueryView>
  )
}

function Record({ record, view, subject }: { record: PaperDefinition; view: CaseView; subject: SubjectPage }) {
  const session = useSession()
  const { title, parts } = fillPaper(record, {
    words: { procedure: view.procedure.title },
    parts: {
      case: { kind: 'lines', lines: basics(view) },
      subject: {
        kind: 'lines',
        lines: subject.facts.map(({ label, value, fen }) => ({ label, value: fen === null ? value : paperMoney(fen) })),
      },
      path: pathOf(view),
      opinions: { kind: 'opinions', opinions: view.history.map(opinionOf) },
      files: { kind: 'files', files: view.history.flatMap((line) => line.documents) },
    },
  })
  return (
    <Paper
      title={title}
      parts={parts}
      foot={paperFoot(session.now, `${currentPost(session)?.organisation.name ?? ''} ${session.person.name}`)}
    />
  )
}

function basics(view: CaseView): PaperLine[] {
  return [
    { label: '事项', value: view.title },
    { label: '申请单位', value: `${view.applicant.organisation}　${view.applicant.name}` },
    { label: '发起时间', value: moment(view.openedAt) },
    { label: '办理状态', value: statusWords[view.status].text },
    { label: '办结时间', value: view.endedAt === null ? '尚未办结' : moment(view.endedAt) },
    { label: '依据', value: view.procedure.articles.map(articleLabel).join('、') },
  ]
}

function pathOf(view: CaseView) {
  return {
    kind: 'table' as const,
    columns: [{ title: '环节' }, { title: '承办' }, { title: '依据' }, { title: '办理' }],
    rows: view.path.steps.map((step) => [
      step.title,
      step.organisation,
      articleLabel(step.article),
      step.decisions.length > 0
        ? step.decisions.map((one) => `${one.outcomeTitle}（${one.person}，${moment(one.at)}）`).join('；')
        : { done: '已办理', active: '办理中', ahead: '未到', skipped: '未经过' }[step.state],
    ]),
  }
}

function opinionOf(line: Signed) {
  return {
    step: line.stepTitle,
    outcome: line.outcomeTitle,
    opinion: line.opinion,
    organisation: line.organisation,
    person: line.person,
    duty: line.dutyTitle,
    at: line.at,
    lines: [
      ...line.choices.map((choice) => ({ label: '决定', value: choice })),
      ...line.form.map((field) => ({ label: field.title, value: filledIn(field) })),
    ],
  }
}

/** A value of a step's form in one line. */
function filledIn({ type, value }: Signed['form'][number]): string {
  if (type === 'money' && typeof value === 'number') return paperMoney(value)
  if (!Array.isArray(value)) return String(value)
  const cell = ([key, one]: [string, unknown]) => (key.endsWith('Fen') && typeof one === 'number' ? paperMoney(one) : String(one))
  return value.map((line: Record<string, unknown>) => Object.entries(line).map(cell).join('，')).join('；')
}
