import { apiPost } from '@tongchou/api-client'
import { type Purpose, purposeWords } from '@tongchou/metadata'
import {
  ActChooser,
  ActError,
  ActForm,
  Empty,
  Facts,
  field,
  Moment,
  Page,
  PurposeInputs,
  purposeOf,
  QueryView,
  type Said,
  Section,
  Sideways,
  useAct,
  useApi,
  useSettled,
} from '@tongchou/ui'
import { Button, Input } from 'antd'
import { type FormEvent, useEffect, useId, useState } from 'react'
import { useParams } from 'react-router'
import { quarantineWords } from '../words.ts'
import type { Judgement, QuarantineDetail, QuarantineLook } from './libraries-api.ts'
import { quarantineTones } from './QuarantinePage.tsx'
import './libraries.css'

/** One line that was set aside: what is wrong, its values for whoever says what for, and what the provider does about it. */
export function QuarantineLinePage() {
  const { id = '' } = useParams()
  const query = useApi<QuarantineDetail>(`/api/v1/quarantine/${id}`)
  return (
    <QueryView query={query} what="问题数据" page>
      {(line) => <Shown line={line} />}
    </QueryView>
  )
}

function Shown({ line }: { line: QuarantineDetail }) {
  const path = `/api/v1/quarantine/${line.id}`
  return (
    <Page
      title={`${line.resource.title}：问题数据`}
      state={{ text: quarantineWords[line.state], tone: quarantineTones[line.state] }}
      lead={`${line.org.name}提供 · ${line.source}报送`}
      breadcrumb={[{ label: '隔离区', href: '/quarantine' }, { label: '问题数据' }]}
    >
      <Section title="问题">
        <ul aria-label="问题">
          {line.problems.map(({ item, rule, message }) => (
            <li key={`${item}/${rule}`}>{message}</li>
          ))}
        </ul>
        <Facts
          items={[
            { label: '批次号', value: line.batchId },
            { label: '批次中的行', value: `第 ${line.line} 行` },
            { label: '接收时间', value: <Moment at={line.at} /> },
            ...(line.closedAt ? [{ label: '处理时间', value: <Moment at={line.closedAt} /> }] : []),
            ...(line.closing ? [{ label: '处理情况', value: line.closing, wide: true }] : []),
          ]}
        />
      </Section>
      <Content line={line} />
      {line.mayDo.includes('discard') && (
        <ActChooser
          acts={[
            {
              id: 'discard',
              title: '作废',
              form: (onDone) => (
                <ActForm
                  act="作废"
                  fields={[field('reason', '理由', { type: 'text', maxLength: 200, help: '写明为何不需要入库。' })]}
                  onDone={onDone}
                  send={(data, idempotencyKey) => apiPost(`${path}/discards`, data, { idempotencyKey })}
                >
                  <p className="tc-muted">作废后该行不入库，也不再待处理；来源再送来同一主键的数据，照常接收。</p>
                </ActForm>
              ),
            },
          ]}
        />
      )}
    </Page>
  )
}

function Content({ line }: { line: QuarantineDetail }) {
  const [said, setSaid] = useState<Said<Purpose>>({ purpose: undefined, note: '' })
  const looking = useAct((body: ReturnType<typeof purposeOf<Purpose>>) =>
    apiPost<QuarantineLook>(`/api/v1/quarantine/${line.id}/looks`, body),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    looking.mutate(purposeOf(said))
  }
  const look = looking.data
  return (
    <Section title="内容">
      <form className="tc-record-query" onSubmit={submit} noValidate>
        {line.needsPurpose && <PurposeInputs words={purposeWords} {...said} onChange={setSaid} />}
        <Button htmlType="submit" type={look ? 'default' : 'primary'} loading={looking.isPending}>
          查看内容
        </Button>
      </form>
      <ActError act="查看内容" error={looking.error} />
      {!look && !looking.error && (
        <Empty
          what="尚未查看"
          hint={line.needsPurpose ? '该资源指向个人，填写用途和事由后查看；每次查看逐人留痕。' : '查看该行各信息项的值。'}
        />
      )}
      {look && look.values.length === 0 && (
        <p>{look.text === null ? '不能按信息项列出，原文只给提供方。' : <code className="tc-raw">{look.text}</code>}</p>
      )}
      {look &&
        look.values.length > 0 &&
        (line.mayDo.includes('correct') ? <Correction line={line} look={look} /> : <Values line={line} look={look} />)}
    </Section>
  )
}

const wrongAt = (line: QuarantineDetail, id: string) => line.problems.filter(({ item }) => item === id).map(({ message }) => message)

function Values({ line, look }: { line: QuarantineDetail; look: QuarantineLook }) {
  return (
    <Sideways label="各信息项的值">
      <table className="tc-table" aria-label="各信息项的值">
        <thead>
          <tr>
            <th scope="col">信息项</th>
            <th scope="col">值</th>
            <th scope="col">问题</th>
          </tr>
        </thead>
        <tbody>
          {look.values.map(({ id, title, isKey, masked, value }) => (
            <tr key={id}>
              <td>
                {title}
                {isKey && <span className="tc-muted">（主键）</span>}
                {masked && <span className="tc-muted">（脱敏）</span>}
              </td>
              <td>{value ?? <span className="tc-muted">空</span>}</td>
              <td>{wrongAt(line, id).join('；')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  )
}

/** 更正重投: values changed item by item, judged as one types. */
function Correction({ line, look }: { line: QuarantineDetail; look: QuarantineLook }) {
  const [values, setValues] = useState<Readonly<Record<string, string | null>>>({})
  const [note, setNote] = useState('')
  const [judged, setJudged] = useState<Judgement['problems'] | undefined>()
  const noteId = useId()
  const path = `/api/v1/quarantine/${line.id}`
  const typed = useSettled(JSON.stringify(values), 400)
  useEffect(() => {
    let isLast = true
    void apiPost<Judgement>(`${path}/judgements`, { values: JSON.parse(typed) }).then(
      ({ problems }) => isLast && setJudged(problems),
      // What the judgement would refuse, the act itself says beside its button.
      () => isLast && setJudged(undefined),
    )
    return () => {
      isLast = false
    }
  }, [path, typed])
  const correcting = useAct((_: null, idempotencyKey) => apiPost(`${path}/corrections`, { values, note: note.trim() }, { idempotencyKey }))
  const lacks =
    note.trim() === ''
      ? '请填写更正依据。'
      : judged !== undefined && judged.length > 0
        ? `尚有 ${judged.length} 处问题：${judged.map(({ message }) => message).join('；')}`
        : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (lacks === null) correcting.mutate(null)
  }
  return (
    <form onSubmit={submit} noValidate>
      <Sideways label="更正各信息项的值" className="tc-correction">
        <table className="tc-table" aria-label="更正各信息项的值">
          <thead>
            <tr>
              <th scope="col">信息项</th>
              <th scope="col">值</th>
              <th scope="col">问题</th>
            </tr>
          </thead>
          <tbody>
            {look.values.map(({ id, title, isKey, required, value }) => {
              const now = values[id] === undefined ? value : values[id]
              const wrong = (judged ?? line.problems).filter(({ item }) => item === id).map(({ message }) => message)
              return (
                <tr key={id}>
                  <td>
                    {title}
                    {isKey && <span className="tc-muted">（主键）</span>}
                    {!required && <span className="tc-muted">（可空）</span>}
                  </td>
                  <td>
                    <Input
                      aria-label={title}
                      value={now ?? ''}
                      status={wrong.length > 0 ? 'error' : ''}
                      aria-invalid={wrong.length > 0}
                      onChange={(event) => setValues({ ...values, [id]: event.target.value === '' ? null : event.target.value })}
                    />
                  </td>
                  <td>{wrong.join('；')}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </Sideways>
      <div className="tc-record-query">
        <label htmlFor={noteId}>更正依据</label>
        <Input
          id={noteId}
          style={{ width: 320 }}
          maxLength={200}
          value={note}
          placeholder="如：经核对申请表原件"
          onChange={(event) => setNote(event.target.value)}
        />
        <Button type="primary" htmlType="submit" loading={correcting.isPending} disabled={lacks !== null}>
          更正重投
        </Button>
        {lacks && <span className="tc-muted">{lacks}</span>}
      </div>
      <p className="tc-muted">更正重投只写入基础库，来源中的原值请同时更正，否则来源再次报送时仍会被隔离。</p>
      <ActError act="更正重投" error={correcting.error} />
    </form>
  )
}
