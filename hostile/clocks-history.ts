import { type Class, type DayBook, endOf, firingsOf, type Kind, leftAt, MINUTE, wholeOf } from './clocks-ledger.ts'

/** A time during which a limit ended at one and the same instant. Times in local milliseconds. */
interface Period {
  end: number
  firings: Map<Kind, number>
  /** When an act ended it; infinity while it runs. `racing` when the act did not wait for what was due. */
  until: number
  racing: boolean
}

/** What the driver knows of one thing, from what it ordered and was answered, and from its own calendar. */
export class ThingHistory {
  readonly id: string
  readonly kind: Class
  readonly since: number
  caseId = ''
  readonly periods: Period[] = []
  /** Ends that were worked out again when a calendar was published: the former and the new one. */
  readonly recomputed: { was: number; end: number }[] = []
  private basis: { start: number; left: number }
  private left: number | null = null
  provisional = false
  closed = false

  constructor(book: DayBook, id: string, kind: Class, since: number) {
    this.id = id
    this.kind = kind
    this.since = since
    this.basis = { start: since, left: wholeOf[kind] }
    this.run(book)
  }

  get paused(): boolean {
    return this.left !== null
  }

  get end(): number {
    return this.periods.at(-1)?.end ?? 0
  }

  private run(book: DayBook): void {
    const { end, provisional } = endOf(book, this.basis.start, this.kind, this.basis.left)
    this.provisional = provisional
    this.begin(book, end)
  }

  private begin(book: DayBook, end: number): void {
    this.periods.push({ end, firings: firingsOf(book, this.since, end, this.kind), until: Number.POSITIVE_INFINITY, racing: false })
  }

  private stop(now: number, racing = false): void {
    const running = this.periods.at(-1)
    if (running) Object.assign(running, { until: now * MINUTE, racing })
  }

  close(now: number, racing: boolean): void {
    if (!this.paused) this.stop(now, racing)
    this.closed = true
  }

  pause(book: DayBook, now: number): void {
    this.left = leftAt(book, now, this.end, this.kind)
    this.stop(now)
  }

  resume(book: DayBook, now: number): void {
    this.basis = { start: now, left: this.left ?? 0 }
    this.left = null
    this.run(book)
  }

  extend(book: DayBook, now: number, end: number): void {
    this.stop(now)
    this.provisional = false
    this.begin(book, end)
  }

  publish(book: DayBook, now: number): void {
    if (this.closed || this.paused || !this.provisional) return
    const was = this.end
    const { end, provisional } = endOf(book, this.basis.start, this.kind, this.basis.left)
    if (provisional && end === was) return
    this.recomputed.push({ was, end })
    this.provisional = provisional
    if (end === was) return
    this.stop(now)
    this.begin(book, end)
  }

  /** What must have fired for each end, must not have, or may have: kind and end → verdict. */
  expected(now: number): Map<string, 'fired' | 'not' | 'either'> {
    const verdicts = new Map<string, 'fired' | 'not' | 'either'>()
    for (const { end, firings, until, racing } of this.periods)
      for (const [kind, at] of firings) {
        const key = `${kind} ${end}`
        const due = at <= Math.min(until, now * MINUTE)
        const verdict = !due ? 'not' : racing ? 'either' : 'fired'
        const before = verdicts.get(key)
        if (before !== 'fired') verdicts.set(key, before === 'either' && verdict === 'not' ? 'either' : verdict)
      }
    return verdicts
  }
}
