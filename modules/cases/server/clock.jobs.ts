import type { Jobs } from '@tongchou/kernel'
import type { CasesPorts } from '../ports.ts'
import { fireDeadline, recomputeProvisional, refreshClocks, wakeDeadlines } from './clock.service.ts'

/** The work for later of this module: the row in `cases.deadline` is the truth, these only wake the check. */
export function caseJobs(ports: CasesPorts): Jobs {
  return {
    kinds: [
      { kind: 'cases.wake-deadlines', queue: 'short', work: (ctx) => wakeDeadlines(ctx, ports) },
      {
        kind: 'cases.fire-deadline',
        queue: 'short',
        work: async (ctx, payload) => void (await fireDeadline(ctx, ports, (payload as { id: string }).id)),
      },
      {
        kind: 'cases.recompute-provisional',
        queue: 'short',
        work: (ctx, job) => recomputeProvisional(ctx, ports, (job as { payload: { year: number } }).payload.year),
      },
      { kind: 'cases.refresh-clocks', queue: 'short', work: (ctx, payload) => refreshClocks(ctx, ports, (payload as { id: string }).id) },
    ],
    schedules: [{ key: 'cases.deadlines', owner: 'cases', kind: 'cases.wake-deadlines', everySeconds: 30, catchUp: 'once' }],
    triggers: [
      {
        key: 'cases.calendar',
        owner: 'cases',
        event: 'calendar.published',
        kind: 'cases.recompute-provisional',
        oncePer: 'event',
      },
    ],
  }
}
