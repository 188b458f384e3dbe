import { apiPost, apiPut, type ListPage } from '@tongchou/api-client'
import { ActError, CivilDate, field, LabelledField, Moment, QueryView, Section, Sideways, StateWord, useAct, useApi } from '@tongchou/ui'
import { Button, Input } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import type { Archive, Retention, SigningKey } from './audit-api.ts'

/** How long the log is kept, and what was packed away. */
export function KeepingSections({ mayKeep }: { mayKeep: boolean }) {
  return (
    <>
      <RetentionSection mayKeep={mayKeep} />
      <ArchiveSection mayKeep={mayKeep} />
    </>
  )
}

function RetentionSection({ mayKeep }: { mayKeep: boolean }) {
  const query = useApi<Retention>('/api/v1/audit/retention')
  return (
    <Section title="保存期限">
      <QueryView query={query} what="保存期限" lines={2}>
        {(retention) => (
          <>
            <p>
              审计日志保存 {retention.days} 日，不得少于 {retention.minimumDays} 日。
            </p>
            <ul>
              {retention.basis.map(({ title, article, says, verified, note }) => (
                <li key={title}>
                  《{title}》{article}：{says}{' '}
                  {!verified && (
                    <span title={note}>
                      <StateWord text="待核对原文" tone="soon" />
                    </span>
                  )}
                </li>
              ))}
            </ul>
            {mayKeep && <RetentionForm />}
          </>
        )}
      </QueryView>
    </Section>
  )
}

function RetentionForm() {
  const [days, setDays] = useState('')
  const [reason, setReason] = useState('')
  const act = useAct(async (input: { days: number; reason: string }, key) => {
    await apiPut('/api/v1/audit/retention', input, { idempotencyKey: key })
    setDays('')
    setReason('')
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    act.mutate({ days: Number(days), reason })
  }
  return (
    <form className="tc-audit-verify" onSubmit={submit} noValidate>
      <Field label="保存日数" type="number" value={days} onChange={setDays} />
      <Field label="变更理由" value={reason} onChange={setReason} />
      <ActError act="设置保存期限" error={act.error} />
      <Button htmlType="submit" loading={act.isPending}>
        设置保存期限
      </Button>
    </form>
  )
}

function ArchiveSection({ mayKeep }: { mayKeep: boolean }) {
  const query = useApi<ListPage<Archive>>('/api/v1/audit/archives', { limit: 20 })
  return (
    <Section title="归档">
      <p>超过保存期限的日志可以归档为文件。归档不移除日志；归档包另存并校验后，由运行服务器的人员以命令移除，日志链自归档位置继续。</p>
      <SigningKeys />
      {mayKeep && <ArchiveForm />}
      <QueryView query={query} what="归档包" isEmpty={({ items }) => items.length === 0} empty={<p className="tc-muted">尚未归档。</p>}>
        {({ items }) => (
          <Sideways label="归档包">
            <table className="tc-table" aria-label="归档包">
              <thead>
                <tr>
                  <th scope="col">归档时间</th>
                  <th scope="col">位置</th>
                  <th scope="col">早于</th>
                  <th scope="col">理由</th>
                  <th scope="col">归档包摘要（SM3）</th>
                  <th scope="col">签名公钥指纹（SM3）</th>
                  <th scope="col">状态</th>
                </tr>
              </thead>
              <tbody>
                {items.map((archive) => (
                  <tr key={archive.id}>
                    <td>
                      <Moment at={archive.requestedAt} />
                    </td>
                    <td>
                      {archive.fromPosition} 至 {archive.toPosition}
                    </td>
                    <td>
                      <CivilDate value={archive.beforeOn} table />
                    </td>
                    <td>{archive.reason}</td>
                    <td className="tc-audit-id">{archive.digest}</td>
                    <td className="tc-audit-id">{archive.signedBy ?? <StateWord text="未签名" tone="soon" />}</td>
                    <td>
                      {archive.removed ? (
                        <StateWord text="已移除" />
                      ) : mayKeep ? (
                        <a href={`/api/v1/audit/archives/${archive.id}/package`} download>
                          下载归档包
                        </a>
                      ) : (
                        <StateWord text="已归档" tone="now" />
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Sideways>
        )}
      </QueryView>
    </Section>
  )
}

/** The fingerprints that a package held elsewhere is compared with. */
function SigningKeys() {
  const query = useApi<ListPage<SigningKey>>('/api/v1/audit/signing-keys')
  return (
    <QueryView query={query} what="签名公钥" lines={1}>
      {({ items }) => (
        <>
          <p>归档包由本平台签名。请另处保存签名公钥指纹（SM3），核验归档包时与之比对：</p>
          <ul aria-label="签名公钥指纹">
            {items.map(({ id, fingerprint, since, inUse }) => (
              <li key={id}>
                <span className="tc-audit-id">{fingerprint}</span>，启用于 <Moment at={since} />，
                <StateWord text={inUse ? '当前使用' : '已更换'} tone={inUse ? 'now' : 'plain'} />
              </li>
            ))}
          </ul>
        </>
      )}
    </QueryView>
  )
}

function ArchiveForm() {
  const [beforeOn, setBeforeOn] = useState('')
  const [reason, setReason] = useState('')
  const act = useAct(async (input: { beforeOn: string; reason: string }, key) => {
    await apiPost('/api/v1/audit/archives', input, { idempotencyKey: key })
    setReason('')
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    act.mutate({ beforeOn, reason })
  }
  return (
    <form className="tc-audit-verify" onSubmit={submit} noValidate>
      <LabelledField
        field={field('beforeOn', '归档早于此日的日志', { type: 'date' })}
        value={beforeOn}
        unit="元"
        error={undefined}
        onChange={(day) => setBeforeOn(typeof day === 'string' ? day : '')}
      />
      <Field label="归档理由" value={reason} onChange={setReason} />
      <ActError act="归档审计日志" error={act.error} />
      <Button htmlType="submit" loading={act.isPending}>
        归档
      </Button>
    </form>
  )
}

interface FieldProps {
  label: string
  type?: 'text' | 'number'
  value: string
  onChange: (value: string) => void
}

function Field({ label, type = 'text', value, onChange }: FieldProps) {
  const id = useId()
  return (
    <div className="tc-audit-field">
      <label htmlFor={id}>{label}</label>
      <Input id={id} type={type} value={value} onChange={(event) => onChange(event.target.value)} />
    </div>
  )
}
