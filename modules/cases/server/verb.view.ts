import type { Ctx } from '@tongchou/kernel'
import { type Case, type Finding, mayDo, type Procedure, type VerbKind, verbTitles } from '@tongchou/procedure'
import type { Static } from 'typebox'
import { signerOn } from './act.settle.ts'
import { definitionOf, findCases } from './case.store.ts'
import type { CaseRow } from './case.tables.ts'
import { type SupervisingVerb, supervisingVerbs, type VerbView } from './verb.schema.ts'

type Verbs = Static<typeof VerbView>[]

const onTasks = [
  'transfer',
  'entrust',
  'take-back',
  'not-mine',
  'countersign',
  'extend',
  'shelve',
  'unshelve',
  'pause',
  'resume',
  'urge',
] as const
const onCase = ['oversee', 'merge', 'void', 'copy'] as const

/** Refusals that say only that it is another's to do, or that there is nothing to do it to: those verbs are not offered at all. */
const silent: ReadonlySet<string> = new Set([
  ...['task.not_holder', 'task.not_found', 'task.closed', 'case.over', 'person.is_applicant', 'person.has_decided'],
  ...['urge.not_allowed', 'urge.own', 'oversee.not_allowed', 'merge.not_allowed', 'merge.draft', 'void.not_allowed', 'copy.not_allowed'],
  ...['entrust.none', 'entrust.not_by_actor', 'shelve.none', 'pause.none', 'pause.no_ground', 'pause.no_limit'],
  ...[
    'ask.not_answering',
    'countersign.not_asked',
    'countersign.not_by_actor',
    'demand.not_holder',
    'demand.not_by_actor',
    'demand.replied',
  ],
])

/** What this actor may do besides deciding, and for what they may not, why: said, not hidden. */
export function verbsOf(ctx: Ctx, procedure: Procedure, kase: Case): Verbs {
  const actor = signerOn(ctx.actor, kase)
  const now = ctx.now().toISOString()
  const offered: Verbs = []
  const offer = (kind: VerbKind, target: { taskId?: string; ref?: string }, about: string | null) => {
    const why = mayDo(procedure, kase, kind, actor, target, now)
    if (why.some((finding) => silent.has(finding.code))) return
    const refused = why[0] ? sentence(why[0]) : null
    offered.push({ kind, title: verbTitles[kind], taskId: target.taskId ?? null, ref: target.ref ?? null, about, refused })
  }
  const titleOf = (step: string) => procedure.steps.find((one) => one.id === step)?.title ?? step
  for (const task of kase.tasks) for (const kind of onTasks) offer(kind, { taskId: task.id }, titleOf(task.step))
  for (const one of kase.countersigns) {
    const who = one.to.person ? `${one.to.orgName}${one.to.person.name}` : one.to.orgName
    offer('sign', { ref: one.id }, titleOf(one.step))
    offer('uncountersign', { ref: one.id }, who)
  }
  for (const one of kase.asks) offer('answer', { ref: one.id }, titleOf(one.step))
  for (const one of kase.demands) for (const kind of ['reply', 'lift'] as const) offer(kind, { ref: one.id }, one.demand)
  for (const kind of onCase) offer(kind, {}, null)
  return offered
}

function sentence(finding: Finding): string {
  return `${finding.message}。${finding.cure}。`
}

/**
 * What a list offers this actor beside running tasks of cases that they may read: by the same rule as on the page of the case, so that
 * what is refused for now is offered there and here alike.
 */
export async function supervisingOffers(
  ctx: Ctx,
  caseIds: readonly string[],
): Promise<(caseId: string, taskId: string) => SupervisingVerb[]> {
  const now = ctx.now().toISOString()
  const rows = await findCases(ctx, caseIds)
  const procedures = new Map<string, Procedure>()
  const keyOf = (row: CaseRow) => JSON.stringify([row.pack, row.pack_version, row.procedure, row.procedure_version])
  for (const row of rows.values()) {
    const key = keyOf(row)
    if (!procedures.has(key)) procedures.set(key, (await definitionOf(ctx, row)).procedure)
  }
  return (caseId, taskId) => {
    const row = rows.get(caseId)
    const procedure = row && procedures.get(keyOf(row))
    if (!procedure || !row.state.tasks.some((one) => one.id === taskId)) return []
    const actor = signerOn(ctx.actor, row.state)
    return supervisingVerbs.filter(
      (kind) => !mayDo(procedure, row.state, kind, actor, kind === 'urge' ? { taskId } : {}, now).some((why) => silent.has(why.code)),
    )
  }
}
