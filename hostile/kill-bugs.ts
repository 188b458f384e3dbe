import type { Center } from '@tongchou/agent'
import type { Receivers } from '@tongchou/libraries'

/** Mistakes that a run plants: the center answers before it has committed; the agent takes a batch for taken before it was. */
export const bugs = ['answer-early', 'acknowledge-early'] as const
export type Bug = (typeof bugs)[number]

/** What a receipt says that nobody has waited for. */
const untold = {
  ...{ structure: 1, rows: 0, inserted: 0, updated: 0, deleted: 0, unchanged: 0, superseded: 0, absent: 0, bad: 0 },
  ...{ seqFrom: null, seqTo: null, receivedAt: '2026-03-02T01:00:00.000Z' },
}

export function plantedReceiving(bug: Bug | null, receivers: Receivers): Receivers {
  if (bug !== 'answer-early') return receivers
  return {
    ...receivers,
    receive: async (lane, bytes, batch) => {
      receivers.receive(lane, bytes, batch).catch(() => undefined)
      return { ...untold, resource: batch.resource, batchId: batch.batchId, digest: '0'.repeat(64) }
    },
  }
}

export function plantedCenter(bug: Bug | null, center: Center): Center {
  if (bug !== 'acknowledge-early') return center
  return {
    ...center,
    send: async (parcel, body) => {
      center.send(parcel, body).catch(() => undefined)
      return { ...untold, batchId: parcel.batchId }
    },
  }
}
