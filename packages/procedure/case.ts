// SPDX-License-Identifier: Apache-2.0

import type { Amount, LimitUnit, OutcomeKind } from './procedure.ts'

/** Who acts: a person in one post of one organisation, with the duties that post gives. Names are kept as they were on the day. */
export interface Actor {
  personId: string
  name: string
  postId: string
  orgId: string
  orgName: string
  duties: readonly string[]
  /** In whose place (受托), when the post was lent for a period. */
  onBehalfOf?: { personId: string; name: string }
}

/** Who signed, as history keeps it. */
export interface Signature {
  personId: string
  name: string
  postId: string
  orgId: string
  orgName: string
  duty: string
  /** Whoever the signer stood in for (受某某委托); both are parties to what was signed. */
  onBehalfOf?: { personId: string; name: string }
}

/** What a case is about, never more than its kind, id and version. */
export interface Subject {
  kind: string
  id: string
  version: number
}

/** The versions a case began under; it stays on them to its end. */
export interface Pins {
  pack: string
  packVersion: string
  procedure: string
  procedureVersion: number
  formVersion: string
}

/** Where a task returns to when it was opened by a return that comes straight back. */
export interface Back {
  step: string
  seat: number
  onward: readonly Back[]
}

/** Why a task is open: the case began, went forward, was returned (退回), came straight back, or was withdrawn (撤回). */
export type TaskCause = 'opened' | 'forward' | 'returned' | 'resumed' | 'withdrawn'

/** A clock that stands still on a legal ground (中止计时): since when, and how much of the limit is left, in its unit. */
export interface Paused {
  ground: string
  since: string
  left: number
  unit: LimitUnit
}

/** Work that waits for one holder (待办). `orgId` is null where whichever organisation bears the duty acts. */
export interface Task {
  id: string
  step: string
  /** Index of the holder within the step: its seat at a 会签. */
  seat: number
  duty: string
  slot: string
  orgId: string | null
  since: string
  /** The limit as it was when the task opened; null where there is none, or where a date of the record is the limit. */
  limit: Amount | null
  due: string | null
  /** The due date rests on a calendar that is not published (暂定). */
  provisional: boolean
  paused: Paused | null
  cause: TaskCause
  returnTo: readonly Back[]
}

/** One line of a case's history, never changed once written. An opinion in it is signed and stays. */
export interface Entry {
  seq: number
  act: 'decide' | 'withdraw'
  taskId: string
  step: string
  seat: number
  outcome: string | null
  outcomeTitle: string
  kind: OutcomeKind | 'withdraw'
  opinion: string | null
  documents: readonly AttachedDocument[]
  choices: readonly string[]
  emits: readonly string[]
  /** Tasks this act opened and closed besides its own, and where its own would have come back to. */
  opened: readonly string[]
  closed: readonly string[]
  returnTo: readonly Back[]
  by: Signature
  at: string
}

/** A document handed in with an act: its kind in the procedure, its id with the caller. */
export interface AttachedDocument {
  kind: string
  id: string
}

/**
 * `draft` before the first hand-in; `returned` and `withdrawn` while the party that hands in has to act again because of it;
 * `running` while offices hold it, also when one office returned it to another; `ended` and `rejected` are over.
 */
export type CaseStatus = 'draft' | 'running' | 'returned' | 'withdrawn' | 'ended' | 'rejected'

/** A case (办件): plain data that survives JSON, with everything the engine needs and nothing it does not. */
export interface Case {
  id: string
  subject: Subject
  pins: Pins
  applicant: Signature
  slots: Readonly<Record<string, string>>
  /**
   * What limits of kind `from-record` read, by field name: an instant, a civil date, which ends with its day, or an amount
   * such as `4 work-hour`.
   */
  dates: Readonly<Record<string, string>>
  /** Codes of the record by field name, for limits of kind `from-code`. */
  codes: Readonly<Record<string, string>>
  status: CaseStatus
  tasks: readonly Task[]
  /** Branches that have reached a join which still waits for others. */
  arrivals: readonly Arrival[]
  /** Branches that have come through a join, for a return into one of the others. */
  passed: readonly Arrival[]
  /** Seats that have signed at a 会签 which still waits for others. */
  signed: readonly Seat[]
  history: readonly Entry[]
  openedAt: string
  endedAt: string | null
  /** How many tasks were ever opened; the next one takes the next number. */
  counter: number
}

/** A branch that has come to the join `join` out of the step `from`. */
export interface Arrival {
  join: string
  from: string
}

/** A seat at a 会签 and who has signed there in this round. */
export interface Seat {
  step: string
  seat: number
  personId: string
}

/** What a case starts with. The applicant (申请人) is whoever opens it, in an ex-officio procedure the office's own person. */
export interface CaseInit {
  id: string
  subject: Subject
  pins: Pins
  applicant: Actor
  slots: Readonly<Record<string, string>>
  dates?: Readonly<Record<string, string>>
  codes?: Readonly<Record<string, string>>
}

/** What somebody does: decide a task by one of its outcomes, or take back (撤回) what they handed in. */
export type Act =
  | {
      kind: 'decide'
      actor: Actor
      taskId: string
      outcome: string
      opinion?: string
      documents?: readonly AttachedDocument[]
      choices?: readonly string[]
      dates?: Readonly<Record<string, string>>
      codes?: Readonly<Record<string, string>>
    }
  | { kind: 'withdraw'; actor: Actor; opinion?: string }

/** The calendars, which are the caller's: `orgId` is whose working hours count, null where no organisation is known. */
export interface Deadlines {
  /** When a limit that starts at `start` runs out. Provisional (暂定) when it rests on a calendar that is not published. */
  due(start: string, amount: number, unit: LimitUnit, orgId: string | null): { due: string; provisional: boolean }
  /** How many units are left from `from` until `due`; negative when it has passed. `due(from, left)` is `due` again. */
  left(from: string, due: string, unit: LimitUnit, orgId: string | null): number
}

/** Why a task is no longer open. */
export type CloseReason = 'decided' | 'returned' | 'withdrawn' | 'not-needed' | 'case-over'

/** What the caller must do, in this order. The engine itself performs nothing. */
export type Effect =
  | { type: 'guard'; act: string }
  | { type: 'task-closed'; taskId: string; step: string; reason: CloseReason }
  | { type: 'clock-stopped'; taskId: string }
  | { type: 'task-opened'; task: Task }
  | { type: 'task-changed'; task: Task }
  | { type: 'clock-started'; taskId: string; due: string; provisional: boolean }
  | { type: 'subject-event'; event: string }
  /** Events of an act that was taken back (撤回); the caller undoes them on the subject. */
  | { type: 'subject-event-retracted'; event: string }
  | { type: 'case-over'; status: 'ended' | 'rejected' }

/** Why an act is refused, in Chinese, with what cures it. */
export interface Finding {
  code: string
  message: string
  cure: string
  article?: string
}

/** Either the next case and what is to be done, or why not. Never both, never an exception. */
export type Result = { case: Case; effects: readonly Effect[] } | { findings: readonly Finding[] }
