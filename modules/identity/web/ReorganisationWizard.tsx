import { apiPost } from '@tongchou/api-client'
import { ActError, Forbidden, holdsDuty, Page, ReferenceSelect, Section, useAct, useReferenceName, useSession } from '@tongchou/ui'
import { Button, Radio } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { DateField, Field, TextField } from './ActDialog.tsx'
import { ReorganisationPreview } from './ReorganisationPreview.tsx'
import { kindWords, type Order, type Preview, type Reorganisation, type ReorganisationKind } from './reorganisation-api.ts'
import { lacksOf, type OrderDraft, orderOf } from './reorganisation-draft.ts'
import './identity.css'

const above = [{ label: '组织调整', href: '/reorganisations' }]
const kinds = Object.entries(kindWords) as [ReorganisationKind, string][]

/** 办理组织调整: what, by which document, from when; looked at before it is done. */
export function ReorganisationWizard() {
  const session = useSession()
  const [draft, setDraft] = useState<OrderDraft>({
    kind: 'rename',
    organisationIds: [],
    successors: [],
    assignments: [],
    documentNumber: '',
    reason: '',
    effectiveOn: todayOf(session.now),
    name: '',
    shortName: '',
    parentId: undefined,
  })
  // What was looked at last, and the order it was worked out for: another order has to be looked at again.
  const [seen, setSeen] = useState<{ order: string; preview: Preview } | null>(null)
  const [lacks, setLacks] = useState<string | null>(null)
  const change = (part: Partial<OrderDraft>) => setDraft({ ...draft, ...part })
  const navigate = useNavigate()
  const look = useAct(async (order: Order) => {
    const preview = await apiPost<Preview>('/api/v1/reorganisations/preview', order)
    setSeen({ order: JSON.stringify(order), preview })
  })
  const give = useAct(async (order: Order, key) => {
    const done = await apiPost<Reorganisation>('/api/v1/reorganisations', order, { idempotencyKey: key })
    void navigate(`/reorganisations/${done.id}`)
  })
  if (!holdsDuty(session, ['system-admin']))
    return (
      <Page title="办理组织调整" breadcrumb={above}>
        <Forbidden duty={['system-admin']} act="办理组织调整" />
      </Page>
    )
  const order = orderOf(draft)
  const isSeen = seen?.order === JSON.stringify(order)
  const submit = () => {
    const missing = lacksOf(draft)
    setLacks(missing)
    if (missing === null) look.mutate(order)
  }
  return (
    <Page title="办理组织调整" lead="先预览移交的事项和保留的记录，再办理。" breadcrumb={above}>
      <form
        className="tc-org-form tc-org-order"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <fieldset>
          <legend>方式</legend>
          <Radio.Group
            aria-label="方式"
            value={draft.kind}
            options={kinds.map(([value, label]) => ({ value, label }))}
            onChange={(event) => change({ kind: event.target.value as ReorganisationKind, successors: [], assignments: [] })}
          />
        </fieldset>
        <Offices draft={draft} change={change} />
        {draft.kind === 'rename' && <NewName draft={draft} change={change} />}
        {draft.kind === 'transfer' && (
          <Field label="新的上级机构">
            <ReferenceSelect
              of="organisation"
              aria-label="新的上级机构"
              value={draft.parentId}
              onChange={(parentId) => change({ parentId })}
            />
          </Field>
        )}
        {['merge', 'split', 'abolish'].includes(draft.kind) && <Successors draft={draft} change={change} />}
        <TextField
          label="文号"
          hint="例如 乌海党办发〔2026〕3号"
          maxLength={60}
          value={draft.documentNumber}
          onChange={(documentNumber) => change({ documentNumber })}
        />
        <TextField label="事由" maxLength={500} value={draft.reason} onChange={(reason) => change({ reason })} />
        <DateField
          label="生效日期"
          hint="今日或以后。以后的，到该日自动生效。"
          value={draft.effectiveOn}
          onChange={(effectiveOn) => change({ effectiveOn })}
        />
        {lacks !== null && (
          <p className="tc-field-error" role="alert">
            {lacks}
          </p>
        )}
        <ActError act="预览" error={look.error} />
        <div className="tc-org-end">
          <Button htmlType="submit" type={isSeen ? 'default' : 'primary'} loading={look.isPending}>
            预览
          </Button>
        </div>
      </form>
      {seen && (
        <Section title="预览">
          {!isSeen && <p className="tc-field-error">内容已修改，请重新预览。</p>}
          <ReorganisationPreview preview={seen.preview} draft={draft} onAssign={(assignments) => change({ assignments })} />
          <ActError act="办理" error={give.error} />
          <div className="tc-org-end">
            <Button type="primary" disabled={!isSeen} loading={give.isPending} onClick={() => give.mutate(order)}>
              办理
            </Button>
          </div>
        </Section>
      )}
    </Page>
  )
}

/** The server's day in the city. */
function todayOf(now: string): string {
  return new Date(Date.parse(now) + 8 * 3_600_000).toISOString().slice(0, 10)
}

interface Part {
  draft: OrderDraft
  change: (part: Partial<OrderDraft>) => void
}

/** The offices that are adjusted: one, or several at a merger. */
function Offices({ draft, change }: Part) {
  const several = draft.kind === 'merge'
  const chosen = several ? draft.organisationIds : draft.organisationIds.slice(0, 1)
  return (
    <fieldset>
      <legend>{several ? '被合并的机构' : '机构'}</legend>
      {several && chosen.length > 0 && (
        <ul className="tc-org-chosen">
          {chosen.map((id) => (
            <li key={id}>
              <OfficeName id={id} />
              <Button size="small" onClick={() => change({ organisationIds: chosen.filter((one) => one !== id) })}>
                移出
              </Button>
            </li>
          ))}
        </ul>
      )}
      <ReferenceSelect
        of="organisation"
        aria-label={several ? '添加被合并的机构' : '机构'}
        placeholder={several ? '输入名称添加机构' : '输入名称查找'}
        value={several ? undefined : chosen[0]}
        onChange={(id) => change({ organisationIds: several ? [...new Set([...chosen, ...(id ? [id] : [])])] : id ? [id] : [] })}
      />
    </fieldset>
  )
}

function OfficeName({ id }: { id: string }) {
  return <span>{useReferenceName('organisation', id, undefined)}</span>
}

function NewName({ draft, change }: Part) {
  return (
    <>
      <TextField label="新名称" maxLength={100} value={draft.name} onChange={(name) => change({ name })} />
      <TextField label="简称" optional maxLength={40} value={draft.shortName} onChange={(shortName) => change({ shortName })} />
    </>
  )
}

/** Who takes over: existing offices, or, but for 撤销, ones that are set up on the day. */
function Successors({ draft, change }: Part) {
  const { successors } = draft
  const full = draft.kind !== 'split' && successors.length === 1
  const add = (successor: { id: string; name?: string }) =>
    change({ successors: [...successors.filter((one) => one.id !== successor.id), successor] })
  return (
    <fieldset>
      <legend>承接机构</legend>
      {draft.kind === 'split' && <p className="tc-field-hint">至少两个。未单独指定的事项移交给第一个；原机构保留的，也列入。</p>}
      {successors.length > 0 && (
        <ol className="tc-org-chosen">
          {successors.map((one) => (
            <li key={one.id}>
              {one.name === undefined ? <OfficeName id={one.id} /> : <span>{one.name}（新设）</span>}
              <Button size="small" onClick={() => change({ successors: successors.filter((other) => other !== one), assignments: [] })}>
                移出
              </Button>
            </li>
          ))}
        </ol>
      )}
      {!full && (
        <ReferenceSelect
          of="organisation"
          aria-label="选择现有机构承接"
          placeholder="选择现有机构"
          value={undefined}
          onChange={(id) => id && add({ id })}
        />
      )}
      {!full && draft.kind !== 'abolish' && <NewOffice onAdd={add} />}
    </fieldset>
  )
}

function NewOffice({ onAdd }: { onAdd: (office: { id: string; name: string }) => void }) {
  const [id, setId] = useState('')
  const [name, setName] = useState('')
  const ready = name.trim() !== '' && /^[a-z][a-z0-9-]{0,62}$/.test(id.trim())
  return (
    <div className="tc-org-new">
      <TextField label="新设机构名称" maxLength={100} value={name} onChange={setName} />
      <TextField label="新设机构标识" hint="小写字母开头，设立后不再更改。" maxLength={63} value={id} onChange={setId} />
      <Button
        disabled={!ready}
        onClick={() => {
          onAdd({ id: id.trim(), name: name.trim() })
          setId('')
          setName('')
        }}
      >
        列为承接机构
      </Button>
    </div>
  )
}
