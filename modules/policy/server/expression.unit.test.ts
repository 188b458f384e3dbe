import { join } from 'node:path'
import { celEnv, isCelError, parse, plan } from '@bufbuild/cel'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { conditionCompiler, type Facts, type FactValue } from './expression.ts'
import { type Expression, ExpressionMistake, printExpression } from './expression-tree.ts'
import { loadPacks } from './pack-library.ts'

const library = loadPacks(join(import.meta.dirname, '../../../policy-packs'))
const { vocabulary } = library
const compile = conditionCompiler(vocabulary)

function decide(source: string, facts: Record<string, FactValue>): boolean | string {
  const outcome = compile(source).decide(new Map(Object.entries(facts)))
  return typeof outcome === 'boolean' ? outcome : outcome.needs.join(' ')
}

const A = 'project.inAnnualPlan'
const B = 'project.cityApproved'

test.each<[string, Record<string, boolean>, boolean | string]>([
  [`${A} && ${B}`, {}, `${A} ${B}`],
  [`${A} && ${B}`, { [A]: false }, false],
  [`${A} && ${B}`, { [B]: false }, false],
  [`${A} && ${B}`, { [A]: true }, B],
  [`${A} && ${B}`, { [B]: true }, A],
  [`${A} && ${B}`, { [A]: true, [B]: true }, true],
  [`${A} || ${B}`, {}, `${A} ${B}`],
  [`${A} || ${B}`, { [A]: true }, true],
  [`${A} || ${B}`, { [B]: true }, true],
  [`${A} || ${B}`, { [A]: false }, B],
  [`${A} || ${B}`, { [B]: false }, A],
  [`${A} || ${B}`, { [A]: false, [B]: false }, false],
  [`!${A}`, {}, A],
  [`!${A}`, { [A]: false }, true],
  [`!${A}`, { [A]: true }, false],
  [`!(${A} && ${B})`, { [A]: false }, true],
  [`!(${A} || ${B})`, { [B]: true }, false],
  [`${A} == ${B}`, { [A]: true }, B],
  [`${A} || !${A}`, {}, A],
])('unknown is neither true nor false: %s with %j is %s', (source, facts, outcome) => {
  expect(decide(source, facts)).toBe(outcome)
})

test('an absent fact that cannot change the outcome is not asked for', () => {
  const source = `(${A} && project.kind == "new") || (${B} && project.reach == "cross-level")`
  expect(decide(source, { [A]: false, [B]: true })).toBe('project.reach')
  expect(decide(source, { [A]: true, 'project.reach': 'single-department' })).toBe('project.kind')
})

test('sets: empty is known, an absent one is not', () => {
  const source = 'project.deliverables.exists(d, d in ["cim", "city-app"])'
  expect(decide(source, { 'project.deliverables': [] })).toBe(false)
  expect(decide(source, { 'project.deliverables': ['business-system', 'city-app'] })).toBe(true)
  expect(decide(source, {})).toBe('project.deliverables')
  expect(decide('project.filing.all(f, f != "name")', { 'project.filing': [] })).toBe(true)
  expect(decide('size(project.filing) < 8', { 'project.filing': ['name'] })).toBe(true)
})

test('integers compare as integers', () => {
  expect(decide('project.expertMeetingDays > 15', { 'project.expertMeetingDays': 15 })).toBe(false)
  expect(decide('project.expertMeetingDays > 15', { 'project.expertMeetingDays': 16 })).toBe(true)
})

test.each([
  ['has(project.kind)', /has/],
  ['project["kind"] == "new"', /下标/],
  ['project.deliverables[0] == "cim"', /下标/],
  ['1 / project.expertMeetingDays == 1', /运算符“\/”/],
  ['project.expertMeetingDays % 2 == 1', /运算符“%”/],
  ['project.expertMeetingDays + 1 > 2', /运算符“\+”/],
  ['project.deliverables.exists(a, project.filing.exists(b, b == "name"))', /循环之内再循环/],
  ['project.deliverables.exists(a, a == "cim" && project.filing.all(b, b == "name"))', /循环之内再循环/],
  ['project.kind == "nwe"', /“nwe”不是“project.kind”的可用值/],
  ['"nwe" == project.kind', /不是“project.kind”的可用值/],
  ['project.kind in ["new", "expandsion"]', /“expandsion”不是/],
  ['"cimm" in project.deliverables', /“cimm”不是“project.deliverables”/],
  ['project.deliverables.exists(d, d in ["cim", "name"])', /“name”不是“project.deliverables”/],
  ['["cim", "nmae"].exists(d, d in project.deliverables)', /“nmae”不是“project.deliverables”/],
  ['project.kind == project.organisation', /不是同一套/],
  ['project.kind < "new"', /没有大小/],
  ['project.deliverables == ["cim"]', /没有次序/],
  ['"new" == "new"', /两侧都是常量/],
  ['project.kind.startsWith("n")', /不得使用函数“startsWith”/],
  ['project.deliverables.map(d, d).exists(d, d == "cim")', /不得使用函数“map”/],
  ['cel.bind(x, project.inAnnualPlan, x)', /不得使用函数“bind”/],
  ['project.inAnnualPlan ? true : false', /条件运算符/],
  ['project.kindd == "new"', /事实“project.kindd”不在词汇表中/],
  ['projectt.kind == "new"', /不是命名空间/],
  ['project == project', /“project”不是事实/],
  ['project.kind', /结果不是是非/],
  ['project.kind && true', /类型不符/],
  ['project.expertMeetingDays > 3.5', /不得使用常量/],
  ['project.kind == null', /不得使用常量/],
  ['project.inAnnualPlan == "true"', /类型不符/],
  ['true', /没有引用任何事实/],
  ['project.kind ==', /不是有效的 CEL/],
  ['project.deliverables.exists(project, project == "cim")', /与命名空间同名/],
  [`${'('.repeat(60)}project.inAnnualPlan${')'.repeat(60)}`, /不是有效的 CEL/],
  [`${'project.inAnnualPlan && '.repeat(200)}true`, /不是有效的 CEL/],
])('a condition that could be misread does not load: %s', (source, message) => {
  expect(() => compile(source)).toThrow(ExpressionMistake)
  expect(() => compile(source)).toThrow(message)
})

test('a fact inherited from Object is not read', () => {
  expect(() => compile('project.constructor == "new"')).toThrow(/不在词汇表中/)
})

// ---- a second implementation of CEL as oracle

const facts = [...vocabulary.facts.values()]

function anyFacts(): fc.Arbitrary<Facts> {
  const entries = facts.map((fact) => {
    const values = [...fact.values.keys()]
    const value: fc.Arbitrary<FactValue> = {
      bool: () => fc.boolean(),
      int: () => fc.integer({ min: 0, max: 30 }),
      enum: () => fc.constantFrom(...values),
      set: () => fc.subarray(values),
    }[fact.type]()
    return fc.option(value, { freq: 2, nil: undefined }).map((known) => [fact.name, known] as const)
  })
  return fc
    .tuple(...entries)
    .map((pairs) => new Map(pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))))
}

function oracle(source: string): (facts: Facts) => boolean | 'unknown' {
  const run = plan(celEnv(), parse(source))
  return (known) => {
    const bindings: Record<string, Map<string, string | boolean | bigint | string[]>> = {}
    for (const { group, field, name } of facts) {
      const map = bindings[group] ?? new Map()
      const value = known.get(name)
      if (value !== undefined) map.set(field, typeof value === 'number' ? BigInt(value) : typeof value === 'object' ? [...value] : value)
      bindings[group] = map
    }
    const result = run(bindings)
    if (isCelError(result)) return 'unknown'
    return result === true
  }
}

function ours(source: string): (facts: Facts) => boolean | 'unknown' {
  const condition = compile(source)
  return (known) => {
    const outcome = condition.decide(known)
    return typeof outcome === 'boolean' ? outcome : 'unknown'
  }
}

test('every rule of every pack decides as a second CEL implementation does', { timeout: 60_000 }, () => {
  const rules = [...library.packs.values()].flat().flatMap((pack) => pack.rules)
  expect(rules.length).toBeGreaterThan(30)
  const pairs = rules.map((rule) => ({ id: rule.id, ours: ours(rule.when), oracle: oracle(rule.when) }))
  const seen = new Set<string>()
  fc.assert(
    fc.property(anyFacts(), (known) => {
      for (const pair of pairs) {
        const outcome = pair.ours(known)
        seen.add(`${pair.id} ${outcome}`)
        expect([pair.id, outcome]).toEqual([pair.id, pair.oracle(known)])
      }
    }),
    { seed: 20_230_907, numRuns: 1500 },
  )
  // The run means nothing for a rule that never came out each way.
  for (const { id } of pairs) for (const outcome of ['true', 'false', 'unknown']) expect(seen).toContain(`${id} ${outcome}`)
})

function anyExpression(): fc.Arbitrary<Expression> {
  const leaf: fc.Arbitrary<Expression> = fc.constantFrom(...facts).chain((fact): fc.Arbitrary<Expression> => {
    const read: Expression = { kind: 'fact', name: fact.name }
    if (fact.type === 'bool') return fc.constant(read)
    if (fact.type === 'int') {
      return fc
        .tuple(fc.constantFrom('<', '<=', '>', '>=', '==', '!=') as fc.Arbitrary<'<'>, fc.bigInt({ min: 0n, max: 30n }))
        .map(([operator, value]) => ({ kind: 'compare', operator, left: read, right: { kind: 'number', value } }))
    }
    const values = [...fact.values.keys()]
    const text = (value: string): Expression => ({ kind: 'text', value })
    const some = fc.subarray(values, { minLength: 1 }).map((chosen): Expression => ({ kind: 'list', items: chosen.map(text) }))
    if (fact.type === 'enum') {
      return fc.oneof(
        fc
          .tuple(fc.constantFrom('==', '!=') as fc.Arbitrary<'=='>, fc.constantFrom(...values))
          .map(([operator, value]): Expression => ({ kind: 'compare', operator, left: read, right: text(value) })),
        some.map((list): Expression => ({ kind: 'compare', operator: 'in', left: read, right: list })),
      )
    }
    return fc.oneof(
      fc.constantFrom(...values).map((value): Expression => ({ kind: 'compare', operator: 'in', left: text(value), right: read })),
      fc.tuple(fc.constantFrom('exists', 'all') as fc.Arbitrary<'exists'>, some).map(
        ([word, list]): Expression => ({
          kind: 'quantifier',
          word,
          over: read,
          each: 'x',
          body: { kind: 'compare', operator: 'in', left: { kind: 'each', name: 'x' }, right: list },
        }),
      ),
    )
  })
  return fc.letrec<{ node: Expression }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      tie('node').map((part): Expression => ({ kind: 'not', part })),
      fc
        .tuple(fc.constantFrom('and', 'or') as fc.Arbitrary<'and'>, fc.array(tie('node'), { minLength: 2, maxLength: 3 }))
        .map(([kind, parts]): Expression => ({ kind, parts })),
    ),
  })).node
}

test('generated conditions decide as a second CEL implementation does', { timeout: 60_000 }, () => {
  const outcomes = { true: 0, false: 0, unknown: 0 }
  fc.assert(
    fc.property(anyExpression(), anyFacts(), (expression, known) => {
      const source = printExpression(expression)
      const outcome = ours(source)(known)
      outcomes[`${outcome}`]++
      expect(outcome).toBe(oracle(source)(known))
    }),
    { seed: 1206, numRuns: 3000 },
  )
  expect(Math.min(outcomes.true, outcomes.false, outcomes.unknown)).toBeGreaterThan(300)
})

test('what an undecided condition asks for is enough: knowing it decides, whatever it turns out to be', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(anyExpression(), anyFacts(), anyFacts(), (expression, known, later) => {
      const condition = compile(printExpression(expression))
      const outcome = condition.decide(known)
      if (typeof outcome === 'boolean') return
      expect(outcome.needs.length).toBeGreaterThan(0)
      expect(outcome.needs.filter((name) => known.has(name))).toEqual([])
      const told = new Map([...known, ...[...later].filter(([name]) => outcome.needs.includes(name))])
      if (outcome.needs.every((name) => told.has(name))) expect(condition.decide(told)).toBeTypeOf('boolean')
    }),
    { seed: 20, numRuns: 3000 },
  )
})
