/** A batch that is in hand, among those of its lane. */
export interface Place {
  /** Waits until the batch before this one is done with, if it is in hand or comes soon; tells whether there was one. */
  forerunner(): Promise<boolean>
  leave(): void
}

/** Which batches of which lanes are in hand in this process (发送线次序): the order itself is the lane's in the database, this is only whom to wait for. */
export interface LaneOrder {
  enter(lane: string, number: number): Place
}

/** Sent after it on another connection, a batch is this much ahead of the one before it and no more. */
const SOON_MS = 500

export function openLaneOrder(soonMs = SOON_MS): LaneOrder {
  const inHand = new Map<string, Promise<void>>()
  const awaited = new Map<string, (forerunner: Promise<void>) => void>()
  return {
    enter(lane, number) {
      const name = `${lane} ${number}`
      const before = `${lane} ${number - 1}`
      const ended = Promise.withResolvers<void>()
      inHand.set(name, ended.promise)
      awaited.get(name)?.(ended.promise)
      // Also one that has been done with since this one came in is known of.
      let known = inHand.get(before)
      const came = Promise.withResolvers<void>()
      const comes = (forerunner: Promise<void>) => {
        known = forerunner
        came.resolve()
      }
      if (!known) awaited.set(before, comes)
      return {
        async forerunner() {
          if (!known) await within(soonMs, came.promise)
          await known
          return known !== undefined
        },
        leave() {
          // The same number may have come again meanwhile.
          if (inHand.get(name) === ended.promise) inHand.delete(name)
          if (awaited.get(before) === comes) awaited.delete(before)
          ended.resolve()
        },
      }
    },
  }
}

async function within(ms: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([promise, over])
  clearTimeout(timer)
}
