import { type Class, type DayBook, endOf, firingsOf, type Kind, leftAt, MINUTE, wholeOf, workDaysLater } from './clocks-ledger.ts'
import { dispatchers, handlers, membersOf, type Office, type Who } from './clocks-roster.ts'

/** An act, and whether it was ordered while something was still due: then what fell due since the last quiet moment may be before or after it. */
export interface Moment {
  /** Minutes, local time of the city. */
  at: number
  /** The last moment at which nothing was due; `null` when that is this one. */
  quietAt: number | null
}

/** A time during which a limit, an ask or a demand ended at one and the same instant. Instants in local milliseconds. */
interface Period {
  start: number
  end: number
  firings: ReadonlyMap<Kind | 'ask-expiry', number>
  over: Moment | null
}

/** Something with an end: a task of the handling step, an ask, a demand. Its ordinal among its like is how it is found in the database. */
interface Track {
  about: 'task' | 'ask'
  since: number
  kind: Class
  periods: Period[]
  /** Who is told besides those who hold the case. */
  asker: Who | null
  isDemand: boolean
}

/** Who holds the case from a moment on, and who is told when they are late. */
interface Holding {
  from: Moment
  who: readonly Who[]
  above: Who
}

/** What must, may or must not have happened, and to whom it may have been told. */
export interface Expected {
  kind: string
  /** When it is to fire, in local milliseconds. */
  at: number
  verdict: 'fired' | 'not' | 'either'
  told: readonly (readonly Who[])[]
}

type AskKind = 'extend' | 'shelve' | 'not-mine'
interface OpenAsk {
  kind: AskKind
  asker: Who
  /** Where an extension goes to, in local milliseconds; whether a shelving stops the clock. */
  end: number
  stops: boolean
  track: Track
}

/** What the driver knows of one thing, from what it ordered and was answered, and from its own calendar. */
export class ThingHistory {
  readonly id: string
  readonly kind: Class
  readonly book: DayBook
  caseId = ''
  readonly tracks: Track[] = []
  readonly #holdings: Holding[] = []
  /** Told by acts, by kind and person; and acts, by kind. */
  readonly told = new Map<string, number>()
  readonly acts = new Map<string, number>()
  /** Who was told of ends that were worked out again when a calendar was published. */
  readonly recomputed: (readonly Who[])[] = []
  #basis: { start: number; left: number; unit: Class }
  #left: number | null = null
  #kept: { org: Office; person: Who | null } | null = null
  provisional = false
  status: 'running' | 'returned' | 'over' = 'running'
  org: Office | null = null
  person: Who | null = null
  entrusted: { by: Who; before: Who | null } | null = null
  /** Who handed the task on; a dispatcher has no part in it. */
  handoffs: Who[] = []
  shelved = false
  extensions = 0
  urgedAt = Number.NEGATIVE_INFINITY
  asks: OpenAsk[] = []
  demand: { track: Track; isAnswered: boolean } | null = null
  /** The day on which it was last acted on: what an act sets going is not acted on again before it is quiet. */
  touchedOn = -1

  constructor(book: DayBook, id: string, kind: Class, now: number) {
    this.book = book
    this.id = id
    this.kind = kind
    this.#basis = { start: now, left: wholeOf[kind], unit: kind }
    this.#open({ at: now, quietAt: null })
  }

  get isPaused(): boolean {
    return this.#left !== null && this.status === 'running'
  }

  /** When the limit ends, in local milliseconds. */
  get end(): number {
    return this.#task.periods.at(-1)?.end ?? 0
  }

  get #task(): Track {
    const task = this.tracks.findLast(({ about }) => about === 'task')
    if (!task) throw new Error('a thing has a task')
    return task
  }

  /** Who may work on it now. */
  get holders(): readonly Who[] {
    if (this.status === 'returned') return ['clerk']
    return this.person ? [this.person] : this.org ? membersOf[this.org] : handlers
  }

  /** A task opens: its limit begins, or goes on with what was left. */
  #open(now: Moment): void {
    this.tracks.push({ about: 'task', since: now.at, kind: this.kind, periods: [], asker: null, isDemand: false })
    this.#run(now)
    this.#hold(now)
  }

  #run({ at }: Moment): void {
    const { end, provisional } = endOf(this.book, this.#basis.start, this.#basis.unit, this.#basis.left)
    this.provisional = provisional
    this.#begin(at, end)
  }

  #begin(start: number, end: number): void {
    const { since, periods } = this.#task
    periods.push({ start, end, firings: firingsOf(this.book, since, end, this.kind), over: null })
  }

  #hold(from: Moment): void {
    this.#holdings.push({ from, who: this.holders, above: this.status === 'running' && this.org === 'office' ? 'chief' : 'supervisor' })
  }

  #done(act: string, told: readonly Who[] = [], kind = act): void {
    this.acts.set(act, (this.acts.get(act) ?? 0) + 1)
    for (const who of new Set(told)) this.told.set(`${kind} ${who}`, (this.told.get(`${kind} ${who}`) ?? 0) + 1)
  }

  close(now: Moment): void {
    this.#leave(now)
    this.#endAll(now)
  }

  void(now: Moment): void {
    this.#done('void', ['clerk', ...this.holders])
    this.#leave(now)
    this.#endAll(now)
  }

  #endAll(now: Moment): void {
    if (this.demand && !this.demand.isAnswered) stop(this.demand.track, now)
    this.demand = null
    this.status = 'over'
  }

  /** The task closes, and with it what was asked for it. */
  #leave(now: Moment): void {
    if (this.status === 'running' && !this.isPaused) stop(this.#task, now)
    for (const { track } of this.asks) stop(track, now)
    this.asks = []
  }

  /** 退回补正: what is left of the limit rests with the seat, and so does who held it when it had been handed on. */
  sendBack(now: Moment): void {
    this.#kept = this.handoffs.length > 0 && this.org ? { org: this.org, person: this.person } : null
    this.#leave(now)
    this.#left = this.#leftAt(now.at)
    this.status = 'returned'
    this.#hold(now)
  }

  handInAgain(now: Moment): void {
    this.status = 'running'
    this.org = this.#kept?.org ?? null
    this.person = this.#kept?.person ?? null
    Object.assign(this, { entrusted: null, handoffs: [], shelved: false, extensions: 0, urgedAt: Number.NEGATIVE_INFINITY })
    this.#basis = { ...this.#basis, start: now.at, left: this.#left ?? 0 }
    this.#left = null
    this.#open(now)
  }

  #leftAt(at: number): number {
    // Months cannot be divided: what rests of them are days.
    const unit = this.kind === 'long' ? 'plain' : this.kind
    this.#basis = { ...this.#basis, unit }
    return leftAt(this.book, at, this.end, unit)
  }

  #standStill(now: Moment): void {
    this.#left = this.#leftAt(now.at)
    stop(this.#task, now)
  }

  #goOn(now: Moment): void {
    this.#basis = { ...this.#basis, start: now.at, left: this.#left ?? 0 }
    this.#left = null
    this.#run(now)
  }

  pause(now: Moment): void {
    this.#done('pause')
    this.#standStill(now)
  }

  resume(now: Moment): void {
    this.#done('resume')
    this.#goOn(now)
  }

  unshelve(now: Moment): void {
    this.#done('unshelve')
    this.shelved = false
    if (this.isPaused) this.#goOn(now)
  }

  transfer(now: Moment, by: Who, org: Office, person: Who | null): void {
    this.#done('transfer', person ? [person] : membersOf[org])
    this.handoffs.push(by)
    this.#handTo(now, org, person)
  }

  #handTo(now: Moment, org: Office, person: Who | null): void {
    Object.assign(this, { org, person, entrusted: null })
    this.#hold(now)
  }

  /** Back to who handed it on; where nobody did, it is put to the dispatchers. */
  notMine(now: Moment, by: Who): void {
    const sender = this.handoffs.at(-1)
    if (!sender || sender === 'dispatcher') {
      this.ask(now, by, 'not-mine', 0, false)
      return
    }
    this.handoffs.pop()
    this.#done('not-mine', [sender])
    this.#handTo(now, sender === 'third' ? 'branch' : 'office', sender)
  }

  entrust(now: Moment, by: Who, to: Who): void {
    this.#done('entrust', [to])
    this.entrusted = { by, before: this.person }
    Object.assign(this, { org: 'office', person: to })
    this.#hold(now)
  }

  takeBack(now: Moment): void {
    this.#done('take-back', this.holders)
    this.person = this.entrusted?.before ?? null
    this.entrusted = null
    this.#hold(now)
  }

  /** What a holder asks for is to be answered within two working days. */
  ask(now: Moment, asker: Who, kind: AskKind, end: number, stops: boolean): void {
    this.#done(kind, dispatchers)
    const due = workDaysLater(this.book, now.at, 2)
    this.asks.push({ kind, asker, end, stops, track: this.#expiring(now, due, asker) })
  }

  #expiring(now: Moment, due: number, asker: Who | null): Track {
    const period = { start: now.at, end: due, firings: new Map([['ask-expiry' as const, due + 1]]), over: null }
    const track: Track = { about: 'ask', since: now.at, kind: this.kind, periods: [period], asker, isDemand: asker === null }
    this.tracks.push(track)
    return track
  }

  answer(now: Moment, kind: AskKind, granted: boolean, to: { org: Office; person: Who | null } | null): void {
    const ask = this.asks.find((one) => one.kind === kind)
    if (!ask) throw new Error(`nobody asked for ${kind}`)
    this.#done('answer', [ask.asker])
    stop(ask.track, now)
    this.asks = this.asks.filter((one) => one !== ask)
    if (!granted) return
    if (kind === 'extend') {
      this.extensions++
      this.provisional = false
      stop(this.#task, now)
      this.#begin(now.at, ask.end)
    } else if (kind === 'shelve') {
      this.shelved = true
      if (ask.stops && !this.isPaused) this.#standStill(now)
    } else if (to) {
      for (const who of to.person ? [to.person] : membersOf[to.org])
        this.told.set(`transfer ${who}`, (this.told.get(`transfer ${who}`) ?? 0) + 1)
      this.handoffs.push('dispatcher')
      this.#handTo(now, to.org, to.person)
    }
  }

  urge(now: Moment): void {
    this.#done('urge', this.holders)
    this.urgedAt = now.at
  }

  oversee(now: Moment, end: number): void {
    this.#done('oversee', this.holders)
    this.demand = { track: this.#expiring(now, end, null), isAnswered: false }
  }

  reply(now: Moment): void {
    this.#done('reply', ['supervisor'])
    if (!this.demand) return
    stop(this.demand.track, now)
    this.demand.isAnswered = true
  }

  lift(now: Moment): void {
    this.#done('lift', this.holders)
    if (this.demand && !this.demand.isAnswered) stop(this.demand.track, now)
    this.demand = null
  }

  publish(now: Moment): void {
    if (this.status !== 'running' || this.isPaused) return
    this.#workOutAgain(now)
    this.#tellByTheCalendar(now)
  }

  /** Who is told on a day at work is told on one of the calendar as it is known now, unless they have been. */
  #tellByTheCalendar({ at }: Moment): void {
    const period = this.#task.periods.at(-1)
    if (!period || period.over) return
    const firings = firingsOf(this.book, this.#task.since, period.end, this.kind)
    const fired = [...period.firings].filter(([, fireAt]) => fireAt <= at * MINUTE)
    period.firings = new Map([...firings, ...fired])
  }

  #workOutAgain(now: Moment): void {
    if (!this.provisional) return
    const was = this.end
    const { end, provisional } = endOf(this.book, this.#basis.start, this.#basis.unit, this.#basis.left)
    if (provisional && end === was) return
    this.recomputed.push(this.holders)
    this.provisional = provisional
    if (end === was) return
    stop(this.#task, now)
    this.#begin(now.at, end)
  }

  /** What must have fired for each end, must not have, or may have; by kind of thing, ordinal, kind of deadline and end. */
  expected(now: number): Map<string, Expected> {
    const found = new Map<string, Expected>()
    for (const about of ['task', 'ask'] as const)
      for (const [ordinal, track] of this.tracks.filter((one) => one.about === about).entries())
        for (const period of track.periods)
          for (const [kind, at] of period.firings) {
            const key = `${about} ${ordinal} ${kind} ${period.end}`
            const before = found.get(key)
            if (before?.verdict !== 'fired') found.set(key, joined(before, this.#expectedOf(track, period, kind, at, now)))
          }
    return found
  }

  #expectedOf(track: Track, { start, over }: Period, kind: string, fireAt: number, now: number): Expected {
    // What was due before it began fires once it has.
    const at = Math.max(fireAt, start * MINUTE + 1)
    const verdict = fireAt > now * MINUTE ? 'not' : over === null || at <= (over.quietAt ?? over.at) * MINUTE ? 'fired' : 'either'
    if (verdict === 'not' || (over && at > over.at * MINUTE)) return { kind, at: fireAt, verdict: 'not', told: [] }
    const holdings = this.#holdings.filter((_, index) => this.#mayHold(index, at))
    const told = holdings.map(({ who, above }): Who[] => {
      if (kind === 'escalation') return [above]
      if (track.about === 'task') return [...who]
      return track.asker ? [track.asker, ...dispatchers] : ['supervisor', ...who]
    })
    return { kind, at: fireAt, verdict, told }
  }

  /** Whether the n-th holding may be the one that a firing at an instant found: changes until then made, later ones not. */
  #mayHold(index: number, at: number): boolean {
    return this.#holdings.every(({ from }, other) => {
      const surelyAfter = at > from.at * MINUTE
      const maybeAfter = surelyAfter || (from.quietAt !== null && at > from.quietAt * MINUTE)
      return other <= index ? maybeAfter : !surelyAfter
    })
  }
}

function stop(track: Track, now: Moment): void {
  const running = track.periods.at(-1)
  if (running && running.over === null) running.over = now
}

/** The same end twice, as after a pause of an hour: once is enough, and once is all there may be. */
function joined(before: Expected | undefined, next: Expected): Expected {
  if (!before || before.verdict === 'not') return next
  return next.verdict === 'not' ? before : { ...next, told: [...before.told, ...next.told] }
}
