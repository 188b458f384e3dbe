import type { CivilDay, Ctx } from '@tongchou/kernel'

/** Money of the projects that the actor may read, in 分, and how many they are. */
export interface MoneyFigures {
  projectCount: number
  budgetFen: number
  approvedFen: number
  fundedFen: number
  contractedFen: number
  paidFen: number
  /** Contracted and not yet paid, of projects whose payment is held (暂缓支付). */
  heldFen: number
}

/** A project that has not reached a milestone by its day (进度滞后). */
export interface ProjectBehind {
  projectId: string
  name: string
  builder: { id: string; name: string }
  milestone: string
  dueOn: CivilDay
}

/** Some rows of a register and how many there are in all. */
export interface Some<T> {
  count: number
  items: T[]
}

/** A rectification that has failed, or a payment that is held (WH23-20). */
export interface ProblemAtRisk {
  problemId: string
  projectName: string
  responsible: { id: string; name: string }
  dueOn: CivilDay
}

/** An office whose tasks are overdue, and by how much the oldest is. */
export interface LateOffice {
  organisation: { id: string | null; name: string }
  lateCount: number
  openCount: number
  oldestDueAt: string
}

/** A case that waits for the actor. */
export interface WaitingTask {
  caseId: string
  title: string
  stepTitle: string
  fromName: string
  dueAt: string | null
  provisional: boolean
}

/** What the page needs of the others. Each answers through its own permission: a figure never counts what its reader may not open. */
export interface OverviewPorts {
  projects: {
    planYears(ctx: Ctx): Promise<number[]>
    money(ctx: Ctx, year: number | null, heldProjectIds: readonly string[]): Promise<MoneyFigures>
    behind(ctx: Ctx, today: CivilDay, most: number): Promise<Some<ProjectBehind>>
  }
  supervision: {
    failed(ctx: Ctx, today: CivilDay, most: number): Promise<Some<ProblemAtRisk>>
    heldProjectIds(ctx: Ctx): Promise<string[]>
  }
  cases: {
    late(ctx: Ctx, most: number): Promise<{ lateCount: number; openCount: number; offices: LateOffice[] }>
    waiting(ctx: Ctx, most: number): Promise<Some<WaitingTask>>
  }
}
