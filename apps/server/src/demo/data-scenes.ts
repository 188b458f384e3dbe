import type { WorldRecipe } from '@tongchou/synthetic'
import type { City } from '../wire.ts'
import { mistakenLines } from './bad-lines.ts'
import { COMPARED, comparisonScenes } from './compared.ts'
import { introductions } from './introduced.ts'
import { personLooks } from './person-looks.ts'
import { quarantineScenes } from './quarantined.ts'
import { firstExport, reconciliationScenes } from './reconciled.ts'
import { type Register, registersOf } from './registers.ts'
import type { Scene } from './scene.ts'
import { type Sent, senderOf, sends, setUpSender } from './sender.ts'
import type { Stage } from './stage.ts'
import { subscriptionScenes } from './subscribed.ts'
import type { Timeline } from './timeline.ts'

/** Working days before the present on which the parts of the story begin. */
const INTRODUCED = 32
const BUILT = 21
const CONNECTED = 20
const LOADED = 19

/**
 * The data half of the city (数据归集): departments introduce their registers from the resource packs, the tables are built, their machines send them and go on
 * sending what changes; what is wrong is set aside, what is late or refused raises its alarm; the registers are compared, and people look into them.
 */
export function dataScenes({ end }: Timeline, city: City, recipe: WorldRecipe): Scene[] {
  const sent: Sent[] = registersOf(city, recipe).map((register) => ({ register, id: '' }))
  const of = (name: string) => {
    const found = sent.find(({ register }) => register.name === name)
    if (!found) throw new RangeError(`no register ${name}`)
    return found
  }
  return [
    ...introductions(end - INTRODUCED, sent),
    { at: end - BUILT, isOpen: true, play: build },
    ...sent.flatMap((one, index) => [
      { at: end - CONNECTED + index * 0.05, isOpen: true, play: (stage: Stage) => connect(stage, one) },
      { at: end - LOADED + index * 0.05, isOpen: true, play: () => load(one) },
      ...laterBatches(end, one, index),
    ]),
    ...Array.from({ length: LOADED }, (_, day): Scene => ({ at: end - LOADED + day + 0.95, isOpen: true, play: watch })),
    ...[0.3, 0.33, 0.4].map((hour): Scene => ({ at: end - 1 + hour, isOpen: true, play: () => isRefused(of('unit')) })),
    { at: end - 2 + 0.6, isOpen: true, play: (stage) => suspend(stage, of('enterprise')) },
    ...quarantineScenes(end, of),
    ...comparisonScenes(end, of),
    ...reconciliationScenes(end, of),
    ...personLooks(end, of),
    ...subscriptionScenes(end, of('death')),
  ]
}

/** What is registered and collected gets its table, as the look every five minutes would do it. */
async function build(stage: Stage): Promise<void> {
  await stage.runner.work(stage.system(), 'libraries.install')
}

/** Alarms begin and end, as the look every minute would find it. */
async function watch(stage: Stage): Promise<void> {
  await stage.runner.work(stage.system(), 'exchange.watch')
}

async function connect(stage: Stage, one: Sent): Promise<void> {
  one.sender = await setUpSender(stage, one.register, one.id)
}

async function load(one: Sent): Promise<void> {
  const { sent, missed } = firstExport(one)
  await sends(one, sent)
  senderOf(one).miss(missed)
}

/** On which of the days after the first load a register is sent, counted from it. */
const days: Readonly<Record<Register['cycle'], readonly number[]>> = {
  daily: Array.from({ length: LOADED - 1 }, (_, index) => index + 1),
  weekly: [5, 10, 14, 18],
  monthly: [12],
}
/** The day of the last batch of those that send no more: one machine has fallen silent, one is refused from then on, one channel is suspended. */
const lastDay: Readonly<Record<string, number>> = { death: 15, unit: 14, enterprise: 14 }

function laterBatches(end: number, one: Sent, index: number): Scene[] {
  const { register } = one
  const on = days[register.cycle]
  const kept = on.filter((day) => day <= (lastDay[register.name] ?? LOADED))
  // What the comparison finds is there when it is run.
  const batches = { withNew: kept.filter((day) => day < LOADED - COMPARED).length, all: kept.length }
  return kept.map((day, nth) => ({
    at: end - LOADED + day + 0.1 + index * 0.02,
    isOpen: true,
    play: () => sends(one, [...register.later(nth, batches), ...mistakenLines(register, nth)]),
  }))
}

/** The machine was set up anew, with a key of its own that nobody has registered: it is refused, and tries again. */
async function isRefused(one: Sent): Promise<void> {
  const code = await senderOf(one).sendUnknown([])
  if (code !== 'exchange.foreign_key') throw new Error(`${one.register.name} was refused with ${code}`)
}

async function suspend(stage: Stage, one: Sent): Promise<void> {
  const path = `/channels/${senderOf(one).channelId}`
  await stage.signedIn('bdc-engineer', async (center) => {
    const { version } = await center.get<{ version: number }>(path)
    await center.post(`${path}/state`, { version, state: 'suspended', reason: '来源系统升级，暂停报送一周' })
  })
}
