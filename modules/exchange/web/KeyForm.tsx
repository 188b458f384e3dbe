import { apiPost } from '@tongchou/api-client'
import { isSm2PublicKey, sm2Fingerprint } from '@tongchou/evidence'
import { ActError, FileDrop, useAct } from '@tongchou/ui'
import { Button, Checkbox, Input } from 'antd'
import { type FormEvent, useId, useState } from 'react'

/** 登记公钥: pasted or from a file; its fingerprint is compared on the telephone before it is taken for the department's. */
export function KeyForm({ channel, onDone }: { channel: { id: string; version: number }; onDone: () => void }) {
  const [text, setText] = useState('')
  const [compared, setCompared] = useState(false)
  const id = useId()
  const { key, problem } = keyIn(text)
  const registering = useAct(async (publicKey: string, idempotencyKey) => {
    await apiPost(`/api/v1/channels/${channel.id}/keys`, { version: channel.version, publicKey }, { idempotencyKey })
    onDone()
  })
  const change = (value: string) => {
    setText(value)
    setCompared(false)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (key && compared) registering.mutate(key)
  }
  const lacks = problem ?? (key ? (compared ? null : '请与报送单位电话核对指纹。') : '请粘贴或选择公钥。')
  return (
    <form className="tc-key-form" onSubmit={submit} noValidate>
      <p className="tc-muted">由报送单位运行“npx tongchou agent key”生成密钥，只交来公钥；私钥不离开前置机。</p>
      <label htmlFor={id}>公钥</label>
      <Input.TextArea
        id={id}
        rows={3}
        value={text}
        onChange={(event) => change(event.target.value)}
        autoComplete="off"
        spellCheck={false}
      />
      <FileDrop
        label="公钥文件"
        hint="文本文件，内容为公钥。"
        accept=".txt,.json,.pub"
        onFiles={([file]) => void file?.text().then(change)}
      />
      {key && (
        <>
          <p>
            指纹（SM3）：<code className="tc-fingerprint">{groups(sm2Fingerprint(key))}</code>
          </p>
          <Checkbox checked={compared} onChange={(event) => setCompared(event.target.checked)}>
            已与报送单位电话核对，指纹一致
          </Checkbox>
        </>
      )}
      <ActError act="登记公钥" error={registering.error} />
      <p className="tc-row-acts">
        <Button type="primary" htmlType="submit" disabled={lacks !== null} loading={registering.isPending}>
          登记公钥
        </Button>
        {lacks && <span className="tc-muted">{lacks}</span>}
      </p>
    </form>
  )
}

/** The key in what was pasted: itself, or in the line that the agent prints. A file with a private key is not taken anywhere. */
function keyIn(text: string): { key?: string; problem?: string } {
  const trimmed = text.trim()
  if (trimmed === '') return {}
  if (/private/i.test(trimmed)) return { problem: '文件含有私钥，不得外传。请只交公钥，并请报送单位重新生成密钥。' }
  const found = trimmed.match(/04[0-9a-f]{128}/i)?.[0].toLowerCase()
  return found && isSm2PublicKey(found) ? { key: found } : { problem: '不是 SM2 公钥：应为 04 开头的 130 位十六进制。' }
}

/** In fours, as one reads it out. */
export const groups = (fingerprint: string) => fingerprint.match(/.{4}/g)?.join(' ') ?? fingerprint
