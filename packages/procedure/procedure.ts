// SPDX-License-Identifier: Apache-2.0

/**
 * How a procedure begins: on application (依申请), where whoever hands in never decides, or ex officio (依职权), where an office
 * opens the case and the party it concerns reports.
 */
export type Initiation = 'application' | 'ex-officio'

/** Where a part of a procedure comes from: the article's words, what follows from them, or the city's own filling of a gap. */
export type Basis = 'text' | 'inference' | 'local'

/**
 * What a step is. `start` opens the case and is the only one of its kind; `submit` hands something in (提交) for the party the
 * case is about; `decide` judges it (审核、审批、会签、核查).
 */
export type StepKind = 'start' | 'submit' | 'decide'

/** `one`: a single holder. `all` (会签): every holder signs. `any` (或签): the first holder who acts decides. */
export type Quorum = 'one' | 'all' | 'any'

/**
 * Who acts: a duty, and in which organisation. `resolve: duty` is whichever organisation bears the duty at the time;
 * anything else names an organisation slot of the case, such as `subject-org`, `builder` or `user-unit`.
 */
export interface Holder {
  duty: string
  resolve: string
}

/** 工作小时, 小时（含夜间和节假日）, 工作日, 自然日, 月. Working hours belong to an organisation's calendar. */
export type LimitUnit = 'work-hour' | 'hour' | 'work-day' | 'day' | 'month'

/** Where fixed days are from that the measure itself does not state; not verified where that text is not held (未持有原文). */
export interface LimitSource {
  source: string
  verified: boolean
}

/** A limit that is settled: so many of a unit. */
export interface Amount {
  amount: number
  unit: LimitUnit
}

/**
 * How long a step may take (办理时限). Where the text states nothing the reason says so (未规定). `from-record` reads the case: a date,
 * or an amount such as `4 work-hour`. `from-code` looks a code of the case up in a table, such as the class of a problem.
 * It is resolved when the step starts, and stored with the task.
 */
export type Limit =
  | ({ kind: 'fixed' } & Amount & Partial<LimitSource>)
  | { kind: 'from-record'; field: string }
  | { kind: 'from-code'; field: string; table: Readonly<Record<string, Amount>> }
  | { kind: 'none'; reason: string }

/** A kind of document (材料) a step takes; a required one must be there before the case goes forward. */
export interface DocumentNeed {
  kind: string
  title: string
  required: boolean
}

/** Something the holder may do and must then record (可……): it is written down with the decision and binds nobody. */
export interface Choice {
  id: string
  title: string
  article: string
}

/** `forward` goes on, `return` goes back (退回), `reject` ends the case against the applicant, `end` completes it (办结). */
export type OutcomeKind = 'forward' | 'return' | 'reject' | 'end'

/** After a return: `again` walks through the following steps once more, `straight-back` comes straight back to who returned it. */
export type ReturnMode = 'again' | 'straight-back'

/** One way to leave a step. `guard` is a policy act and `emits` are events of the subject; the caller judges the one and applies the others. */
export interface Outcome {
  id: string
  title: string
  kind: OutcomeKind
  /** Several ids open parallel branches (并联). Exactly one for a return, none for an end or a rejection. */
  next: readonly string[]
  mode: ReturnMode | null
  guard: string | null
  emits: readonly string[]
  article: string | null
  requiresOpinion: boolean
}

/** On what legal grounds a clock may stand still (中止计时): 补正, 公示, 专家评审. */
export type PauseGround = 'supplement' | 'publicity' | 'expert-review'

/** A ground that the step declares, and where it comes from. A pause without one is refused. */
export interface Pause {
  ground: PauseGround
  title: string
  article: string
  basis: Basis
}

/**
 * What a holder may ask for at a step, each with the duty that answers; null where it may not be asked for.
 * 转办, 委托, 加签, 减签, 抄送 and going back to who handed a task on need no entry: they change who works, not what holds.
 */
export interface Asks {
  /** 延期: so many times (once unless said otherwise), after the limit has passed only where `extendLate` says so. */
  extend: string | null
  extendTimes: number
  extendLate: boolean
  /** 挂账. */
  shelve: string | null
  /** 不属本单位: who sends the task elsewhere when the procedure itself sent it here. */
  'not-mine': string | null
}

/** Who may intervene in a case as a whole; empty: nobody, besides the opener's own office before any decision (作废) and the applicant (催办). */
export interface Control {
  /** 督办, and 催办 besides the applicant. */
  supervise: readonly string[]
  /** 作废 at any time. */
  void: readonly string[]
  /** 并案. */
  merge: readonly string[]
  /** A task may be urged (催办) once in so many hours. */
  urgeHours: number
}

/** One step (环节) of a procedure. */
export interface Step {
  id: string
  title: string
  kind: StepKind
  holders: readonly Holder[]
  quorum: Quorum
  /** Steps that must all have arrived before this one opens (并联汇合); empty for an ordinary step. */
  joins: readonly string[]
  limit: Limit
  pauses: readonly Pause[]
  asks: Asks
  documents: readonly DocumentNeed[]
  form: string | null
  choices: readonly Choice[]
  /** Steps whose signers may not act here as well (岗位分离). */
  notBy: readonly string[]
  /** Why the applicant's own organisation may decide here; another person always does. Null where another office decides. */
  separation: string | null
  article: string
  basis: Basis
  note: string | null
  outcomes: readonly Outcome[]
}

/** A procedure (办事流程) of a policy pack, as data. */
export interface Procedure {
  id: string
  title: string
  version: number
  /** Kind of the subject its cases are about: project, plan-entry, payment, … */
  subject: string
  initiation: Initiation
  articles: readonly string[]
  basis: Basis
  note: string | null
  control: Control
  steps: readonly Step[]
}
