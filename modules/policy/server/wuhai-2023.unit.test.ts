import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { evaluate, guards } from './evaluate.ts'
import type { Facts } from './expression.ts'
import { mutantsOf, runMutation } from './mutation.ts'
import type { Pack } from './pack.ts'
import { readExamples, runExamples } from './pack-examples.ts'
import { loadPacks, packProcedures, versionAt } from './pack-library.ts'

const library = loadPacks(join(import.meta.dirname, '../../../policy-packs'))
const pack = versionAt(library.packs.get('wuhai-2023') ?? [], '2026-11-22') as Pack
const examples = readExamples(pack)
const acts = [...library.vocabulary.acts.keys()]

test('the text is that of the 24 articles, word for word', () => {
  expect(pack.articles.map((article) => article.id)).toEqual(Array.from({ length: 24 }, (_, index) => `WH23-${index + 1}`))
  const words = pack.articles.map((article) => (article.text ?? '').replace(/\s/g, '')).join('')
  expect(words).toHaveLength(2795)
  expect(createHash('sha256').update(words).digest('hex')).toBe('ecd4eb21b5cc5f1e3e9b7f463210b6c9cdd65616a01c82f0393e1e9406b9bd4a')
  expect(pack.articles[3]?.text).toContain(
    '市直各政务部门不再自建数据中心、信息机房、视频平台、物联网平台等基础性、全局性、复用性信息化项目',
  )
  expect(pack.articles[3]?.text?.split('\n')).toHaveLength(2)
})

test('every example of the pack comes out as its author expects', () => {
  expect(examples.length).toBeGreaterThan(390)
  expect(runExamples(pack, examples)).toEqual([])
})

test('each rule guards exactly the acts of the reading', () => {
  const guarded = Object.fromEntries(pack.rules.map((rule) => [rule.id, acts.filter((act) => guards(rule, act)).join(' ')]))
  expect(guarded).toEqual({
    'not-a-government-system': acts.join(' '),
    'no-own-infrastructure': 'plan.file project.apply project.establish',
    'new-public-app': 'plan.file project.apply project.establish',
    'app-standard-interface': 'plan.file project.apply project.establish',
    'government-cloud': 'plan.file project.apply project.establish project.accept',
    'city-brain': 'project.accept',
    'file-superior-project': 'plan.file',
    'joint-review': 'project.establish funding.schedule',
    'fund-only-city-approved': 'funding.schedule',
    'fund-only-planned': 'funding.schedule',
    'center-builds-across': 'project.apply project.establish',
    'necessity-of-building-alone': 'project.apply',
    'reviewed-by-center': 'project.establish',
    'center-builds-shared-platforms': 'plan.file project.apply',
    'district-application-platform': 'plan.file project.apply',
    'district-scope': 'plan.file project.apply',
    'argued-by-center': 'project.establish',
    'establish-by-plan': 'project.establish',
    'tender-after-proposal': 'project.tender',
    'tender-after-feasibility': 'project.tender',
    'tender-after-design': 'project.tender',
    'catalog-compiled': 'project.accept',
    'catalog-approved': 'project.accept',
    'catalog-registered': 'project.accept',
    'records-withheld': 'project.accept payment.release',
    'decide-on-hold': 'payment.release',
    'payment-on-hold': 'payment.release',
    'no-funds-next-year': 'funding.schedule system.operate',
    'state-secret': acts.join(' '),
    emergency: acts.join(' '),
    'district-follows-measure': 'plan.file project.apply',
  })
})

test('only the order of approval and tender is inferred, nothing is local', () => {
  const inferred = pack.rules.filter((rule) => rule.basis !== 'text').map((rule) => rule.id)
  expect(inferred).toEqual(['tender-after-proposal', 'tender-after-feasibility', 'tender-after-design'])
})

test.each(pack.rules.map((rule) => rule.id))('examples let %s hold, not hold, and be undecidable', (id) => {
  const rule = pack.rules.find((each) => each.id === id)
  const seen = new Set<string>()
  for (const { act, facts } of examples) {
    if (!rule || !guards(rule, act)) continue
    const finding = evaluate(pack, act, facts).findings.find((each) => each.rule === id)
    seen.add(finding?.effect ?? 'silent')
  }
  expect([...seen]).toEqual(expect.arrayContaining([rule?.effect, 'silent', 'undecidable']))
})

test('when nothing is known, every rule that guards the act says what it needs', () => {
  const nothing: Facts = new Map()
  for (const act of acts) {
    const { decision, findings } = evaluate(pack, act, nothing)
    expect(decision).toBe('undecidable')
    const guarding = pack.rules.filter((rule) => guards(rule, act))
    expect(findings.map((finding) => [finding.rule, finding.effect, finding.facts])).toEqual(
      guarding.map((rule) => [rule.id, 'undecidable', rule.condition.facts]),
    )
  }
})

test('every finding carries the article’s own words, a message and a cure', () => {
  for (const { act, facts } of examples) {
    for (const finding of evaluate(pack, act, facts).findings) {
      const article = pack.articles.find((each) => each.id === finding.article)
      expect(finding.text).toBe(article?.text)
      expect(finding.facts.length).toBeGreaterThan(0)
      for (const text of [finding.message, finding.cure]) {
        expect(text).toMatch(/。$/)
        expect(text).not.toMatch(/[您！]/)
      }
    }
  }
})

test('every step that the coverage names for a person is in a procedure of the pack', () => {
  const steps = [...pack.coverage.values()].flat().flatMap((entry) => entry.step ?? [])
  expect(steps.length).toBeGreaterThan(10)
  expect(packProcedures(pack)).toHaveLength(pack.procedures.length)
  for (const step of steps) expect(pack.procedures.map((procedure) => procedure.id)).toContain(step.split('/')[0])
})

test('outlines from memory are marked as not verified', () => {
  expect(pack.documents.map(({ id, verified }) => [id, verified])).toEqual([
    ['acceptance-list', false],
    ['construction-plan', false],
    ['feasibility-report', false],
    ['plan-entry-form', true],
  ])
})

test('the examples notice planted mistakes', { timeout: 60_000 }, () => {
  expect(mutantsOf(pack).length).toBeGreaterThan(1900)
  const report = runMutation(pack, examples, 11)
  expect(report.mutants).toBeGreaterThan(170)
  expect(report.survivors).toEqual([])
})

test('the mutation run counts a mistake that no example looks at', { timeout: 60_000 }, () => {
  const blind = examples.filter((example) => example.act !== 'project.tender')
  const report = runMutation(pack, blind, 9)
  expect(report.survivors.map((survivor) => survivor.rule)).toContain('tender-after-design')
  expect(report.killed).toBe(report.mutants - report.survivors.length)
})
