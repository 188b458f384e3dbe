import type { RawBuilder } from 'kysely'
import type { Actor, Ctx, DutyId } from './context.ts'
import type { Finding } from './errors.ts'

/** The thing a case is about (办件对象), at one version of it. */
export interface CaseSubjectRef {
  kind: string
  id: string
  version: number
}

/** What the owner of a subject is told of its case. `orgs` are the case's organisation slots: slot → organisation id. */
export interface CaseRef {
  caseId: string
  procedure: string
  pack: string
  title: string
  subject: CaseSubjectRef
  applicantPersonId: string
  applicantOrgId: string
  orgs: Readonly<Record<string, string>>
}

/** One act on a step: the outcome chosen, the signed opinion, the step's form and the files handed in with it. */
export interface CaseAct {
  step: string
  outcome: string
  opinion: string | null
  /** The step's form as it was filled in and checked against its definition; amounts in 分, civil dates as text. */
  form: Readonly<Record<string, unknown>>
  /** Files handed in: kind of document in the procedure, id of the attachment. */
  documents: readonly { kind: string; id: string }[]
  /** Powers of a 可-sentence that the officer used and so recorded. */
  choices: readonly string[]
  /** Civil dates that later limits are read from (整改期限). */
  dates: Readonly<Record<string, string>>
}

/** When a limit turns yellow and red, and what follows (电子监察时限规则): the city's own, in `clocks.yaml` of its pack. Days are working days. */
export interface ClockRules {
  /** 黄牌: when this share of the limit is used up, or so many days before its end. */
  yellow: { share: number } | { before: number }
  /** 说明理由: days for it after a red card. */
  explanationDays: number
  /** Days after the end of the limit until the named superior is told. */
  escalationDays: number
  /** Days in which what was asked for is answered. */
  answerDays: number
  /** Days before the end of a grant (授权到期) at which both sides are told; calendar days. */
  grantExpiryDays?: number
}

/** What a module whose things pass through procedures gives to `cases`; wired by the server, one per subject kind. */
export interface CaseSubjectPort {
  kind: string
  /** May this actor see the subject, and with it its cases? */
  mayRead(ctx: Ctx, subjectId: string): Promise<boolean>
  /** The same as a condition of SQL over the subject's id, for lists and search. */
  readable(actor: Actor, subjectId: RawBuilder<string>): RawBuilder<boolean>
  /** Judges a guarded act (`project.accept`, …) by the pack in force on live facts; [] when nothing speaks against it. */
  judge(ctx: Ctx, kase: CaseRef, guard: string, act: CaseAct): Promise<Finding[]>
  /**
   * Applies what an outcome emits to the subject, inside the act's transaction. Throws a DomainError to refuse.
   * Besides the procedure's own events, the case's own standing is told: `case.returned` (退回 to the party that hands in),
   * `case.opened` (handed in for the first time), `case.resubmitted`, `case.withdrawn`, `case.rejected`, `case.ended`, `case.voided` (作废),
   * `case.merged` (并案): it then hears the events of the leading case's last decision.
   */
  apply(ctx: Ctx, kase: CaseRef, event: string, act: CaseAct): Promise<void>
  /** What the subject is part of: a payment of its project. */
  partOf?(ctx: Ctx, subjectId: string): Promise<Thing | undefined>
  /** What a deciding officer reads of the subject beside the form. The caller has checked that they may. */
  describe?(ctx: Ctx, subjectId: string): Promise<SubjectDescription>
  /** Takes back what `apply` did with an event, when its act is withdrawn (撤回) before anybody acted on it. */
  retract(ctx: Ctx, kase: CaseRef, event: string): Promise<void>
}

/** A subject in the lines that matter for a decision; amounts in 分 stand in `fen`. */
export interface SubjectDescription {
  title: string
  /** Address of its page in the web application. */
  href: string
  facts: { label: string; value: string | null; fen: number | null }[]
  /** What changed since it was last judged, where it was. */
  difference?: SubjectDifference
}

/** What two versions of a subject say differently (版本差异), in words: its own fields, and parts that it is made of. */
export interface SubjectDifference {
  title: string
  fields: { title: string; before: string; after: string }[]
  parts: { id: string; name: string; changes: string[]; fields: { title: string; before: string; after: string }[] }[]
}

/** Opens a case. The actor is the applicant; `act`, when given, is taken on the first step in the same transaction. */
export interface OpenCaseInput {
  procedure: string
  subject: CaseSubjectRef
  title: string
  orgs: Readonly<Record<string, string>>
  act?: Omit<CaseAct, 'step'>
}

/** Where a case stands, for the page of its subject. */
export interface CaseSummary {
  caseId: string
  procedure: string
  title: string
  status: 'running' | 'done' | 'rejected' | 'withdrawn' | 'merged' | 'voided'
  openedAt: string
  endedAt: string | null
  /** Who holds it now: step, organisation, since when, until when. */
  holders: {
    taskId: string
    step: string
    title: string
    duty: DutyId
    orgId: string
    orgName: string
    sinceAt: string
    dueAt: string | null
    overdue: boolean
  }[]
}

/** What `cases` gives to the owners of subjects. */
export interface CasesPort {
  open(ctx: Ctx, input: OpenCaseInput): Promise<{ caseId: string }>
  /** All cases of a subject, oldest first. The caller has checked that the actor may read it. */
  casesOf(ctx: Ctx, kind: string, subjectId: string): Promise<CaseSummary[]>
  /** Subject ids of one kind that wait for an act of this actor: they may be read while they do. */
  subjectsAwaiting(ctx: Ctx, kind: string): Promise<string[]>
}

/** A part of a paper: filled from a slot of its subject, or prose of the paper's own in which `{word}` stands for what the subject says. */
export interface PaperPartDefinition {
  kind: 'prose' | 'lines' | 'table' | 'opinions' | 'files'
  title: string
  slot: string | null
  /** 主送单位, of prose of its own. */
  to: string | null
  paragraphs: readonly string[]
}

/** A paper (文书) as data: what stands where, and for one that goes out who issues it, under which agency word (机关代字), who signs. */
export interface PaperDefinition {
  id: string
  title: string
  issued: { issuer: string; agencyWord: string; offices: readonly string[] } | null
  parts: readonly PaperPartDefinition[]
}

/** What `policy` gives to who issues papers: the paper as the city's pack has it on a civil day. */
export interface PapersPort {
  paper(id: string, on: string): PaperDefinition
}

/** Numbers of issued papers (发文字号): agency word, year and a serial without gaps. */
export interface NumbersPort {
  /** Issues the next number, in the caller's transaction; a paper of a subject has one. */
  issue(ctx: Ctx, paper: { paper: string; agencyWord: string; subject: { kind: string; id: string } }): Promise<string>
  /** The number of a paper of a subject; null when it has none. */
  numberOf(ctx: Ctx, paper: string, subject: { kind: string; id: string }): Promise<string | null>
}

/** An organisation as other modules need it (机构). */
export interface OrganisationView {
  id: string
  name: string
  /** city-department, big-data-center, district, public-body, enterprise … (fact project.organisation) */
  kind: string
  parentId: string | null
  /** The day from which it exists no more (撤销), when that day is known. */
  endsOn?: string
}

/** The named superior of an office (上级岗位), as the administrator set it. */
export interface SuperiorView {
  personId: string
  name: string
  postId: string
  postTitle: string
  orgName: string
}

/** What `identity` gives to the others. */
export interface OrganisationsPort {
  organisation(ctx: Ctx, id: string): Promise<OrganisationView | undefined>
  organisations(ctx: Ctx, ids: readonly string[]): Promise<Map<string, OrganisationView>>
  /** As it was or will be on a civil day: its name, kind and parent of then. */
  organisationAsOf(ctx: Ctx, id: string, day: string): Promise<OrganisationView | undefined>
  /** The organisations that bear a duty today: one for `drc`, many for `applicant`. */
  bearersOf(ctx: Ctx, duty: DutyId): Promise<OrganisationView[]>
  /** People who hold a duty in an organisation: shown as 承办人, never used to decide permissions. */
  holdersOf(ctx: Ctx, duty: DutyId, orgId: string): Promise<{ personId: string; name: string; postTitle: string }[]>
  /** Who is told when an office is late; undefined where nobody was named or the post is no longer held. */
  superiorOf(ctx: Ctx, orgId: string): Promise<SuperiorView | undefined>
}

/** Facts of a vocabulary group, absent when nobody has answered for them. */
export type Facts = Readonly<Record<string, boolean | number | string | readonly string[]>>

/** What `policy` gives to the others: the findings of the pack in force, each with the city's mode. */
export interface JudgePort {
  judge(ctx: Ctx, act: string, facts: Facts): Promise<Finding[]>
}

/** What a register gives to the gate of a project: live facts, never uploads. */
export interface ProjectFactsPort {
  /** @param act the policy act that asks, where a register answers for different parties by act */
  factsOf(ctx: Ctx, projectId: string, act?: string): Promise<Facts>
}

/** Whom a notice goes to: one person, or whoever holds a duty today in one organisation (in all that bear it when null). */
export type NoticeTo = { personId: string } | { duty: DutyId; orgId: string | null }

/** A notice to people (消息). Texts are literal: nothing in them is ever expanded. */
export interface Notice {
  /** What it is about, for filters and wishes: `case.red`, `export.done`. */
  kind: string
  to: readonly NoticeTo[]
  subject: { kind: string; id: string }
  title: string
  body: string
  /** Address in the web application, or null when there is nothing to open. */
  href: string | null
  /** The same key reaches the same person once, however often it is sent. */
  onceKey: string
}

/** What `notices` gives to the others. */
export interface NoticesPort {
  /** Writes the notice in the caller's transaction. Delivery outside the product comes later and can undo nothing. */
  send(ctx: Ctx, notice: Notice): Promise<void>
}

/** Files that were uploaded and are handed in with a thing that is no case (材料). Who may read the thing may read them. */
export interface FilesPort {
  /** Ties uploaded files to the thing, in the caller's transaction: only one's own, and each once. */
  attach(ctx: Ctx, subject: { kind: string; id: string }, fileIds: readonly string[]): Promise<void>
  /** The files of things of one kind, by the thing's id. The caller has checked that the actor may read them. */
  filesOf(ctx: Ctx, kind: string, ids: readonly string[]): Promise<Map<string, { id: string; fileName: string; byteCount: number }[]>>
}

/** Work for later, done by the job runner (后台任务). */
export interface JobsPort {
  /**
   * Queues a job in the caller's transaction: no commit, no job. With `onceKey`, a job of this kind and key that still
   * waits or runs makes the second one superfluous. `startAfter` is an instant of the platform's clock.
   */
  enqueue(ctx: Ctx, kind: string, payload: object, options?: { onceKey?: string; startAfter?: Date }): Promise<void>
}

/** Something that an organisation answers for: a case, a project, a system. */
export interface Thing {
  kind: string
  id: string
}

/**
 * A reorganisation (组织调整) that takes effect. What belongs to one of `from` goes to the organisation that `successorOf` names for it:
 * asked with the thing itself and then with what it is part of, so that a payment goes where its project goes unless somebody said otherwise.
 */
export interface Reorganisation {
  id: string
  from: readonly string[]
  to: readonly string[]
  effectiveOn: string
  successorOf(orgId: string, ...things: readonly Thing[]): string
}

/** One thing that went to another organisation. `role` says as what, in Chinese: 申报单位, 待办. */
export interface MovedThing extends Thing {
  title: string
  role: string
  from: string
  to: string
}

/** What a module says of a reorganisation: what it handed over, and how much of what was done stays under the old name. */
export interface ReorganisedThings {
  moved: readonly MovedThing[]
  stays: readonly { what: string; count: number }[]
}

/** What every module whose things belong to organisations gives to `identity`; called in the transaction of the reorganisation. */
export interface ReorganisedPort {
  onReorganised(ctx: Ctx, reorganisation: Reorganisation): Promise<ReorganisedThings>
}

/** What a person outside the offices may be related to (关系对象): an enterprise, or themselves. */
export interface RelationSubjectPort {
  kind: string
  /** Its name; undefined where there is none or the actor may not know of it. */
  nameOf(ctx: Ctx, id: string): Promise<string | undefined>
  /** Set where a subject is told by its number and stands in no register: the id and name that stand for it, neither of which tells it. @throws InvalidValue */
  identified?(identifier: string, now: Date): { id: string; name: string }
  /** Why no relation to it may be granted now, in Chinese; undefined when one may. `withinOrgId` as in the relation. */
  obstacle(ctx: Ctx, id: string, withinOrgId: string | null): Promise<string | undefined>
}

/** Who is related to a subject today, as other modules need it: to tell them. */
export interface RelationsPort {
  /** People with a relation to it that counts for what an organisation has to do with it. */
  peopleOf(ctx: Ctx, subject: { kind: string; id: string }, orgId: string): Promise<{ personId: string; name: string }[]>
}

/** A kind of leaf in the evidence log, as the module that attests it speaks of it (存证种类); wired by the server, one for each kind. */
export interface LeafKindPort {
  /** As `recordLeaf` writes it. */
  kind: string
  title: string
  /** A subject of this kind in words. */
  subjectTitle(subject: string): string
  /** May this actor have the receipt of the leaf, beside those who read the whole log? */
  mayHaveReceipt(ctx: Ctx, subject: string): Promise<boolean>
}

/** Something that an operator watches (运行指标), as numbers of now: without personal data, and with few labels. Its name is prefixed with `tongchou_`. */
export interface Measure {
  name: string
  help: string
  samples: readonly { labels?: Readonly<Record<string, string>>; value: number }[]
}
