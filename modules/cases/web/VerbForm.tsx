import { ApiProblem, apiPost } from '@tongchou/api-client'
import { ActError, OpinionBox, useAct, useApi } from '@tongchou/ui'
import { Alert, Button, DatePicker, Radio, Select } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import type { CaseView, VerbOffer } from './case-api.ts'
import { type PartyChoice, PartySelect } from './PartySelect.tsx'
import { verbPaths, verbWords } from './verb-words.ts'

type Fields = Record<string, unknown> & { to?: PartyChoice[] }

/** One verb as a small form: what will happen, who, until when, why. */
export function VerbForm({ view, verb, onDone }: { view: CaseView; verb: VerbOffer; onDone: () => void }) {
  const [opinion, setOpinion] = useState('')
  const [fields, setFields] = useState<Fields>({ ...(verb.kind === 'countersign' ? { form: 'before', rule: 'all' } : {}) })
  const [tried, setTried] = useState(false)
  const set = (more: Fields) => setFields((all) => ({ ...all, ...more }))
  const words = verbWords[verb.kind]
  const body = bodyOf(verb, fields, opinion)
  const act = useAct(async (input: Record<string, unknown>, key) => {
    await apiPost(`/api/v1/cases/${view.id}/${verbPaths[verb.kind]}`, input, { idempotencyKey: key })
    onDone()
  })
  const missing = missingOf(verb.kind, fields, opinion, view)
  const errorAt = (path: string) =>
    act.error instanceof ApiProblem ? act.error.fields.find((one) => one.path === path)?.message : undefined
  if (!words) return null
  return (
    <form
      className="cases-decide cases-verb"
      aria-label={verb.title}
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (missing.length === 0) act.mutate(body)
      }}
    >
      <p className="tc-muted">{words.says}</p>
      <About view={view} verb={verb} />
      <VerbFields view={view} verb={verb} fields={fields} set={set} errorAt={errorAt} />
      <OpinionBox
        value={opinion}
        onChange={setOpinion}
        phrases={words.phrases}
        kind={`verb.${verb.kind}`}
        label={words.text}
        required={words.required || fields.granted === false}
        error={errorAt('opinion')}
      />
      {tried && missing.length > 0 && <Alert type="info" showIcon title={`还需：${missing.join('、')}`} />}
      <ActError error={act.error} act={verb.title} />
      <Button type="primary" htmlType="submit" loading={act.isPending}>
        {submitWord(verb)}
      </Button>
    </form>
  )
}

function submitWord(verb: VerbOffer): string {
  return { extend: '提交延期申请', shelve: '提交挂账申请', answer: '提交答复', oversee: '提出督办' }[verb.kind] ?? verb.title
}

/** What is answered or signed, in its own words. */
function About({ view, verb }: { view: CaseView; verb: VerbOffer }) {
  const ask = view.asks.find((one) => one.id === verb.ref)
  const asked = view.countersigns.find((one) => one.id === verb.ref)
  const demand = view.demands.find((one) => one.id === verb.ref)
  if (ask) return <p>{`${ask.from}：${ask.reason}${ask.until ? `（至${ask.until.slice(0, 10)}）` : ''}`}</p>
  if (asked) return <p>{`${asked.from}请${asked.to}签署意见${asked.question ? `：${asked.question}` : ''}`}</p>
  return demand ? <p>{`${demand.from}：${demand.demand}${demand.reply ? `；已回复：${demand.reply}` : ''}`}</p> : null
}

interface FieldsProps {
  view: CaseView
  verb: VerbOffer
  fields: Fields
  set: (more: Fields) => void
  errorAt: (path: string) => string | undefined
}

function VerbFields(props: FieldsProps) {
  const { verb, view, fields, set } = props
  switch (verb.kind) {
    case 'transfer':
      return <Who {...props} use="transfer" label="转给" several={false} />
    case 'entrust':
      return <Who {...props} use="entrust" label="受委托人" several={false} />
    case 'copy':
      return <Who {...props} use="copy" label="抄送" several />
    case 'countersign':
      return (
        <>
          <Who {...props} use="countersign" label="由谁签署意见" several />
          <Choice label="加签方式" value={fields.form} onChange={(form) => set({ form })} options={forms} />
          <Choice label="签署要求" value={fields.rule} onChange={(rule) => set({ rule })} options={rules} />
        </>
      )
    case 'extend':
      return <Until {...props} label="新的期限" />
    case 'oversee':
      return <Until {...props} label="督办期限" />
    case 'shelve':
      return (
        <>
          <Until {...props} label="复核日期" />
          <Ground {...props} />
        </>
      )
    case 'pause':
      return <Ground {...props} />
    case 'merge':
      return <Leading {...props} />
    case 'answer':
      return (
        <>
          <Choice
            label="答复"
            value={fields.granted === undefined ? undefined : String(fields.granted)}
            onChange={(one) => set({ granted: one === 'true' })}
            options={answers}
          />
          {fields.granted === true && view.asks.find((one) => one.id === verb.ref)?.kind === 'not-mine' && (
            <Who {...props} use="answer" label="改由" several={false} />
          )}
        </>
      )
    default:
      return null
  }
}

const forms = [
  { value: 'before', label: '前加签（签署后再办理）' },
  { value: 'beside', label: '并加签（同时办理）' },
  { value: 'after', label: '后加签（办理后签署）' },
]
const rules = [
  { value: 'all', label: '都要签署' },
  { value: 'any', label: '或签（一人签署即可）' },
]
const answers = [
  { value: 'true', label: '同意' },
  { value: 'false', label: '不同意' },
]

function Who(props: FieldsProps & { use: 'transfer' | 'entrust' | 'answer' | 'countersign' | 'copy'; label: string; several: boolean }) {
  const { view, verb, fields, set, errorAt, use, label, several } = props
  return (
    <PartySelect
      caseId={view.id}
      use={use}
      taskId={verb.taskId ?? verb.ref}
      label={label}
      several={several}
      value={fields.to ?? []}
      onChange={(to) => set({ to })}
      error={errorAt('to')}
    />
  )
}

function Choice(props: {
  label: string
  value: unknown
  onChange: (value: string) => void
  options: readonly { value: string; label: ReactNode }[]
}) {
  const id = useId()
  return (
    <div className="tc-field">
      <div id={id} className="cases-field-label">
        {props.label}
      </div>
      <Radio.Group
        aria-labelledby={id}
        value={props.value ?? null}
        onChange={(event) => props.onChange(event.target.value)}
        options={[...props.options]}
      />
    </div>
  )
}

function Until({ set, errorAt, label }: FieldsProps & { label: string }) {
  const id = useId()
  return (
    <div className="tc-field">
      <label htmlFor={id}>{label}</label>
      <DatePicker id={id} format="YYYY-MM-DD" onChange={(date) => set({ until: date ? date.format('YYYY-MM-DD') : undefined })} />
      <div className="tc-field-error">{errorAt('until')}</div>
    </div>
  )
}

/** On which legal ground the clock stands still, where the procedure declares one. */
function Ground({ view, verb, fields, set }: FieldsProps) {
  const grounds = view.grounds.filter((one) => one.taskId === verb.taskId)
  if (grounds.length === 0) return null
  const options = grounds.map((one) => ({ value: one.ground, label: `因${one.title}中止计时` }))
  const none = verb.kind === 'shelve' ? [{ value: '', label: '时限继续计算' }] : []
  return (
    <Choice
      label="时限"
      value={fields.ground ?? ''}
      onChange={(ground) => set({ ground: ground === '' ? null : ground })}
      options={[...none, ...options]}
    />
  )
}

function Leading({ view, set, errorAt }: FieldsProps) {
  const id = useId()
  const list = useApi<{ items: { id: string; title: string; applicant: string }[] }>(`/api/v1/cases/${view.id}/leading-cases`)
  const options = (list.data?.items ?? []).map(({ id: value, title, applicant }) => ({
    value,
    label: `${title}（${applicant}）`,
    title: `${title}（${applicant}）`,
  }))
  return (
    <div className="tc-field">
      <label htmlFor={id}>并入</label>
      <Select<string>
        id={id}
        options={options}
        onChange={(leadingId) => set({ leadingId })}
        showSearch={{ optionFilterProp: 'label' }}
        loading={list.isPending}
        placeholder="输入办件名称查找"
        notFoundContent={list.isPending ? '正在读取' : '没有可以并入的办件'}
        className="cases-party"
      />
      <div className="tc-field-error">{errorAt('leadingId')}</div>
    </div>
  )
}

function bodyOf(verb: VerbOffer, { to, ...fields }: Fields, opinion: string): Record<string, unknown> {
  const several = verb.kind === 'countersign' || verb.kind === 'copy'
  const parties = several ? { to: to ?? [] } : ['transfer', 'entrust', 'answer'].includes(verb.kind) ? { to: to?.[0] ?? null } : {}
  return {
    ...(verb.taskId ? { taskId: verb.taskId } : {}),
    ...(verb.ref ? { ref: verb.ref } : {}),
    ...(verb.kind === 'shelve' ? { ground: null } : {}),
    ...fields,
    ...parties,
    opinion: opinion.trim() === '' ? null : opinion,
  }
}

/** What is still missing, by name. */
function missingOf(kind: string, fields: Fields, opinion: string, view: CaseView): string[] {
  const words = verbWords[kind]
  const unnamed = (fields.to ?? []).length === 0
  const needsWho = ['transfer', 'entrust', 'copy', 'countersign'].includes(kind)
  return [
    ...(needsWho && unnamed ? ['选择人员或单位'] : []),
    ...(['extend', 'shelve', 'oversee'].includes(kind) && !fields.until ? ['填写日期'] : []),
    ...(kind === 'merge' && !fields.leadingId ? ['选择并入的办件'] : []),
    ...(kind === 'answer' && fields.granted === undefined ? ['选择同意或不同意'] : []),
    ...(kind === 'pause' && !fields.ground && view.grounds.length > 0 ? ['选择中止计时的事由'] : []),
    ...((words?.required || fields.granted === false) && opinion.trim() === '' ? [`填写${words?.text}`] : []),
  ]
}
