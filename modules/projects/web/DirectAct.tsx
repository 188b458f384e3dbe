// SPDX-License-Identifier: Apache-2.0
import { ApiProblem, apiPost, apiPut } from '@tongchou/api-client'
import {
  ActError,
  ArticleChip,
  CivilDate,
  type FormField,
  goToPath,
  KeptNote,
  Section,
  SendBar,
  StepForm,
  useAct,
  useKeptForm,
  useSession,
  useStepForm,
} from '@tongchou/ui'
import { type ReactNode, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { Precheck } from './ActParts.tsx'
import { cureOf } from './cures.ts'
import { directActs } from './project-acts.ts'
import type { Project } from './project-api.ts'

/** How an act without a procedure is filled in and sent. */
interface DirectForm {
  fields: readonly FormField[]
  submit: string
  initial?: Readonly<Record<string, unknown>>
  /** Shown above the form. */
  about: ReactNode
  /** Policy act whose rules are asked first. */
  guard?: string
  send: (data: Record<string, unknown>, key: string) => Promise<string>
}

/** An act that is done at once: what it is about, the form, the act. */
export function DirectAct({ project, act }: { project: Project; act: string }) {
  const { now } = useSession()
  const definition = formOf(project, act, Number(now.slice(0, 4)))
  return definition === undefined ? null : (
    <DirectActForm key={act} project={project} title={directActs[act] ?? ''} definition={definition} />
  )
}

function DirectActForm({ project, title, definition }: { project: Project; title: string; definition: DirectForm }) {
  const form = useStepForm(definition.fields, definition.initial)
  const [attempted, setAttempted] = useState(false)
  const navigate = useNavigate()
  const { kept, start } = useKeptForm(`${project.id} ${title}`, form)
  const element = useRef<HTMLDivElement>(null)
  const goTo = (path: string) => element.current && goToPath(element.current, path)
  const act = useAct(async (data: Record<string, unknown>, key) => {
    const next = await definition.send(data, key)
    kept.clear()
    await navigate(next)
  })
  const go = () => {
    setAttempted(true)
    const first = form.troubles[0]
    if (first) goTo(first.path)
    else act.mutate(form.data)
  }
  return (
    <div ref={element}>
      <KeptNote kept={kept} onClear={start} />
      {definition.about}
      {definition.guard !== undefined && <Precheck project={project} guard={definition.guard} title={title} />}
      {definition.fields.length > 0 && (
        <Section title="填写内容">
          <StepForm form={form} errors={act.error instanceof ApiProblem ? act.error.fields : []} showMissing={attempted} />
        </Section>
      )}
      <ActError error={act.error} act={title} kept={kept.isKept} fields={form.fields} cureOf={(finding) => cureOf(finding, project)} />
      <SendBar act={definition.submit} troubles={form.troubles} tried={attempted} pending={act.isPending} onGo={go} onGoTo={goTo} />
    </div>
  )
}

const reason: FormField = { id: 'reason', title: '理由', type: 'prose', required: true, maxLength: 2000, help: null }

function yesNo(id: string, title: string, yes: string, no: string): FormField {
  return {
    id,
    title,
    type: 'choice',
    required: true,
    help: null,
    choices: [
      { value: 'yes', title: yes },
      { value: 'no', title: no },
    ],
  }
}

/** The direct acts, one line of meaning each. */
function formOf(project: Project, act: string, thisYear: number): DirectForm | undefined {
  const base = `/api/v1/projects/${project.id}`
  const page = `/projects/${project.id}`
  const post = (path: string, body: unknown, key: string) => apiPost<{ caseId?: string }>(`${base}${path}`, body, { idempotencyKey: key })
  const toPage = async (answer: Promise<unknown>) => {
    await answer
    return page
  }
  switch (act) {
    case 'file-plan':
      return {
        fields: [
          { id: 'year', title: '列入年度', type: 'count', required: true, minimum: 2000, maximum: 2100, help: '一般报送下一年度' },
          { id: 'opinion', title: '报送意见', type: 'prose', required: false, maxLength: 2000, help: null },
        ],
        initial: { year: thisYear + 1 },
        submit: '报送年度计划',
        guard: 'plan.file',
        about: <About articles={['WH23-5']}>报送后由市大数据中心初审，办理期间不能修改申报内容。</About>,
        send: async ({ year, opinion = '' }, key) => `/cases/${(await post('/plan-entries', { year, opinion }, key)).caseId}`,
      }
    case 'declare-urgent':
      return {
        fields: [{ ...reason, title: '紧急情形说明' } as FormField],
        submit: '申报紧急项目',
        about: (
          <About articles={['WH23-22']}>
            因严重自然灾害或者其他不可抗力需要实施的紧急项目，由市大数据中心认定；认定前各项规则按无法判定处理。
          </About>
        ),
        send: (data, key) => toPage(post('/urgency', data, key)),
      }
    case 'decide-urgency':
      return {
        fields: [yesNo('confirmed', '认定结果', '认定为紧急项目', '不认定为紧急项目'), reason],
        submit: '作出认定',
        about: <About articles={['WH23-22']}>申报单位说明的情形：{project.urgencyReason}</About>,
        send: ({ confirmed, ...rest }, key) => toPage(post('/urgency/decision', { ...rest, confirmed: confirmed === 'yes' }, key)),
      }
    case 'decide-scope':
      return {
        fields: [yesNo('inScope', '认定结果', '属于政务信息系统', '不属于政务信息系统'), reason],
        submit: '作出认定',
        about: <About articles={['WH23-2']}>认定不属于政务信息系统的，不适用本办法，另行办理。</About>,
        send: ({ inScope, ...rest }, key) => toPage(post('/scope', { ...rest, inScope: inScope === 'yes' }, key)),
      }
    case 'file-superior':
      return {
        fields: [],
        submit: '报送备案',
        about: <About articles={['WH23-5']}>国家、自治区统筹建设并使用上级财政资金的项目，报市大数据中心备案。</About>,
        send: (_data, key) => toPage(post('/superior-filing', undefined, key)),
      }
    case 'receive-superior':
      return {
        fields: [],
        submit: '接收备案',
        about: (
          <About articles={['WH23-5']}>
            {project.owner.name}于 <CivilDate value={project.superiorFiledAt} /> 报送备案。
          </About>
        ),
        send: (_data, key) => toPage(post('/superior-filing/receipt', undefined, key)),
      }
    case 'report-progress':
      return {
        fields: [
          { id: 'period', title: '报告期', type: 'text', required: true, maxLength: 50, help: `例如 ${thisYear}年第四季度` },
          {
            id: 'percent',
            title: '累计进度（%）',
            type: 'count',
            required: true,
            minimum: 0,
            maximum: 100,
            help: '不得低于上次报告的进度',
          },
          { id: 'text', title: '进展情况', type: 'prose', required: false, maxLength: 4000, help: '完成的工作、存在的问题、下一步安排' },
        ],
        submit: '提交进展报告',
        about: null,
        send: (data, key) => toPage(post('/progress-reports', { text: '', ...data }, key)),
      }
    case 'set-milestones':
      return {
        fields: [
          {
            id: 'milestones',
            title: '里程碑',
            type: 'lines',
            required: false,
            help: '已登记完成的里程碑保留，不在此修改。',
            maxLines: 50,
            fields: [
              { id: 'title', title: '名称', type: 'text', required: true, maxLength: 100, help: null },
              { id: 'dueOn', title: '计划完成日期', type: 'date', required: true, help: null },
            ],
          },
        ],
        initial: { milestones: project.milestones.filter((one) => one.doneOn === null).map(({ title, dueOn }) => ({ title, dueOn })) },
        submit: '保存里程碑',
        about: null,
        send: ({ milestones = [] }, key) => toPage(apiPut(`${base}/milestones`, { milestones }, { idempotencyKey: key })),
      }
    default:
      return undefined
  }
}

function About({ articles, children }: { articles: readonly string[]; children: ReactNode }) {
  return (
    <p>
      {children}{' '}
      {articles.map((article) => (
        <ArticleChip key={article} article={article} />
      ))}
    </p>
  )
}
