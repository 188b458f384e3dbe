import { DUTY_IDS, dutyName, StateWord } from '@tongchou/ui'
import { Checkbox } from 'antd'

/** Ticks for every duty (职责). Duties that a pack added and the post already has stay in the list. */
export function DutyPicker({ value, onChange }: { value: readonly string[]; onChange: (duties: string[]) => void }) {
  const offered = [...DUTY_IDS, ...value.filter((duty) => !DUTY_IDS.includes(duty))]
  const toggle = (duty: string, on: boolean) => onChange(offered.filter((one) => (one === duty ? on : value.includes(one))))
  return (
    <fieldset>
      <legend>职责</legend>
      <div>
        {offered.map((duty) => (
          <Checkbox key={duty} checked={value.includes(duty)} onChange={(event) => toggle(duty, event.target.checked)}>
            {dutyName(duty)}
          </Checkbox>
        ))}
      </div>
      <p className="tc-field-hint">三名管理员由不同人员担任，管理员不兼任业务职责。</p>
    </fieldset>
  )
}

/** Duties in a row, by name. */
export function Duties({ duties }: { duties: readonly string[] }) {
  if (duties.length === 0) return <span className="tc-muted">无</span>
  return (
    <span className="tc-org-duties">
      {duties.map((duty) => (
        <StateWord key={duty} text={dutyName(duty)} />
      ))}
    </span>
  )
}
