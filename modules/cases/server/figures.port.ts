import type { Ctx, DutyId } from '@tongchou/kernel'
import type { CasesPorts } from '../ports.ts'
import { type Lateness, latenessByOffice } from './figures.store.ts'
import { countBoxes, listOpen } from './work-list.store.ts'

/** Who is late with what, over every running case of every kind, and what waits for the actor. */
export function caseFigures(ports: CasesPorts) {
  return {
    late: async (ctx: Ctx, most: number) => {
      const groups = await Promise.all((await latenessByOffice(ctx)).map((group) => withOffice(ctx, ports, group)))
      const offices = [...Map.groupBy(groups, ({ organisation }) => organisation.id ?? organisation.name).values()].map(together)
      const late = offices.filter(({ lateCount }) => lateCount > 0).sort((a, b) => b.lateCount - a.lateCount)
      const sum = (of: (office: Lateness) => number) => offices.reduce((total, office) => total + of(office), 0)
      return { lateCount: sum((office) => office.lateCount), openCount: sum((office) => office.openCount), offices: late.slice(0, most) }
    },
    waiting: async (ctx: Ctx, most: number) => {
      const { open } = await countBoxes(ctx, ctx.actor)
      const rows = await listOpen(ctx, ctx.actor, 'todo', most, undefined)
      const items = rows.slice(0, most).map((row) => ({
        caseId: row.case_id,
        title: row.title,
        stepTitle: row.step_title,
        fromName: row.from_name,
        dueAt: row.due_at?.toISOString() ?? null,
        provisional: row.provisional,
      }))
      return { count: open, items }
    },
  }
}

type Office = Lateness & { organisation: { id: string | null; name: string } }

/** A task that waits for a duty and not for an office is the office's that alone bears the duty. */
async function withOffice(ctx: Ctx, ports: CasesPorts, group: Lateness & { orgId: string | null; duty: DutyId }): Promise<Office> {
  const { orgId, duty, ...figures } = group
  if (orgId !== null) {
    const office = await ports.organisations.organisation(ctx, orgId)
    return { ...figures, organisation: { id: orgId, name: office?.name ?? orgId } }
  }
  const bearers = await ports.organisations.bearersOf(ctx, duty)
  const [only] = bearers
  return {
    ...figures,
    organisation: only && bearers.length === 1 ? { id: only.id, name: only.name } : { id: null, name: ports.dutyTitle(duty) },
  }
}

function together(groups: readonly Office[]): Office {
  return groups.reduce((one, other) => ({
    organisation: one.organisation,
    lateCount: one.lateCount + other.lateCount,
    openCount: one.openCount + other.openCount,
    oldestDueAt: earlier(one.oldestDueAt, other.oldestDueAt),
  }))
}

function earlier(a: string, b: string): string {
  return Date.parse(a) <= Date.parse(b) ? a : b
}
