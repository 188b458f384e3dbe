import { Environment, type ObjectSchema, type ParseResult } from '@marcbachmann/cel-js'
import { type Program, programOf } from './expression-program.ts'
import { checkLiterals, type Expression, ExpressionMistake, factsOf, nearest, readExpression } from './expression-tree.ts'
import type { FactType, Vocabulary } from './vocabulary.ts'

/** Known facts by name. An absent name is unknown (未知), never false. */
export type Facts = ReadonlyMap<string, FactValue>
export type FactValue = string | boolean | number | readonly string[]

/** A condition (CEL) that was checked against the vocabulary. */
export interface Condition {
  /** Every fact it reads, in the order of the text. */
  facts: readonly string[]
  expression: Expression
  /** True, false, or the absent facts without which it cannot be decided. */
  decide: (facts: Facts) => boolean | Undecided
}

/** The absent facts that a condition needs. */
export interface Undecided {
  needs: readonly string[]
}

const LIMITS = { maxAstNodes: 400, maxDepth: 24, maxListElements: 64, maxMapEntries: 0, maxCallArguments: 4 }

const CEL_TYPES: Record<FactType, string> = { enum: 'string', set: 'list<string>', bool: 'bool', int: 'int' }

/** Compiles conditions against one vocabulary. */
export function conditionCompiler(vocabulary: Vocabulary): (source: string) => Condition {
  const environment = environmentFor(vocabulary)
  return (source) => compile(source, environment, vocabulary)
}

function environmentFor(vocabulary: Vocabulary): Environment {
  const environment = new Environment({ unlistedVariablesAreDyn: false, limits: LIMITS })
  const schemas = new Map<string, ObjectSchema>()
  for (const fact of vocabulary.facts.values()) {
    const schema = schemas.get(fact.group) ?? {}
    schema[fact.field] = CEL_TYPES[fact.type]
    schemas.set(fact.group, schema)
  }
  for (const [name, schema] of schemas) environment.registerVariable({ name, schema })
  return environment
}

function compile(source: string, environment: Environment, vocabulary: Vocabulary): Condition {
  const parsed = parse(source, environment)
  const expression = readExpression(parsed.ast, vocabulary)
  const check = parsed.check()
  if (!check.valid) throw new ExpressionMistake(`类型不符：${check.error?.summary ?? ''}`, '使比较的两侧类型一致，&&、||、! 只用于是非')
  if (check.type !== 'bool') throw new ExpressionMistake('条件的结果不是是非', '写成可以判断真假的条件')
  checkLiterals(expression, vocabulary)
  const facts = factsOf(expression)
  if (facts.length === 0)
    throw new ExpressionMistake('条件没有引用任何事实', `引用词汇表中的事实，${nearest(source, [...vocabulary.facts.keys()])}`)
  const part = partOf(expression)
  return { facts, expression, decide: (known) => decide(part, known) }
}

function parse(source: string, environment: Environment): ParseResult {
  try {
    return environment.parse(source)
  } catch (error) {
    throw new ExpressionMistake(
      `不是有效的 CEL：${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
      '改正条件的写法',
    )
  }
}

/** An expression with its program, and the parts that an undecided whole is taken apart into. */
interface Part {
  run: Program
  facts: readonly string[]
  parts: readonly Part[]
}

function partOf(expression: Expression): Part {
  const inner = expression.kind === 'and' || expression.kind === 'or' ? expression.parts : []
  return { run: programOf(expression), facts: factsOf(expression), parts: inner.map(partOf) }
}

function decide(part: Part, known: Facts): boolean | Undecided {
  const value = part.run(known)
  if (value !== undefined) return value === true
  const needs = new Set(neededBy(part, known))
  return { needs: part.facts.filter((name) => needs.has(name)) }
}

/** Of `a && b` with b false nothing of a is needed; so only the undecided parts name their absent facts. */
function neededBy(part: Part, known: Facts): string[] {
  const undecided = part.parts.filter((inner) => inner.run(known) === undefined)
  if (undecided.length > 0) return undecided.flatMap((inner) => neededBy(inner, known))
  return part.facts.filter((name) => !known.has(name))
}
