import {
  type CaseAct,
  type CaseRef,
  type CaseSubjectPort,
  type Ctx,
  InvalidState,
  notFound,
  recordAudit,
  recordEvent,
  todayInShanghai,
} from '@tongchou/kernel'
import { expressionBuilder, sql, type Updateable } from 'kysely'
import { kindWords, noticePaper, partyWords } from '../words.ts'
import type { SupervisionPorts } from './ports.ts'
import { readProblem } from './problem.permissions.ts'
import type { StoredState } from './problem.schema.ts'
import { dueField } from './problem.service.ts'
import { endHold, findProblem, lockProblem, updateProblem } from './problem.store.ts'
import type { ProblemRow, ProblemTable, SupervisionTables } from './problem.tables.ts'
import { subjectKind } from './problem.view.ts'

interface Move {
  from: readonly StoredState[]
  set(ctx: Ctx, act: CaseAct): Updateable<ProblemTable>
}

/** Where each event of the procedure may come from, and what it writes. */
const moves: Readonly<Record<string, Move>> = {
  'problem.ordered': { from: ['proposed'], set: (ctx, act) => ({ state: 'ordered', ordered_at: ctx.now(), ...newDue(act) }) },
  'problem.reported': {
    from: ['ordered', 'not-accepted'],
    set: (ctx, act) => ({ state: 'reported', reported_on: todayInShanghai(ctx.now()), report: act.opinion }),
  },
  'problem.confirmed': { from: ['reported'], set: (ctx) => ({ state: 'confirmed', confirmed_at: ctx.now() }) },
  'problem.not-accepted': {
    from: ['reported'],
    set: (ctx, act) => ({ state: 'not-accepted', not_accepted_at: ctx.now(), not_accepted_reason: act.opinion, ...newDue(act) }),
  },
}

/** Standing of the case while nothing is ordered: a proposal that comes back may be changed, one that goes out may not. */
const standings: Readonly<Record<string, { from: StoredState; to: StoredState }>> = {
  'case.opened': { from: 'draft', to: 'proposed' },
  'case.resubmitted': { from: 'draft', to: 'proposed' },
  'case.returned': { from: 'proposed', to: 'draft' },
  'case.withdrawn': { from: 'proposed', to: 'draft' },
  'case.voided': { from: 'proposed', to: 'draft' },
}

/** What the procedure `rectification` (问题整改, WH23-20) does to a problem: the only way its state moves. */
export const problemSubject = (ports: Pick<SupervisionPorts, 'numbers' | 'papers'>): CaseSubjectPort => ({
  kind: subjectKind,
  async mayRead(ctx, id) {
    const row = await findProblem(ctx, id)
    return row !== undefined && readProblem.allows(ctx.actor, row)
  },
  readable: (actor, id) => {
    const mayRead = readProblem.where(actor)(expressionBuilder<SupervisionTables, 'supervision.problem'>())
    return sql<boolean>`exists (select 1 from supervision.problem where supervision.problem.id = ${id}::uuid and ${mayRead})`
  },
  async describe(ctx, id) {
    const row = await findProblem(ctx, id)
    if (!row) throw notFound('问题')
    const line = (label: string, value: string | null) => ({ label, value, fen: null })
    return {
      title: `${row.project_name}：${kindWords[row.kind]}`,
      href: `/problems/${id}`,
      facts: [
        line('项目', row.project_name),
        line('责任方', partyWords[row.party]),
        line('问题情况', row.description),
        line('整改要求', row.demand),
        line('发现日期', row.found_on),
        line('整改期限', row.due_on),
        line('整改情况', row.report),
        line('上次核查意见', row.not_accepted_reason),
      ],
    }
  },
  async judge(_ctx, _kase, guard) {
    // No article guards a step of this procedure; a guard that a pack adds must not pass unjudged.
    throw new Error(`problem judges no act, asked for ${guard}`)
  },
  async apply(ctx, kase, event, act) {
    const row = await locked(ctx, kase)
    if (event.startsWith('case.')) return followCase(ctx, row, event)
    const move = moves[event]
    if (!move) throw new Error(`problem knows no event ${event}`)
    if (!move.from.includes(row.state)) throw new InvalidState('problem.wrong_state', '问题的整改状态已变化，请刷新后重新办理。')
    const moved = await updateProblem(ctx, row.id, move.set(ctx, act))
    const detail = { caseId: kase.caseId, projectId: row.project_id, dueOn: moved.due_on }
    await recordAudit(ctx, event, { kind: subjectKind, id: row.id }, detail)
    await recordEvent(ctx, event, { kind: subjectKind, id: row.id }, { ...detail, responsibleOrgId: row.responsible_org_id })
    if (event === 'problem.ordered') await numberNotice(ctx, ports, row)
    if (event === 'problem.confirmed') await releaseHold(ctx, row)
  },
  async retract(ctx, kase, event) {
    const row = await locked(ctx, kase)
    if (event !== 'problem.reported' || row.state !== 'reported') throw new Error(`problem cannot take back ${event} in ${row.state}`)
    await updateProblem(ctx, row.id, { state: row.not_accepted_at === null ? 'ordered' : 'not-accepted', reported_on: null, report: null })
    await recordAudit(ctx, 'problem.report_withdrawn', { kind: subjectKind, id: row.id }, { caseId: kase.caseId })
  },
})

/** The order goes out under a number of the agency word that the pack of the day gives it. */
async function numberNotice(ctx: Ctx, { numbers, papers }: Pick<SupervisionPorts, 'numbers' | 'papers'>, row: ProblemRow): Promise<void> {
  const { issued } = papers.paper(noticePaper, todayInShanghai(ctx.now()))
  if (!issued) throw new Error(`the pack has ${noticePaper} as a paper that is not issued`)
  await numbers.issue(ctx, { paper: noticePaper, agencyWord: issued.agencyWord, subject: { kind: subjectKind, id: row.id } })
}

/** 直至整改落实 (WH23-20): the hold ends with the confirmation, by nobody's separate act. */
async function releaseHold(ctx: Ctx, row: ProblemRow): Promise<void> {
  if ((await endHold(ctx, row.id)) === 0) return
  await recordAudit(ctx, 'payment.hold_ended', { kind: subjectKind, id: row.id }, { projectId: row.project_id })
  await recordEvent(ctx, 'payment.hold_ended', { kind: subjectKind, id: row.id }, { projectId: row.project_id })
}

async function followCase(ctx: Ctx, row: ProblemRow, event: string): Promise<void> {
  const standing = standings[event]
  if (standing && row.state === standing.from) await updateProblem(ctx, row.id, { state: standing.to })
}

/** A deadline given with the act (整改期限) replaces the one before. */
function newDue(act: CaseAct): Updateable<ProblemTable> {
  const due = act.dates[dueField]
  return due === undefined ? {} : { due_on: due }
}

async function locked(ctx: Ctx, kase: CaseRef): Promise<ProblemRow> {
  const row = await lockProblem(ctx, kase.subject.id)
  if (!row) throw new Error(`case ${kase.caseId} is about problem ${kase.subject.id}, which does not exist`)
  return row
}
