import type { CaseOrder, Party } from './clocks-city.ts'
import type { Moment, ThingHistory } from './clocks-history.ts'
import { MINUTE } from './clocks-ledger.ts'
import { handlers, membersOf, type Office, officeOf, type Who } from './clocks-roster.ts'

const DAY = 1440

/** One act on one thing: when it may be ordered, the order, and what it does to what the driver knows. */
interface Deed {
  weight: number
  /** Also while something of the case is due, at the same time as it fires. */
  races: boolean
  may(thing: ThingHistory, now: number): boolean
  plan(thing: ThingHistory, now: number, draw: () => number): Plan
}

interface Plan {
  order: CaseOrder
  learn: (at: Moment) => void
}

type Verb = Extract<CaseOrder, { do: 'verb' }>['kind']
const verb = (kind: Verb, as: Who, more: Omit<Extract<CaseOrder, { do: 'verb' }>, 'do' | 'kind' | 'as'> = {}): CaseOrder => ({
  ...{ do: 'verb', kind, as },
  ...more,
})

const holder = ({ holders }: ThingHistory, draw: () => number): Who => holders[Math.floor(draw() * holders.length)] ?? 'first'
const runs = ({ status }: ThingHistory) => status === 'running'
const hasTime = (thing: ThingHistory, now: number) => !thing.isPaused && thing.end > (now + DAY + 1) * MINUTE
const isBound = ({ demand }: ThingHistory) => demand !== null && !demand.isAnswered
const asked = ({ asks }: ThingHistory, kind: string) => asks.find((one) => one.kind === kind)

/** A day to come, as the calendar writes it, and its last moment in local milliseconds. */
function dayToCome(after: number, days: number): { until: string; end: number } {
  const day = Math.floor(after / DAY) + days
  return { until: new Date(day * 86_400_000).toISOString().slice(0, 10), end: (day + 1) * DAY * MINUTE - 1 }
}

/** Whoever may be named, but for who acts and who has it already. */
function anotherParty(thing: ThingHistory, by: Who, draw: () => number): { org: Office; person: Who | null } | undefined {
  const parties = [
    ...(Object.keys(membersOf) as Office[]).map((org) => ({ org, person: null })),
    ...handlers.map((person) => ({ org: officeOf(person), person })),
  ].filter(({ org, person }) => person !== by && !(org === thing.org && person === thing.person))
  return parties[Math.floor(draw() * parties.length)]
}

const partyOf = ({ org, person }: { org: Office; person: Who | null }): Party => ({ org, person })

/** Everything that offices do with a case here, each through the product's own act. */
const deeds: readonly Deed[] = [
  {
    ...{ weight: 22, races: true },
    may: (thing) => runs(thing) && !isBound(thing),
    plan: (thing, _now, draw) => ({ order: { do: 'decide', as: holder(thing, draw), outcome: 'close' }, learn: (at) => thing.close(at) }),
  },
  {
    ...{ weight: 1, races: true },
    may: () => true,
    plan: (thing) => ({ order: verb('void', 'dispatcher'), learn: (at) => thing.void(at) }),
  },
  {
    ...{ weight: 6, races: false },
    may: (thing, now) => runs(thing) && hasTime(thing, now),
    plan: (thing, _now, draw) => ({
      order: { do: 'decide', as: holder(thing, draw), outcome: 'return' },
      learn: (at) => thing.sendBack(at),
    }),
  },
  {
    ...{ weight: 60, races: false },
    may: ({ status }) => status === 'returned',
    plan: (thing) => ({
      order: { do: 'decide', as: 'clerk', outcome: 'submit', form: { class: thing.kind } },
      learn: (at) => thing.handInAgain(at),
    }),
  },
  {
    ...{ weight: 10, races: true },
    may: (thing, now) => runs(thing) && !thing.isPaused && thing.end >= now * MINUTE,
    plan: (thing, _now, draw) => {
      const ground = draw() < 0.5 ? 'publicity' : 'expert-review'
      return { order: verb('pause', holder(thing, draw), { ground }), learn: (at) => thing.pause(at) }
    },
  },
  {
    ...{ weight: 45, races: false },
    may: (thing) => runs(thing) && thing.isPaused,
    plan: (thing, _now, draw) => ({ order: verb('resume', holder(thing, draw)), learn: (at) => thing.resume(at) }),
  },
  {
    ...{ weight: 10, races: false },
    may: (thing) => runs(thing) && !thing.isPaused && thing.extensions < 3 && !asked(thing, 'extend'),
    plan: (thing, now, draw) => {
      const by = holder(thing, draw)
      const { until, end } = dayToCome(Math.max(now, thing.end / MINUTE), 2 + Math.floor(draw() * 15))
      return { order: verb('extend', by, { until }), learn: (at) => thing.ask(at, by, 'extend', end, false) }
    },
  },
  {
    ...{ weight: 6, races: false },
    may: (thing) => runs(thing) && !thing.shelved && !asked(thing, 'shelve'),
    plan: (thing, now, draw) => {
      const [by, stops] = [holder(thing, draw), draw() < 0.6]
      const { until } = dayToCome(now, 10 + Math.floor(draw() * 30))
      return {
        order: verb('shelve', by, { until, ground: stops ? 'publicity' : null }),
        learn: (at) => thing.ask(at, by, 'shelve', 0, stops),
      }
    },
  },
  {
    ...{ weight: 25, races: false },
    may: (thing) => runs(thing) && thing.shelved,
    plan: (thing, _now, draw) => ({ order: verb('unshelve', holder(thing, draw)), learn: (at) => thing.unshelve(at) }),
  },
  {
    ...{ weight: 40, races: false },
    may: (thing) => runs(thing) && thing.asks.length > 0,
    plan: answered,
  },
  {
    ...{ weight: 12, races: true },
    may: runs,
    plan: (thing, _now, draw) => {
      const by = holder(thing, draw)
      const to = anotherParty(thing, by, draw) ?? { org: 'office', person: null }
      return { order: verb('transfer', by, { to: partyOf(to) }), learn: (at) => thing.transfer(at, by, to.org, to.person) }
    },
  },
  {
    ...{ weight: 5, races: false },
    may: (thing) => runs(thing) && !asked(thing, 'not-mine'),
    plan: (thing, _now, draw) => {
      const by = holder(thing, draw)
      return { order: verb('not-mine', by), learn: (at) => thing.notMine(at, by) }
    },
  },
  {
    ...{ weight: 8, races: true },
    may: (thing) => runs(thing) && !thing.entrusted && thing.holders.some((who) => officeOf(who) === 'office'),
    plan: (thing) => {
      const by = thing.holders.find((who) => officeOf(who) === 'office') ?? 'first'
      const to = by === 'first' ? 'second' : 'first'
      return { order: verb('entrust', by, { to: { org: 'office', person: to } }), learn: (at) => thing.entrust(at, by, to) }
    },
  },
  {
    ...{ weight: 15, races: true },
    may: (thing) => runs(thing) && thing.entrusted !== null,
    plan: (thing) => ({ order: verb('take-back', thing.entrusted?.by ?? 'first'), learn: (at) => thing.takeBack(at) }),
  },
  {
    ...{ weight: 8, races: true },
    may: (thing, now) => runs(thing) && now >= thing.urgedAt + DAY,
    plan: (thing, _now, draw) => ({ order: verb('urge', draw() < 0.5 ? 'clerk' : 'supervisor'), learn: (at) => thing.urge(at) }),
  },
  {
    ...{ weight: 4, races: true },
    may: ({ demand }) => demand === null,
    plan: (thing, now, draw) => {
      const { until, end } = dayToCome(now, 1 + Math.floor(draw() * 8))
      return { order: verb('oversee', 'supervisor', { until }), learn: (at) => thing.oversee(at, end) }
    },
  },
  {
    ...{ weight: 25, races: true },
    may: isBound,
    plan: (thing, _now, draw) => ({ order: verb('reply', holder(thing, draw)), learn: (at) => thing.reply(at) }),
  },
  {
    ...{ weight: 12, races: true },
    may: ({ demand }) => demand !== null,
    plan: (thing) => ({ order: verb('lift', 'supervisor'), learn: (at) => thing.lift(at) }),
  },
]

/** A dispatcher answers the oldest thing that was asked for; what can no longer be granted is refused. */
function answered(thing: ThingHistory, now: number, draw: () => number): Plan {
  const ask = thing.asks[0]
  if (!ask) throw new Error('nothing was asked for')
  const inTime = ask.kind !== 'extend' || (!thing.isPaused && ask.end > now * MINUTE)
  const clean = ask.kind !== 'shelve' || !ask.stops || thing.isPaused || hasTime(thing, now)
  const granted = inTime && clean && draw() < 0.8
  const to = granted && ask.kind === 'not-mine' ? (anotherParty(thing, 'dispatcher', draw) ?? null) : null
  const about = { ref: ask.kind, granted, ...(to ? { to: partyOf(to) } : {}) }
  return { order: verb('answer', 'dispatcher', about), learn: (at) => thing.answer(at, ask.kind, granted, to) }
}

/** One of the acts that are possible on a thing, drawn by weight; none where there is none. */
export function drawDeed(thing: ThingHistory, now: number, draw: () => number, racing: boolean): Plan | undefined {
  const possible = deeds.filter((deed) => (deed.races || !racing) && thing.status !== 'over' && deed.may(thing, now))
  let rest = draw() * possible.reduce((sum, { weight }) => sum + weight, 0)
  const chosen = possible.find(({ weight }) => {
    rest -= weight
    return rest < 0
  })
  return chosen?.plan(thing, now, draw)
}
