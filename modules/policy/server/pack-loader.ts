import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { checkProcedure, parseForm, parseProcedure, referencesOf } from '@tongchou/procedure'
import { readArticles } from './article-text.ts'
import { readClocks } from './clocks.ts'
import { conditionCompiler } from './expression.ts'
import { nearest } from './expression-tree.ts'
import { readOutline } from './outline.ts'
import {
  type Article,
  COVERAGE_KINDS,
  type Coverage,
  MODES,
  type Pack,
  type PackFile,
  type PackHeader,
  type PackProcedure,
  type Rule,
} from './pack.ts'
import { collecting, PackLoadError, type PackProblem } from './pack-problem.ts'
import { type PackPaper, readPaper } from './paper.ts'
import { known, type RuleSurroundings, readRule } from './rule-reader.ts'
import type { Vocabulary } from './vocabulary.ts'
import { readPackFile, readYaml, type YamlValue } from './yaml-value.ts'

const KNOWN_ENTRIES = [
  'pack.yaml',
  'text.md',
  'coverage.yaml',
  'README.md',
  'rules',
  'procedures',
  'documents',
  'papers',
  'examples',
  'forms',
  'clocks.yaml',
]

/** Reads one pack folder whole, or throws a PackLoadError that names every mistake: a half-loaded pack would allow what it should refuse. */
export function loadPack(folder: string, vocabulary: Vocabulary): Pack {
  const problems: PackProblem[] = []
  const name = basename(folder)
  const pack = collecting(problems, () => readPack(folder, name, vocabulary, problems))
  if (pack === undefined || problems.length > 0) throw new PackLoadError(problems)
  return pack
}

function readPack(folder: string, name: string, vocabulary: Vocabulary, problems: PackProblem[]): Pack {
  for (const entry of readdirSync(folder)) {
    if (!KNOWN_ENTRIES.includes(entry))
      problems.push({ file: `${name}/${entry}`, path: '', message: '制度包中没有这一项', cure: `可有：${KNOWN_ENTRIES.join('、')}` })
  }
  const header = readHeader(readYaml(join(folder, 'pack.yaml'), `${name}/pack.yaml`), name)
  const articles = readArticles(readPackFile(join(folder, 'text.md'), `${name}/text.md`), `${name}/text.md`, header.short)
  const articleIds = articles.map((article) => article.id)
  const forms = readForms(readFolder(folder, 'forms', problems), problems)
  const procedures = readProcedures(readFolder(folder, 'procedures', problems), articleIds, vocabulary, problems)
  checkForms(procedures, forms, problems)
  const documents = readFolder(folder, 'documents', problems).flatMap(
    ({ id, yaml }) => collecting(problems, () => readOutline(id, yaml, articleIds, problems)) ?? [],
  )
  const papers = readPapers(readFolder(folder, 'papers', problems), name, vocabulary, articleIds, problems)
  // What coverage and rules may name: `procedure/step`.
  const steps = procedures.flatMap(({ procedure }) => procedure.steps.map((step) => `${procedure.id}/${step.id}`))
  const around: RuleSurroundings = {
    vocabulary,
    compile: conditionCompiler(vocabulary),
    articles: articleIds,
    steps,
    documents: documents.map((document) => document.id),
  }
  const rules = readRules(folder, around, problems)
  if (header.rulesLoaded !== rules.length > 0) {
    problems.push({
      file: `${name}/pack.yaml`,
      path: 'rulesLoaded',
      message: '与 rules/ 中有无规则不符',
      cure: '装入规则，或改正 rulesLoaded',
    })
  }
  const coverage = readCoverage(readYaml(join(folder, 'coverage.yaml'), `${name}/coverage.yaml`), header, articles, rules, steps, problems)
  const clocks = collecting(problems, () => readClocks(folder)) ?? null
  return {
    ...header,
    folder,
    clocks,
    digest: digestOf(folder),
    articles,
    coverage,
    rules,
    procedures,
    forms,
    documents,
    papers,
    vocabulary,
  }
}

function readHeader(yaml: YamlValue, folderName: string): PackHeader {
  const record = yaml.record([
    'id',
    'short',
    'title',
    'documentNumber',
    'issuedBy',
    'jurisdiction',
    'status',
    'validFrom',
    'validTo',
    'defaultMode',
    'source',
    'rulesLoaded',
    'legalBasis',
    'damage',
    'asOfNote',
  ])
  const id = record.id.text()
  const validFrom = record.validFrom.date()
  if (folderName !== id && folderName !== `${id}@${validFrom}`)
    throw record.id.mistake(`文件夹“${folderName}”与标识“${id}”不符`, `文件夹名用“${id}”或“${id}@${validFrom}”`)
  const jurisdiction = record.jurisdiction.text()
  if (!/^\d{6}$/.test(jurisdiction)) throw record.jurisdiction.mistake('行政区划代码应为六位数字', '按 GB/T 2260 填写')
  const validTo = record.validTo.raw === null ? null : record.validTo.date()
  if (validTo !== null && validTo <= validFrom) throw record.validTo.mistake('终止日期不晚于起始日期', '改正日期，或写 null')
  const source = record.source.record(['title', 'note'])
  return {
    id,
    short: record.short.text(),
    title: record.title.text(),
    documentNumber: record.documentNumber.raw === null ? null : record.documentNumber.text(),
    issuedBy: record.issuedBy.text(),
    jurisdiction,
    status: record.status.oneOf(['draft', 'in-force', 'repealed']),
    validFrom,
    validTo,
    defaultMode: record.defaultMode.oneOf(MODES),
    source: { title: source.title.text(), note: source.note.text() },
    rulesLoaded: record.rulesLoaded.truth(),
    legalBasis: record.legalBasis.list().map((entry) => {
      const basis = entry.record(['title', 'held'], ['note'])
      return { title: basis.title.text(), held: basis.held.truth(), ...(basis.note && { note: basis.note.text() }) }
    }),
    damage: record.damage.texts(),
    asOfNote: record.asOfNote.text(),
  }
}

function yamlFiles(folder: string, inner: string): string[] {
  const path = join(folder, inner)
  return existsSync(path)
    ? readdirSync(path)
        .filter((file) => file.endsWith('.yaml'))
        .sort()
    : []
}

interface ReadFile {
  id: string
  yaml: YamlValue
}

function readFolder(folder: string, inner: string, problems: PackProblem[]): ReadFile[] {
  return yamlFiles(folder, inner).flatMap((file) => {
    const yaml = collecting(problems, () => readYaml(join(folder, inner, file), `${basename(folder)}/${inner}/${file}`))
    return yaml ? [{ id: file.slice(0, -'.yaml'.length), yaml }] : []
  })
}

function readRules(folder: string, around: RuleSurroundings, problems: PackProblem[]): Rule[] {
  const rules: Rule[] = []
  for (const file of yamlFiles(folder, 'rules')) {
    const yaml = collecting(problems, () => readYaml(join(folder, 'rules', file), `${basename(folder)}/rules/${file}`))
    for (const entry of yaml ? (collecting(problems, () => yaml.list()) ?? []) : []) {
      const rule = collecting(problems, () => readRule(entry, around))
      if (rule && rules.some((other) => other.id === rule.id))
        problems.push(entry.mistake(`规则“${rule.id}”出现两次`, '改用另一个标识').problem)
      else if (rule) rules.push(rule)
    }
  }
  const position = new Map(around.articles.map((id, index) => [id, index]))
  return rules.sort((a, b) => (position.get(a.article) ?? 0) - (position.get(b.article) ?? 0))
}

function readForms(files: readonly ReadFile[], problems: PackProblem[]): PackFile[] {
  return files.map(({ id, yaml: { file, raw } }) => {
    const parsed = parseForm(raw)
    if ('problems' in parsed) problems.push(...parsed.problems.map((problem) => ({ file, ...problem, cure: '按表单的写法改正' })))
    else if (parsed.form.id !== id)
      problems.push({ file, path: 'id', message: `表单标识“${parsed.form.id}”与文件名不符`, cure: '文件名用表单标识' })
    return { id, file, raw }
  })
}

/** A pack without papers leaves them to another; one that has some has them all, or one would be missed when it is to be printed. */
function readPapers(
  files: readonly ReadFile[],
  name: string,
  vocabulary: Vocabulary,
  articles: readonly string[],
  problems: PackProblem[],
): PackPaper[] {
  const ids = files.map(({ id }) => id)
  for (const { id, title } of files.length === 0 ? [] : vocabulary.papers.values())
    if (!ids.includes(id)) problems.push({ file: `${name}/papers/${id}.yaml`, path: '', message: `缺少文书“${title}”`, cure: '补上该文书' })
  return files.flatMap(({ id, yaml }) => collecting(problems, () => readPaper(id, yaml, vocabulary, articles, problems)) ?? [])
}

/** A step that names a form which is not there would open without one. */
function checkForms(procedures: readonly PackProcedure[], forms: readonly PackFile[], problems: PackProblem[]): void {
  const ids = forms.map((form) => form.id)
  for (const { file, procedure } of procedures) {
    procedure.steps.forEach((step, index) => {
      if (step.form !== null && !ids.includes(step.form))
        problems.push({ file, path: `steps[${index}].form`, message: `表单“${step.form}”不存在`, cure: nearest(step.form, ids) })
    })
  }
}

/** Reads and model-checks the procedures; every duty, act and article they name must exist. */
function readProcedures(
  files: readonly ReadFile[],
  articles: readonly string[],
  vocabulary: Vocabulary,
  problems: PackProblem[],
): PackProcedure[] {
  const names = { duty: [...vocabulary.roles.keys()], act: [...vocabulary.acts.keys()], article: articles }
  return files.flatMap(({ id, yaml: { file, raw } }) => {
    const parsed = parseProcedure(raw)
    const found = 'problems' in parsed ? parsed.problems : checkProcedure(parsed.procedure)
    problems.push(...found.map((problem) => ({ file, ...problem })))
    if ('problems' in parsed) return []
    const { procedure } = parsed
    if (procedure.id !== id) problems.push({ file, path: 'id', message: `流程标识“${procedure.id}”与文件名不符`, cure: '文件名用流程标识' })
    for (const reference of referencesOf(procedure)) {
      // Events belong to the modules that hear them; the server checks those when it wires the modules.
      if (reference.kind === 'event' || names[reference.kind].includes(reference.value)) continue
      const message = `“${reference.value}”不存在`
      problems.push({ file, path: reference.path, message, cure: nearest(reference.value, names[reference.kind]) })
    }
    return [{ id, file, raw, procedure }]
  })
}

function readCoverage(
  yaml: YamlValue,
  header: PackHeader,
  articles: readonly Article[],
  rules: readonly Rule[],
  steps: readonly string[],
  problems: PackProblem[],
): Map<string, Coverage[]> {
  const coverage = new Map<string, Coverage[]>()
  for (const [id, value] of yaml.entries()) {
    if (!articles.some((article) => article.id === id)) {
      problems.push(
        value.mistake(
          `条文“${id}”不在 text.md 中`,
          nearest(
            id,
            articles.map((article) => article.id),
          ),
        ).problem,
      )
      continue
    }
    const entries = collecting(problems, () => value.list().map((entry) => readCoverageEntry(entry, id, header, rules, steps)))
    if (entries?.length === 0) problems.push(value.mistake('没有说明该条由什么落实', '至少写一项').problem)
    else if (entries) coverage.set(id, entries)
  }
  for (const { id, label } of articles) {
    if (!yaml.entries().some(([key]) => key === id)) {
      problems.push({ file: yaml.file, path: id, message: `缺少${label}`, cure: '说明该条由什么落实，或写未规定' })
    }
  }
  for (const rule of rules) {
    const named = coverage.get(rule.article)?.some((entry) => entry.rules.includes(rule.id))
    if (coverage.has(rule.article) && !named) {
      problems.push({ file: yaml.file, path: rule.article, message: `没有列出规则“${rule.id}”`, cure: '在该条的 enforced 项中补上' })
    }
  }
  return coverage
}

function readCoverageEntry(
  entry: YamlValue,
  article: string,
  header: PackHeader,
  rules: readonly Rule[],
  steps: readonly string[],
): Coverage {
  const record = entry.record(['kind', 'note'], ['rules', 'step'])
  const kind = record.kind.oneOf(COVERAGE_KINDS)
  if ((kind === 'enforced') !== (record.rules !== undefined))
    throw entry.mistake('rules 只用于且必用于 enforced', kind === 'enforced' ? '列出规则' : '删去 rules')
  if (record.step && kind !== 'person') throw record.step.mistake('step 只用于 person', '删去 step')
  // A pack without rules has no procedures yet either: it says who, the step comes with the rules.
  if (kind === 'person' && header.rulesLoaded && !record.step) throw entry.mistake('没有写明由哪个环节办理', '以“流程/环节”补上 step')
  const own = rules.filter((rule) => rule.article === article).map((rule) => rule.id)
  return {
    kind,
    rules: record.rules?.list().map((rule) => known(rule, own, '该条的规则')) ?? [],
    ...(record.step && { step: known(record.step, steps, '环节') }),
    note: record.note.text(),
  }
}

function digestOf(folder: string): string {
  const hash = createHash('sha256')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'README.md')
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    .sort()
  for (const file of files)
    hash
      .update(`${file}\n`)
      .update(readFileSync(join(folder, file)))
      .update('\n')
  return hash.digest('hex')
}
