import { apiPatch, apiPost, apiPut } from '@tongchou/api-client'
import { field, useAct, useStepForm } from '@tongchou/ui'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { ActDialog, ItemsDialog, TextField } from './ActDialog.tsx'
import type { Account, InitialPassword, Person } from './identity-api.ts'

interface DialogProps {
  person: Person
  onClose: () => void
}

const nameField = (help: string) => field('name', '姓名', { type: 'text', maxLength: 50, help })

/** 登记人员. */
export function RegisterPerson({ onClose }: { onClose: () => void }) {
  const form = useStepForm([nameField('登记后在机构页面办理任职，再开通账号。')])
  return (
    <ItemsDialog
      title="登记人员"
      act="登记"
      form={form}
      send={(data, key) => apiPost('/api/v1/people', data, { idempotencyKey: key })}
      onClose={onClose}
    />
  )
}

/** 更改姓名. */
export function RenamePerson({ person, onClose }: DialogProps) {
  const form = useStepForm([nameField('此前签署的意见仍显示原姓名。')], { name: person.name })
  return (
    <ItemsDialog
      title={`更改${person.name}的姓名`}
      act="更改姓名"
      form={form}
      send={(data, key) => apiPatch(`/api/v1/people/${person.id}`, data, { idempotencyKey: key })}
      onClose={onClose}
    />
  )
}

/** 开通账号; ends by showing the first password, once. */
export function OpenAccount({ person, onClose }: DialogProps) {
  const [username, setUsername] = useState('')
  const [made, setMade] = useState<InitialPassword | null>(null)
  const act = useAct(async (input: { personId: string; username: string }) => {
    setMade(await apiPost<InitialPassword>('/api/v1/accounts', input))
  })
  if (made) return <ShownOnce made={made} onClose={onClose} />
  const fits = /^[A-Za-z0-9][A-Za-z0-9._-]{2,47}$/.test(username.trim())
  return (
    <ActDialog
      title={`为${person.name}开通账号`}
      act="开通账号"
      lacks={fits ? null : '用户名应为 3 至 48 个字母、数字、点、连字符或下划线。'}
      pending={act.isPending}
      error={act.error}
      onSubmit={() => act.mutate({ personId: person.id, username: username.trim() })}
      onClose={onClose}
    >
      <TextField label="用户名" hint="不区分大小写，例如 wang.jianguo。" maxLength={48} value={username} onChange={setUsername} />
    </ActDialog>
  )
}

/** 重置口令; ends by showing the new first password, once. */
export function ResetPassword({ person, account, onClose }: DialogProps & { account: Account }) {
  const [made, setMade] = useState<InitialPassword | null>(null)
  const act = useAct(async (_: null) => {
    setMade(await apiPost<InitialPassword>(`/api/v1/accounts/${account.id}/password-reset`))
  })
  if (made) return <ShownOnce made={made} onClose={onClose} />
  return (
    <ActDialog
      title={`重置${person.name}的口令`}
      act="重置口令"
      lacks={null}
      pending={act.isPending}
      error={act.error}
      onSubmit={() => act.mutate(null)}
      onClose={onClose}
    >
      <p>重置后，账号“{account.username}”的登录全部结束，登录暂停同时解除，须以新的初始口令登录并修改口令。</p>
    </ActDialog>
  )
}

/** 停用 or 启用. */
export function ChangeStatus({ person, account, onClose }: DialogProps & { account: Account }) {
  const active = account.status === 'active'
  const act = useAct(async (_: null, key) => {
    await apiPost(`/api/v1/accounts/${account.id}/${active ? 'disable' : 'enable'}`, undefined, { idempotencyKey: key })
    onClose()
  })
  const verb = active ? '停用账号' : '启用账号'
  return (
    <ActDialog
      title={`${verb}：${person.name}`}
      act={verb}
      lacks={null}
      pending={act.isPending}
      error={act.error}
      onSubmit={() => act.mutate(null)}
      onClose={onClose}
    >
      <p>
        {active
          ? `停用后，账号“${account.username}”的登录立即结束，访问令牌不能再使用。岗位和此前签署的意见不变。`
          : `启用后，账号“${account.username}”可以重新登录，未到期的访问令牌恢复使用。`}
      </p>
    </ActDialog>
  )
}

/** 绑定统一身份: which identity of the city's sign-on is this account; empty for none. */
export function BindIdentity({ person, account, onClose }: DialogProps & { account: Account }) {
  const [subject, setSubject] = useState('')
  const act = useAct(async (input: { subject: string | null }, key) => {
    await apiPut(`/api/v1/accounts/${account.id}/oidc-binding`, input, { idempotencyKey: key })
    onClose()
  })
  const unbinds = subject.trim() === ''
  return (
    <ActDialog
      title={`${person.name}的统一身份`}
      act={unbinds ? '解除绑定' : '绑定'}
      lacks={null}
      pending={act.isPending}
      error={act.error}
      onSubmit={() => act.mutate({ subject: unbinds ? null : subject.trim() })}
      onClose={onClose}
    >
      <TextField
        optional
        label="统一身份认证中的用户标识"
        hint="由统一身份认证的管理单位提供；不填写为解除现有绑定。"
        maxLength={255}
        value={subject}
        onChange={setSubject}
      />
    </ActDialog>
  )
}

/** The first password; closing this is the last that anybody sees of it. */
function ShownOnce({ made, onClose }: { made: InitialPassword; onClose: () => void }) {
  return (
    <Modal open title="初始口令" onCancel={onClose} mask={{ closable: false }} footer={<Button onClick={onClose}>已记下，关闭</Button>}>
      <p>账号“{made.username}”的初始口令：</p>
      <p className="tc-org-secret">{made.initialPassword}</p>
      <p>只显示这一次，请转告本人。首次登录须修改口令。</p>
    </Modal>
  )
}
