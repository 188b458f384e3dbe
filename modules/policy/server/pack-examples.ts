import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { DECISIONS, type Decision, type Evaluation, evaluate } from './evaluate.ts'
import type { Facts } from './expression.ts'
import { actProblem, readFacts } from './facts.ts'
import type { Pack } from './pack.ts'
import { collecting, PackLoadError, type PackProblem } from './pack-problem.ts'
import { readYaml, type YamlValue } from './yaml-value.ts'

/** What a case expects; each part that is given must hold. */
export interface Expectation {
  decision?: Decision | 'blocked' | 'any'
  /** The exact findings as `effect modality article rule`, with the needed facts after it for `undecidable`. */
  findings?: readonly string[]
  articles?: readonly string[]
  notArticles?: readonly string[]
}

/** One question to a pack with the answer its author expects. */
export interface PackExample {
  id: string
  file: string
  act: string
  facts: Facts
  expect: Expectation
}

/** An example that came out otherwise. */
export interface ExampleFailure {
  example: string
  file: string
  message: string
}

/** Reads all examples of a pack, or throws a PackLoadError that names every mistake. */
export function readExamples(pack: Pack): PackExample[] {
  const folder = join(pack.folder, 'examples')
  if (!existsSync(folder)) return []
  const problems: PackProblem[] = []
  const examples = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((file) => collecting(problems, () => readFile(folder, file, pack, problems)) ?? [])
  const seen = new Set<string>()
  for (const { id, file } of examples) {
    if (seen.has(id)) problems.push({ file, path: id, message: '用例标识重复', cure: '改用另一个标识' })
    seen.add(id)
  }
  if (problems.length > 0) throw new PackLoadError(problems)
  return examples
}

function readFile(folder: string, file: string, pack: Pack, problems: PackProblem[]): PackExample[] {
  const yaml = readYaml(join(folder, file), `${basename(pack.folder)}/examples/${file}`)
  const top = yaml.record(['cases'], ['base', 'note'])
  const base = top.base ? readBase(top.base, folder, pack) : {}
  return top.cases.list().flatMap((value) => collecting(problems, () => readCase(value, base, pack)) ?? [])
}

function readBase(value: YamlValue, folder: string, pack: Pack): Record<string, unknown> {
  const name = value.text()
  const path = join(folder, 'base', `${name}.yaml`)
  if (!/^[a-z0-9-]+$/.test(name) || !existsSync(path))
    throw value.mistake(`base/${name}.yaml 不存在`, '写 examples/base/ 中的文件名，不带扩展名')
  const yaml = readYaml(path, `${basename(pack.folder)}/examples/base/${name}.yaml`)
  return Object.fromEntries(yaml.entries().map(([key, inner]) => [key, inner.raw]))
}

function readCase(value: YamlValue, base: Record<string, unknown>, pack: Pack): PackExample[] {
  const record = value.record(['id', 'expect'], ['title', 'act', 'acts', 'set', 'unset', 'vary'])
  record.title?.text()
  const acts = record.acts?.texts() ?? (record.act ? [record.act.text()] : [])
  if (acts.length === 0) throw value.mistake('没有写明行为', '补上 act 或 acts')
  const set = Object.fromEntries(record.set?.entries().map(([key, inner]) => [key, inner.raw]) ?? [])
  const unset = new Set(record.unset?.texts())
  const [varied, ...more] = record.vary?.entries() ?? []
  if (more.length > 0) throw value.mistake('vary 只能变换一个事实', '拆成几个用例')
  const expect = readExpectation(record.expect, pack)
  const variants = varied ? varied[1].list().map((item) => ({ [varied[0]]: item.raw })) : [{}]
  return acts.flatMap((act) =>
    variants.map((variant, index) => {
      const given = Object.entries({ ...base, ...set, ...variant }).filter(([name]) => !unset.has(name))
      const { facts, problems } = readFacts(pack.vocabulary, Object.fromEntries(given))
      const problem = actProblem(pack.vocabulary, act) ?? problems[0]
      if (problem) throw value.mistake(problem.message.replace(/。$/, ''), `改正 ${problem.path}`)
      const suffix = `${acts.length > 1 ? `/${act}` : ''}${varied ? `/${index + 1}` : ''}`
      return { id: `${record.id.text()}${suffix}`, file: value.file, act, facts, expect }
    }),
  )
}

function readExpectation(value: YamlValue, pack: Pack): Expectation {
  const record = value.record([], ['decision', 'findings', 'articles', 'notArticles'])
  const articles = [...(record.articles?.list() ?? []), ...(record.notArticles?.list() ?? [])]
  for (const article of articles) article.oneOf(pack.articles.map((each) => each.id))
  if (!record.decision && !record.findings && articles.length === 0)
    throw value.mistake('没有任何预期', '写 decision、findings、articles 或 notArticles')
  return {
    ...(record.decision && { decision: record.decision.oneOf([...DECISIONS, 'blocked', 'any']) }),
    ...(record.findings && {
      findings: record.findings.list().map((finding) =>
        finding
          .list()
          .map((part) => part.text())
          .join(' '),
      ),
    }),
    ...(record.articles && { articles: record.articles.texts() }),
    ...(record.notArticles && { notArticles: record.notArticles.texts() }),
  }
}

/** Runs examples; what came out otherwise, in the order of the examples. */
export function runExamples(pack: Pack, examples: readonly PackExample[]): ExampleFailure[] {
  return examples.flatMap((example) => {
    const message = compare(example.expect, evaluate(pack, example.act, example.facts))
    return message ? [{ example: example.id, file: example.file, message }] : []
  })
}

/** Whether any example notices that the pack is not as its author meant it. */
export function anyExampleFails(pack: Pack, examples: readonly PackExample[]): boolean {
  return examples.some((example) => compare(example.expect, evaluate(pack, example.act, example.facts)) !== undefined)
}

const BLOCKED: readonly Decision[] = ['refuse', 'undecidable', 'refer', 'require']

function compare(expect: Expectation, actual: Evaluation): string | undefined {
  const { decision, findings, articles = [], notArticles = [] } = expect
  if (
    decision === 'blocked'
      ? !BLOCKED.includes(actual.decision)
      : decision !== undefined && decision !== 'any' && decision !== actual.decision
  ) {
    return `应为 ${decision}，实为 ${actual.decision}`
  }
  const lines = actual.findings.map((finding) =>
    [finding.effect, finding.modality, finding.article, finding.rule, ...(finding.effect === 'undecidable' ? finding.facts : [])].join(' '),
  )
  if (findings && findings.join('\n') !== lines.join('\n')) return `应为 [${findings.join('；')}]，实为 [${lines.join('；')}]`
  const cited = new Set(actual.findings.map((finding) => finding.article))
  const missing = articles.find((article) => !cited.has(article))
  if (missing) return `未引用 ${missing}`
  const wrong = notArticles.find((article) => cited.has(article))
  return wrong && `不应引用 ${wrong}`
}
