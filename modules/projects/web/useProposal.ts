// SPDX-License-Identifier: Apache-2.0
import { ApiProblem, apiPost, apiPut, type Finding } from '@tongchou/api-client'
import {
  type AnchoredFinding,
  anchorFindings,
  DraftSaver,
  type FieldTrouble,
  type FormValues,
  plainValues,
  type SaveAttempt,
  type SavedDraft,
  type SaveStanding,
  type StepFormState,
  useStepForm,
} from '@tongchou/ui'
import { useEffect, useRef, useState } from 'react'
import type { Project } from './project-api.ts'
import { bodyOf, type DraftContent, draftContentOf, proposalPlaces, soFar, tellingFindings } from './proposal.ts'
import { type ProposalSetting, proposalFields } from './proposal-fields.ts'

/** What a proposal is on the server: a draft that does not say everything yet, or a project. */
export interface SavedProposal extends SavedDraft {
  project: Project | null
}

/** How the writing begins: with nothing, from a draft, with a project. */
export interface ProposalStart {
  values: FormValues
  copied: readonly string[]
  saved: SavedProposal | null
}

/** What a draft was taken over from, and the latest year into whose plan that was filed. */
export interface CopiedFrom {
  id: string
  name: string
  planYear: number | null
}

/** A draft as `GET /api/v1/proposal-drafts/{id}` gives it. */
export interface ProposalDraft extends SavedDraft {
  content: DraftContent
  copied: string[]
  copiedFrom: CopiedFrom | null
}

/** A proposal being written: what is typed, what it lacks, and how far it is saved. */
export interface ProposalState {
  form: StepFormState
  /** Items taken over from last year that nobody has looked at yet. */
  copied: readonly string[]
  confirm: (path: string) => void
  /** What keeps it from being handed in, in the order of the form. */
  lacks: readonly FieldTrouble[]
  standing: SaveStanding
  saved: SavedProposal | null
  isDirty: () => boolean
  flush: () => Promise<SavedProposal | null>
}

interface SaveBody extends Record<string, unknown> {
  /** As a project; null while something is missing. */
  whole: Record<string, unknown> | null
  draft: Record<string, unknown>
  /** Items taken over that have been looked at. */
  confirmed: readonly string[]
}

export function useProposal(start: ProposalStart, setting: ProposalSetting): ProposalState {
  const form = useStepForm((values) => proposalFields(values, setting), start.values)
  const [copied, setCopied] = useState(start.copied)
  const [{ standing, saved }, setStanding] = useState<{ standing: SaveStanding; saved: SavedProposal | null }>({
    standing: start.saved === null ? { kind: 'kept' } : { kind: 'saved', at: start.saved.updatedAt },
    saved: start.saved,
  })
  const text = JSON.stringify([plainValues(form.fields, form.values), copied])
  const [saver] = useState(
    () => new DraftSaver<SavedProposal>(save, (standing, saved) => setStanding({ standing, saved }), start.saved, text),
  )
  const titles = new Map(form.fields.map((field) => [field.id, field.title]))
  const unread = copied.filter((path) => titles.has(path)).map((path) => ({ path, message: `${titles.get(path)}：沿用内容待核对` }))
  const lacks = [...form.troubles, ...unread.filter(({ path }) => !form.troubles.some((one) => one.path === path))]
  const body: SaveBody = {
    whole: lacks.length === 0 ? bodyOf(form.fields, form.values) : null,
    draft: { secrecy: false, content: draftContentOf(form.fields, form.values), copied },
    confirmed: start.copied.filter((one) => !copied.includes(one) || !titles.has(one)),
  }
  const latest = useRef(body)
  latest.current = body
  useEffect(() => {
    // A project says everything; what does not say everything any more waits on the page and in this browser.
    const isHeld = latest.current.whole === null && saver.current?.project != null
    saver.offer(text, isHeld ? null : latest.current)
  }, [saver, text])
  useEffect(() => () => saver.stop(), [saver])
  useRetryWhenOnline(saver)
  return {
    form,
    copied,
    confirm: (path) => setCopied((all) => all.filter((one) => one !== path)),
    lacks,
    standing,
    saved,
    isDirty: () => saver.isDirty,
    flush: () => saver.flush(),
  }
}

/** Saves where the proposal is: a project once it says everything, a draft before. */
async function save({ target, body, key }: SaveAttempt<SavedProposal>): Promise<SavedProposal> {
  const { whole, draft, confirmed } = body as SaveBody
  const options = { idempotencyKey: key }
  if (target?.project)
    return asSaved(await apiPut<Project>(`/api/v1/projects/${target.id}`, { ...whole, version: target.version }, options))
  if (whole !== null)
    return asSaved(
      await apiPost<Project>('/api/v1/projects', { ...whole, ...(target ? { draft: { id: target.id, confirmed } } : {}) }, options),
    )
  const { copied: _copied, ...begun } = draft
  const stored =
    target === null
      ? await apiPost<ProposalDraft>('/api/v1/proposal-drafts', begun, options)
      : await apiPut<ProposalDraft>(`/api/v1/proposal-drafts/${target.id}`, { ...draft, version: target.version }, options)
  return { id: stored.id, version: stored.version, updatedAt: stored.updatedAt, project: null }
}

/** A project as what was saved. */
export function asSaved(project: Project): SavedProposal {
  return { id: project.id, version: project.version, updatedAt: project.updatedAt, project }
}

function useRetryWhenOnline(saver: DraftSaver<SavedProposal>) {
  useEffect(() => {
    const retry = () => void saver.flush()
    window.addEventListener('online', retry)
    return () => window.removeEventListener('online', retry)
  }, [saver])
}

/** Acts that the rules are asked about while typing, and how the form speaks of them. */
const checkedActs = [
  { act: 'plan.file', title: '报送年度计划' },
  { act: 'project.apply', title: '报送建设方案' },
] as const

/** A finding at its item, and the acts it concerns. */
export interface TypedFinding extends AnchoredFinding {
  acts: readonly string[]
}

const CHECK_MS = 500

/** What the rules say of what is typed, a moment after the last key. A check without an answer leaves the last answer standing. */
export function useTypedFindings({ form, saved }: ProposalState): { findings: readonly TypedFinding[]; failed: unknown } {
  const [answer, setAnswer] = useState<{ said: readonly Said[]; failed: unknown }>({ said: [], failed: null })
  const text = JSON.stringify(soFar(form.fields, form.values))
  useEffect(() => {
    const abort = new AbortController()
    const timer = setTimeout(async () => {
      try {
        const proposal: unknown = JSON.parse(text)
        const answers = await Promise.all(
          checkedActs.map(({ act }) =>
            apiPost<{ findings: Finding[] }>('/api/v1/projects/check', { act, proposal }, { signal: abort.signal }),
          ),
        )
        setAnswer({ said: merged(answers.map(({ findings }) => findings)), failed: null })
      } catch (error) {
        if (abort.signal.aborted) return
        // An item that cannot be read yet is named beside the item itself.
        setAnswer((before) => ({ ...before, failed: error instanceof ApiProblem && error.status < 500 ? null : error }))
      }
    }, CHECK_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [text])
  const telling = tellingFindings(
    answer.said.map((one) => one.finding),
    form.troubles,
  ).filter((finding) => !isAnswered(finding, saved?.project ?? null))
  const places = proposalPlaces.filter(([, path]) => form.fields.some((field) => field.id === path))
  const findings = anchorFindings(telling, places).map((one) => ({
    ...one,
    acts: answer.said.find(({ finding }) => finding === one.finding)?.acts ?? [],
  }))
  return { findings, failed: answer.failed }
}

interface Said {
  finding: Finding
  acts: readonly string[]
}

/** The same rule speaks once, for all acts it guards. */
function merged(byAct: readonly (readonly Finding[])[]): Said[] {
  const all = new Map<string, { finding: Finding; acts: string[] }>()
  byAct.forEach((findings, index) => {
    const title = checkedActs[index]?.title ?? ''
    for (const finding of findings) {
      const known = all.get(finding.rule)
      if (known) known.acts.push(title)
      else all.set(finding.rule, { finding, acts: [title] })
    }
  })
  return [...all.values()]
}

/** What an office has answered since is not known to a check of the typed text alone. */
function isAnswered(finding: Finding, project: Project | null): boolean {
  if (project === null) return false
  if (finding.facts.includes('project.filedWithCenter')) return project.superiorReceivedAt !== null
  return finding.effect === 'undecidable' && finding.facts.includes('project.emergency') && project.urgency === 'rejected'
}
