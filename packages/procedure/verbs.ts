// SPDX-License-Identifier: Apache-2.0

import { answer, extend, shelve, unshelve } from './asking.ts'
import type { Actor, Case, Finding, Result, Verb, VerbKind } from './case.ts'
import { countersign, signOpinion, uncountersign } from './countersign.ts'
import { entrust, notMine, takeBack, transfer } from './handing.ts'
import type { Clock } from './limit.ts'
import { cancel, copy, lift, merge, oversee, reply, urge } from './oversight.ts'
import { pause, resume } from './pausing.ts'
import type { Procedure } from './procedure.ts'
import { finding } from './standing.ts'
import { type Rule, record } from './verb.ts'

const rules: { readonly [K in VerbKind]: Rule<K> } = {
  transfer,
  entrust,
  'take-back': takeBack,
  'not-mine': notMine,
  countersign,
  uncountersign,
  sign: signOpinion,
  extend,
  shelve,
  unshelve,
  answer,
  pause,
  resume,
  merge,
  void: cancel,
  urge,
  oversee,
  reply,
  lift,
  copy,
}

/** Chinese names of the verbs (转办、加签……). */
export const verbTitles: Readonly<Record<VerbKind, string>> = Object.fromEntries(
  Object.entries(rules).map(([kind, rule]) => [kind, rule.title]),
) as Record<VerbKind, string>

/** Does a verb: may this actor, does it bring what it must, then the change and its line in the history. */
export function doVerb(procedure: Procedure, kase: Case, deed: Verb, clock: Clock): Result {
  // A verb and its rule share their kind; the table above is typed so, an index by a union is not.
  const rule = rules[deed.kind] as Rule<VerbKind>
  const scene = { procedure, kase, clock }
  const barred = rule.may(scene, deed)
  if (barred.length > 0) return { findings: barred }
  const lacking = [
    ...(rule.worded !== null && deed.opinion.trim() === ''
      ? [finding('opinion.missing', `${rule.title}须写明${rule.worded}`, `请填写${rule.worded}后再提交`)]
      : []),
    ...rule.brings(scene, deed),
  ]
  if (lacking.length > 0) return { findings: lacking }
  return record(scene, rule, deed, rule.does(scene, deed))
}

/** Why this actor may not do this verb here now; empty when they may, whatever they would still have to bring. */
export function mayDo(
  procedure: Procedure,
  kase: Case,
  kind: VerbKind,
  actor: Actor,
  target: { taskId?: string; ref?: string },
  now: string,
): Finding[] {
  const rule = rules[kind] as Rule<VerbKind>
  // Whether somebody may never asks a calendar.
  const deadlines = { due: () => ({ due: now, provisional: false }), left: () => 0 }
  return rule.may({ procedure, kase, clock: { now, deadlines } }, { actor, ...target })
}
