import type { CaseSummary, CasesPort } from '@tongchou/kernel'
import type { CasesPorts } from '../ports.ts'
import { openCaseFor } from './act.service.ts'
import { casesOfSubject, openTasksOf, subjectsAwaiting } from './case.store.ts'
import type { CaseRow } from './case.tables.ts'

/** What this module gives to the owners of subjects. */
export function casesPort(ports: CasesPorts): CasesPort {
  return {
    open: (ctx, input) => openCaseFor(ctx, ports, input),
    subjectsAwaiting: (ctx, kind) => subjectsAwaiting(ctx, ctx.actor, kind),
    casesOf: async (ctx, kind, subjectId) => {
      const rows = await casesOfSubject(ctx, kind, subjectId)
      const tasks = await openTasksOf(
        ctx,
        rows.map((r) => r.id),
      )
      const orgs = await ports.organisations.organisations(
        ctx,
        tasks.flatMap((t) => (t.org_id ? [t.org_id] : [])),
      )
      const now = ctx.now()
      return rows.map(
        (row): CaseSummary => ({
          caseId: row.id,
          procedure: row.procedure,
          title: ports.definition(row.procedure)?.procedure.title ?? row.procedure,
          status: summaryStatus(row),
          openedAt: row.opened_at.toISOString(),
          endedAt: row.ended_at?.toISOString() ?? null,
          holders: tasks
            .filter((t) => t.case_id === row.id && t.spoken_by === null)
            .map((t) => ({
              taskId: t.task_id,
              step: t.step,
              title: t.step_title,
              duty: t.duty,
              orgId: t.org_id ?? '',
              orgName: (t.org_id && orgs.get(t.org_id)?.name) || ports.dutyTitle(t.duty),
              sinceAt: t.since_at.toISOString(),
              dueAt: t.due_at?.toISOString() ?? null,
              overdue: t.due_at !== null && t.due_at < now,
            })),
        }),
      )
    },
  }
}

/** A returned or withdrawn case is still running: it waits with the party that hands in. */
function summaryStatus(row: CaseRow): CaseSummary['status'] {
  if (row.status === 'ended') return 'done'
  return row.status === 'rejected' || row.status === 'merged' || row.status === 'voided' ? row.status : 'running'
}
