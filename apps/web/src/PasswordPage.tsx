// SPDX-License-Identifier: Apache-2.0
import { apiPost } from '@tongchou/api-client'
import { ActError, Page, useAct, useApi } from '@tongchou/ui'
import { App, Button, Input } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { useNavigate } from 'react-router'

interface Change {
  currentPassword: string
  newPassword: string
}

/** 修改口令. A password that somebody else has set is changed before anything else can be done. */
export function PasswordPage({ required }: { required?: 'initial-password' | 'expired-password' }) {
  const rules = useApi<Rules>('/api/v1/me/password-rules')
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [current, setCurrent] = useState('')
  const [wanted, setWanted] = useState('')
  const [again, setAgain] = useState('')
  const [missing, setMissing] = useState<string | null>(null)
  const change = useAct(async (input: Change, key) => {
    await apiPost('/api/v1/me/password', input, { idempotencyKey: key })
    void message.success('口令已修改，其他设备上的登录已退出。')
    if (!required) void navigate('/')
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const lacks = whatLacks(current, wanted, again)
    setMissing(lacks)
    if (lacks === null) change.mutate({ currentPassword: current, newPassword: wanted })
  }
  return (
    <Page title="修改口令" lead={required && whyNow[required]}>
      <form className="tc-password" onSubmit={submit} noValidate>
        <PasswordField label="现用口令" autoComplete="current-password" value={current} onChange={setCurrent} />
        <PasswordField
          label="新口令"
          autoComplete="new-password"
          value={wanted}
          onChange={setWanted}
          hint={rules.data && ruleText(rules.data)}
        />
        <PasswordField label="再次填写新口令" autoComplete="new-password" value={again} onChange={setAgain} />
        <p className="tc-field-error" role="alert">
          {missing}
        </p>
        <ActError act="修改口令" error={change.error} />
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          修改口令
        </Button>
      </form>
    </Page>
  )
}

const whyNow = {
  'initial-password': '现用口令由管理员设置，须先修改为仅本人知晓的口令。',
  'expired-password': '口令已到期，须先修改口令，再办理其他事项。',
}

interface Rules {
  minLength: number
  minClasses: number
  history: number
}

function ruleText({ minLength, minClasses, history }: Rules): string {
  const kinds = minClasses > 1 ? `，含大写字母、小写字母、数字、其他字符中的至少${'一两三四'[minClasses - 1]}类` : ''
  return `不少于 ${minLength} 个字符${kinds}，不含用户名${history > 1 ? `，不与最近 ${history} 次使用的口令相同` : ''}。`
}

function whatLacks(current: string, wanted: string, again: string): string | null {
  if (current === '') return '请填写现用口令'
  if (wanted === '') return '请填写新口令'
  return wanted === again ? null : '两次填写的新口令不一致'
}

interface PasswordFieldProps {
  label: string
  autoComplete: 'current-password' | 'new-password'
  value: string
  onChange: (value: string) => void
  hint?: string | undefined
}

function PasswordField({ label, autoComplete, value, onChange, hint }: PasswordFieldProps) {
  const id = useId()
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <Input.Password
        id={id}
        autoComplete={autoComplete}
        value={value}
        aria-describedby={hint ? `${id}h` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {hint && (
        <span id={`${id}h`} className="tc-field-hint">
          {hint}
        </span>
      )}
    </>
  )
}
