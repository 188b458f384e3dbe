import { Refused } from './refusals.ts'

/** How many children may work at once, and how many callers may wait for one. */
export interface Gate {
  /** Runs when a place is free. @throws Refused `table.busy` when too many wait; the reason of `signal` when it was given up while waiting */
  through<T>(act: () => Promise<T>, signal?: AbortSignal): Promise<T>
  readonly running: number
  readonly waiting: number
}

export function gateOf(places: number, queue: number): Gate {
  const waiting: (() => void)[] = []
  let running = 0

  function enter(signal: AbortSignal | undefined): Promise<void> {
    if (running < places) {
      running += 1
      return Promise.resolve()
    }
    if (waiting.length >= queue) return Promise.reject(new Refused('table.busy'))
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        waiting.splice(waiting.indexOf(admit), 1)
        reject(signal?.reason)
      }
      const admit = () => {
        signal?.removeEventListener('abort', giveUp)
        resolve()
      }
      waiting.push(admit)
      signal?.addEventListener('abort', giveUp, { once: true })
    })
  }

  /** The place goes to whoever waits longest; only when nobody does is it free. */
  function leave(): void {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }

  return {
    async through(act, signal) {
      signal?.throwIfAborted()
      await enter(signal)
      try {
        return await act()
      } finally {
        leave()
      }
    },
    get running() {
      return running
    },
    get waiting() {
      return waiting.length
    },
  }
}
