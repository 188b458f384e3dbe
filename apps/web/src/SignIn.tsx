// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query'
import { ApiProblem, apiPost } from '@tongchou/api-client'
import { DUTY_IDS, dutyName, Loading, reasonOf, StateWord, useApi } from '@tongchou/ui'
import { Alert, Button, Input } from 'antd'
import { type FormEvent, useEffect, useId, useState } from 'react'

interface DemoAccount {
  username: string
  password: string
  displayName: string
  title: string
  organisation: string
  roles: string[]
}

interface Credentials {
  username: string
  password: string
}

/** The sign-in page: in demo mode people to become, by duty; otherwise account and password. */
export function SignInPage({ onSignedIn }: { onSignedIn: () => void }) {
  useEffect(() => {
    document.title = '登录 · 统筹'
  }, [])
  return (
    <main className="tc-sign-in">
      <h1>统筹</h1>
      <p className="tc-muted">政务信息化项目全过程管理平台</p>
      <SignInForm onSignedIn={onSignedIn} />
    </main>
  )
}

/** The same without its page, for signing in again above a form that is still open. */
export function SignInForm({ onSignedIn }: { onSignedIn: () => void }) {
  const demo = useApi<{ items: DemoAccount[] }>('/api/v1/demo/accounts')
  const [halfWay, setHalfWay] = useState(false)
  const signIn = useSignIn(onSignedIn, () => setHalfWay(true))
  if (halfWay) return <SecondStep onSignedIn={onSignedIn} onBack={() => setHalfWay(false)} />
  const failure = signIn.error && <Alert type="error" showIcon title={whyNot(signIn.error)} />
  if (demo.isPending) return <Loading what="登录方式" lines={3} />
  if (demo.data === undefined)
    return (
      <>
        <PasswordForm signIn={signIn} failure={failure} />
        <SignOn />
      </>
    )
  return (
    <>
      <p>
        <StateWord text="演示数据" /> 选择一位人员登录，查看其待办并以其职责办理。
      </p>
      {failure}
      <People accounts={demo.data.items} busy={signIn.isPending} onChoose={(account) => signIn.mutate(account)} />
      <details>
        <summary>使用账号口令登录</summary>
        <PasswordForm signIn={signIn} failure={null} />
      </details>
      <SignOn />
    </>
  )
}

function useSignIn(onSignedIn: () => void, onHalfWay: () => void) {
  // Not an act that reads everything anew: who I am would be asked again, and the page with its second step be gone.
  return useMutation({
    mutationFn: ({ username, password }: Credentials) => apiPost<{ secondFactor?: string[] }>('/api/v1/sessions', { username, password }),
    onSuccess: (answer) => (answer.secondFactor ? onHalfWay() : onSignedIn()),
  })
}

/** The second step (动态口令): a code of the authenticator, or one of the recovery codes. */
export function SecondStep({ onSignedIn, onBack }: { onSignedIn: () => void; onBack: () => void }) {
  const id = useId()
  const [code, setCode] = useState('')
  const [missing, setMissing] = useState<string | null>(null)
  const finish = useMutation({
    mutationFn: (typed: string) => apiPost('/api/v1/sessions/second-factor', { code: typed }),
    onSuccess: onSignedIn,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const lacks = code.trim().length < 6 ? '请填写 6 位动态口令，或一个恢复码' : null
    setMissing(lacks)
    if (lacks === null) finish.mutate(code.trim())
  }
  return (
    <form className="tc-password" onSubmit={submit} noValidate>
      <p>口令正确，还须填写动态口令。</p>
      {finish.error && <Alert type="error" showIcon title={whyNot(finish.error)} />}
      <label htmlFor={id}>动态口令或恢复码</label>
      <Input
        id={id}
        autoFocus
        autoComplete="one-time-code"
        maxLength={40}
        value={code}
        aria-describedby={`${id}h`}
        onChange={(event) => setCode(event.target.value)}
      />
      <span id={`${id}h`} className="tc-field-hint">
        填写身份验证器当前显示的 6 位数字。手机不在身边的，填写一个恢复码。
      </span>
      <p className="tc-field-error" role="alert">
        {missing}
      </p>
      <Button type="primary" htmlType="submit" loading={finish.isPending}>
        登录
      </Button>
      <Button type="link" onClick={onBack}>
        返回，重新填写口令
      </Button>
    </form>
  )
}

/** The city's sign-on (统一身份认证), where there is one. */
function SignOn() {
  const options = useApi<{ oidc: { label: string } | null }>('/api/v1/sign-in-options')
  const start = useMutation({
    mutationFn: () => apiPost<{ url: string }>('/api/v1/sessions/oidc-start'),
    onSuccess: ({ url }) => window.location.assign(url),
  })
  if (!options.data?.oidc) return null
  return (
    <div className="tc-sign-on">
      {start.error && <Alert type="error" showIcon title={reasonOf(start.error)} />}
      <Button onClick={() => start.mutate()} loading={start.isPending}>
        使用{options.data.oidc.label}登录
      </Button>
    </div>
  )
}

/** How many of one duty are shown before somebody asks for all. */
const FEW = 6

function People({
  accounts,
  busy,
  onChoose,
}: {
  accounts: readonly DemoAccount[]
  busy: boolean
  onChoose: (account: DemoAccount) => void
}) {
  const [wanted, setWanted] = useState('')
  const [unfolded, setUnfolded] = useState<readonly string[]>([])
  const shown = accounts.filter((account) =>
    `${account.displayName}${account.organisation}${account.title}${account.roles.map(dutyName).join('')}`.includes(wanted.trim()),
  )
  const extra = accounts.flatMap((account) => account.roles).filter((role) => !DUTY_IDS.includes(role))
  const groups = [...DUTY_IDS, ...new Set(extra)]
    .map((role) => ({ role, people: shown.filter((account) => (account.roles[0] ?? '') === role) }))
    .filter((group) => group.people.length > 0)
  // A city has many applicants and few of the rest: the rest must not stand three screens below.
  const visible = ({ role, people }: (typeof groups)[number]) =>
    wanted.trim() !== '' || unfolded.includes(role) || people.length <= FEW + 1 ? people : people.slice(0, FEW)
  return (
    <>
      <Input
        className="tc-people-search"
        aria-label="按姓名、单位或职责查找"
        placeholder="按姓名、单位或职责查找"
        allowClear
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      {groups.length === 0 && <p className="tc-muted">没有符合“{wanted.trim()}”的人员。</p>}
      <div className="tc-people">
        {groups.map((group) => (
          <section key={group.role} aria-label={dutyName(group.role)}>
            <h2>{dutyName(group.role)}</h2>
            <ul>
              {visible(group).map((account) => (
                <li key={account.username}>
                  <button type="button" disabled={busy} onClick={() => onChoose(account)}>
                    <strong>{account.displayName}</strong>
                    <span>
                      {account.organisation} {account.title}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
            {visible(group).length < group.people.length && (
              <Button type="link" className="tc-people-more" onClick={() => setUnfolded([...unfolded, group.role])}>
                显示{dutyName(group.role)}全部 {group.people.length} 人
              </Button>
            )}
          </section>
        ))}
      </div>
    </>
  )
}

function PasswordForm({ signIn, failure }: { signIn: ReturnType<typeof useSignIn>; failure: React.ReactNode }) {
  const id = useId()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [missing, setMissing] = useState<string | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const lacks = username.trim() === '' ? '请填写用户名' : password === '' ? '请填写口令' : null
    setMissing(lacks)
    if (lacks === null) signIn.mutate({ username: username.trim(), password })
  }
  return (
    <form className="tc-password" onSubmit={submit} noValidate>
      {failure}
      <label htmlFor={`${id}u`}>用户名</label>
      <Input id={`${id}u`} name="username" autoComplete="username" value={username} onChange={(event) => setUsername(event.target.value)} />
      <label htmlFor={`${id}p`}>口令</label>
      <Input.Password
        id={`${id}p`}
        name="password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <p className="tc-field-error" role="alert">
        {missing}
      </p>
      <Button type="primary" htmlType="submit" loading={signIn.isPending}>
        登录
      </Button>
    </form>
  )
}

function whyNot(error: Error): string {
  if (!(error instanceof ApiProblem)) return reasonOf(error)
  if (error.code === 'session.wrong_credentials') return '用户名或口令不正确。'
  if (error.status !== 429) return error.message
  const wait = error.retryAfterSeconds
  if (wait === undefined) return '连续错误次数过多，登录已暂停，请稍后再试。'
  return `连续错误次数过多，登录已暂停，请在 ${wait < 60 ? `${wait} 秒` : `${Math.ceil(wait / 60)} 分钟`}后再试。`
}
