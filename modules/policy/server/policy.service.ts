import { type Ctx, type Facts as GivenFacts, InvalidState, InvalidValue, type JudgePort, NotFound, todayInShanghai } from '@tongchou/kernel'
import { type Evaluation, evaluate, type Modes } from './evaluate.ts'
import { actProblem, type FactProblem, readFacts } from './facts.ts'
import { policyDb } from './mode-setting.schema.ts'
import { findModes } from './mode-setting.store.ts'
import type { Pack, PolicyFinding } from './pack.ts'
import { type PackLibrary, versionAt } from './pack-library.ts'

/** A question to a pack: may this act be done, these facts being so, on that date? */
export interface Question {
  act: string
  asOf?: string | undefined
  facts: Readonly<Record<string, unknown>>
}

/** Every version of a pack, oldest first, at least one. */
export function versionsOf(library: PackLibrary, packId: string): readonly [Pack, ...Pack[]] {
  const [first, ...later] = library.packs.get(packId) ?? []
  if (!first) throw new NotFound('policy.pack_not_found', `没有标识为“${packId}”的制度。`)
  return [first, ...later]
}

/** The version for reading: the one on that date, or the newest. */
export function readableVersion(library: PackLibrary, packId: string, asOf: string): Pack {
  const versions = versionsOf(library, packId)
  return versionAt(versions, asOf) ?? versions.at(-1) ?? versions[0]
}

/** Answers a question from outside, strictly: what is not in the vocabulary is named, not ignored. Stores nothing. */
export async function answer(
  ctx: Ctx,
  library: PackLibrary,
  packId: string,
  question: Question,
  modesOf: (packId: string) => Promise<Modes>,
): Promise<Evaluation> {
  const pack = askedVersion(library, packId, question.asOf ?? todayInShanghai(ctx.now()))
  const { facts, problems } = readFacts(library.vocabulary, question.facts)
  const unknownAct = actProblem(library.vocabulary, question.act)
  refuseProblems(unknownAct ? [unknownAct, ...problems] : problems)
  return evaluate(pack, question.act, facts, await modesOf(packId))
}

/**
 * Judges an act of the product by live facts: the findings of the pack, each with the city's mode. Joins an open transaction.
 * The facts come from our own records, so a wrong one is a defect and not the caller's mistake.
 */
export async function judge(
  ctx: Ctx,
  library: PackLibrary,
  packId: string,
  act: string,
  given: GivenFacts,
  asOf = todayInShanghai(ctx.now()),
): Promise<PolicyFinding[]> {
  const pack = askedVersion(library, packId, asOf)
  const { facts, problems } = readFacts(library.vocabulary, given)
  const defect = actProblem(library.vocabulary, act) ?? problems[0]
  if (defect) throw new Error(`live facts do not fit the vocabulary at ${defect.path}: ${defect.message}`)
  return evaluate(pack, act, facts, await findModes(policyDb(ctx), packId)).findings
}

/** The port that other modules judge their acts by: the pack the city chose, on the day of the act. */
export function judgePort(library: PackLibrary, packId: string): JudgePort {
  return { judge: (ctx, act, facts) => judge(ctx, library, packId, act, facts) }
}

function askedVersion(library: PackLibrary, packId: string, asOf: string): Pack {
  const versions = versionsOf(library, packId)
  const pack = versionAt(versions, asOf)
  if (!pack) {
    const from = versions[0].validFrom
    throw new InvalidValue('policy.no_version', `“${versions[0].title}”在 ${asOf} 没有可引用的版本，最早为 ${from}。`, [
      { path: 'asOf', message: `不早于 ${from}` },
    ])
  }
  if (!pack.rulesLoaded) throw new InvalidState('policy.rules_not_loaded', `“${pack.title}”可供阅读，规则尚未装载，不能据以判定。`)
  return pack
}

const CODES: Record<FactProblem['code'], string> = {
  'unknown-act': 'policy.unknown_act',
  'unknown-fact': 'policy.unknown_fact',
  'wrong-type': 'policy.wrong_type',
  contradiction: 'policy.contradiction',
}

function refuseProblems(problems: readonly FactProblem[]): void {
  const [first] = problems
  if (first) {
    const fields = problems.slice(0, 20).map(({ path, message }) => ({ path, message }))
    throw new InvalidValue(CODES[first.code], first.message, fields)
  }
}
