import { apiPut } from '@tongchou/api-client'
import { ActError, useAct } from '@tongchou/ui'
import { App, Button, Checkbox, Input, InputNumber } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { LastChange, type SettingLine, type Settings, type SettingsInForce, settingGroups } from './SecuritySettingsTable.tsx'

type Typed = { [Name in keyof Settings]: Settings[Name] extends number ? number | null : Settings[Name] }

/** The settings to change (修改安全策略). They hold from everybody's next request on. */
export function SettingsForm({ inForce }: { inForce: SettingsInForce }) {
  const { message } = App.useApp()
  const [typed, setTyped] = useState<Typed>(inForce.settings)
  const [tried, setTried] = useState(false)
  const act = useAct(async (input: { settings: Typed; version: number }, key) => {
    await apiPut('/api/v1/security-settings', input, { idempotencyKey: key })
    void message.success('安全策略已修改，自每个人的下一次操作起生效。')
  })
  const faults = settingGroups.flatMap(({ lines }) => lines.filter((line) => !isWithin(line, typed[line.name])))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (faults.length === 0) act.mutate({ settings: typed, version: inForce.version })
  }
  return (
    <form className="tc-org-form tc-doors-settings" onSubmit={submit} noValidate>
      {settingGroups.map(({ title, lines }) => (
        <fieldset key={title}>
          <legend>{title}</legend>
          {lines.map((line) => (
            <SettingField
              key={line.name}
              line={line}
              standard={inForce.defaults[line.name]}
              value={typed[line.name]}
              wrong={tried && faults.includes(line)}
              onChange={(value) => setTyped({ ...typed, [line.name]: value })}
            />
          ))}
        </fieldset>
      ))}
      <ProxiesField value={typed.trustedProxies} onChange={(trustedProxies) => setTyped({ ...typed, trustedProxies })} />
      <Checkbox
        checked={typed.secondFactorForAdministrators}
        onChange={(event) => setTyped({ ...typed, secondFactorForAdministrators: event.target.checked })}
      >
        三员登录须使用动态口令
      </Checkbox>
      <ActError act="修改安全策略" error={act.error} />
      <div>
        <Button type="primary" htmlType="submit" loading={act.isPending}>
          修改安全策略
        </Button>
      </div>
      <LastChange inForce={inForce} />
    </form>
  )
}

/** One address or network a line; what is wrong with one, the server says at its line. */
function ProxiesField({ value, onChange }: { value: string[]; onChange: (value: string[]) => void }) {
  const id = useId()
  const [text, setText] = useState(value.join('\n'))
  const change = (next: string) => {
    setText(next)
    onChange(
      next
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    )
  }
  return (
    <div className="tc-doors-setting">
      <label htmlFor={id}>可信代理</label>
      <Input.TextArea
        id={id}
        value={text}
        autoSize={{ minRows: 2, maxRows: 8 }}
        aria-describedby={`${id}h`}
        onChange={(event) => change(event.target.value)}
      />
      <span id={`${id}h`} className="tc-muted">
        每行一个地址或网段，如 10.1.0.0/16；只有来自它们的 X-Forwarded-For 才予采信
      </span>
    </div>
  )
}

interface SettingFieldProps {
  line: SettingLine
  standard: number
  value: number | null
  wrong: boolean
  onChange: (value: number | null) => void
}

function SettingField({ line: { label, unit, min, max, hint }, standard, value, wrong, onChange }: SettingFieldProps) {
  const id = useId()
  return (
    <div className="tc-doors-setting">
      <label htmlFor={id}>{label}</label>
      <span>
        <InputNumber
          id={id}
          value={value}
          precision={0}
          status={wrong ? 'error' : ''}
          aria-invalid={wrong}
          aria-describedby={`${id}h`}
          onChange={(next) => onChange(next)}
        />{' '}
        {unit}
      </span>
      <span id={`${id}h`} className={wrong ? 'tc-field-error' : 'tc-muted'} role={wrong ? 'alert' : undefined}>
        {min} 至 {max}，默认 {standard}
        {hint && `；${hint}`}
      </span>
    </div>
  )
}

function isWithin({ min, max }: SettingLine, value: number | null): boolean {
  return value !== null && Number.isInteger(value) && value >= min && value <= max
}
