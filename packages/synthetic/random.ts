/** Draws of one thing of the synthetic city: the same for the same seed and name, whatever else is made. */
export interface Draws {
  /** Whether something of this rate happens. */
  happens(rate: number): boolean
  /** From `least` to `most`, both included. */
  whole(least: number, most: number): number
  one<T>(from: ArrayLike<T>): T
}

/** A generator of its own for each name, so that any thing can be made without those before it (mulberry32 over a hash of the name). */
export function drawsOf(seed: number, name: string, index: number): Draws {
  let state = hashOf(`${seed}/${name}/${index}`)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const whole = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    happens: (rate) => next() < rate,
    whole,
    one: (from) => from[whole(0, from.length - 1)] as never,
  }
}

/** The numbers below `length` in an order of the seed's own. */
export function shuffled(seed: number, name: string, length: number): number[] {
  const draws = drawsOf(seed, name, 0)
  const numbers = Array.from({ length }, (_, i) => i)
  for (let at = length - 1; at > 0; at--) {
    const other = draws.whole(0, at)
    const kept = numbers[at] as number
    numbers[at] = numbers[other] as number
    numbers[other] = kept
  }
  return numbers
}

/** FNV-1a, stirred once more: names that differ in the last digit must not give states that do. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
