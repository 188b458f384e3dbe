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

/** Somebody by name. */
export interface Person {
  personId: string
  name: string
}

/** Whom something is handed to or asked of: an office that bears a duty, or one person there. */
export interface Party {
  orgId: string
  orgName: string
  duty: string
  person: Person | null
}

/** How a task came to another (转办): who handed it on. It can go back the way it came. */
export interface Handoff {
  by: Signature
  at: string
}

/** 委托: who entrusted the task to its holder, and by whom it was held before. */
export interface Entrusted {
  by: Signature
  before: Person | null
}

/** 挂账: until when, why, by whose consent. */
export interface Shelved {
  until: string
  reason: string
  by: Signature
  at: string
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
  /** Who alone decides it (转办、委托给个人); null where whoever bears the duty does. */
  holder: Person | null
  entrusted: Entrusted | null
  handoffs: readonly Handoff[]
  shelved: Shelved | null
  /** How often its limit was extended (延期), and when it was last urged (催办). */
  extensions: number
  urgedAt: string | null
  cause: TaskCause
  returnTo: readonly Back[]
}

/** What is done besides deciding and taking back. */
export type VerbKind = Verb['kind']

/** What a verb was about, for who reads the history. */
export interface Detail {
  to?: readonly Party[]
  /** New limit, review date or date of a demand. */
  until?: string
  form?: CountersignForm
  rule?: CountersignRule
  ground?: string
  granted?: boolean
  /** Id of the countersign, ask or demand that it answers. */
  ref?: string
  leading?: string
}

/** One line of a case's history, never changed once written. An opinion in it is signed and stays. */
export interface Entry {
  seq: number
  act: 'decide' | 'withdraw' | VerbKind
  taskId: string
  step: string
  seat: number
  outcome: string | null
  outcomeTitle: string
  kind: OutcomeKind | 'withdraw' | VerbKind
  opinion: string | null
  documents: readonly AttachedDocument[]
  choices: readonly string[]
  emits: readonly string[]
  /** Tasks this act opened and closed besides its own, and where its own would have come back to. */
  opened: readonly string[]
  closed: readonly string[]
  returnTo: readonly Back[]
  detail: Detail | null
  by: Signature
  at: string
}

/** `before` one's own decision, `beside` it, or `after` it: the last two are waited for by what follows. */
export type CountersignForm = 'before' | 'beside' | 'after'

/** 会签: all asked must sign. 或签: the first who signs answers for all. */
export type CountersignRule = 'all' | 'any'

/** An opinion that is asked for (加签) and not signed yet; a signed one is a line of the history and stays. */
export interface Countersign {
  id: string
  /** The asking it belongs to; the others of an `any` fall away when one signs. */
  group: string
  taskId: string
  step: string
  seat: number
  form: CountersignForm
  rule: CountersignRule
  to: Party
  question: string
  by: Signature
  since: string
  /** False while an `after` waits for the decision it follows. */
  open: boolean
  /** The decision it belongs to is made. */
  decided: boolean
}

/** What a holder has asked for and nobody has answered yet: 延期, 挂账, 不属本单位. */
export interface Ask {
  id: string
  kind: 'extend' | 'shelve' | 'not-mine'
  taskId: string
  step: string
  seat: number
  /** The duty that answers. */
  duty: string
  by: Signature
  reason: string
  until: string | null
  ground: string | null
  since: string
}

/** 督办: a demand with a date that the holder answers (回复), until who placed it lifts it. */
export interface Demand {
  id: string
  by: Signature
  demand: string
  until: string
  since: string
  /** The line of the history that answers it. */
  reply: number | null
}

/** What is left of the limit of a seat that returned a paper for 补正, and who held it. */
export interface Kept {
  step: string
  seat: number
  left: number | null
  unit: LimitUnit
  orgId: string | null
  holder: Person | null
}

/** A document handed in with an act: its kind in the procedure, its id with the caller. */
export interface AttachedDocument {
  kind: string
  id: string
}

/**
 * `draft` before the first hand-in; `returned` and `withdrawn` while the party that hands in has to act again because of it;
 * `running` while offices hold it, also when one office returned it to another; the others are over: `merged` 已并案, `voided` 已作废.
 */
export type CaseStatus = 'draft' | 'running' | 'returned' | 'withdrawn' | CaseOver

export type CaseOver = 'ended' | 'rejected' | 'merged' | 'voided'

/** A case (办件): plain data that survives JSON, with everything the engine needs and nothing it does not. */
export interface Case {
  id: string
  subject: Subject
  pins: Pins
  applicant: Signature
  /** Who stands in the place of the applicant's organisation since it was reorganised (组织调整). */
  applicantOrgId?: string
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
  /** Opinions asked for (加签), things asked for (延期、挂账), demands (督办), and limits that wait (补正). */
  countersigns: readonly Countersign[]
  asks: readonly Ask[]
  demands: readonly Demand[]
  kept: readonly Kept[]
  /** The case it was merged into (并案); its outcome is that one's. */
  mergedInto: string | null
  history: readonly Entry[]
  openedAt: string
  endedAt: string | null
  /** How many tasks, countersigns, asks and demands there ever were; the next one takes the next number. */
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

/** A case that another is to be merged into, as the caller finds it. */
export interface LeadingCase {
  id: string
  title: string
  procedure: string
  subject: Subject
  status: CaseStatus
}

type OnTask<K extends string> = { kind: K; actor: Actor; taskId: string; opinion: string }
type OnCase<K extends string> = { kind: K; actor: Actor; opinion: string }

/** What offices do with a case besides deciding it. `opinion` is the reason, the question, the demand or the answer. */
export type Verb =
  | (OnTask<'transfer'> & { to: Party })
  | (OnTask<'entrust'> & { to: Party })
  | OnTask<'take-back'>
  | OnTask<'not-mine'>
  | (OnTask<'countersign'> & { to: readonly Party[]; form: CountersignForm; rule: CountersignRule })
  | (OnCase<'uncountersign'> & { ref: string })
  | (OnCase<'sign'> & { ref: string })
  | (OnTask<'extend'> & { until: string })
  | (OnTask<'shelve'> & { until: string; ground: string | null })
  | OnTask<'unshelve'>
  | (OnCase<'answer'> & { ref: string; granted: boolean; to: Party | null })
  | (OnTask<'pause'> & { ground: string })
  | OnTask<'resume'>
  | (OnCase<'merge'> & { leading: LeadingCase })
  | OnCase<'void'>
  | OnTask<'urge'>
  | (OnCase<'oversee'> & { until: string })
  | (OnCase<'reply'> & { ref: string })
  | (OnCase<'lift'> & { ref: string })
  | (OnCase<'copy'> & { to: readonly Party[] })

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
  | Verb

/** The calendars, which are the caller's: `orgId` is whose working hours count, null where no organisation is known. */
export interface Deadlines {
  /** When a limit that starts at `start` runs out. Provisional (暂定) when it rests on a calendar that is not published. */
  due(start: string, amount: number, unit: LimitUnit, orgId: string | null): { due: string; provisional: boolean }
  /** How many units are left from `from` until `due`; negative when it has passed. `due(from, left)` is `due` again. */
  left(from: string, due: string, unit: LimitUnit, orgId: string | null): number
}

/** Why a task is no longer open. */
export type CloseReason = 'decided' | 'returned' | 'withdrawn' | 'not-needed' | 'case-over'

/** Whom a notice goes to: a person, or whoever bears a duty. */
export type NoticeTo = { personId: string } | { duty: string; orgId: string | null }

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
  /** A clock that stands still, goes on with what was left, or ends at another time. */
  | { type: 'clock-paused'; taskId: string; ground: string; left: number; unit: LimitUnit }
  | { type: 'clock-resumed'; taskId: string; due: string; provisional: boolean }
  | { type: 'clock-changed'; taskId: string; due: string; was: string }
  /** Somebody is to be told; `about` is the task, countersign, ask or demand, so that each is told once. */
  | { type: 'notice'; kind: VerbKind; to: readonly NoticeTo[]; about: string; text: string }
  | { type: 'case-over'; status: CaseOver }

/** Why an act is refused, in Chinese, with what cures it. */
export interface Finding {
  code: string
  message: string
  cure: string
  article?: string
}

/** Either the next case and what is to be done, or why not. Never both, never an exception. */
export type Result = { case: Case; effects: readonly Effect[] } | { findings: readonly Finding[] }
