import { TooManyRequests } from '@tongchou/kernel'

/** Requests in hand at once (名额), in this process: a batch holds its lines in memory and a connection until it is written, a reader a page. */
export interface Admission {
  /** Takes a place, and gives the way to leave it. @throws TooManyRequests when there is none */
  enter(id: string): () => void
}

/** Places for batches: of all channels, and of one, so that a flood from one department leaves the others room. */
export const batchPlaces = {
  all: 8,
  each: 3,
  busy: () => new TooManyRequests('exchange.busy', '正在接收的批次较多，请稍后重发本批次。', 1),
}
/** Places for receivers that read or wait: of all subscriptions, and of one, where an agent that takes another's place may meet it still. */
export const readerPlaces = {
  all: 400,
  each: 3,
  busy: () => new TooManyRequests('feed.busy', '本订阅的连接已满，请关闭多余的接收程序后重试。', 5),
}

/** Places for questions about a copy: each goes over all hashes of a resource. */
export const questionPlaces = {
  all: 2,
  each: 1,
  busy: () => new TooManyRequests('exchange.busy', '正在对账的通道较多，请稍后再问。', 2),
}

export function openAdmission(places: { all: number; each: number; busy: () => TooManyRequests }): Admission {
  const held = new Map<string, number>()
  let all = 0
  return {
    enter(channelId) {
      const own = held.get(channelId) ?? 0
      if (all >= places.all || own >= places.each) throw places.busy()
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
