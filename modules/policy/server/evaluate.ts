import type { Facts, Undecided } from './expression.ts'
import type { Article, Mode, Pack, PolicyFinding, Rule } from './pack.ts'

/** How the city set a pack and its rules (提示、拦截); what is not set follows the pack. */
export interface Modes {
  pack?: Mode | undefined
  rules?: ReadonlyMap<string, Mode>
}

/** What comes out of a set of findings, strictest first. */
export const DECISIONS = ['exempt', 'refuse', 'undecidable', 'refer', 'require', 'allow'] as const
export type Decision = (typeof DECISIONS)[number]

/** The answer to “may this act be done, these facts being so?”. */
export interface Evaluation {
  decision: Decision
  /** False when no rule of the pack guards the act. */
  regulated: boolean
  findings: PolicyFinding[]
}

/**
 * Judges an act by facts: every rule that guards it speaks, in the order of the articles. Pure; facts are already read
 * against the vocabulary. When an exemption holds only exemptions are returned, as the measure then says nothing else.
 */
export function evaluate(pack: Pack, act: string, facts: Facts, modes: Modes = {}): Evaluation {
  const guarding = rulesGuarding(pack, act)
  const spoken: PolicyFinding[] = []
  for (const rule of guarding) {
    const outcome = rule.condition.decide(facts)
    if (outcome !== false) spoken.push(findingOf(pack, rule, outcome, modes))
  }
  const exempt = spoken.filter((finding) => finding.effect === 'exempt')
  const findings = exempt.length > 0 ? exempt : spoken
  return { decision: decisionOf(findings), regulated: guarding.length > 0, findings }
}

const guardingByPack = new WeakMap<Pack, Map<string, readonly Rule[]>>()

/** The rules that guard an act, in the order of the articles; a pack does not change once it is read. */
function rulesGuarding(pack: Pack, act: string): readonly Rule[] {
  const byAct = guardingByPack.get(pack) ?? new Map<string, readonly Rule[]>()
  guardingByPack.set(pack, byAct)
  const kept = byAct.get(act)
  if (kept) return kept
  const found = pack.rules.filter((rule) => guards(rule, act))
  // Names from outside are checked before; those of other callers must not fill the memory.
  if (pack.vocabulary.acts.has(act)) byAct.set(act, found)
  return found
}

/** Whether a rule guards an act. */
export function guards(rule: Rule, act: string): boolean {
  return rule.acts === null || rule.acts.includes(act)
}

/** The strictest of the findings; a warning never counts. */
export function decisionOf(findings: readonly PolicyFinding[]): Decision {
  return DECISIONS.find((decision) => findings.some((finding) => finding.effect === decision)) ?? 'allow'
}

/** The mode of one rule: as the city set the rule, else the pack, else as the pack comes. */
export function modeOf(pack: Pack, rule: string, modes: Modes): Mode {
  return modes.rules?.get(rule) ?? modes.pack ?? pack.defaultMode
}

function findingOf(pack: Pack, rule: Rule, outcome: true | Undecided, modes: Modes): PolicyFinding {
  const article = pack.articles.find((candidate) => candidate.id === rule.article)
  const common = {
    rule: rule.id,
    modality: rule.modality,
    basis: rule.basis,
    mode: modeOf(pack, rule.id, modes),
    article: rule.article,
    ...textOf(article),
  }
  if (outcome !== true) return { ...common, effect: 'undecidable', ...askingFor(pack, rule, outcome), facts: [...outcome.needs] }
  return {
    ...common,
    effect: rule.effect,
    message: rule.message,
    cure: rule.cure,
    facts: [...rule.condition.facts],
    ...(rule.cureAct && { cureAct: rule.cureAct }),
    ...(rule.refersTo && { refersTo: rule.refersTo }),
    ...(rule.requires && { requires: rule.requires }),
  }
}

function textOf(article: Article | undefined): { text: string | null; note?: string } {
  return article?.text ? { text: article.text } : { text: null, note: '未持有原文' }
}

function askingFor(pack: Pack, rule: Rule, undecided: Undecided): { message: string; cure: string } {
  const article = pack.articles.find((candidate) => candidate.id === rule.article)
  const missing = undecided.needs.map((name) => pack.vocabulary.facts.get(name))
  const titles = missing.map((fact) => `“${fact?.title ?? ''}”`).join('、')
  const offices = new Set(missing.flatMap((fact) => fact?.answeredBy ?? []).map((role) => pack.vocabulary.roles.get(role) ?? role))
  return {
    message: `依${article?.label ?? rule.article}不能判定：尚不知道${titles}。`,
    cure: `由${[...offices].join('、')}认定${titles}后再办理。`,
  }
}
