// SPDX-License-Identifier: Apache-2.0

import type { Arrival, Back } from './case.ts'
import { downstreamOf, stepOf } from './graph.ts'
import type { Outcome, Procedure, Step } from './procedure.ts'

/** Where a case is: one token per open task. The engine and the model check move it with the same function, so they cannot differ. */
export interface Marking {
  tokens: readonly Token[]
  arrivals: readonly Arrival[]
  /** Arrivals at joins that have opened; a return over the join into one branch finds the other branches done by them. */
  passed: readonly Arrival[]
  signed: readonly Place[]
}

export interface Place {
  step: string
  seat: number
}

export interface Token extends Place {
  returnTo: readonly Back[]
}

/** What firing an outcome leads to. `clashes` name what a sound procedure never does; the model check refuses any. */
export interface Fired {
  marking: Marking
  over: 'ended' | 'rejected' | null
  /** False while a 会签 waits for other seats. */
  completed: boolean
  clashes: readonly Clash[]
}

export type Clash = { kind: 'two-at-once' | 'double-arrival' | 'end-with-others'; step: string }

/** The marking a case begins with. */
export function initialMarking(start: Step): Marking {
  return { tokens: seatsOf(start).map((place) => ({ ...place, returnTo: [] })), arrivals: [], passed: [], signed: [] }
}

/** Moves a marking by one outcome of one of its tokens. */
export function fire(procedure: Procedure, marking: Marking, at: Place, step: Step, outcome: Outcome): Fired {
  const token: Token = { step: at.step, seat: at.seat, returnTo: owed(marking, at, step) }
  const rest = without(marking, token, step)
  if (outcome.kind === 'reject') return over('rejected', [])
  if (outcome.kind === 'return') return goBack(procedure, rest, token, outcome)

  if (step.quorum === 'all') {
    const signed = [...rest.signed, { step: step.id, seat: token.seat }]
    if (signed.filter((place) => place.step === step.id).length < step.holders.length)
      return { marking: { ...rest, signed }, over: null, completed: false, clashes: [] }
  }
  const here = { ...rest, signed: rest.signed.filter((place) => place.step !== step.id) }
  if (outcome.kind === 'end') {
    const others = here.tokens.length + here.arrivals.length > 0
    return over('ended', others ? [{ kind: 'end-with-others', step: step.id }] : [])
  }
  return token.returnTo.length > 0 ? comeBack(here, token.returnTo) : goForward(procedure, here, step, outcome)
}

/**
 * Where an act at this place comes back to. At a 或签 the first acts for all, so what any of the others
 * was asked for is answered with it.
 */
export function owed(marking: Marking, at: Place, step: Step): readonly Back[] {
  const acting = marking.tokens.filter((token) => token.step === at.step && (token.seat === at.seat || step.quorum === 'any'))
  const asOne = acting.reduce((one, token) => upsert(one, { ...token, seat: at.seat }).tokens, [] as readonly Token[])
  return asOne[0]?.returnTo ?? []
}

export function sameBack(a: Back, b: Back): boolean {
  return (
    a.step === b.step &&
    a.seat === b.seat &&
    a.onward.length === b.onward.length &&
    a.onward.every((back) => b.onward.some((other) => sameBack(back, other)))
  )
}

function over(status: 'ended' | 'rejected', clashes: readonly Clash[]): Fired {
  return { marking: { tokens: [], arrivals: [], passed: [], signed: [] }, over: status, completed: true, clashes }
}

/** The acting token leaves; at a 或签 its siblings leave with it, because the first decides. */
function without(marking: Marking, token: Token, step: Step): Marking {
  const leaves = (other: Token) => other.step === token.step && (other.seat === token.seat || step.quorum === 'any')
  return { ...marking, tokens: marking.tokens.filter((other) => !leaves(other)) }
}

function goBack(procedure: Procedure, rest: Marking, token: Token, outcome: Outcome): Fired {
  const target = stepOf(procedure, outcome.next[0] ?? '')
  if (!target) return { marking: rest, over: null, completed: true, clashes: [] }
  if (outcome.mode === 'straight-back') {
    const back: Back = { step: token.step, seat: token.seat, onward: token.returnTo }
    return { marking: put(rest, target, [back]).marking, over: null, completed: true, clashes: [] }
  }
  const undone = downstreamOf(procedure, target.id)
  const waitsAgain = (arrival: Arrival) => arrival.join !== target.id && undone.has(arrival.join)
  const kept: Marking = {
    tokens: rest.tokens.flatMap((other) => stillNeeded(other, undone)),
    arrivals: [...rest.arrivals, ...rest.passed.filter(waitsAgain)].filter((arrival) => !undone.has(arrival.from)),
    passed: rest.passed.filter((arrival) => !waitsAgain(arrival) && !undone.has(arrival.from)),
    signed: rest.signed.filter((place) => !undone.has(place.step)),
  }
  return { marking: put(kept, target, []).marking, over: null, completed: true, clashes: [] }
}

/** A token after a return that walks again: gone when its own step is undone, or when all it would come back to is. */
function stillNeeded(token: Token, undone: ReadonlySet<string>): Token[] {
  if (undone.has(token.step)) return []
  const returnTo = prune(token.returnTo, undone)
  return token.returnTo.length > 0 && returnTo.length === 0 ? [] : [{ ...token, returnTo }]
}

function prune(backs: readonly Back[], undone: ReadonlySet<string>): Back[] {
  return backs.flatMap((back) => {
    if (undone.has(back.step)) return []
    const onward = prune(back.onward, undone)
    return back.onward.length > 0 && onward.length === 0 ? [] : [{ ...back, onward }]
  })
}

function comeBack(here: Marking, backs: readonly Back[]): Fired {
  const tokens = backs.reduce((open, back) => upsert(open, { step: back.step, seat: back.seat, returnTo: back.onward }).tokens, here.tokens)
  return { marking: { ...here, tokens }, over: null, completed: true, clashes: [] }
}

function goForward(procedure: Procedure, here: Marking, step: Step, outcome: Outcome): Fired {
  const clashes: Clash[] = []
  let marking = here
  for (const id of outcome.next) {
    const next = stepOf(procedure, id)
    if (!next) continue
    if (next.joins.length > 0) {
      if (marking.arrivals.some((arrival) => arrival.join === id && arrival.from === step.id))
        clashes.push({ kind: 'double-arrival', step: id })
      else marking = { ...marking, arrivals: [...marking.arrivals, { join: id, from: step.id }] }
      const arrived = (from: string) => marking.arrivals.some((arrival) => arrival.join === id && arrival.from === from)
      if (!next.joins.every(arrived)) continue
      const here = marking.arrivals.filter((arrival) => arrival.join === id)
      const others = marking.arrivals.filter((arrival) => arrival.join !== id)
      marking = { ...marking, arrivals: others, passed: [...marking.passed, ...here] }
    }
    const opened = put(marking, next, [])
    if (opened.met) clashes.push({ kind: 'two-at-once', step: id })
    marking = opened.marking
  }
  return { marking, over: null, completed: true, clashes }
}

function put(marking: Marking, step: Step, returnTo: readonly Back[]): { marking: Marking; met: boolean } {
  let { tokens } = marking
  let met = false
  for (const place of seatsOf(step)) {
    const result = upsert(tokens, { ...place, returnTo })
    tokens = result.tokens
    met ||= result.met
  }
  return { marking: { ...marking, tokens }, met }
}

/**
 * Never a second token on one seat. Two that come back to different steps share one; one that goes forward anyway
 * passes all that the other would come back to.
 */
export function upsert(tokens: readonly Token[], token: Token): { tokens: readonly Token[]; met: boolean } {
  const found = tokens.find((other) => other.step === token.step && other.seat === token.seat)
  if (!found) return { tokens: [...tokens, token], met: false }
  const plain = found.returnTo.length === 0 || token.returnTo.length === 0
  const added = token.returnTo.filter((back) => !found.returnTo.some((other) => sameBack(back, other)))
  const merged = { ...found, returnTo: plain ? [] : [...found.returnTo, ...added] }
  return { tokens: tokens.map((other) => (other === found ? merged : other)), met: true }
}

function seatsOf(step: Step): Place[] {
  return step.holders.map((_, seat) => ({ step: step.id, seat }))
}
