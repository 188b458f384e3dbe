import { apiPatch, apiPost } from '@tongchou/api-client'
import { useAct } from '@tongchou/ui'
import { Input, Select } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { ActDialog, Field } from './ActDialog.tsx'
import { kindOptions, type Organisation, type OrganisationDetails } from './identity-api.ts'

const optional = (text: string) => (text.trim() === '' ? undefined : text.trim())

/** 设立机构, below the one that is shown. */
export function NewOrganisation({ parent, onClose }: { parent: OrganisationDetails | undefined; onClose: () => void }) {
  const navigate = useNavigate()
  const [id, setId] = useState('')
  const [name, setName] = useState('')
  const [shortName, setShortName] = useState('')
  const [kind, setKind] = useState('city-department')
  const [uscc, setUscc] = useState('')
  const [divisionCode, setDivisionCode] = useState(parent?.divisionCode ?? '')
  const act = useAct(async (input: Record<string, unknown>, key) => {
    const made = await apiPost<Organisation>('/api/v1/organisations', input, { idempotencyKey: key })
    onClose()
    void navigate(`/organisations/${made.id}`)
  })
  const submit = () =>
    act.mutate({
      id: id.trim(),
      name: name.trim(),
      shortName: optional(shortName),
      kind,
      parentId: parent?.id,
      uscc: optional(uscc),
      divisionCode: optional(divisionCode),
    })
  return (
    <ActDialog
      title={parent ? `在${parent.shortName}之下设立机构` : '设立机构'}
      act="设立机构"
      lacks={lacksOf(name, id)}
      pending={act.isPending}
      error={act.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="机构名称">
        <Input value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label="简称（可不填）">
        <Input value={shortName} maxLength={40} onChange={(event) => setShortName(event.target.value)} />
      </Field>
      <Field label="机构标识" hint="设立后不再更改，更名也不影响，例如 civil-affairs。">
        <Input value={id} maxLength={63} onChange={(event) => setId(event.target.value)} />
      </Field>
      <Field label="机构类型">
        <Select aria-label="机构类型" value={kind} options={kindOptions} onChange={setKind} />
      </Field>
      <Field label="统一社会信用代码（可不填）">
        <Input value={uscc} maxLength={18} onChange={(event) => setUscc(event.target.value)} />
      </Field>
      <Field label="行政区划代码（可不填）">
        <Input value={divisionCode} maxLength={6} onChange={(event) => setDivisionCode(event.target.value)} />
      </Field>
    </ActDialog>
  )
}

function lacksOf(name: string, id: string): string | null {
  if (name.trim() === '') return '请填写机构名称。'
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(id.trim())) return '机构标识应以小写字母开头，由小写字母、数字和连字符组成。'
  return null
}

/** 机构更名. */
export function RenameOrganisation({ organisation, onClose }: { organisation: OrganisationDetails; onClose: () => void }) {
  const [name, setName] = useState(organisation.name)
  const [shortName, setShortName] = useState(organisation.shortName)
  const act = useAct(async (input: Record<string, unknown>, key) => {
    await apiPatch(`/api/v1/organisations/${organisation.id}`, input, { idempotencyKey: key })
    onClose()
  })
  return (
    <ActDialog
      title={`${organisation.name}更名`}
      act="更名"
      lacks={name.trim() === '' ? '请填写新名称。' : null}
      pending={act.isPending}
      error={act.error}
      onSubmit={() => act.mutate({ name: name.trim(), shortName: optional(shortName), version: organisation.version })}
      onClose={onClose}
    >
      <p>原名称记为曾用名，此前办理的事项仍显示原名称。</p>
      <Field label="新名称">
        <Input value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label="简称">
        <Input value={shortName} maxLength={40} onChange={(event) => setShortName(event.target.value)} />
      </Field>
    </ActDialog>
  )
}
