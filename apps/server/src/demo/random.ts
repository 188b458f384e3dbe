/** Draws that are the same on every machine for the same seed; the demo city is made from one fixed seed. */
export interface Draw {
  /** 0 inclusive to `below` exclusive. */
  integer(below: number): number
  pick<T>(items: readonly T[]): T
  shuffle<T>(items: readonly T[]): T[]
}

/** The one seed of the demo city (演示数据). Another seed gives another city with the same institutions. */
export const DEMO_SEED = 20261122

/** Mulberry32: small, fast and good enough for names and amounts; never for anything that must not be guessed. */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0
  const integer = (below: number) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
  const pick = <T>(items: readonly T[]): T => {
    const item = items[integer(items.length)]
    if (item === undefined) throw new RangeError('没有可供抽取的内容')
    return item
  }
  return {
    integer,
    pick,
    shuffle: (items) => {
      const left = [...items]
      return items.flatMap(() => left.splice(integer(left.length), 1))
    },
  }
}
