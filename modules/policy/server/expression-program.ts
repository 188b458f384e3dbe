import type { Facts, FactValue } from './expression.ts'
import type { Comparison, Expression } from './expression-tree.ts'

/** A value that an expression has under some facts; undefined while it cannot be known. */
type Value = FactValue | readonly Value[] | undefined

/** Computes an expression. `each` is the item that the loop around it stands at: loops do not lie in one another. */
export type Program = (facts: Facts, each?: Value) => Value

/**
 * Makes a program of a checked expression, with the meaning that CEL gives it and an absent fact as the only error there is: what is
 * decided without it stays decided (`false && unknown` is false), all else that reads it is unknown. Nothing is thrown.
 */
export function programOf(expression: Expression): Program {
  switch (expression.kind) {
    case 'fact': {
      const { name } = expression
      return (facts) => facts.get(name)
    }
    case 'each':
      return (_facts, each) => each
    case 'text':
    case 'truth': {
      const { value } = expression
      return () => value
    }
    case 'number': {
      // Facts are safe integers, so a literal beyond them compares with every one as its nearest number does.
      const value = Number(expression.value)
      return () => value
    }
    case 'list':
      return listed(expression.items.map(programOf))
    case 'compare':
      return compared(expression.operator, programOf(expression.left), programOf(expression.right))
    case 'and':
      return joined(expression.parts.map(programOf), false)
    case 'or':
      return joined(expression.parts.map(programOf), true)
    case 'not': {
      const part = programOf(expression.part)
      return (facts, each) => {
        const value = part(facts, each)
        return value === undefined ? undefined : !value
      }
    }
    case 'quantifier':
      return quantified(programOf(expression.over), programOf(expression.body), expression.word === 'exists')
    case 'size': {
      const of = programOf(expression.of)
      return (facts, each) => (of(facts, each) as readonly Value[] | undefined)?.length
    }
  }
}

function listed(items: readonly Program[]): Program {
  return (facts, each) => {
    const values = items.map((item) => item(facts, each))
    return values.includes(undefined) ? undefined : values
  }
}

/** `&&` or `||`: one part of the deciding value decides, whatever else is unknown. */
function joined(parts: readonly Program[], deciding: boolean): Program {
  return (facts, each) => {
    let known = true
    for (const part of parts) {
      const value = part(facts, each)
      if (value === deciding) return deciding
      if (value === undefined) known = false
    }
    return known ? !deciding : undefined
  }
}

/** `exists` is `||` over the items, `all` is `&&`. */
function quantified(over: Program, body: Program, deciding: boolean): Program {
  return (facts, each) => {
    const items = over(facts, each) as readonly Value[] | undefined
    if (items === undefined) return undefined
    let known = true
    for (const item of items) {
      const value = body(facts, item)
      if (value === deciding) return deciding
      if (value === undefined) known = false
    }
    return known ? !deciding : undefined
  }
}

function compared(operator: Comparison, left: Program, right: Program): Program {
  const compare = comparisons[operator]
  return (facts, each) => {
    const a = left(facts, each)
    const b = right(facts, each)
    return a === undefined || b === undefined ? undefined : compare(a, b)
  }
}

type Known = NonNullable<Value>

/** Both sides are of one type: that was checked when the condition was compiled. */
const comparisons: Record<Comparison, (left: Known, right: Known) => boolean> = {
  '==': equal,
  '!=': (left, right) => !equal(left, right),
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  in: (left, right) => (right as readonly Known[]).some((item) => equal(left, item)),
}

function equal(left: Known, right: Known): boolean {
  if (!Array.isArray(left) || !Array.isArray(right)) return left === right
  return left.length === right.length && left.every((item, at) => equal(item as Known, right[at] as Known))
}
