import type { Condition } from './expression.ts'
import { type Expression, ExpressionMistake, nearest } from './expression-tree.ts'
import { BASES, EFFECTS, type Effect, MODALITIES, type Modality, type Requirement, type Rule } from './pack.ts'
import type { Vocabulary } from './vocabulary.ts'
import type { YamlValue } from './yaml-value.ts'

/** What a rule may refer to besides the vocabulary. */
export interface RuleSurroundings {
  vocabulary: Vocabulary
  compile: (source: string) => Condition
  articles: readonly string[]
  /** `procedure/step` of the pack. */
  steps: readonly string[]
  documents: readonly string[]
}

/** Effects that a sentence of each modality allows: never harder than it speaks. */
const ALLOWED: Record<Modality, readonly Effect[]> = {
  must: ['refuse', 'require', 'warn', 'exempt'],
  'in-principle': ['refer', 'warn'],
  may: ['require', 'warn', 'refuse'],
  encourage: ['warn'],
  local: EFFECTS,
}

/** Reads one rule, or throws the first mistake with its place. */
export function readRule(yaml: YamlValue, around: RuleSurroundings): Rule {
  const record = yaml.record(
    ['id', 'article', 'acts', 'when', 'effect', 'modality', 'basis', 'message', 'cure'],
    ['cureAct', 'refersTo', 'requires'],
  )
  const id = record.id.text()
  if (!/^[a-z][a-z0-9-]*$/.test(id)) throw record.id.mistake(`“${id}”不是有效的规则标识`, '使用英文小写、数字与短横')
  const effect = record.effect.oneOf(EFFECTS)
  const modality = record.modality.oneOf(MODALITIES)
  const basis = record.basis.oneOf(BASES)
  if ((basis === 'local') !== (modality === 'local'))
    throw record.basis.mistake('本地规则的 modality 与 basis 须同为 local', '两处一并改正')
  const condition = readCondition(record.when, around.compile)
  checkModality(record.effect, effect, modality, condition, around.vocabulary)
  if (record.refersTo && effect !== 'refer') throw record.refersTo.mistake('只有 refer 规则写明报请的机构', '删去 refersTo，或改变 effect')
  return {
    id,
    article: known(record.article, around.articles, '条文'),
    acts: readActs(record.acts, around.vocabulary),
    when: record.when.text(),
    condition,
    effect,
    modality,
    basis,
    message: record.message.text(),
    cure: record.cure.text(),
    ...(record.cureAct && { cureAct: known(record.cureAct, [...around.vocabulary.cures.keys()], '改正途径') }),
    ...(record.refersTo && { refersTo: known(record.refersTo, [...around.vocabulary.roles.keys()], '职责') }),
    ...(record.requires && { requires: readRequirement(record.requires, around) }),
  }
}

/** A text that must be one of the known names; the mistake offers the nearest. */
export function known(value: YamlValue, names: readonly string[], what: string): string {
  const text = value.text()
  if (!names.includes(text)) throw value.mistake(`${what}“${text}”不存在`, nearest(text, names))
  return text
}

function readActs(value: YamlValue, vocabulary: Vocabulary): readonly string[] | null {
  if (value.raw === 'all') return null
  const acts = value.list().map((act) => known(act, [...vocabulary.acts.keys()], '行为'))
  if (acts.length === 0) throw value.mistake('没有写明约束哪些行为', '列出行为，或写 all')
  if (new Set(acts).size < acts.length) throw value.mistake('同一行为列了两次', '每个行为只列一次')
  return acts
}

function readCondition(value: YamlValue, compile: (source: string) => Condition): Condition {
  try {
    return compile(value.text())
  } catch (error) {
    if (error instanceof ExpressionMistake) throw value.mistake(error.message, error.cure)
    throw error
  }
}

function checkModality(value: YamlValue, effect: Effect, modality: Modality, condition: Condition, vocabulary: Vocabulary): void {
  if (!ALLOWED[modality].includes(effect)) {
    throw value.mistake(`“${effect}”重于“${modality}”的语气`, `该语气可用：${ALLOWED[modality].join('、')}`)
  }
  if (modality === 'may' && effect === 'refuse' && !restsOnDecision(condition.expression, vocabulary)) {
    throw value.mistake('“可”的规则没有依据已记录的决定而拒绝', '在条件中以 && 写入记录该决定的事实，或改为 require')
  }
}

/** A 可 refuses only where the decision was made and recorded: its fact is a conjunct of the whole condition. */
function restsOnDecision(expression: Expression, vocabulary: Vocabulary): boolean {
  const conjuncts = expression.kind === 'and' ? expression.parts : [expression]
  return conjuncts.some((part) => part.kind === 'fact' && vocabulary.facts.get(part.name)?.recordedDecision === true)
}

function readRequirement(value: YamlValue, around: RuleSurroundings): Requirement {
  const record = value.record([], ['document', 'step', 'decision'])
  const given = (['document', 'step', 'decision'] as const).filter((kind) => record[kind] !== undefined)
  const [kind] = given
  const inner = kind && record[kind]
  if (!kind || !inner || given.length !== 1) throw value.mistake('requires 须且只须写一项', '写 document、step 或 decision 之一')
  const decisions = [...around.vocabulary.facts.values()].filter((fact) => fact.recordedDecision).map((fact) => fact.name)
  const names = { document: around.documents, step: around.steps, decision: decisions }[kind]
  return { kind, value: known(inner, names, '所要求的内容') }
}
