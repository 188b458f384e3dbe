import { type Receipt, receiptFile, verifyReceipt } from '@tongchou/evidence'
import { QueryView, Section, saveFile, useApi } from '@tongchou/ui'
import { Button, Input } from 'antd'
import { type FormEvent, useId, useMemo, useState } from 'react'
import { useSearchParams } from 'react-router'
import { ReceiptSteps } from './ReceiptSteps.tsx'

const isNumber = (text: string | null): text is string => text !== null && /^[1-9]\d{0,14}$/.test(text)

/** 查凭证: of a row of the audit log by its number, or of a leaf by its position, as the address says. */
export function ReceiptSection({ everything }: { everything: boolean }) {
  const [params, setParams] = useSearchParams()
  const [event, leaf] = [params.get('event'), params.get('leaf')]
  return (
    <Section title="查凭证">
      <p>{everything ? '按审计记录序号查凭证。' : '按本人操作记录的序号查凭证，序号见“我的操作记录”。'}</p>
      <Lookup key={event} asked={event ?? ''} onAsk={(seq) => setParams({ event: seq })} />
      {isNumber(event) && (
        <Found path={`/api/v1/evidence/events/${event}/receipt`} what={`审计记录 ${event} 的存证凭证`} name={`审计记录-${event}`} />
      )}
      {!event && isNumber(leaf) && (
        <Found path={`/api/v1/evidence/leaves/${leaf}/receipt`} what={`第 ${leaf} 叶的存证凭证`} name={`第${leaf}叶`} />
      )}
      {!event && !leaf && <p className="tc-muted">尚未查询。</p>}
    </Section>
  )
}

function Lookup({ asked, onAsk }: { asked: string; onAsk: (seq: string) => void }) {
  const [seq, setSeq] = useState(asked)
  const [isWrong, setWrong] = useState(false)
  const id = useId()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const wanted = seq.trim()
    setWrong(!isNumber(wanted))
    if (isNumber(wanted)) onAsk(wanted)
  }
  return (
    <form className="tc-evidence-lookup" onSubmit={submit} noValidate>
      <label htmlFor={id}>审计记录序号</label>
      <Input id={id} value={seq} inputMode="numeric" aria-invalid={isWrong} onChange={(change) => setSeq(change.target.value)} />
      <Button type="primary" htmlType="submit">
        查凭证
      </Button>
      {isWrong && (
        <p className="tc-field-error" role="alert">
          序号应为正整数。
        </p>
      )}
    </form>
  )
}

function Found({ path, what, name }: { path: string; what: string; name: string }) {
  const query = useApi<Receipt>(path)
  return (
    <QueryView query={query} what={what} lines={8}>
      {(receipt) => <ReceiptView receipt={receipt} what={what} name={name} />}
    </QueryView>
  )
}

function ReceiptView({ receipt, what, name }: { receipt: Receipt; what: string; name: string }) {
  const text = receiptFile(receipt)
  const report = useMemo(() => verifyReceipt(text), [text])
  return (
    <section aria-label={what}>
      <p>
        <Button onClick={() => saveFile(`存证凭证-${name}.json`, text)}>下载凭证</Button>
      </p>
      <ReceiptSteps report={report} />
    </section>
  )
}
