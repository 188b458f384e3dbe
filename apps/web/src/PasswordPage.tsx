// SPDX-License-Identifier: Apache-2.0
import { apiPost } from '@tongchou/api-client'
import { ActError, Page, useAct } from '@tongchou/ui'
import { App, Button, Input } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { useNavigate } from 'react-router'

interface Change {
  currentPassword: string
  newPassword: string
}

/** 修改口令. A password that somebody else has set is changed before anything else can be done. */
export function PasswordPage({ required = false }: { required?: boolean }) {
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
    <Page title="修改口令" lead={required ? '当前口令由管理员设置，须先修改为仅本人知晓的口令。' : undefined}>
      <form className="tc-password" onSubmit={submit} noValidate>
        <PasswordField label="当前口令" autoComplete="current-password" value={current} onChange={setCurrent} />
        <PasswordField label="新口令" autoComplete="new-password" value={wanted} onChange={setWanted} />
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

function whatLacks(current: string, wanted: string, again: string): string | null {
  if (current === '') return '请填写当前口令'
  if (wanted === '') return '请填写新口令'
  return wanted === again ? null : '两次填写的新口令不一致'
}

interface PasswordFieldProps {
  label: string
  autoComplete: 'current-password' | 'new-password'
  value: string
  onChange: (value: string) => void
}

function PasswordField({ label, autoComplete, value, onChange }: PasswordFieldProps) {
  const id = useId()
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <Input.Password id={id} autoComplete={autoComplete} value={value} onChange={(event) => onChange(event.target.value)} />
    </>
  )
}
