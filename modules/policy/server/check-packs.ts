import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ClockRules } from '@tongchou/kernel'
import type { CoverageKind, Pack } from './pack.ts'
import { type ExampleFailure, readExamples, runExamples } from './pack-examples.ts'
import { loadPack } from './pack-loader.ts'
import { collecting, describeProblem, type PackProblem } from './pack-problem.ts'
import { loadVocabulary } from './vocabulary.ts'

/** What `policy check` finds about one pack. */
export interface PackReport {
  id: string
  title: string
  loaded: boolean
  rulesLoaded: boolean
  articles: number
  covered: number
  /** Article → the kinds of its coverage. */
  coverage: { article: string; label: string; kinds: CoverageKind[]; rules: string[]; steps: string[] }[]
  rules: number
  /** Rules of electronic supervision in a sentence; null where the pack sets none. */
  clocks: string | null
  examples: number
  failures: ExampleFailure[]
  problems: PackProblem[]
}

/** The report over a folder of packs; `ok` when every pack loads and every example comes out as expected. */
export interface CheckReport {
  ok: boolean
  problems: PackProblem[]
  packs: PackReport[]
}

/** Loads every pack under `directory`, runs its examples and counts its coverage. A pack that does not load does not hide the others. */
export function checkPacks(directory: string): CheckReport {
  const problems: PackProblem[] = []
  const vocabulary = collecting(problems, () => loadVocabulary(join(directory, 'vocabulary.yaml')))
  if (!vocabulary) return { ok: false, problems, packs: [] }
  const names = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  if (names.length === 0) problems.push({ file: directory, path: '', message: '没有制度包', cure: '指定制度包所在的文件夹' })
  const packs = names.map((name) => checkPack(name, () => loadPack(join(directory, name), vocabulary)))
  const ok = problems.length === 0 && packs.every((pack) => pack.loaded && pack.failures.length === 0)
  return { ok, problems, packs }
}

function checkPack(name: string, load: () => Pack): PackReport {
  const problems: PackProblem[] = []
  const pack = collecting(problems, load)
  const examples = pack && collecting(problems, () => readExamples(pack))
  if (pack?.rulesLoaded && examples?.length === 0) {
    problems.push({ file: `${name}/examples`, path: '', message: '有规则而没有用例', cure: '为每条规则写出成立、不成立与不能判定的用例' })
  }
  if (!pack || !examples || problems.length > 0) return { ...EMPTY, id: name, title: name, problems }
  return {
    id: pack.id,
    title: pack.title,
    loaded: true,
    rulesLoaded: pack.rulesLoaded,
    articles: pack.articles.length,
    covered: pack.coverage.size,
    coverage: pack.articles.map(({ id, label }) => coverageOf(pack, id, label)),
    rules: pack.rules.length,
    clocks: pack.clocks && sayClocks(pack.clocks),
    examples: examples.length,
    failures: runExamples(pack, examples),
    problems,
  }
}

function sayClocks({ yellow, explanationDays, escalationDays, answerDays, grantExpiryDays }: ClockRules): string {
  const when = 'share' in yellow ? `时限用去 ${Math.round(yellow.share * 100)}%` : `期满前 ${yellow.before} 个工作日`
  return `${when}黄牌，逾期红牌，${explanationDays} 个工作日内说明理由，逾期 ${escalationDays} 个工作日报告上级，申请 ${answerDays} 个工作日内答复${grantExpiryDays === undefined ? '' : `，授权到期前 ${grantExpiryDays} 日提醒`}`
}

const EMPTY = {
  loaded: false,
  rulesLoaded: false,
  articles: 0,
  covered: 0,
  coverage: [],
  rules: 0,
  clocks: null,
  examples: 0,
  failures: [],
}

function coverageOf(pack: Pack, article: string, label: string): PackReport['coverage'][number] {
  const entries = pack.coverage.get(article) ?? []
  return {
    article,
    label,
    kinds: [...new Set(entries.map((entry) => entry.kind))],
    rules: entries.flatMap((entry) => entry.rules),
    steps: entries.flatMap((entry) => entry.step ?? []),
  }
}

/** The report as people read it in a terminal. */
export function printReport(report: CheckReport): string {
  const lines = report.problems.map(describeProblem)
  for (const pack of report.packs) lines.push('', ...printPack(pack))
  lines.push('', report.ok ? '全部通过。' : '有未通过的项目。')
  return lines.join('\n').trimStart()
}

const KIND_TITLES: Record<CoverageKind, string> = {
  enforced: '规则',
  person: '由人办理',
  'out-of-scope': '不在范围',
  unspecified: '未规定',
  statement: '陈述',
}

function printPack(pack: PackReport): string[] {
  if (!pack.loaded) return [`${pack.id} 未能装载`, ...pack.problems.map((problem) => `  ${describeProblem(problem)}`)]
  const rules = pack.rulesLoaded ? `${pack.rules} 条规则，用例 ${pack.examples - pack.failures.length}/${pack.examples} 通过` : '规则未装载'
  return [
    `${pack.id} ${pack.title}`,
    `  条文覆盖 ${pack.covered}/${pack.articles}；${rules}`,
    ...(pack.clocks === null ? [] : [`  电子监察（市里设定）：${pack.clocks}`]),
    ...pack.coverage.map(
      (entry) => `  ${entry.article.padEnd(11)} ${entry.kinds.map((kind) => KIND_TITLES[kind]).join('、')}${detail(entry)}`,
    ),
    ...pack.failures.map((failure) => `  未通过 ${failure.file} ${failure.example}：${failure.message}`),
  ]
}

function detail(entry: PackReport['coverage'][number]): string {
  const parts = [...entry.rules, ...entry.steps]
  return parts.length > 0 ? `（${parts.join('、')}）` : ''
}
