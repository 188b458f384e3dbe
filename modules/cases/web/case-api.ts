import type { Finding } from '@tongchou/api-client'
import type { FormField } from '@tongchou/procedure'
import type { Attachment, PathEdge } from '@tongchou/ui'

/** One line of a work list, as `GET /api/v1/tasks` gives it. */
export interface WorkLine {
  caseId: string
  taskId: string | null
  title: string
  stepTitle: string | null
  procedure: string
  procedureTitle: string
  status: CaseStatus
  subject: { kind: string; id: string }
  applicant: { name: string; organisation: string }
  fromName: string | null
  cause: string | null
  sinceAt: string
  dueAt: string | null
  provisional: boolean
  shelvedUntil: string | null
  supervised: boolean
  paused: boolean
  unread: boolean
}

/** How much is in the boxes of the work list. */
export interface BoxCounts {
  open: number
  overdue: number
  shelved: number
  supervised: number
  overseen: number
  copied: number
  drafts: number
}

/** A verb that this post may do besides deciding, or why not. */
export interface VerbOffer {
  kind: string
  title: string
  taskId: string | null
  ref: string | null
  about: string | null
  refused: string | null
}

export type CaseStatus = 'draft' | 'running' | 'returned' | 'withdrawn' | 'ended' | 'rejected' | 'merged' | 'voided'

/** A signed line of a case's history. */
export interface Signed {
  seq: number
  step: string
  stepTitle: string
  outcomeTitle: string
  act: string
  until: string | null
  kind: string
  opinion: string | null
  person: string
  organisation: string
  dutyTitle: string
  at: string
  documents: (Attachment & { kind: string })[]
  choices: string[]
  form: { title: string; type: string; value: unknown }[]
}

/** A task this post may decide now. */
export interface OwnTask {
  id: string
  step: string
  title: string
  article: string
  note: string | null
  sinceAt: string
  dueAt: string | null
  outcomes: {
    id: string
    title: string
    kind: string
    guard: string | null
    requiresOpinion: boolean
    article: string | null
    dates: { field: string; required: boolean }[]
  }[]
  documents: { kind: string; title: string; required: boolean }[]
  choices: { id: string; title: string; article: string }[]
  form: { id: string; title: string; note: string | null; fields: FormField[] } | null
}

/** A case, as `GET /api/v1/cases/{id}` gives it. */
export interface CaseView {
  id: string
  title: string
  status: CaseStatus
  procedure: { id: string; title: string; note: string | null; articles: string[] }
  pack: { id: string; version: string }
  subject: { kind: string; id: string; version: number }
  applicant: { name: string; organisation: string }
  openedAt: string
  endedAt: string | null
  path: {
    steps: {
      id: string
      title: string
      state: 'done' | 'active' | 'ahead' | 'skipped'
      article: string
      basis: string
      note: string | null
      duty: string
      organisation: string
      holders: string[]
      sinceAt: string | null
      dueAt: string | null
      overdue: boolean
      provisional: boolean
      limitText: string
      remarks: string[]
      decisions: Signed[]
    }[]
    edges: PathEdge[]
  }
  history: Signed[]
  tasks: OwnTask[]
  barred: { title: string; reason: string }[]
  mayWithdraw: boolean
  verbs: VerbOffer[]
  countersigns: { id: string; step: string; to: string; from: string; question: string; open: boolean }[]
  asks: { id: string; kind: string; taskId: string; step: string; from: string; reason: string; until: string | null }[]
  demands: { id: string; from: string; demand: string; until: string; reply: string | null }[]
  mergedInto: { id: string; title: string; outcome: string | null } | null
  copied: 'unread' | 'read' | null
  grounds: { taskId: string; ground: string; title: string }[]
}

/** What is sent to decide a task. */
export interface ActBody {
  taskId: string
  outcome: string
  opinion: string | null
  form: Record<string, unknown>
  documents: { kind: string; id: string }[]
  choices: string[]
  dates: Record<string, string>
}

export interface Checked {
  findings: Finding[]
}

/** Words for the standing of a case. */
export const statusWords: Readonly<Record<CaseStatus, { text: string; tone: 'plain' | 'soon' | 'bad' | 'good' }>> = {
  draft: { text: '草稿', tone: 'plain' },
  running: { text: '办理中', tone: 'plain' },
  returned: { text: '退回补正', tone: 'soon' },
  withdrawn: { text: '已撤回', tone: 'soon' },
  ended: { text: '已办结', tone: 'good' },
  rejected: { text: '未通过', tone: 'bad' },
  merged: { text: '已并案', tone: 'plain' },
  voided: { text: '已作废', tone: 'plain' },
}
