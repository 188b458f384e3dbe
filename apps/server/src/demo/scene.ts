import type { Draw } from './random.ts'
import type { Stage } from './stage.ts'

/** What happens at one position of the timeline. */
export interface Scene {
  at: number
  /** Set where it is no part of a transaction with the scenes around it: what is said over HTTP, and what other threads and processes do, is committed there. */
  isOpen?: boolean
  play(stage: Stage): Promise<void>
}

/** All scenes by time, those that share a transaction together. */
export function inOrder(scenes: readonly Scene[]): { isOpen: boolean; scenes: Scene[] }[] {
  const groups: { isOpen: boolean; scenes: Scene[] }[] = []
  for (const scene of scenes.toSorted((a, b) => a.at - b.at)) {
    const isOpen = scene.isOpen === true
    const last = groups.at(-1)
    if (last?.isOpen === isOpen) last.scenes.push(scene)
    else groups.push({ isOpen, scenes: [scene] })
  }
  return groups
}

/** What happens so many working days after what came before it. */
export interface Act {
  after: number
  play(stage: Stage): Promise<void>
}

export function act(after: number, play: Act['play']): Act {
  return { after, play }
}

/** Between two acts of one project lies at least this part of an office day: a quarter of an hour. */
const LEAST = 0.04

/** Puts acts on the timeline, the first at `from`, each later by its days times `stretch`, at some hour of that day. */
export function placed(acts: readonly Act[], from: number, stretch: number, draw: Draw): Scene[] {
  let day = from
  let last = from - LEAST
  return acts.map(({ after, play }, index) => {
    day += index === 0 ? 0 : after * stretch
    const hour = Math.floor(day) + draw.integer(90) / 100
    last = Math.max(hour, last + LEAST)
    return { at: last, play }
  })
}

/** How long acts take, in working days, from the first to the last. */
export function lengthOf(acts: readonly Act[]): number {
  return acts.slice(1).reduce((sum, { after }) => sum + after, 0)
}
