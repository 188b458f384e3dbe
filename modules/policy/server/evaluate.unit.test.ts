import { join } from 'node:path'
import { blocking } from '@tongchou/kernel'
import { expect, test } from 'vitest'
import { decisionOf, evaluate } from './evaluate.ts'
import type { Facts, FactValue } from './expression.ts'
import { actProblem, readFacts } from './facts.ts'
import type { Pack, PolicyFinding } from './pack.ts'
import { readExamples } from './pack-examples.ts'
import { loadPacks, versionAt } from './pack-library.ts'

const library = loadPacks(join(import.meta.dirname, '../../../policy-packs'))
const pack = library.packs.get('wuhai-2023')?.[0] as Pack
const inOrder = readExamples(pack).find((example) => example.id === 'in-order/project.apply')?.facts ?? new Map()

function inOrderBut(changes: Record<string, FactValue | undefined>): Facts {
  const facts = new Map(inOrder)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) facts.delete(name)
    else facts.set(name, value)
  }
  return facts
}

test('a refusal cites the article, the facts it read and the cure', () => {
  const { decision, regulated, findings } = evaluate(pack, 'project.apply', inOrderBut({ 'project.deliverables': ['machine-room'] }))
  expect([decision, regulated, findings.length]).toEqual(['refuse', true, 1])
  expect(findings[0]).toEqual({
    rule: 'no-own-infrastructure',
    effect: 'refuse',
    modality: 'must',
    basis: 'text',
    mode: 'advise',
    article: 'WH23-4',
    text: pack.articles[3]?.text,
    message: '市直各政务部门不再自建数据中心、信息机房、视频平台、物联网平台等基础性、全局性、复用性信息化项目。',
    cure: '从建设内容中删去上述各项，改用市政务云计算中心和已有共享平台的能力。',
    facts: ['project.organisation', 'project.deliverables'],
    cureAct: 'project.edit',
  })
})

test('an undecidable finding names the fact and who answers for it', () => {
  const { decision, findings } = evaluate(pack, 'project.establish', inOrderBut({ 'project.arguedByCenter': undefined }))
  expect(decision).toBe('undecidable')
  expect(findings).toMatchObject([
    {
      rule: 'argued-by-center',
      effect: 'undecidable',
      message: '依第十二条不能判定：尚不知道“已经市大数据中心论证”。',
      cure: '由市大数据中心认定“已经市大数据中心论证”后再办理。',
      facts: ['project.arguedByCenter'],
    },
  ])
  expect(findings[0]).not.toHaveProperty('requires')
})

test('every finding is returned, in the order of the articles, the same each time', () => {
  const facts = inOrderBut({ 'project.deployment': 'own', 'project.reach': 'cross-level', 'project.deliverables': ['cim', 'machine-room'] })
  const once = evaluate(pack, 'project.apply', facts)
  expect(once.findings.map((finding) => finding.article)).toEqual(['WH23-4', 'WH23-4', 'WH23-8', 'WH23-9'])
  const reversed: Facts = new Map([...facts].reverse())
  expect(evaluate(pack, 'project.apply', reversed)).toEqual(once)
})

test('the mode follows the rule, then the pack, then the pack as it comes, and changes nothing else', () => {
  const facts = inOrderBut({ 'project.deployment': 'own', 'project.reach': 'cross-level' })
  const modes = { pack: 'enforce' as const, rules: new Map([['government-cloud', 'advise' as const]]) }
  const set = evaluate(pack, 'project.apply', facts, modes)
  const unset = evaluate(pack, 'project.apply', facts)
  expect(set.findings.map((finding) => [finding.rule, finding.mode])).toEqual([
    ['government-cloud', 'advise'],
    ['center-builds-across', 'enforce'],
  ])
  expect(unset.findings.map((finding) => finding.mode)).toEqual(['advise', 'advise'])
  expect(set.decision).toBe(unset.decision)
  expect(set.findings.map(({ mode: _, ...rest }) => rest)).toEqual(unset.findings.map(({ mode: _, ...rest }) => rest))
  expect(blocking(set.findings).map((finding) => finding.rule)).toEqual(['center-builds-across'])
  expect(blocking(unset.findings)).toEqual([])
})

test('the strictest finding decides; a warning never does', () => {
  const of = (...effects: PolicyFinding['effect'][]) => decisionOf(effects.map((effect) => ({ effect }) as PolicyFinding))
  expect(of()).toBe('allow')
  expect(of('warn')).toBe('allow')
  expect(of('warn', 'require')).toBe('require')
  expect(of('require', 'refer')).toBe('refer')
  expect(of('refer', 'undecidable')).toBe('undecidable')
  expect(of('undecidable', 'refuse')).toBe('refuse')
  expect(of('refuse', 'exempt')).toBe('exempt')
})

test('only what the city enforces blocks; warnings and exemptions never do', () => {
  const all = (['refuse', 'undecidable', 'refer', 'require', 'warn', 'exempt'] as const).map(
    (effect) => ({ effect, mode: 'enforce' }) as PolicyFinding,
  )
  expect(blocking(all).map((finding) => finding.effect)).toEqual(['refuse', 'undecidable', 'refer', 'require'])
})

test('an act that no rule guards is allowed and said to be unregulated', () => {
  const without = { ...pack, rules: pack.rules.filter((rule) => rule.acts !== null) }
  expect(evaluate(without, 'line.lease', new Map())).toEqual({ decision: 'allow', regulated: false, findings: [] })
})

test('an article that is not held has no words, and says so', () => {
  const articles = pack.articles.map((article) => ({ ...article, text: null }))
  const { findings } = evaluate({ ...pack, articles }, 'project.apply', inOrderBut({ 'project.deployment': 'own' }))
  expect(findings).toMatchObject([{ text: null, note: '未持有原文' }])
})

test('the stack trace limit of the process is left as it was', () => {
  const before = Error.stackTraceLimit
  evaluate(pack, 'project.apply', new Map())
  expect(Error.stackTraceLimit).toBe(before)
})

test('a version is asked within its dates only', () => {
  const versions = [
    { ...pack, validFrom: '2023-09-07', validTo: '2025-01-01' },
    { ...pack, validFrom: '2025-01-01', validTo: '2026-01-01', id: 'later' },
  ]
  expect(versionAt(versions, '2023-09-06')).toBeUndefined()
  expect(versionAt(versions, '2023-09-07')).toBe(versions[0])
  expect(versionAt(versions, '2024-12-31')).toBe(versions[0])
  expect(versionAt(versions, '2025-01-01')).toBe(versions[1])
  expect(versionAt(versions, '2026-01-01')).toBeUndefined()
})

test.each<[string, unknown, string | undefined]>([
  ['project.kind', 'new', undefined],
  ['project.kind', 'nwe', 'wrong-type'],
  ['project.kind', ['new'], 'wrong-type'],
  ['project.kind', null, 'wrong-type'],
  ['project.kindd', 'new', 'unknown-fact'],
  ['__proto__', 'x', 'unknown-fact'],
  ['constructor', 'x', 'unknown-fact'],
  ['project.deliverables', [], undefined],
  ['project.deliverables', ['cim', 'city-app'], undefined],
  ['project.deliverables', 'cim', 'wrong-type'],
  ['project.deliverables', ['cim', 3], 'wrong-type'],
  ['project.deliverables', ['cim', null], 'wrong-type'],
  ['project.deliverables', { 0: 'cim' }, 'wrong-type'],
  ['project.emergency', true, undefined],
  ['project.emergency', 'true', 'wrong-type'],
  ['project.emergency', 0, 'wrong-type'],
  ['project.formStampedCopies', 3, undefined],
  ['project.formStampedCopies', 3.5, 'wrong-type'],
  ['project.formStampedCopies', '3', 'wrong-type'],
  ['project.formStampedCopies', -1, 'wrong-type'],
  ['project.formStampedCopies', 2 ** 60, 'wrong-type'],
  ['project.formStampedCopies', Number.NaN, 'wrong-type'],
])('fact %s as %j is read strictly', (name, value, code) => {
  const { facts, problems } = readFacts(library.vocabulary, Object.fromEntries([[name, value]]))
  expect(problems.map((problem) => problem.code)).toEqual(code ? [code] : [])
  expect(facts.has(name)).toBe(code === undefined)
  if (code) expect(problems[0]).toMatchObject({ path: `facts.${name}`, message: expect.stringContaining(name) })
})

test('every wrong fact is named at once', () => {
  const { problems } = readFacts(library.vocabulary, { 'project.kind': 'x', 'project.deployment': null, nonsense: 1 })
  expect(problems.map((problem) => problem.path)).toEqual(['facts.project.kind', 'facts.project.deployment', 'facts.nonsense'])
})

test('a failed rectification without an open one contradicts itself', () => {
  const codes = (facts: Record<string, unknown>) => readFacts(library.vocabulary, facts).problems.map((problem) => problem.code)
  expect(codes({ 'rectification.failed': true })).toEqual(['contradiction'])
  expect(codes({ 'rectification.failed': true, 'rectification.open': false })).toEqual(['contradiction'])
  expect(codes({ 'rectification.failed': true, 'rectification.open': true })).toEqual([])
  expect(codes({ 'rectification.failed': false, 'rectification.open': false })).toEqual([])
  expect(codes({ 'rectification.failed': false })).toEqual([])
})

test('an unknown act is named with the nearest ones', () => {
  expect(actProblem(library.vocabulary, 'project.apply')).toBeUndefined()
  expect(actProblem(library.vocabulary, 'project.aply')).toMatchObject({
    path: 'act',
    code: 'unknown-act',
    message: expect.stringContaining('project.apply'),
  })
})
