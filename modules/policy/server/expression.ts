import { Environment, EvaluationError, type ObjectSchema, type ParseResult } from '@marcbachmann/cel-js'
import { checkLiterals, type Expression, ExpressionMistake, factsOf, nearest, printExpression, readExpression } from './expression-tree.ts'
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
  decide: (context: FactContext) => boolean | Undecided
}

/** The absent facts that a condition needs. */
export interface Undecided {
  needs: readonly string[]
}

/** Facts in the shape the expressions read them; made once per evaluation. */
export interface FactContext {
  readonly groups: Record<string, Record<string, unknown>>
  readonly known: ReadonlySet<string>
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
  return { facts, expression, decide: (context) => decide(partOf(expression, parsed, environment), context) }
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

/** An expression with its compiled form; parts are compiled when an undecided whole is taken apart, and kept. */
interface Part {
  expression: Expression
  run: ParseResult
  parts: () => Part[]
}

const partsByExpression = new WeakMap<Expression, Part>()

function partOf(expression: Expression, run: ParseResult, environment: Environment): Part {
  const kept = partsByExpression.get(expression)
  if (kept) return kept
  const part: Part = {
    expression,
    run,
    parts: () => {
      const inner = expression.kind === 'and' || expression.kind === 'or' ? expression.parts : []
      return inner.map((each) => partsByExpression.get(each) ?? partOf(each, environment.parse(printExpression(each)), environment))
    },
  }
  partsByExpression.set(expression, part)
  return part
}

function decide(part: Part, context: FactContext): boolean | Undecided {
  const value = truthOf(part, context)
  if (value !== undefined) return value
  const needs = new Set(neededBy(part, context))
  return { needs: factsOf(part.expression).filter((name) => needs.has(name)) }
}

/** Of `a && b` with b false nothing of a is needed; so only the undecided parts name their absent facts. */
function neededBy(part: Part, context: FactContext): string[] {
  const undecided = part.parts().filter((inner) => truthOf(inner, context) === undefined)
  if (undecided.length > 0) return undecided.flatMap((inner) => neededBy(inner, context))
  return factsOf(part.expression).filter((name) => !context.known.has(name))
}

function truthOf(part: Part, context: FactContext): boolean | undefined {
  try {
    return part.run(context.groups) === true
  } catch (error) {
    if (error instanceof EvaluationError && error.code === 'no_such_key') return undefined
    // Any other failure is a defect of ours: reading it as unknown would hide it behind a polite finding.
    throw error
  }
}

/** Puts facts into groups. Integers become int64, absent keys stay out, and nothing is inherited. */
export function factContext(vocabulary: Vocabulary, facts: Facts): FactContext {
  const groups: Record<string, Record<string, unknown>> = Object.create(null)
  for (const fact of vocabulary.facts.values()) {
    const group = groups[fact.group] ?? Object.create(null)
    const value = facts.get(fact.name)
    if (value !== undefined) group[fact.field] = typeof value === 'number' ? BigInt(value) : value
    groups[fact.group] = group
  }
  return { groups, known: new Set(facts.keys()) }
}
