import { type Ctx, todayInShanghai } from '@tongchou/kernel'
import type { OverviewPorts } from '../ports.ts'
import type { Overview } from './overview.schema.ts'

/** What a phone shows of each kind before it leads to the list. */
const MOST_ROWS = 5

/** The one page for leaders (领导一页), in the figures that a decision needs and no more. */
export async function readOverview(ctx: Ctx, { projects, supervision, cases }: OverviewPorts, year: number | null): Promise<Overview> {
  const today = todayInShanghai(ctx.now())
  const held = await supervision.heldProjectIds(ctx)
  return {
    at: ctx.now().toISOString(),
    year,
    planYears: await projects.planYears(ctx),
    money: await projects.money(ctx, year, held),
    risk: {
      failed: await supervision.failed(ctx, today, MOST_ROWS),
      behind: await projects.behind(ctx, today, MOST_ROWS),
      heldProjectCount: held.length,
    },
    late: await cases.late(ctx, MOST_ROWS),
    waiting: await cases.waiting(ctx, MOST_ROWS),
  }
}
