// SPDX-License-Identifier: Apache-2.0
import { ApiProblem, apiGet, apiPost } from '@tongchou/api-client'
import { ActError, reasonOf, useAct, useApi, useSession } from '@tongchou/ui'
import { Alert, Button, Modal, Select } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { useBlocker, useNavigate } from 'react-router'
import { goToField } from './FormParts.tsx'
import { ProposalForm } from './ProposalForm.tsx'
import { Summary } from './ProposalSummary.tsx'
import type { Project, ProjectListPage } from './project-api.ts'
import { type Draft, type DraftField, draftOf, fieldOfPath } from './proposal.ts'
import { type ProposalState, useProposal, useTypedFindings } from './useProposal.ts'
import './projects.css'

export interface ProposalEditorProps {
  project: Project | null
  initial: Draft
  ownerOrgId: string
  organisations: readonly { id: string; name: string; kind: string }[]
}

/** The proposal being written: form on the left, what is missing and what the rules say in view on the right. */
export function ProposalEditor({ project, initial, ownerOrgId, organisations }: ProposalEditorProps) {
  const state = useProposal(initial, project)
  const { findings, failed } = useTypedFindings(state.draft, state.saved)
  const [attempted, setAttempted] = useState(false)
  const file = useFiling(state)
  const submit = (year: number) => {
    setAttempted(true)
    const first = state.lacks[0]
    if (first) goToField(first.field)
    else file.mutate(year)
  }
  useAddress(state)
  const { reset } = file
  // A refusal speaks of what was sent; what is typed since then is judged anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the draft is what starts it
  useEffect(() => reset(), [state.draft, reset])
  return (
    <>
      <LeaveGuard state={state} />
      <div className="tc-proposal">
        <div>
          {project === null && state.saved === null && <CopyFrom ownerOrgId={ownerOrgId} onCopy={state.change} />}
          <ProposalForm
            state={state}
            findings={findings}
            ownerKind={organisations.find((one) => one.id === ownerOrgId)?.kind}
            organisations={organisations}
            errors={useServerErrors(state)}
            showLacks={attempted}
          />
        </div>
        <Summary state={state} findings={findings} checkFailed={failed} attempted={attempted} filing={file.isPending} onFile={submit}>
          <ActError error={file.error} act="报送年度计划" />
        </Summary>
      </div>
    </>
  )
}

/** Hands the saved proposal into a year's plan and goes to where it is from then on. */
function useFiling(state: ProposalState) {
  const navigate = useNavigate()
  return useAct(async (year: number, key) => {
    const saved = await state.flush()
    if (saved === null) throw new ApiProblem({ status: 409, code: 'proposal.not_saved', title: '申报内容尚未保存，请待保存后再报送' })
    const { caseId } = await apiPost<{ caseId: string }>(
      `/api/v1/projects/${saved.id}/plan-entries`,
      { year, opinion: '' },
      { idempotencyKey: key },
    )
    await navigate(`/cases/${caseId}`)
  })
}

/** What the server refused when saving, by field. */
function useServerErrors({ standing }: ProposalState): ReadonlyMap<DraftField, string> {
  return useMemo(() => {
    const fields = standing.kind === 'refused' && standing.error instanceof ApiProblem ? standing.error.fields : []
    return new Map(fields.map((one) => [fieldOfPath(one.path), one.message]))
  }, [standing])
}

/** Once saved, the address is the draft's own. The router is not told: the page that is being typed in must stay as it is. */
function useAddress({ saved }: ProposalState): void {
  const id = saved?.id
  useEffect(() => {
    if (id !== undefined && window.location.pathname === '/projects/new')
      window.history.replaceState(window.history.state, '', `/projects/${id}/edit`)
  }, [id])
}

/** Leaving with something unsaved is asked about first. */
function LeaveGuard({ state }: { state: ProposalState }) {
  const blocker = useBlocker(({ currentLocation, nextLocation }) => state.isDirty() && currentLocation.pathname !== nextLocation.pathname)
  const { isDirty } = state
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (isDirty()) event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isDirty])
  return (
    <Modal
      open={blocker.state === 'blocked'}
      title="有内容尚未保存"
      okText="离开，放弃未保存的内容"
      okButtonProps={{ danger: true }}
      cancelText="继续填写"
      onOk={() => blocker.proceed?.()}
      onCancel={() => blocker.reset?.()}
    >
      <p>
        {state.lacks.length > 0
          ? `尚缺 ${state.lacks.length} 项，补齐后自动保存。现在离开，未保存的内容将丢失。`
          : '内容尚未送达服务器，离开后将丢失。'}
      </p>
    </Modal>
  )
}

/** Begins from an earlier project of the same unit: the name stays for the applicant to choose. */
function CopyFrom({ ownerOrgId, onCopy }: { ownerOrgId: string; onCopy: (draft: Partial<Draft>) => void }) {
  const session = useSession()
  const list = useApi<ProjectListPage>('/api/v1/projects', { ownerOrgId, limit: 100 })
  const copy = useAct(async (id: string) => {
    const { name: _name, urgencyReason: _urgency, ...rest } = draftOf(await apiGet<Project>(`/api/v1/projects/${id}`))
    onCopy(rest)
  })
  if (!list.data || list.data.items.length === 0) return null
  return (
    <div className="tc-copy">
      <label htmlFor="copy-from">从本单位以往申报复制</label>
      <Select
        id="copy-from"
        showSearch
        optionFilterProp="label"
        placeholder="选择项目"
        style={{ minWidth: 320 }}
        value={null}
        loading={copy.isPending}
        options={list.data.items.map((one) => ({ value: one.id, label: one.name }))}
        onChange={(id: string) => copy.mutate(id)}
      />
      <span className="tc-muted">
        {copy.isSuccess ? '已复制，请核对各项，并填写项目名称。' : `复制后由${session.person.name}核对修改，不影响原项目。`}
      </span>
      {copy.error && (
        <Alert
          type="error"
          showIcon
          title={`复制未成：${reasonOf(copy.error)}`}
          action={
            <Button size="small" onClick={() => copy.reset()}>
              关闭
            </Button>
          }
        />
      )}
    </div>
  )
}
