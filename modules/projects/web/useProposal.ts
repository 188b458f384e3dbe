// SPDX-License-Identifier: Apache-2.0
import { ApiProblem, apiPost, apiPut, type Finding } from '@tongchou/api-client'
import { useEffect, useMemo, useRef, useState } from 'react'
import { DraftSaver, type SaveStanding } from './draft-saver.ts'
import type { Project } from './project-api.ts'
import { bodyOf, type Draft, type Lack, lacksOf, soFar, tellingFindings } from './proposal.ts'

/** A proposal being written: what is typed, what it lacks, what the rules say, and how far it is saved. */
export interface ProposalState {
  draft: Draft
  change: (part: Partial<Draft>) => void
  /** An amount that cannot be read: it stays on the screen and nothing is saved over it. */
  setUnreadable: (path: string, error: string | undefined) => void
  lacks: readonly Lack[]
  standing: SaveStanding
  /** As last saved. */
  saved: Project | null
  isDirty: () => boolean
  flush: () => Promise<Project | null>
}

export function useProposal(initial: Draft, project: Project | null): ProposalState {
  const [draft, setDraft] = useState(initial)
  const [unreadable, setErrors] = useState<Readonly<Record<string, string>>>({})
  const [{ standing, saved }, setStanding] = useState<{ standing: SaveStanding; saved: Project | null }>({
    standing: project === null ? { kind: 'kept' } : { kind: 'saved', at: project.updatedAt },
    saved: project,
  })
  const [saver] = useState(
    () => new DraftSaver<Project>(save, (standing, saved) => setStanding({ standing, saved }), project, JSON.stringify(initial)),
  )
  const lacks = useMemo(
    () => [
      ...lacksOf(draft),
      ...Object.entries(unreadable).map(
        ([path, message]): Lack => ({ field: path.startsWith('om') ? 'omCostFen' : 'budgetLines', message }),
      ),
    ],
    [draft, unreadable],
  )
  useEffect(() => saver.offer(JSON.stringify(draft), lacks.length === 0 ? bodyOf(draft) : null), [saver, draft, lacks])
  useEffect(() => () => saver.stop(), [saver])
  useRetryWhenOnline(saver)
  return {
    draft,
    change: (part) => setDraft((all) => ({ ...all, ...part })),
    setUnreadable: (path, error) => setErrors((all) => without(all, path, error)),
    lacks,
    standing,
    saved,
    isDirty: () => saver.isDirty,
    flush: () => saver.flush(),
  }
}

function without(all: Readonly<Record<string, string>>, path: string, error: string | undefined) {
  if (all[path] === error) return all
  const { [path]: _gone, ...rest } = all
  return error === undefined ? rest : { ...rest, [path]: error }
}

function save({ target, body, key }: { target: { id: string; version: number } | null; body: Record<string, unknown>; key: string }) {
  const options = { idempotencyKey: key }
  if (target === null) return apiPost<Project>('/api/v1/projects', body, options)
  return apiPut<Project>(`/api/v1/projects/${target.id}`, { ...body, version: target.version }, options)
}

function useRetryWhenOnline(saver: DraftSaver<Project>) {
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

/** A finding, and the acts it concerns. */
export interface TypedFinding {
  finding: Finding
  acts: readonly string[]
}

const CHECK_MS = 500

/** What the rules say of what is typed, a moment after the last key. A check without an answer leaves the last answer standing. */
export function useTypedFindings(draft: Draft, project: Project | null): { findings: readonly TypedFinding[]; failed: unknown } {
  const [answer, setAnswer] = useState<{ findings: readonly TypedFinding[]; failed: unknown }>({ findings: [], failed: null })
  const text = JSON.stringify(soFar(draft))
  const latest = useRef(draft)
  latest.current = draft
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
        setAnswer({ findings: merged(answers.map(({ findings }) => findings)), failed: null })
      } catch (error) {
        if (abort.signal.aborted) return
        // A field that cannot be read yet is named beside the field itself.
        setAnswer((before) => ({ ...before, failed: error instanceof ApiProblem && error.status < 500 ? null : error }))
      }
    }, CHECK_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [text])
  const telling = new Set(
    tellingFindings(
      answer.findings.map((one) => one.finding),
      draft,
    ),
  )
  return {
    findings: answer.findings.filter(({ finding }) => telling.has(finding) && !isAnswered(finding, project)),
    failed: answer.failed,
  }
}

/** The same rule speaks once, for all acts it guards. */
function merged(byAct: readonly (readonly Finding[])[]): TypedFinding[] {
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
