import { join } from 'node:path'
import { type Condition, conditionCompiler } from './expression.ts'
import { type Expression, factsOf, printExpression } from './expression-tree.ts'
import { EFFECTS, MODALITIES, type Pack, type Rule } from './pack.ts'
import { anyExampleFails, type PackExample, readExamples } from './pack-examples.ts'
import { loadPacks } from './pack-library.ts'
import type { Vocabulary } from './vocabulary.ts'

/** A pack with one deliberate mistake in one rule. */
export interface Mutant {
  rule: string
  change: string
  pack: Pack
}

/** How many planted mistakes the examples notice (变异检验). */
export interface MutationReport {
  pack: string
  mutants: number
  killed: number
  survivors: { rule: string; change: string }[]
}

/** Every planted mistake of a pack, in a fixed order. */
export function mutantsOf(pack: Pack): Mutant[] {
  const compile = conditionCompiler(pack.vocabulary)
  return pack.rules.flatMap((rule, index) => {
    const others = (replacement: Rule[]): Pack => ({ ...pack, rules: pack.rules.toSpliced(index, 1, ...replacement) })
    const changed = changesOf(rule, pack, compile).map(({ change, to }) => ({ rule: rule.id, change, pack: others([to]) }))
    return [{ rule: rule.id, change: '删去规则', pack: others([]) }, ...changed]
  })
}

/** Plants every `each`-th mistake and asks the pack's own examples. A mistake that none of them notices survives. */
export function runMutation(pack: Pack, examples: readonly PackExample[], each = 1): MutationReport {
  const mutants = mutantsOf(pack).filter((_, index) => index % each === 0)
  const survivors = mutants.filter((mutant) => !anyExampleFails(mutant.pack, examples)).map(({ rule, change }) => ({ rule, change }))
  return { pack: pack.id, mutants: mutants.length, killed: mutants.length - survivors.length, survivors }
}

interface Change {
  change: string
  to: Rule
}

function changesOf(rule: Rule, pack: Pack, compile: (source: string) => Condition): Change[] {
  const conditions = variantsOf(rule.condition.expression, pack.vocabulary).map(({ change, to }) => {
    const when = printExpression(to)
    return { change: `${change}：${when}`, to: { ...rule, when, condition: compile(when) } }
  })
  const effects = EFFECTS.filter((effect) => effect !== rule.effect).map((effect) => ({
    change: `效果改为 ${effect}`,
    to: { ...rule, effect },
  }))
  const modalities = MODALITIES.filter((modality) => modality !== rule.modality).map((modality) => ({
    change: `语气改为 ${modality}`,
    to: { ...rule, modality },
  }))
  const articles = pack.articles
    .filter((article) => article.id !== rule.article)
    .map(({ id }) => ({ change: `条文改为 ${id}`, to: { ...rule, article: id } }))
  return [...conditions, ...actChanges(rule, [...pack.vocabulary.acts.keys()]), ...effects, ...modalities, ...articles]
}

function actChanges(rule: Rule, all: readonly string[]): Change[] {
  const guarded = rule.acts ?? all
  return all.map((act) => {
    const without = guarded.filter((other) => other !== act)
    return guarded.includes(act)
      ? { change: `不再约束 ${act}`, to: { ...rule, acts: without } }
      : { change: `加上约束 ${act}`, to: { ...rule, acts: [...guarded, act] } }
  })
}

interface Variant {
  change: string
  to: Expression
}

/** Every expression that differs from the given one in one place. */
function variantsOf(expression: Expression, vocabulary: Vocabulary): Variant[] {
  const negated: Variant[] = isBoolean(expression) ? [{ change: '取反', to: { kind: 'not', part: expression } }] : []
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const dropped = expression.parts.map((part, index) => ({
        change: `去掉 ${printExpression(part)}`,
        to: { kind: expression.kind, parts: expression.parts.toSpliced(index, 1) },
      }))
      const swapped: Variant = { change: '与或互换', to: { kind: expression.kind === 'and' ? 'or' : 'and', parts: expression.parts } }
      const inner = expression.parts.flatMap((part, index) =>
        variantsOf(part, vocabulary).map(({ change, to }) => ({
          change,
          to: { kind: expression.kind, parts: expression.parts.with(index, to) },
        })),
      )
      return [...negated, ...dropped, swapped, ...inner]
    }
    case 'not':
      return [
        { change: '去掉否定', to: expression.part },
        ...variantsOf(expression.part, vocabulary).map(({ change, to }): Variant => ({ change, to: { kind: 'not', part: to } })),
      ]
    case 'quantifier': {
      const word = expression.word === 'exists' ? 'all' : 'exists'
      const inner = variantsOf(expression.body, vocabulary).map(({ change, to }) => ({ change, to: { ...expression, body: to } }))
      // The body's literals belong to the set the loop runs over, which the body alone does not show.
      const swapped = expression.body.kind === 'compare' ? swapLiterals(expression.body, valuesIn(expression.over, vocabulary)) : []
      return [
        ...negated,
        { change: `改为 ${word}`, to: { ...expression, word } },
        ...inner,
        ...swapped.map(({ change, to }) => ({ change, to: { ...expression, body: to } })),
      ]
    }
    case 'compare':
      return [...negated, ...swapLiterals(expression, valuesIn(expression, vocabulary))]
    default:
      return negated
  }
}

function isBoolean(expression: Expression): boolean {
  return !['text', 'number', 'list', 'each', 'size'].includes(expression.kind)
}

function valuesIn(expression: Expression, vocabulary: Vocabulary): string[] {
  return factsOf(expression).flatMap((name) => [...(vocabulary.facts.get(name)?.values.keys() ?? [])])
}

/** Each literal of a comparison replaced by each value that does not stand there yet. */
function swapLiterals(node: Extract<Expression, { kind: 'compare' }>, values: readonly string[]): Variant[] {
  const sides = ['left', 'right'] as const
  return sides.flatMap((side) => {
    const at = node[side]
    if (at.kind === 'text') {
      return values
        .filter((value) => value !== at.value)
        .map((value) => swap(at.value, value, { ...node, [side]: { kind: 'text', value } }))
    }
    if (at.kind !== 'list') return []
    const present = at.items.map((item) => (item.kind === 'text' ? item.value : ''))
    const absent = values.filter((value) => !present.includes(value))
    return present.flatMap((literal, index) =>
      absent.map((value) =>
        swap(literal, value, { ...node, [side]: { kind: 'list', items: at.items.with(index, { kind: 'text', value }) } }),
      ),
    )
  })
}

function swap(from: string, value: string, to: Expression): Variant {
  return { change: `“${from}”换成“${value}”`, to }
}

/** The whole run over every pack with rules, as text; the share that a city asks for is nine in ten. */
function main(directory: string): number {
  let exit = 0
  for (const versions of loadPacks(directory).packs.values()) {
    for (const pack of versions.filter((version) => version.rulesLoaded)) {
      const report = runMutation(pack, readExamples(pack))
      const share = (report.killed / report.mutants) * 100
      process.stdout.write(`${report.pack} 变异 ${report.mutants}，查出 ${report.killed}（${share.toFixed(1)}%）\n`)
      for (const { rule, change } of report.survivors) process.stdout.write(`  未查出 ${rule}：${change}\n`)
      if (share < 90) exit = 1
    }
  }
  return exit
}

if (import.meta.main) process.exitCode = main(process.argv[2] ?? join(import.meta.dirname, '../../../policy-packs'))
