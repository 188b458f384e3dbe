import { type CaseSummary, type Ctx, type OrganisationView, todayInShanghai } from '@tongchou/kernel'
import { noticePaper } from '../words.ts'
import type { SupervisionPorts } from './ports.ts'
import { changeProblem, orderHold, replyToRecord, revokeRecord } from './problem.permissions.ts'
import type { Problem, ProblemAct, ProblemLine, WithheldRecord } from './problem.schema.ts'
import { hasFailed, shownState } from './problem.standing.ts'
import { holdsOf } from './problem.store.ts'
import type { HoldRow, ProblemRow, WithheldRow } from './problem.tables.ts'

/** Kind of subject the procedure `rectification` is about. */
export const subjectKind = 'problem'

type Names = ReadonlyMap<string, OrganisationView>

/** The page of one problem (问题整改), with what this actor may do. */
export async function viewProblem(ctx: Ctx, ports: SupervisionPorts, row: ProblemRow): Promise<Problem> {
  const holds = await holdsOf(ctx, [row.id])
  const orgs = await ports.organisations.organisations(ctx, [row.responsible_org_id])
  const cases = await ports.cases.casesOf(ctx, subjectKind, row.id)
  return {
    ...toLine(ctx, row, holds, orgs),
    description: row.description,
    demand: row.demand,
    orderedAt: row.ordered_at?.toISOString() ?? null,
    noticeNumber: await ports.numbers.numberOf(ctx, noticePaper, { kind: subjectKind, id: row.id }),
    reportedOn: row.reported_on,
    report: row.report,
    notAcceptedReason: row.not_accepted_reason,
    confirmedAt: row.confirmed_at?.toISOString() ?? null,
    holds: holds.map(toHold),
    cases: cases.map(toCaseLine),
    mayDo: allowedActs(ctx, row, holds),
    version: row.version,
    createdBy: row.created_by,
    updatedBy: row.updated_by,
  }
}

/** Lines of the list, with the names and holds of all of them read at once. */
export async function viewLines(ctx: Ctx, ports: SupervisionPorts, rows: readonly ProblemRow[]): Promise<Map<string, ProblemLine>> {
  const ids = rows.map((row) => row.id)
  const holds = Map.groupBy(await holdsOf(ctx, ids), (hold) => hold.problem_id)
  const orgs = await ports.organisations.organisations(ctx, [...new Set(rows.map((row) => row.responsible_org_id))])
  return new Map(rows.map((row) => [row.id, toLine(ctx, row, holds.get(row.id) ?? [], orgs)]))
}

function toLine(ctx: Ctx, row: ProblemRow, holds: readonly HoldRow[], orgs: Names): ProblemLine {
  const today = todayInShanghai(ctx.now())
  return {
    id: row.id,
    number: row.number,
    project: { id: row.project_id, name: row.project_name },
    kind: row.kind,
    party: row.party,
    responsible: orgRef(orgs, row.responsible_org_id),
    state: shownState(row, today),
    failed: hasFailed(row, today),
    foundOn: row.found_on,
    dueOn: row.due_on,
    paymentHeld: holds.some((hold) => hold.ended_at === null),
    updatedAt: row.updated_at.toISOString(),
  }
}

function allowedActs(ctx: Ctx, row: ProblemRow, holds: readonly HoldRow[]): ProblemAct[] {
  const acts: ProblemAct[] = []
  if (row.state === 'draft' && changeProblem.allows(ctx.actor)) acts.push('change')
  const held = holds.some((hold) => hold.ended_at === null)
  if (row.party === 'builder' && hasFailed(row, todayInShanghai(ctx.now())) && !held && orderHold.allows(ctx.actor)) acts.push('order-hold')
  return acts
}

function toHold(hold: HoldRow): Problem['holds'][number] {
  return {
    reason: hold.reason,
    duty: hold.duty,
    basis: 'local',
    decidedBy: hold.decided_by,
    decidedAt: hold.decided_at.toISOString(),
    endedAt: hold.ended_at?.toISOString() ?? null,
  }
}

function toCaseLine(kase: CaseSummary): Problem['cases'][number] {
  const holders = kase.holders.map(({ taskId, step, title, orgName }) => ({ taskId, step, title, orgName }))
  return { caseId: kase.caseId, title: kase.title, status: kase.status, holders }
}

/** A record of withholding, with what this actor may do. */
export async function viewWithheld(ctx: Ctx, ports: SupervisionPorts, rows: readonly WithheldRow[]): Promise<WithheldRecord[]> {
  const orgs = await ports.organisations.organisations(ctx, [...new Set(rows.map((row) => row.builder_org_id))])
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    project: { id: row.project_id, name: row.project_name },
    builder: orgRef(orgs, row.builder_org_id),
    kind: row.kind,
    description: row.description,
    foundOn: row.found_on,
    recordedBy: row.recorded_by,
    recordedAt: row.recorded_at.toISOString(),
    reply: signed(row.reply, row.replied_by, row.replied_at, (text, by, at) => ({ text, by, at })),
    revocation: signed(row.revoked_reason, row.revoked_by, row.revoked_at, (reason, by, at) => ({ reason, by, at })),
    mayDo: [
      ...(row.reply === null && row.revoked_at === null && replyToRecord.allows(ctx.actor, row) ? (['reply'] as const) : []),
      ...(row.revoked_at === null && revokeRecord.allows(ctx.actor, row) ? (['revoke'] as const) : []),
    ],
    version: row.version,
    updatedBy: row.updated_by,
    updatedAt: row.updated_at.toISOString(),
  }))
}

function signed<T>(text: string | null, by: string | null, at: Date | null, make: (text: string, by: string, at: string) => T): T | null {
  return text === null || by === null || at === null ? null : make(text, by, at.toISOString())
}

function orgRef(orgs: Names, id: string): { id: string; name: string } {
  return { id, name: orgs.get(id)?.name ?? id }
}
