// SPDX-License-Identifier: Apache-2.0
import { apiDelete, apiPost } from '@tongchou/api-client'
import { ActError, type StepFormState, useAct, useApi } from '@tongchou/ui'
import { Select } from 'antd'
import { useNavigate } from 'react-router'
import type { ProjectListPage } from './project-api.ts'
import type { ProposalDraft, SavedProposal } from './useProposal.ts'
import { kindWords } from './words.ts'

interface CopyFromProps {
  ownerOrgId: string
  form: StepFormState
  /** The draft that has been begun on this page; the one that is taken over takes its place. */
  draftId: string | null
  flush: () => Promise<SavedProposal | null>
}

const begins = new Set(['name', 'kind', 'userUnitOrgId'])

/** Begins from an earlier project of the own unit (沿用上年): offered while hardly anything is typed, first of all for 续建 and 运行维护. */
export function CopyFrom({ ownerOrgId, form, draftId, flush }: CopyFromProps) {
  const list = useApi<ProjectListPage>('/api/v1/projects', { ownerOrgId, limit: 100 })
  const navigate = useNavigate()
  const copy = useAct(async (copyFrom: string, key) => {
    await flush()
    const { kind, name } = form.data
    const content = { ...(kind ? { kind } : {}), ...(name ? { name } : {}) }
    const draft = await apiPost<ProposalDraft>('/api/v1/proposal-drafts', { secrecy: false, copyFrom, content }, { idempotencyKey: key })
    if (draftId !== null) await apiDelete(`/api/v1/proposal-drafts/${draftId}`)
    await navigate(`/projects/drafts/${draft.id}`, { replace: true })
  })
  const started = Object.keys(form.data).some((id) => !begins.has(id))
  if (started || !list.data || list.data.items.length === 0) return null
  const isYearly = form.values.kind === 'continuation' || form.values.kind === 'operation'
  // Of a yearly kind the projects of that kind come first.
  const items = [...list.data.items].sort((a, b) => Number(b.kind === form.values.kind) - Number(a.kind === form.values.kind))
  return (
    <div className={isYearly ? 'tc-copy tc-copy--yearly' : 'tc-copy'}>
      <label htmlFor="copy-from">沿用上年</label>
      <Select
        id="copy-from"
        showSearch={{ optionFilterProp: 'label' }}
        placeholder="选择本单位以往申报的项目"
        style={{ minWidth: 320, maxWidth: '100%' }}
        value={null}
        loading={copy.isPending}
        options={items.map((one) => ({ value: one.id, label: `${one.name}（${kindWords[one.kind]}）` }))}
        onChange={(id: string) => copy.mutate(id)}
      />
      <span className="tc-muted">
        {isYearly ? '续建、运行维护项目可沿用上年申报内容，' : ''}沿用的各项逐项标出，核对后方可报送；附件不沿用。
      </span>
      <ActError error={copy.error} act="沿用" />
    </div>
  )
}
