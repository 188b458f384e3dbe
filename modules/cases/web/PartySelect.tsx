import { useApi } from '@tongchou/ui'
import { Select } from 'antd'
import { useId } from 'react'

/** A party as it is sent: an office that bears a duty, or one person there. */
export interface PartyChoice {
  orgId: string
  duty: string
  personId: string | null
}

interface Offered {
  orgId: string
  orgName: string
  duty: string
  dutyTitle: string
  office: boolean
  people: { personId: string; name: string; postTitle: string }[]
}

export interface PartySelectProps {
  caseId: string
  use: 'transfer' | 'entrust' | 'answer' | 'countersign' | 'copy'
  taskId: string | null
  label: string
  several: boolean
  value: readonly PartyChoice[]
  onChange: (value: PartyChoice[]) => void
  error: string | undefined
}

/** Chooses people and offices (选择人员和单位) among those who may be named: found by any part of their names. */
export function PartySelect({ caseId, use, taskId, label, several, value, onChange, error }: PartySelectProps) {
  const id = useId()
  const list = useApi<{ items: Offered[] }>(`/api/v1/cases/${caseId}/parties`, { use, ...(taskId ? { taskId } : {}) })
  const options = (list.data?.items ?? []).flatMap(optionsOf)
  const chosen = value.map(keyOf)
  const take = (keys: readonly string[]) => onChange(options.filter((one) => keys.includes(one.value)).map((one) => one.party))
  return (
    <div className="tc-field">
      <label htmlFor={id}>{label}</label>
      <Select<string[] | string>
        id={id}
        {...(several ? { mode: 'multiple' as const } : {})}
        value={several ? chosen : (chosen[0] ?? null)}
        onChange={(keys) => take(Array.isArray(keys) ? keys : [keys])}
        options={options.map(({ value: key, label: text }) => ({ value: key, label: text, title: text }))}
        showSearch={{ optionFilterProp: 'label' }}
        loading={list.isPending}
        placeholder="输入姓名或单位查找"
        notFoundContent={list.isPending ? '正在读取' : '没有可以选择的人员或单位'}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}e`}
        className="cases-party"
      />
      <div id={`${id}e`} className="tc-field-error" role={error ? 'alert' : undefined}>
        {error}
      </div>
    </div>
  )
}

function optionsOf({ orgId, orgName, duty, dutyTitle, office, people }: Offered) {
  const of = orgName === dutyTitle ? orgName : `${orgName}（${dutyTitle}）`
  const whole = office ? [{ label: of, party: { orgId, duty, personId: null } }] : []
  const named = people.map(({ personId, name }) => ({ label: `${name} ${of}`, party: { orgId, duty, personId } }))
  return [...whole, ...named].map((one) => ({ ...one, value: keyOf(one.party) }))
}

function keyOf({ orgId, duty, personId }: PartyChoice): string {
  return `${orgId}|${duty}|${personId ?? ''}`
}
