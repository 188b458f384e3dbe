// SPDX-License-Identifier: Apache-2.0
import { ApiProblem, apiPost, type Finding } from '@tongchou/api-client'
import {
  ActError,
  type Cure,
  FindingList,
  goToPath,
  KeptNote,
  LeaveGuard,
  plainValues,
  Section,
  StepForm,
  useAct,
  useKept,
} from '@tongchou/ui'
import { useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { CopyFrom } from './CopyFrom.tsx'
import { Summary } from './ProposalSummary.tsx'
import { placeOfFinding } from './proposal.ts'
import { type CopiedFrom, type ProposalStart, type ProposalState, useProposal, useTypedFindings } from './useProposal.ts'
import { deliverableGroups, useDeliverableWords } from './words.ts'
import './projects.css'

export interface ProposalEditorProps {
  start: ProposalStart
  /** What it was taken over from. */
  copiedFrom?: CopiedFrom | null
  ownerOrgId: string
  ownerKind: string | undefined
}

/** The proposal being written: form on the left, what is missing and what the rules say in view on the right. */
export function ProposalEditor({ start, copiedFrom = null, ownerOrgId, ownerKind }: ProposalEditorProps) {
  const nameOf = useDeliverableWords()
  const state = useProposal(start, { ownerKind, nameOf })
  const { form } = state
  const { findings, failed } = useTypedFindings(state)
  const [attempted, setAttempted] = useState(false)
  const element = useRef<HTMLDivElement>(null)
  const goTo = (path: string) => element.current && goToPath(element.current, path)
  const kept = useKeptProposal(state)
  const file = useFiling(state)
  const submit = (year: number) => {
    setAttempted(true)
    const first = state.lacks[0]
    if (first) goTo(first.path)
    else file.mutate(year)
  }
  useAddress(state)
  const { reset } = file
  const typed = JSON.stringify(form.data)
  // A refusal speaks of what was sent; what is typed since then is judged anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed is what starts it
  useEffect(() => reset(), [typed, reset])
  const placeless = findings.filter((one) => one.path === undefined).map((one) => one.finding)
  return (
    <>
      <LeaveGuard isDirty={state.isDirty} isKept={kept.isKept} />
      <div className="tc-filling">
        <div ref={element}>
          <KeptNote kept={kept} onClear={() => form.fill(start.values)} />
          {state.saved?.project == null && copiedFrom === null && (
            <CopyFrom ownerOrgId={ownerOrgId} form={form} draftId={state.saved?.id ?? null} flush={state.flush} />
          )}
          {copiedFrom !== null && state.copied.length > 0 && (
            <p className="tc-copy-note" role="status">
              本申报沿用“{copiedFrom.name}”{copiedFrom.planYear !== null && `${copiedFrom.planYear}年度`}的内容，尚有 {state.copied.length}{' '}
              项待核对。附件不沿用，报送建设方案时另行上传。
            </p>
          )}
          {placeless.length > 0 && (
            <Section title="其他规则提示">
              <FindingList findings={placeless} />
            </Section>
          )}
          <StepForm
            form={form}
            errors={errorsOf(state)}
            showMissing={attempted}
            notes={{ findings, cureOf: (finding) => cureOf(finding, state), copied: { paths: state.copied, onConfirm: state.confirm } }}
          />
        </div>
        <Summary
          state={state}
          findings={findings}
          checkFailed={failed}
          attempted={attempted}
          filing={file.isPending}
          yearBefore={copiedFrom?.planYear ?? null}
          onFile={submit}
          onGoTo={goTo}
        >
          <ActError error={file.error} act="报送年度计划" kept={kept.isKept} />
        </Summary>
      </div>
    </>
  )
}

/** What is not on the server is kept in this browser: no network, or a project that does not say everything any more. */
function useKeptProposal(state: ProposalState) {
  const { form, saved, standing } = state
  const kept = useKept(`proposal ${saved?.id ?? 'new'}`, plainValues(form.fields, form.values), (values) => form.fill(values))
  const { clear, isKept } = kept
  const isSaved = standing.kind === 'saved' && !state.isDirty()
  useEffect(() => {
    if (isSaved && isKept) clear()
  })
  return kept
}

/** Cures that the form itself can carry out at once. */
function cureOf(finding: Finding, { form }: ProposalState): Cure | undefined {
  if (finding.rule === 'no-own-infrastructure') {
    const dropped: readonly string[] = deliverableGroups[1]?.items ?? []
    const chosen = Array.isArray(form.values.deliverables) ? form.values.deliverables : []
    return {
      label: '从建设内容中删去',
      onCure: () =>
        form.set(
          'deliverables',
          chosen.filter((one) => !dropped.includes(String(one))),
        ),
    }
  }
  if (finding.facts.includes('project.deployment'))
    return { label: '改为部署在市政务云', onCure: () => form.set('plannedDeployment', 'gov-cloud') }
  if (placeOfFinding(finding) === 'builder' && form.values.builder !== 'big-data-center')
    return { label: '改由市大数据中心建设', onCure: () => form.set('builder', 'big-data-center') }
  return undefined
}

/** Hands the saved proposal into a year's plan and goes to where it is from then on. */
function useFiling(state: ProposalState) {
  const navigate = useNavigate()
  return useAct(async (year: number, key) => {
    const saved = await state.flush()
    if (!saved?.project) throw new ApiProblem({ status: 409, code: 'proposal.not_saved', title: '申报内容尚未保存，请待保存后再报送' })
    const { caseId } = await apiPost<{ caseId: string }>(
      `/api/v1/projects/${saved.id}/plan-entries`,
      { year, opinion: '' },
      { idempotencyKey: key },
    )
    await navigate(`/cases/${caseId}`)
  })
}

/** What the server refused when saving, at its items. */
function errorsOf({ standing }: ProposalState) {
  const fields = standing.kind === 'refused' && standing.error instanceof ApiProblem ? standing.error.fields : []
  return fields.map((one) => ({ ...one, path: one.path.replace(/^\/?(?:content\/)?/, '') }))
}

/** Once saved, the address is the draft's own. The router is not told: the page that is being typed in must stay as it is. */
function useAddress({ saved }: ProposalState): void {
  const place = saved === null ? null : saved.project === null ? `/projects/drafts/${saved.id}` : `/projects/${saved.id}/edit`
  useEffect(() => {
    const { pathname } = window.location
    if (place !== null && pathname !== place && /^\/projects\/(?:new$|drafts\/)/.test(pathname))
      window.history.replaceState(window.history.state, '', place)
  }, [place])
}
