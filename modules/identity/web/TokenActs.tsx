import { apiDelete, apiPost } from '@tongchou/api-client'
import { useAct, useApi } from '@tongchou/ui'
import { Button, Checkbox, Modal, Radio } from 'antd'
import { useState } from 'react'
import { tagName } from '../words.ts'
import { ActDialog, DateField, TextField } from './ActDialog.tsx'
import type { Scope, Token } from './identity-api.ts'

type Breadth = 'all' | 'read' | 'write'

/** 签发令牌; ends by showing the token, once. */
export function IssueToken({ onClose }: { onClose: () => void }) {
  const choices = useApi<{ tags: string[]; latestOn: string }>('/api/v1/token-choices')
  const [name, setName] = useState('')
  const [expiresOn, setExpiresOn] = useState('')
  const [breadth, setBreadth] = useState<Breadth>('read')
  const [tags, setTags] = useState<readonly string[]>([])
  const [issued, setIssued] = useState<string | null>(null)
  const act = useAct(async (input: { name: string; expiresOn: string; scope?: NonNullable<Scope> }) => {
    setIssued((await apiPost<{ token: string }>('/api/v1/tokens', input)).token)
  })
  if (issued !== null) return <ShownOnce token={issued} onClose={onClose} />
  const submit = () =>
    act.mutate({ name: name.trim(), expiresOn, ...(breadth === 'all' ? {} : { scope: { access: breadth, tags: [...tags] } }) })
  return (
    <ActDialog
      title="签发访问令牌"
      act="签发令牌"
      lacks={lacksOf(name, expiresOn, breadth, tags)}
      pending={act.isPending}
      error={act.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField label="用途" hint="写明由哪个系统使用，例如 低保核对系统对接。" maxLength={100} value={name} onChange={setName} />
      <DateField
        label="有效期至"
        hint={choices.data ? `最晚 ${choices.data.latestOn}，当日仍有效。` : '当日仍有效。'}
        value={expiresOn}
        onChange={setExpiresOn}
      />
      <fieldset>
        <legend>权限</legend>
        <Radio.Group aria-label="权限" value={breadth} options={breadths} onChange={(event) => setBreadth(event.target.value)} />
      </fieldset>
      {breadth !== 'all' && <ScopePicker known={choices.data?.tags ?? []} value={tags} onChange={setTags} />}
    </ActDialog>
  )
}

const breadths = [
  { value: 'read', label: '只读' },
  { value: 'write', label: '读写' },
  { value: 'all', label: '与本人相同' },
]

function lacksOf(name: string, expiresOn: string, breadth: Breadth, tags: readonly string[]): string | null {
  if (name.trim() === '') return '请填写用途。'
  if (expiresOn === '') return '请填写有效期。'
  return breadth !== 'all' && tags.length === 0 ? '请至少选择一类事项。' : null
}

function ScopePicker({
  known,
  value,
  onChange,
}: {
  known: readonly string[]
  value: readonly string[]
  onChange: (tags: readonly string[]) => void
}) {
  return (
    <fieldset>
      <legend>可办理的事项</legend>
      <div>
        {known.map((tag) => (
          <Checkbox
            key={tag}
            checked={value.includes(tag)}
            onChange={(event) => onChange(known.filter((one) => (one === tag ? event.target.checked : value.includes(one))))}
          >
            {tagName(tag)}
          </Checkbox>
        ))}
      </div>
      <p className="tc-field-hint">未选的事项，该令牌不能读取也不能办理。</p>
    </fieldset>
  )
}

/** The token itself; closing this is the last that anybody sees of it. */
function ShownOnce({ token, onClose }: { token: string; onClose: () => void }) {
  return (
    <Modal open title="令牌已签发" onCancel={onClose} mask={{ closable: false }} footer={<Button onClick={onClose}>已保存，关闭</Button>}>
      <p className="tc-org-secret">{token}</p>
      <p>只显示这一次，请立即存入使用它的系统。遗失的，撤销后重新签发。</p>
    </Modal>
  )
}

/** 撤销令牌. */
export function WithdrawToken({ token }: { token: Token }) {
  const [open, setOpen] = useState(false)
  const act = useAct(async (_: null) => {
    await apiDelete(`/api/v1/tokens/${token.id}`)
    setOpen(false)
  })
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        撤销
      </Button>
      {open && (
        <ActDialog
          title={`撤销令牌“${token.name}”`}
          act="撤销令牌"
          lacks={null}
          pending={act.isPending}
          error={act.error}
          onSubmit={() => act.mutate(null)}
          onClose={() => setOpen(false)}
        >
          <p>撤销后，使用该令牌的系统立即不能再调用接口。</p>
        </ActDialog>
      )}
    </>
  )
}
