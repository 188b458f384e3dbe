// SPDX-License-Identifier: Apache-2.0

import type {
  Actor,
  Case,
  Detail,
  Effect,
  Entry,
  Finding,
  NoticeTo,
  Party,
  Person,
  Result,
  Signature,
  Task,
  Verb,
  VerbKind,
} from './case.ts'
import { stepOf } from './graph.ts'
import type { Clock } from './limit.ts'
import type { Procedure, Step } from './procedure.ts'
import { finding, gone } from './standing.ts'

/** What a verb is done in. */
export interface Scene {
  procedure: Procedure
  kase: Case
  clock: Clock
}

/** A verb: who may, what it must bring, what it changes. `may` looks at the actor and the target only, so that screens can ask before. */
export interface Rule<K extends VerbKind> {
  title: string
  /** Whether a reason, question, demand or answer has to be written. */
  worded: string | null
  may(scene: Scene, deed: Wish): Finding[]
  brings(scene: Scene, deed: Deed<K>): Finding[]
  does(scene: Scene, deed: Deed<K>): Change
}

export type Deed<K extends VerbKind> = Extract<Verb, { kind: K }>

/** A verb before it is filled in: who does it, and what it is aimed at. */
export interface Wish {
  actor: Actor
  taskId?: string
  ref?: string
}

/** What changes in the case, where it is written down, and what the caller must do. */
export interface Change {
  at: { step: string; seat: number; taskId: string }
  next: Partial<Case>
  effects: readonly Effect[]
  title?: string
  detail?: Detail
  closed?: readonly string[]
  /** Under which duty it is signed; the actor's first where it is none of the case. */
  duty?: string
}

/** Writes a change into the case: one more line of the history, signed. */
export function record<K extends VerbKind>({ kase, clock }: Scene, rule: Rule<K>, deed: Deed<K>, change: Change): Result {
  const entry: Entry = {
    seq: kase.history.length + 1,
    act: deed.kind,
    taskId: change.at.taskId,
    step: change.at.step,
    seat: change.at.seat,
    outcome: null,
    outcomeTitle: change.title ?? rule.title,
    kind: deed.kind,
    opinion: written(deed.opinion),
    documents: [],
    choices: [],
    emits: [],
    opened: [],
    closed: change.closed ?? [],
    returnTo: [],
    detail: change.detail ?? null,
    by: sign(deed.actor, change.duty ?? deed.actor.duties[0] ?? ''),
    at: clock.now,
  }
  return { case: { ...kase, ...change.next, history: [...kase.history, entry] }, effects: change.effects }
}

export function sign(actor: Actor, duty: string): Signature {
  const { personId, name, postId, orgId, orgName, onBehalfOf } = actor
  return { personId, name, postId, orgId, orgName, duty, ...(onBehalfOf ? { onBehalfOf } : {}) }
}

export function written(opinion: string | undefined): string | null {
  return opinion === undefined || opinion.trim() === '' ? null : opinion
}

/** The open task of a verb with its step, or why there is none. */
export function taskOf({ procedure, kase }: Scene, taskId: string | undefined): { task: Task; step: Step } | { findings: Finding[] } {
  const task = kase.tasks.find((open) => open.id === taskId)
  const step = task && stepOf(procedure, task.step)
  return task && step ? { task, step } : { findings: [gone(procedure, kase, taskId ?? '')] }
}

/** Runs `may` against an open task; the finding of a closed one otherwise. */
export function onTask(scene: Scene, deed: Wish, may: (task: Task, step: Step) => Finding[]): Finding[] {
  const found = taskOf(scene, deed.taskId)
  return 'findings' in found ? found.findings : may(found.task, found.step)
}

/** The task that `may` has found. */
export function mustTask(scene: Scene, taskId: string): Task {
  const task = scene.kase.tasks.find((open) => open.id === taskId)
  if (!task) throw new RangeError(`no open task ${taskId}`)
  return task
}

/** A task replaced in the case. */
export function withTask(kase: Case, task: Task): { next: Pick<Case, 'tasks'>; effect: Effect } {
  return { next: { tasks: kase.tasks.map((one) => (one.id === task.id ? task : one)) }, effect: { type: 'task-changed', task } }
}

export function placeOf(at: { step: string; seat: number; taskId: string } | Task): Change['at'] {
  return { step: at.step, seat: at.seat, taskId: 'taskId' in at ? at.taskId : at.id }
}

/** Where something is written down that is about the whole case: beside what is open now, or was last. */
export function hereOf(kase: Case): Change['at'] {
  const task = kase.tasks[0] ?? kase.history.at(-1)
  return task ? placeOf(task) : { step: '', seat: 0, taskId: '' }
}

export function holderOf(task: Task): NoticeTo {
  return task.holder ? { personId: task.holder.personId } : { duty: task.duty, orgId: task.orgId }
}

export function toOf(party: Party): NoticeTo {
  return party.person ? { personId: party.person.personId } : { duty: party.duty, orgId: party.orgId }
}

export function tell(kind: VerbKind, to: readonly NoticeTo[], about: string, text: string): Effect {
  return { type: 'notice', kind, to, about, text }
}

export function nameOf(party: Party): string {
  return party.person ? `${party.orgName}${party.person.name}` : party.orgName
}

export function samePerson(a: Person, b: Person): boolean {
  return a.personId === b.personId
}

/** Whether the actor is the party, or of the office that it is. */
export function isParty(party: Party, actor: Actor): boolean {
  const there = party.orgId === actor.orgId && actor.duties.includes(party.duty)
  return there && (party.person === null || party.person.personId === actor.personId)
}

/** Nothing is done to a case that is over. */
export function notOver(kase: Case, title: string): Finding[] {
  return kase.endedAt === null ? [] : [finding('case.over', `办件已办结，不能${title}`, '如需变更，请重新申报')]
}
