import type { ASTNode } from '@marcbachmann/cel-js'
import type { FactDefinition, Vocabulary } from './vocabulary.ts'

/** The part of CEL that rules may use. What has no form here does not load. */
export type Expression =
  | { kind: 'fact'; name: string }
  | { kind: 'each'; name: string }
  | { kind: 'text'; value: string }
  | { kind: 'number'; value: bigint }
  | { kind: 'truth'; value: boolean }
  | { kind: 'list'; items: Expression[] }
  | { kind: 'compare'; operator: Comparison; left: Expression; right: Expression }
  | { kind: 'and' | 'or'; parts: Expression[] }
  | { kind: 'not'; part: Expression }
  | { kind: 'quantifier'; word: 'exists' | 'all'; over: Expression; each: string; body: Expression }
  | { kind: 'size'; of: Expression }

export const COMPARISONS = ['==', '!=', '<', '<=', '>', '>=', 'in'] as const
export type Comparison = (typeof COMPARISONS)[number]

/** A condition that is valid CEL but not one a rule may use. `cure` says what to write instead. */
export class ExpressionMistake extends Error {
  readonly cure: string
  constructor(message: string, cure: string) {
    super(message)
    this.cure = cure
  }
}

interface Scope {
  vocabulary: Vocabulary
  groups: ReadonlySet<string>
  loops: ReadonlySet<string>
}

/** Turns the library's tree into ours, refusing everything that a rule may not use. */
export function readExpression(ast: ASTNode, vocabulary: Vocabulary): Expression {
  const groups = new Set([...vocabulary.facts.values()].map((fact) => fact.group))
  return read(ast, { vocabulary, groups, loops: new Set() })
}

function read(ast: ASTNode, scope: Scope): Expression {
  switch (ast.op) {
    case 'value':
      return readValue(ast.args)
    case 'id':
      return readName(ast.args, scope)
    case '.':
      return readFact(ast.args[0], ast.args[1], scope)
    case 'list':
      return { kind: 'list', items: ast.args.map((item) => read(item, scope)) }
    case '&&':
      return { kind: 'and', parts: flatten('and', ast.args, scope) }
    case '||':
      return { kind: 'or', parts: flatten('or', ast.args, scope) }
    case '!_':
      return { kind: 'not', part: read(ast.args, scope) }
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case 'in':
      return { kind: 'compare', operator: ast.op, left: read(ast.args[0], scope), right: read(ast.args[1], scope) }
    case 'call':
      return readCall(ast.args[0], undefined, ast.args[1], scope)
    case 'rcall':
      return readCall(ast.args[0], ast.args[1], ast.args[2], scope)
    case '[]':
    case '[?]':
    case '.?':
      throw new ExpressionMistake('不得以下标取值：下标写错时缺失的事实会被读错', '以“命名空间.名称”读取事实')
    case '/':
    case '%':
    case '*':
    case '+':
    case '-':
    case '-_':
      throw new ExpressionMistake(
        `不得使用运算符“${ast.op === '-_' ? '-' : ast.op}”：运算出错不等于事实未知`,
        '把运算结果做成一个事实再引用',
      )
    case '?:':
      throw new ExpressionMistake('不得使用条件运算符“? :”', '以 && 与 || 改写')
    default:
      throw new ExpressionMistake(`不支持的写法“${ast.op}”`, '以比较、in、exists、all、&&、||、! 改写')
  }
}

function flatten(kind: 'and' | 'or', parts: readonly ASTNode[], scope: Scope): Expression[] {
  return parts.flatMap((part) => {
    const expression = read(part, scope)
    return expression.kind === kind ? expression.parts : [expression]
  })
}

function readValue(value: unknown): Expression {
  if (typeof value === 'string') return { kind: 'text', value }
  if (typeof value === 'bigint') return { kind: 'number', value }
  if (typeof value === 'boolean') return { kind: 'truth', value }
  throw new ExpressionMistake(`不得使用常量“${String(value)}”`, '只用文本、整数、true、false；事实未知时不必写条件')
}

function readName(name: string, scope: Scope): Expression {
  if (scope.loops.has(name)) return { kind: 'each', name }
  throw new ExpressionMistake(`“${name}”不是事实`, '以“命名空间.名称”读取事实')
}

function readFact(receiver: ASTNode, field: string, scope: Scope): Expression {
  if (receiver.op !== 'id' || !scope.groups.has(receiver.args))
    throw new ExpressionMistake(`“${field}”之前不是命名空间`, '以“命名空间.名称”读取事实')
  const name = `${receiver.args}.${field}`
  if (!scope.vocabulary.facts.has(name))
    throw new ExpressionMistake(`事实“${name}”不在词汇表中`, nearest(name, [...scope.vocabulary.facts.keys()]))
  return { kind: 'fact', name }
}

function readCall(name: string, receiver: ASTNode | undefined, args: readonly ASTNode[], scope: Scope): Expression {
  if (name === 'has') throw new ExpressionMistake('不得使用 has()：它把未知读作否', '直接引用事实；未知时系统给出“不能判定”')
  if ((name === 'exists' || name === 'all') && receiver) return readQuantifier(name, receiver, args, scope)
  if (name === 'size') {
    const of = receiver ?? args[0]
    if (of) return { kind: 'size', of: read(of, scope) }
  }
  throw new ExpressionMistake(`不得使用函数“${name}”`, '只可使用 exists、all、size')
}

function readQuantifier(word: 'exists' | 'all', over: ASTNode, args: readonly ASTNode[], scope: Scope): Expression {
  const [variable, body] = args
  if (variable?.op !== 'id' || !body) throw new ExpressionMistake(`“${word}”的写法不对`, `写作 列表.${word}(x, 条件)`)
  if (scope.loops.size > 0) throw new ExpressionMistake('不得在循环之内再循环', '拆成两条规则或改用 in')
  if (scope.groups.has(variable.args)) throw new ExpressionMistake(`循环变量“${variable.args}”与命名空间同名`, '换一个变量名')
  return {
    kind: 'quantifier',
    word,
    over: read(over, scope),
    each: variable.args,
    body: read(body, { ...scope, loops: new Set([variable.args]) }),
  }
}

/** The facts that an expression reads, in the order of the text, each once. */
export function factsOf(expression: Expression): string[] {
  const found = new Set<string>()
  const walk = (node: Expression): void => {
    if (node.kind === 'fact') found.add(node.name)
    for (const part of partsOf(node)) walk(part)
  }
  walk(expression)
  return [...found]
}

/** The direct parts of an expression, in the order of the text. */
export function partsOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'list':
      return expression.items
    case 'compare':
      return [expression.left, expression.right]
    case 'and':
    case 'or':
      return expression.parts
    case 'not':
      return [expression.part]
    case 'quantifier':
      return [expression.over, expression.body]
    case 'size':
      return [expression.of]
    default:
      return []
  }
}

/** CEL text of an expression, with brackets wherever parts could be read otherwise. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'fact':
    case 'each':
      return expression.name
    case 'text':
      return JSON.stringify(expression.value)
    case 'number':
    case 'truth':
      return String(expression.value)
    case 'list':
      return `[${expression.items.map(printExpression).join(', ')}]`
    case 'compare':
      return `(${printExpression(expression.left)} ${expression.operator} ${printExpression(expression.right)})`
    case 'and':
      return `(${expression.parts.map(printExpression).join(' && ')})`
    case 'or':
      return `(${expression.parts.map(printExpression).join(' || ')})`
    case 'not':
      return `!${printExpression(expression.part)}`
    case 'quantifier':
      return `${printExpression(expression.over)}.${expression.word}(${expression.each}, ${printExpression(expression.body)})`
    case 'size':
      return `size(${printExpression(expression.of)})`
  }
}

/**
 * Checks what CEL's types cannot say: a text compared with an enum or a set must be one of its values, sets are
 * compared by `in` only, and every text stands where it is checked.
 */
export function checkLiterals(expression: Expression, vocabulary: Vocabulary): void {
  walkLiterals(expression, { vocabulary, over: undefined, each: '' })
}

interface LiteralScope {
  vocabulary: Vocabulary
  over: Expression | undefined
  each: string
}

/** What a comparison's side stands for: one value of a vocabulary, a set of them, literals, or a plain value. */
type Side = { fact: FactDefinition; many: boolean } | { literals: Expression[]; many: boolean } | undefined

function walkLiterals(node: Expression, scope: LiteralScope): void {
  if (node.kind === 'text') throw new ExpressionMistake(`文本“${node.value}”没有与枚举或集合比较`, '把它写在比较或 in 的一侧')
  if (node.kind === 'compare') checkComparison(node, scope)
  else if (node.kind === 'quantifier') {
    if (node.over.kind !== 'list') walkLiterals(node.over, scope)
    walkLiterals(node.body, { ...scope, over: node.over, each: node.each })
  } else for (const part of partsOf(node)) walkLiterals(part, scope)
}

function checkComparison(node: Extract<Expression, { kind: 'compare' }>, scope: LiteralScope): void {
  const left = sideOf(node.left, scope)
  const right = sideOf(node.right, scope)
  if (!left || !right) {
    if (left || right) throw new ExpressionMistake('枚举或集合与另一类值比较', '与它自己的可用值比较')
    walkLiterals(node.left, scope)
    walkLiterals(node.right, scope)
    return
  }
  if (left.many !== false) throw new ExpressionMistake('集合没有次序，不得直接比较', '以 in、exists 或 all 判断其中的值')
  if (node.operator === 'in' ? !right.many : right.many)
    throw new ExpressionMistake(`“${node.operator}”的右侧不合适`, 'in 的右侧为集合或列表，== 的右侧为单个值')
  if (!['==', '!=', 'in'].includes(node.operator)) throw new ExpressionMistake('枚举没有大小之分', '改用 ==、!= 或 in')
  const facts = [left, right].flatMap((side) => ('fact' in side ? [side.fact] : []))
  if (facts.length !== 1) {
    throw new ExpressionMistake(facts.length === 0 ? '两侧都是常量' : '两个事实的可用值不是同一套', '一侧写事实，另一侧写它的可用值')
  }
  const [fact] = facts
  for (const side of [left, right]) {
    if (fact && 'literals' in side) for (const literal of side.literals) checkLiteral(literal, fact)
  }
}

function checkLiteral(literal: Expression, fact: FactDefinition): void {
  if (literal.kind !== 'text')
    throw new ExpressionMistake(`“${printExpression(literal)}”不是“${fact.name}”的可用值`, `可用值：${[...fact.values.keys()].join('、')}`)
  if (!fact.values.has(literal.value))
    throw new ExpressionMistake(`“${literal.value}”不是“${fact.name}”的可用值`, nearest(literal.value, [...fact.values.keys()]))
}

function sideOf(node: Expression, scope: LiteralScope): Side {
  if (node.kind === 'text') return { literals: [node], many: false }
  if (node.kind === 'list')
    return node.items.some((item) => item.kind !== 'number' && item.kind !== 'truth') ? { literals: node.items, many: true } : undefined
  if (node.kind === 'each') {
    if (node.name !== scope.each || !scope.over) return undefined
    const over = sideOf(scope.over, { ...scope, over: undefined })
    return over && { ...over, many: false }
  }
  if (node.kind !== 'fact') return undefined
  const fact = scope.vocabulary.facts.get(node.name)
  return fact && fact.values.size > 0 ? { fact, many: fact.type === 'set' } : undefined
}

/** A cure for a misspelt name: the nearest ones there are. */
export function nearest(name: string, known: readonly string[]): string {
  const close = known.map((other) => ({ other, far: distance(name, other) })).sort((a, b) => a.far - b.far)
  return `相近的有：${close
    .slice(0, 3)
    .map((entry) => entry.other)
    .join('、')}`
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
