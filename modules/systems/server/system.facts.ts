import type { Ctx, Facts, ProjectFactsPort } from '@tongchou/kernel'
import { type AnsweredFact, deployments } from './system.schema.ts'
import { currentAnswers, systemsOfProject } from './system.store.ts'
import type { AnswerRow } from './system.tables.ts'
import { answeredValue } from './system.view.ts'

const booleans = [
  ['project.cityBrainConnected', 'cityBrainConnected'],
  ['project.standardInterface', 'standardInterface'],
  ['project.dataShared', 'dataShared'],
  ['project.securityAssured', 'securityAssured'],
] as const

/**
 * What the register says of all systems of a project (WH23-4, WH23-16, WH23-17). The worst answer wins, and is known as soon as one
 * system has it; a good answer is known only when every system has it; otherwise the fact is absent. A closed system goes on
 * counting until the center has seen that it is off: its owner cannot close its way through a gate.
 */
export const systemsFacts: ProjectFactsPort = {
  async factsOf(ctx: Ctx, projectId: string): Promise<Facts> {
    const systems = await systemsOfProject(ctx, projectId)
    const answers = Map.groupBy(
      await currentAnswers(
        ctx,
        systems.map((system) => system.id),
      ),
      (answer) => answer.system_id,
    )
    const counted = systems
      .map((system) => ({ status: system.status, answers: answers.get(system.id) ?? [] }))
      .filter((system) => !(system.status === 'closed' && answeredValue(system.answers, 'closureVerified') === true))
      .map((system) => system.answers)
    const facts: Record<string, boolean | string> = {}
    const deployment = worst(counted, 'deployment', deployments)
    if (deployment !== undefined) facts['project.deployment'] = deployment
    for (const [name, fact] of booleans) {
      const value = worst(counted, fact, [true, false])
      if (value !== undefined) facts[name] = value
    }
    return facts
  },
}

/** @param order from the best value to the worst */
function worst<V extends boolean | string>(systems: readonly AnswerRow[][], fact: AnsweredFact, order: readonly V[]): V | undefined {
  const ranks = systems.map((answers) => order.indexOf(answeredValue(answers, fact) as V))
  const rank = Math.max(...ranks, -1)
  if (rank > 0) return order[rank]
  return ranks.length > 0 && !ranks.includes(-1) ? order[0] : undefined
}
