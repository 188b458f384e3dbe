import { type Ctx, type Facts, type ProjectFactsPort, todayInShanghai } from '@tongchou/kernel'
import type { Problem } from './problem.schema.ts'
import { hasFailed } from './problem.standing.ts'
import { hasStandingRecord, heldProblemIds, openProblemsOf } from './problem.store.ts'
import type { ProblemRow } from './problem.tables.ts'

/** Acts whose gate asks about the user unit (WH23-20: 原则上不安排下一年度经费). */
const fundingActs: readonly string[] = ['funding.schedule', 'system.operate']

/**
 * Gate facts of a project under WH23-18 and WH23-20. This register answers for them, so nothing recorded is `false`, not unknown; only
 * the party is absent while no rectification is open.
 *
 * Several open problems make one set of facts, the one that binds hardest. `open` and `failed`: any. `holdOrdered`: a hold stands on any.
 * `party`, by what each gate needs:
 *
 * | the gate | party of | why |
 * |---|---|---|
 * | funding.schedule, system.operate | a failed user unit, else a failed builder | only the user unit's failure speaks there |
 * | payment.release and any other | a failed builder whose payment nobody decided on, else a failed user unit, else a failed builder | an undecided builder asks for a decision; once held, the hold itself refuses, whoever the party is |
 *
 * With none failed it is the builder's before the user unit's; no rule reads it then.
 */
export const supervisionFacts: ProjectFactsPort & { factsOf(ctx: Ctx, projectId: string, act?: string): Promise<Facts> } = {
  async factsOf(ctx: Ctx, projectId: string, act?: string): Promise<Facts> {
    const open = await openProblemsOf(ctx, projectId)
    const held = await heldProblemIds(ctx, projectId)
    const today = todayInShanghai(ctx.now())
    const failed = open.filter((problem) => hasFailed(problem, today))
    const party = worstParty(failed.length > 0 ? failed : open, failed.length > 0 && fundingActs.includes(act ?? ''), held)
    return {
      'rectification.open': open.length > 0,
      'rectification.failed': failed.length > 0,
      ...(party === undefined ? {} : { 'rectification.party': party }),
      'payment.holdOrdered': held.size > 0,
      'builder.recordsWithheld': await hasStandingRecord(ctx, projectId),
    }
  },
}

function worstParty(problems: readonly ProblemRow[], userUnitFirst: boolean, held: ReadonlySet<string>): Problem['party'] | undefined {
  const parties = new Set(problems.map((problem) => problem.party))
  // One standing hold refuses payment of the whole project: the contract's fact knows no more than that a hold was ordered.
  const decided = held.size > 0
  if (parties.has('user-unit') && (userUnitFirst || decided)) return 'user-unit'
  if (parties.has('builder')) return 'builder'
  return parties.has('user-unit') ? 'user-unit' : undefined
}
