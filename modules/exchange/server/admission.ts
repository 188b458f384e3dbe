import { TooManyRequests } from '@tongchou/kernel'

/** Batches in hand at once (接收名额), in this process: each holds its lines in memory and a connection until it is written. */
export interface Admission {
  /** Takes a place, and gives the way to leave it. @throws TooManyRequests when there is none */
  enter(channelId: string): () => void
}

/** @param places of all channels, and of one: a flood from one department leaves the others room */
export function openAdmission(places: { all: number; each: number } = { all: 8, each: 3 }): Admission {
  const held = new Map<string, number>()
  let all = 0
  return {
    enter(channelId) {
      const own = held.get(channelId) ?? 0
      if (all >= places.all || own >= places.each) throw new TooManyRequests('exchange.busy', '正在接收的批次较多，请稍后重发本批次。', 1)
      all += 1
      held.set(channelId, own + 1)
      let isIn = true
      return () => {
        if (!isIn) return
        isIn = false
        all -= 1
        const left = (held.get(channelId) ?? 1) - 1
        if (left === 0) held.delete(channelId)
        else held.set(channelId, left)
      }
    },
  }
}
