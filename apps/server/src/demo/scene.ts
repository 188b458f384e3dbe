import type { Draw } from './random.ts'
import type { Stage } from './stage.ts'

/** What happens at one position of the timeline. */
export interface Scene {
  at: number
  play(stage: Stage): Promise<void>
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
