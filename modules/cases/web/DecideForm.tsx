import { ApiProblem, apiPost, type FieldProblem } from '@tongchou/api-client'
import {
  ActError,
  ArticleChip,
  type Attachment,
  AttachmentDrop,
  FindingList,
  field,
  goToPath,
  KeptNote,
  LabelledField,
  OpinionBox,
  plainValues,
  SendBar,
  StepForm,
  useAct,
  useKept,
  useStepForm,
} from '@tongchou/ui'
import { Checkbox, Radio } from 'antd'
import { useEffect, useId, useRef, useState } from 'react'
import type { ActBody, CaseView, Checked, OwnTask } from './case-api.ts'
import { cureOf } from './cures.ts'

/** Decides a task: outcome, form, files, opinion; what the rules say of the outcome is shown before it is pressed. */
export function DecideForm({ view, task }: { view: CaseView; task: OwnTask }) {
  const only = task.outcomes.length === 1 ? task.outcomes[0]?.id : undefined
  const [outcomeId, setOutcome] = useState<string | undefined>(only)
  const [opinion, setOpinion] = useState('')
  const form = useStepForm(task.form?.fields ?? [])
  const [tried, setTried] = useState(false)
  const [files, setFiles] = useState<Record<string, readonly Attachment[]>>({})
  const [choices, setChoices] = useState<string[]>([])
  const [dates, setDates] = useState<Record<string, string>>({})
  // Kept through a lost network and the end of the session: whoever comes back finds the opinion as far as it was written.
  const typed = { outcomeId, opinion, values: plainValues(form.fields, form.values), files, choices, dates }
  const kept = useKept(`${view.id} ${task.step}`, typed, (before) => {
    if (task.outcomes.some((one) => one.id === before.outcomeId)) setOutcome(before.outcomeId)
    setOpinion(before.opinion)
    form.fill(before.values)
    setFiles(before.files)
    setChoices(before.choices)
    setDates(before.dates)
  })
  const clear = () => {
    setOutcome(only)
    setOpinion('')
    form.fill({})
    setFiles({})
    setChoices([])
    setDates({})
  }
  const element = useRef<HTMLFormElement>(null)
  const outcome = task.outcomes.find((one) => one.id === outcomeId)
  const asked = outcome?.dates ?? []
  const goesOn = outcome?.kind === 'forward' || outcome?.kind === 'end'
  const body: ActBody = {
    taskId: task.id,
    outcome: outcomeId ?? '',
    opinion: opinion.trim() === '' ? null : opinion,
    form: goesOn ? form.data : {},
    documents: Object.entries(files).flatMap(([kind, list]) => list.map((file) => ({ kind, id: file.id }))),
    choices,
    dates: Object.fromEntries(asked.flatMap(({ field }) => (dates[field] ? [[field, dates[field]]] : []))),
  }
  const act = useAct(async (input: ActBody, key) => {
    const answer = await apiPost(`/api/v1/cases/${view.id}/acts`, input, { idempotencyKey: key })
    kept.clear()
    return answer
  })
  const problems = act.error instanceof ApiProblem ? act.error.fields : []
  const lacking = goesOn ? [...form.troubles, ...papersMissing(view, task, body)] : []
  const missing = missingOf(outcome, body, lacking)
  const goTo = (path: string) => element.current && goToPath(element.current, path)
  return (
    <form
      ref={element}
      className="cases-decide"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        const first = missing[0]
        if (first) goTo(first.path)
        else act.mutate(body)
      }}
    >
      <KeptNote kept={kept} onClear={clear} />
      {task.note && <p className="tc-muted">{task.note}</p>}
      <Outcomes task={task} value={outcomeId} onChange={setOutcome} />
      {outcome?.guard && goesOn && <Precheck caseId={view.id} body={body} />}
      {goesOn && task.form && (
        <>
          {task.form.note && <p className="tc-muted">{task.form.note}</p>}
          <StepForm form={form} errors={problems.filter((p) => p.path.startsWith('form/'))} showMissing={tried} />
        </>
      )}
      <Dates asked={asked} value={dates} onChange={setDates} problems={problems} />
      {task.documents.map((need) => (
        <div key={need.kind} className="tc-field" data-path={`documents/${need.kind}`}>
          <div className="cases-field-label">
            {need.title}
            {need.required ? <span className="tc-muted">（必须提交）</span> : <span className="tc-muted">（可选）</span>}
          </div>
          <AttachmentDrop
            label={need.title}
            fields={{ secrecy: 'false' }}
            value={files[need.kind] ?? []}
            onChange={(list) => setFiles((all) => ({ ...all, [need.kind]: list }))}
          />
        </div>
      ))}
      {task.choices.length > 0 && (
        <fieldset className="tc-field">
          <legend>必要时可作出的决定</legend>
          {task.choices.map((choice) => (
            <div key={choice.id}>
              <Checkbox
                checked={choices.includes(choice.id)}
                onChange={(event) =>
                  setChoices(event.target.checked ? [...choices, choice.id] : choices.filter((one) => one !== choice.id))
                }
              >
                {choice.title}
              </Checkbox>
              <ArticleChip article={choice.article} />
            </div>
          ))}
        </fieldset>
      )}
      <div data-path="opinion">
        <OpinionBox
          value={opinion}
          onChange={setOpinion}
          phrases={phrasesOf(outcome?.kind)}
          kind={`${view.procedure.id}.${task.step}`}
          required={outcome?.requiresOpinion ?? false}
          error={problems.find((p) => p.path === 'opinion')?.message}
        />
      </div>
      <ActError
        error={act.error}
        act={outcome?.title ?? '办理'}
        kept={kept.isKept}
        fields={[...form.fields, { id: 'opinion' }, { id: 'dates' }]}
        cureOf={(finding) => cureOf(finding, view.subject)}
      />
      <SendBar act={outcome ? outcome.title : '办理'} troubles={missing} tried={tried} pending={act.isPending} onGoTo={goTo} />
    </form>
  )
}

function Outcomes({ task, value, onChange }: { task: OwnTask; value: string | undefined; onChange: (id: string) => void }) {
  const label = useId()
  if (task.outcomes.length === 1) return null
  return (
    <div className="tc-field" data-path="outcome">
      <div id={label} className="cases-field-label">
        办理结果
      </div>
      <Radio.Group
        aria-labelledby={label}
        value={value ?? null}
        onChange={(event) => onChange(event.target.value)}
        options={task.outcomes.map((one) => ({ value: one.id, label: one.title }))}
      />
    </div>
  )
}

/** What is still missing, by name and place: the button is never grey without a reason. */
function missingOf(outcome: OwnTask['outcomes'][number] | undefined, body: ActBody, lacking: readonly FieldProblem[]): FieldProblem[] {
  if (!outcome) return [{ path: 'outcome', message: '选择办理结果' }]
  return [
    ...(outcome.requiresOpinion && body.opinion === null ? [{ path: 'opinion', message: '填写办理意见' }] : []),
    ...outcome.dates.filter(({ field, required }) => required && !body.dates[field]).map(() => ({ path: 'dates', message: '填写期限' })),
    ...lacking,
  ]
}

/** Papers that must come with this step and were not handed in at it before. */
function papersMissing(view: CaseView, task: OwnTask, body: ActBody): FieldProblem[] {
  const before = view.history.filter((line) => line.step === task.step).flatMap((line) => line.documents)
  const given = new Set([...before, ...body.documents].map((one) => one.kind))
  return task.documents
    .filter((need) => need.required && !given.has(need.kind))
    .map((need) => ({ path: `documents/${need.kind}`, message: `提交${need.title}` }))
}

/** The dry run of the outcome: the same rules on the same facts as the act itself. */
function Precheck({ caseId, body }: { caseId: string; body: ActBody }) {
  const [checked, setChecked] = useState<Checked | null>(null)
  const text = JSON.stringify({ ...body, opinion: body.opinion ?? '预检' })
  useEffect(() => {
    let current = true
    const timer = setTimeout(() => {
      apiPost<Checked>(`/api/v1/cases/${caseId}/check`, JSON.parse(text)).then(
        (answer) => current && setChecked(answer),
        // What is not filled in yet is said beside its field when it is sent; the dry run stays silent about it.
        () => current && setChecked(null),
      )
    }, 400)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [caseId, text])
  return checked && checked.findings.length > 0 ? <FindingList findings={checked.findings} label="预检结果" /> : null
}

/** Limits that whoever decides sets with the outcome. */
function Dates(props: {
  asked: readonly { field: string; required: boolean }[]
  value: Record<string, string>
  onChange: (value: Record<string, string>) => void
  problems: readonly FieldProblem[]
}) {
  return props.asked.map(({ field: id, required }) => (
    <div key={id} className="tc-field" data-path="dates">
      <LabelledField
        field={field(id, '整改期限', { type: 'date', required, mark: '可重新载明' })}
        value={props.value[id]}
        unit="元"
        error={props.problems.find((p) => p.path === 'dates')?.message}
        onChange={(date) => props.onChange({ ...props.value, [id]: typeof date === 'string' ? date : '' })}
      />
    </div>
  ))
}

const phrases: Record<string, readonly string[]> = {
  forward: ['同意。', '经审核，材料齐全，符合规定，同意。', '同意报送。'],
  end: ['同意。', '经审查，符合规定，同意。', '情况属实，准予办结。'],
  return: ['材料不齐全，请补正后重新报送。', '建设内容与现有共享平台重复，请统筹整合后重新报送。', '投资测算依据不足，请补充说明。'],
  reject: ['不符合规定，不予同意。', '属重复建设，不予同意。'],
}

function phrasesOf(kind: string | undefined): readonly string[] {
  return phrases[kind ?? 'forward'] ?? []
}
