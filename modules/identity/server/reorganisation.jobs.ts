import type { Jobs } from '@tongchou/kernel'
import { handOverAgain, type ReorganisationPorts, SWEEP, settleDue } from './reorganisation.service.ts'

const SETTLE = 'identity.settle-reorganisations'

/**
 * Work for later of reorganisations. The first request of a day carries out what is due that day; the job does so where no request comes,
 * and hands over what was under way during one.
 */
export function reorganisationJobs(ports: ReorganisationPorts): Jobs {
  return {
    kinds: [
      {
        kind: SETTLE,
        queue: 'short',
        work: async (ctx) => {
          await settleDue(ctx, ports)
        },
      },
      {
        kind: SWEEP,
        queue: 'short',
        work: async (ctx, payload) => {
          await handOverAgain(ctx, ports, (payload as { id: string }).id)
        },
      },
    ],
    schedules: [{ key: SETTLE, owner: 'identity', kind: SETTLE, everySeconds: 600, catchUp: 'once' }],
  }
}
