import { useMutation } from '@tanstack/react-query'
import { apiPost } from '@tongchou/api-client'
import { useAct } from '@tongchou/ui'
import { Input, Modal } from 'antd'
import { useState } from 'react'
import { ActDialog, Field } from './ActDialog.tsx'
import { RecoveryCodes } from './RecoveryCodes.tsx'

/** 停用动态口令. */
export function RemoveFactor({ onClose }: { onClose: () => void }) {
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const act = useAct(async (input: { password: string; code: string }) => {
    await apiPost('/api/v1/me/second-factor/remove', input)
    onClose()
  })
  return (
    <ActDialog
      title="停用动态口令"
      act="停用动态口令"
      lacks={password === '' ? '请填写现用口令。' : code.trim().length < 6 ? '请填写动态口令或恢复码。' : null}
      pending={act.isPending}
      error={act.error}
      onSubmit={() => act.mutate({ password, code: code.trim() })}
      onClose={onClose}
    >
      <p>停用后只凭口令登录，其他计算机上的登录全部结束。更换手机的，停用后在新手机上重新启用。</p>
      <Field label="现用口令">
        <Input.Password autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} />
      </Field>
      <Field label="动态口令或恢复码">
        <Input autoComplete="one-time-code" maxLength={40} value={code} onChange={(event) => setCode(event.target.value)} />
      </Field>
    </ActDialog>
  )
}

/** 重新生成恢复码; ends by showing them, once. */
export function NewRecoveryCodes({ onClose }: { onClose: () => void }) {
  const [code, setCode] = useState('')
  const act = useMutation({
    mutationFn: () => apiPost<{ recoveryCodes: string[] }>('/api/v1/me/second-factor/recovery-codes', { code: code.trim() }),
  })
  if (act.data) {
    return (
      <Modal open title="新的恢复码" onCancel={onClose} mask={{ closable: false }} footer={null}>
        <RecoveryCodes codes={act.data.recoveryCodes} onSaved={onClose} />
      </Modal>
    )
  }
  return (
    <ActDialog
      title="重新生成恢复码"
      act="重新生成"
      lacks={code.trim().length < 6 ? '请填写动态口令或恢复码。' : null}
      pending={act.isPending}
      error={act.error}
      onSubmit={() => act.mutate()}
      onClose={onClose}
    >
      <p>重新生成后，原有恢复码全部作废。</p>
      <Field label="动态口令或恢复码">
        <Input autoComplete="one-time-code" maxLength={40} value={code} onChange={(event) => setCode(event.target.value)} />
      </Field>
    </ActDialog>
  )
}
