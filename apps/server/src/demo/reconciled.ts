import type { Manner } from './reconciling.ts'
import type { Row } from './registers.ts'
import type { Scene } from './scene.ts'
import { type Sent, senderOf } from './sender.ts'

/** Rows that were entered in the source while its first export was under way, and that the export did not bring. */
const MISSED = 3
/** Rows that the source lacks since it was put back from an old backup. */
const LOST = 6

/** Working days before the present on which each register is held against the center's copy (对账): weekly, one daily until its machine fell silent. */
const runs: Readonly<Record<string, readonly number[]>> = {
  vehicle: [17, 12, 7, 2],
  person: [11, 6, 1],
  household: [15, 10, 5],
  death: [8, 7, 6, 5],
}
/** When the source of the households is put back from a backup. */
const PUT_BACK = 5.3

/** What a register's first export brings, and what it misses of what the source has. */
export function firstExport({ register }: Sent): { sent: Row[]; missed: Row[] } {
  const rows = register.firstLoad()
  return register.name === 'vehicle' ? { sent: rows.slice(MISSED), missed: rows.slice(0, MISSED) } : { sent: rows, missed: [] }
}

/**
 * The machines hold their sources against the center's copies: of the vehicles the first export missed some, which are sent and looked at again; the population
 * is the same; the households' source was put back from a backup, lacks some and has a line that cannot be read, so that a person has to look first.
 */
export function reconciliationScenes(end: number, of: (name: string) => Sent): Scene[] {
  return [
    ...Object.entries(runs).flatMap(([name, days]) =>
      days.flatMap((before, nth) => run(end - before + 0.7, () => of(name), nth % 2 === 0 ? 'hashes' : 'values')),
    ),
    { at: end - PUT_BACK, isOpen: true, play: async () => senderOf(of('household')).putBack(LOST) },
  ]
}

/** A run; what differs is sent by the ordinary way, and then all is looked at again. What is held back waits for a person. */
function run(at: number, of: () => Sent, by: Manner['by']): Scene[] {
  let repaired: string | null = null
  const found = async () => {
    const sender = senderOf(of())
    const { id, differing } = await sender.reconcile({ follows: null, by })
    if (differing.length === 0) return
    await sender.send(differing)
    repaired = id
  }
  const lookedAgain = async () => {
    if (repaired !== null) await senderOf(of()).reconcile({ follows: repaired, by: 'values' })
  }
  return [
    { at, isOpen: true, play: found },
    { at: at + 0.02, isOpen: true, play: lookedAgain },
  ]
}
