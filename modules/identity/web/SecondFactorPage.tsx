import { useMutation, useQueryClient } from '@tanstack/react-query'
import { apiPost } from '@tongchou/api-client'
import { ActError, Page, useSession } from '@tongchou/ui'
import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import { Field } from './ActDialog.tsx'
import { QrCode } from './QrCode.tsx'
import { RecoveryCodes } from './RecoveryCodes.tsx'
import './identity.css'

interface NewFactor {
  secret: string
  uri: string
}

/** 启用动态口令: password, picture for the authenticator, first code, recovery codes. */
export function SecondFactorPage() {
  const [forced] = useState(useSession().unfinished === 'second-factor')
  const [made, setMade] = useState<NewFactor | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  const navigate = useNavigate()
  const queries = useQueryClient()
  const finish = () => {
    // The frame shows this page until it is left, because the codes must not go when the session says that all is done.
    if (forced) window.location.assign('/')
    else void queries.invalidateQueries().then(() => navigate('/settings'))
  }
  return (
    <Page
      title="启用动态口令"
      lead={
        forced ? '按安全策略，管理员登录须使用动态口令。启用后才能办理其他事项。' : '启用后，登录时除口令外还须填写手机上显示的动态口令。'
      }
    >
      {made === null && <AskPassword onMade={setMade} />}
      {made !== null && codes === null && <FirstCode made={made} onCodes={setCodes} />}
      {codes !== null && <RecoveryCodes codes={codes} onSaved={finish} />}
    </Page>
  )
}

function AskPassword({ onMade }: { onMade: (made: NewFactor) => void }) {
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const begin = useMutation({ mutationFn: () => apiPost<NewFactor>('/api/v1/me/second-factor', { password }), onSuccess: onMade })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (password !== '') begin.mutate()
  }
  return (
    <form className="tc-org-form tc-doors-form" onSubmit={submit} noValidate>
      <Field label="现用口令" hint="先核实是本人在操作。">
        <Input.Password autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} />
      </Field>
      {tried && password === '' && (
        <p className="tc-field-error" role="alert">
          请填写现用口令。
        </p>
      )}
      <ActError act="启用动态口令" error={begin.error} />
      <div>
        <Button type="primary" htmlType="submit" loading={begin.isPending}>
          开始启用
        </Button>
      </div>
    </form>
  )
}

function FirstCode({ made, onCodes }: { made: NewFactor; onCodes: (codes: string[]) => void }) {
  const [code, setCode] = useState('')
  const [tried, setTried] = useState(false)
  const typed = code.replaceAll(/\s/g, '')
  const fits = /^\d{6}$/.test(typed)
  const confirm = useMutation({
    mutationFn: () => apiPost<{ recoveryCodes: string[] }>('/api/v1/me/second-factor/confirm', { code: typed }),
    onSuccess: ({ recoveryCodes }) => onCodes(recoveryCodes),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (fits) confirm.mutate()
  }
  return (
    <div className="tc-doors-enrol">
      <QrCode text={made.uri} label="供身份验证器扫描的二维码" />
      <form className="tc-org-form" onSubmit={submit} noValidate>
        <p>用手机上的身份验证器扫描二维码。不能扫描的，在身份验证器中手工输入密钥：</p>
        <p className="tc-org-secret">{made.secret.match(/.{1,4}/g)?.join(' ')}</p>
        <Field label="动态口令" hint="填写身份验证器当前显示的 6 位数字。">
          <Input
            autoComplete="one-time-code"
            inputMode="numeric"
            maxLength={7}
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        </Field>
        {tried && !fits && (
          <p className="tc-field-error" role="alert">
            动态口令为 6 位数字。
          </p>
        )}
        <ActError act="启用动态口令" error={confirm.error} />
        <div>
          <Button type="primary" htmlType="submit" loading={confirm.isPending}>
            启用
          </Button>
        </div>
      </form>
    </div>
  )
}
