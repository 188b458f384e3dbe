import type { ListPage } from '@tongchou/api-client'
import type { Tone } from '@tongchou/ui'
import type { cardStateWords, colourWords, Standing } from '../words.ts'

export type SupervisingVerb = 'urge' | 'oversee'

/** A card, as `GET /api/v1/cards` gives it. */
export interface Card {
  id: string
  colour: keyof typeof colourWords
  caseId: string
  taskId: string
  caseTitle: string
  procedureTitle: string
  stepTitle: string
  orgName: string
  dueAt: string
  issuedAt: string
  explainBy: string | null
  state: keyof typeof cardStateWords
  isClosed: boolean
  escalatedAt: string | null
  escalatedToName: string | null
  explanations: Explanation[]
  mayReadCase: boolean
  /** 催办、督办 that this post may do on the task, now or later. */
  verbs: SupervisingVerb[]
  mayExplain: boolean
  mayReview: boolean
}

export interface Explanation {
  id: string
  reason: string
  personName: string
  orgName: string
  givenAt: string
  verdict: 'accepted' | 'rejected' | null
  opinion: string | null
  reviewedByName: string | null
  reviewedAt: string | null
}

/** A task as its overseer sees it. */
export interface OverseenTask {
  caseId: string
  taskId: string
  title: string
  procedureTitle: string
  stepTitle: string
  orgId: string | null
  orgName: string
  sinceAt: string
  dueAt: string | null
  provisional: boolean
  standing: Standing
  leftText: string
  yellowCount: number
  redCount: number
  reason: 'due' | 'given' | 'accepted' | 'rejected' | null
  mayReadCase: boolean
  /** 催办、督办 that this post may do on the task, now or later. */
  verbs: SupervisingVerb[]
}

export interface OversightFigures {
  running: number
  late: number
  soon: number
  inTime: number
  paused: number
  noLimit: number
  redCards: number
  unexplained: number
  toReview: number
}

export interface OfficeStanding {
  rank: number | null
  orgId: string | null
  orgName: string
  doneInTime: number
  doneLate: number
  inTimePermille: number | null
  averageDays: number | null
  lateNow: number
  yellowCount: number
  redCount: number
}

export interface Ranking extends ListPage<OfficeStanding> {
  from: string
  to: string
}

export const standingTones: Readonly<Record<Standing, Tone>> = {
  late: 'bad',
  soon: 'soon',
  'in-time': 'plain',
  paused: 'plain',
  'no-limit': 'plain',
  'done-in-time': 'good',
  'done-late': 'bad',
}

export const cardStateTones: Readonly<Record<Card['state'], Tone>> = {
  none: 'plain',
  due: 'bad',
  given: 'soon',
  accepted: 'good',
  rejected: 'bad',
}
