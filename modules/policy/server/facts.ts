import type { Facts, FactValue } from './expression.ts'
import { nearest } from './expression-tree.ts'
import type { FactDefinition, Vocabulary } from './vocabulary.ts'

/** What is wrong with a question to the engine: the act, a fact's name, its value, or how two facts fit. */
export interface FactProblem {
  /** `act` or `facts.<name>`. */
  path: string
  code: 'unknown-act' | 'unknown-fact' | 'wrong-type' | 'contradiction'
  message: string
}

/** Reads facts from outside against the vocabulary. Everything wrong is named; nothing is guessed or dropped. */
export function readFacts(vocabulary: Vocabulary, given: Readonly<Record<string, unknown>>): { facts: Facts; problems: FactProblem[] } {
  const facts = new Map<string, FactValue>()
  const problems: FactProblem[] = []
  for (const name of Object.keys(given)) {
    const value = given[name]
    const definition = vocabulary.facts.get(name)
    if (!definition) {
      const cure = nearest(name.slice(0, 80), [...vocabulary.facts.keys()])
      problems.push({ path: `facts.${name}`, code: 'unknown-fact', message: `事实“${name}”不在词汇表中。${cure}。` })
      continue
    }
    const wrong = wrongValue(definition, value)
    if (wrong) problems.push({ path: `facts.${name}`, code: 'wrong-type', message: `事实“${name}”（${definition.title}）${wrong}。` })
    else facts.set(name, value as FactValue)
  }
  return { facts, problems: [...problems, ...contradictions(vocabulary, facts)] }
}

/** An act that is not in the vocabulary. */
export function actProblem(vocabulary: Vocabulary, act: string): FactProblem | undefined {
  if (vocabulary.acts.has(act)) return undefined
  const cure = nearest(act.slice(0, 80), [...vocabulary.acts.keys()])
  return { path: 'act', code: 'unknown-act', message: `行为“${act}”不在词汇表中。${cure}。` }
}

function wrongValue(definition: FactDefinition, value: unknown): string | undefined {
  if (value === null) return '不得为 null；未知的事实请不要填写'
  if (definition.type === 'bool') return typeof value === 'boolean' ? undefined : '应为 true 或 false'
  if (definition.type === 'int') return wrongInteger(definition, value)
  const allowed = () => [...definition.values.keys()].join('、')
  if (definition.type === 'enum')
    return typeof value === 'string' && definition.values.has(value) ? undefined : `应为下列之一：${allowed()}`
  const isSet = Array.isArray(value) && value.every((item) => typeof item === 'string' && definition.values.has(item))
  return isSet ? undefined : `应为列表，各项取自：${allowed()}`
}

function wrongInteger(definition: FactDefinition, value: unknown): string | undefined {
  if (!Number.isSafeInteger(value)) return '应为整数'
  return definition.min !== undefined && (value as number) < definition.min ? `不得小于 ${definition.min}` : undefined
}

function contradictions(vocabulary: Vocabulary, facts: Facts): FactProblem[] {
  return implicationsOf(vocabulary).flatMap(([definition, implied]) => {
    if (facts.get(definition.name) !== true || facts.get(implied.name) === true) return []
    const message = `事实“${definition.name}”（${definition.title}）为 true 时，“${implied.name}”（${implied.title}）也应为 true。`
    return [{ path: `facts.${definition.name}`, code: 'contradiction' as const, message }]
  })
}

const implications = new WeakMap<Vocabulary, readonly (readonly [FactDefinition, FactDefinition])[]>()

/** The few facts that make sense only with another, each with the other. */
function implicationsOf(vocabulary: Vocabulary) {
  const kept = implications.get(vocabulary)
  if (kept) return kept
  const found = [...vocabulary.facts.values()].flatMap((definition) => {
    const implied = definition.implies && vocabulary.facts.get(definition.implies)
    return implied ? [[definition, implied] as const] : []
  })
  implications.set(vocabulary, found)
  return found
}
