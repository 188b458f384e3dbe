import type { Ctx, OfficeCalendar } from '@tongchou/kernel'
import type { Deadlines } from '@tongchou/procedure'
import type { CasesPorts } from '../ports.ts'

/** The limits of procedures (时限计算) on the calendar as it is in this transaction. */
export async function deadlinesOf(tx: Ctx, ports: Pick<CasesPorts, 'calendar'>): Promise<Deadlines> {
  return deadlinesOn(await ports.calendar(tx))
}

/** The limits of procedures counted on the city's calendar and the organisations' working hours. */
export function deadlinesOn(calendar: OfficeCalendar): Deadlines {
  return {
    due(start, amount, unit, orgId) {
      const { dueAt, provisional } = calendar.due(new Date(start), amount, unit, orgId)
      return { due: dueAt.toISOString(), provisional }
    },
    left: (from, due, unit, orgId) => calendar.left(new Date(from), new Date(due), unit, orgId),
  }
}
