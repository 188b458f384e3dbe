// SPDX-License-Identifier: Apache-2.0
import { ApiProblem, apiPost, type FieldProblem } from '@tongchou/api-client'
import {
  ActError,
  goToPath,
  KeptNote,
  OpinionBox,
  plainValues,
  Section,
  SendBar,
  StepForm,
  useAct,
  useKept,
  useStepForm,
} from '@tongchou/ui'
import { type ReactNode, useRef, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { Documents, documentsOf, type FilesByKind, missingDocuments, Precheck, ProcedureNote } from './ActParts.tsx'
import { cureOf } from './cures.ts'
import type { ProjectCase } from './lifecycle.ts'
import { procedureActs } from './project-acts.ts'
import type { ProcedureStart, Project } from './project-api.ts'
import { useProjectCases } from './useProjectCases.ts'

interface Begun {
  opinion: string
  form: Record<string, unknown>
  documents: { kind: string; id: string }[]
}

/** Begins a procedure on a project: precheck, form, documents, opinion, act. */
export function BeginAct({ project, act, start }: { project: Project; act: string; start: ProcedureStart }) {
  const words = procedureActs[act]
  const cases = useProjectCases(project)
  const running = cases.data?.cases.find((one) => one.status === 'running' && one.procedure === start.id)
  if (running) return <AlreadyRunning running={running} title={words?.title ?? start.title} />
  return (
    <BeginForm
      project={project}
      start={start}
      title={words?.title ?? start.title}
      submit={words?.submit ?? '提交'}
      path={`/api/v1/projects/${project.id}/${act}`}
    />
  )
}

/** One case of a procedure runs at a time; what is to be done is done in it. */
function AlreadyRunning({ running, title }: { running: ProjectCase; title: string }) {
  return (
    <div className="tc-state" role="alert">
      <p className="tc-state-title">“{title}”已在办理</p>
      <p>{running.holders.map((holder) => `${holder.title}：${holder.orgName}`).join('；')}。补正、撤回等在该办件中办理。</p>
      <Link to={`/cases/${running.caseId}`}>打开办件</Link>
    </div>
  )
}

export interface BeginFormProps {
  project: Project
  start: ProcedureStart
  title: string
  submit: string
  path: string
  /** Sent besides form, documents and opinion. */
  extra?: Record<string, unknown>
  /** What is still to be chosen above the form. */
  lacks?: readonly string[]
  children?: ReactNode
}

/** The first step of a procedure as a form. The server judges on live facts; its findings are shown beside the button. */
export function BeginForm({ project, start, title, submit, path, extra = {}, lacks = [], children }: BeginFormProps) {
  const { step } = start
  const form = useStepForm(step.form?.fields ?? [])
  const [files, setFiles] = useState<FilesByKind>({})
  const [opinion, setOpinion] = useState('')
  const [attempted, setAttempted] = useState(false)
  const navigate = useNavigate()
  const element = useRef<HTMLDivElement>(null)
  const goTo = (place: string) => element.current && goToPath(element.current, place)
  const kept = useKept(path, { values: plainValues(form.fields, form.values), opinion, files }, (before) => {
    form.fill(before.values)
    setOpinion(before.opinion)
    setFiles(before.files)
  })
  const clear = () => {
    form.fill({})
    setOpinion('')
    setFiles({})
  }
  const begin = useAct(async (body: Begun, key) => {
    const { caseId } = await apiPost<{ caseId: string }>(path, { ...body, ...extra }, { idempotencyKey: key })
    kept.clear()
    await navigate(`/cases/${caseId}`)
  })
  const needsOpinion = step.outcomes[0]?.requiresOpinion === true
  const missing = [
    ...lacks.map((message) => ({ path: 'above', message })),
    ...form.troubles,
    ...missingDocuments(step.documents, files),
    ...(needsOpinion && opinion.trim() === '' ? [{ path: 'opinion', message: '报送意见' }] : []),
  ]
  const go = () => {
    setAttempted(true)
    const first = missing[0]
    if (first) goTo(first.path)
    else begin.mutate({ opinion, form: form.data, documents: documentsOf(files) })
  }
  const guard = step.outcomes[0]?.guard
  const fields: readonly FieldProblem[] = begin.error instanceof ApiProblem ? begin.error.fields : []
  return (
    <div ref={element}>
      <KeptNote kept={kept} onClear={clear} />
      <ProcedureNote start={start} />
      {guard && <Precheck project={project} guard={guard} title={title} />}
      <div data-path="above">{children}</div>
      {step.form && (step.form.fields.length > 0 || step.form.note !== null) && (
        <Section title={step.form.title}>
          {step.form.note !== null && <p className="tc-muted">{step.form.note}</p>}
          <StepForm form={form} errors={fields} showMissing={attempted} />
        </Section>
      )}
      <Documents needs={step.documents} files={files} onChange={setFiles} showMissing={attempted} />
      <Section title="意见">
        <div className="tc-narrow" data-path="opinion">
          <OpinionBox
            value={opinion}
            onChange={setOpinion}
            phrases={['材料齐全，请予审核。', '按照审核意见已补正，请予审核。']}
            kind={`begin-${start.id}`}
            label="报送意见"
            required={needsOpinion}
          />
        </div>
      </Section>
      <ActError error={begin.error} act={title} kept={kept.isKept} fields={form.fields} cureOf={(finding) => cureOf(finding, project)} />
      <SendBar act={submit} troubles={missing} tried={attempted} pending={begin.isPending} onGo={go} onGoTo={goTo} />
    </div>
  )
}
