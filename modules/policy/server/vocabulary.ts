import { collecting, PackLoadError, type PackProblem } from './pack-problem.ts'
import { readYaml, type YamlValue } from './yaml-value.ts'

/** Types a fact can have; a set is a list of distinct values in which order means nothing. */
export const FACT_TYPES = ['enum', 'set', 'bool', 'int'] as const
export type FactType = (typeof FACT_TYPES)[number]

/** A fact (事实) that rules may read, and the office or record that answers for it. */
export interface FactDefinition {
  name: string
  group: string
  field: string
  type: FactType
  title: string
  /** Value → Chinese label; empty for bool and int. */
  values: ReadonlyMap<string, string>
  /** Roles that answer for the fact; the applicant stands alone only where nobody else has to know. */
  answeredBy: readonly string[]
  note?: string
  /** Least value of an int. */
  min?: number
  /** A true value of this fact makes sense only when the named fact is true too. */
  implies?: string
  /** The fact is a recorded decision (有记录的决定): only with it may a 可 refuse. */
  recordedDecision?: boolean
}

/** An act (行为) that regulations guard. */
export interface ActDefinition {
  id: string
  title: string
  note?: string
}

/** What a cure may point to: screens turn it into a link or a button. */
export interface CureDefinition {
  id: string
  title: string
}

/** How a part of a paper is filled: sentences, lines of label and value, a table, signed opinions, a list of files. */
export const PART_KINDS = ['prose', 'lines', 'table', 'opinions', 'files'] as const
export type PartKind = (typeof PART_KINDS)[number]

/** A paper (文书) that the product can fill, for packs to say how it reads. */
export interface PaperKind {
  id: string
  title: string
  /** Whether it goes out under a number and the names of offices (发文), or is a record of form (办件单). */
  issued: boolean
  /** Words that its texts may use, with what each stands for. */
  words: ReadonlyMap<string, string>
  /** Parts that its subject fills. */
  slots: ReadonlyMap<string, PartKind>
}

/** The words that packs may use: facts by namespace, acts, roles, cures, papers. */
export interface Vocabulary {
  facts: ReadonlyMap<string, FactDefinition>
  acts: ReadonlyMap<string, ActDefinition>
  roles: ReadonlyMap<string, string>
  cures: ReadonlyMap<string, CureDefinition>
  papers: ReadonlyMap<string, PaperKind>
}

const FACT_NAME = /^[a-z][a-zA-Z0-9]*\.[a-z][a-zA-Z0-9]*$/
const ID = /^[a-z][a-z0-9]*([.-][a-zA-Z0-9]+)*$/

/** Reads `vocabulary.yaml`, or throws a PackLoadError that names every mistake. */
export function loadVocabulary(file: string, shownAs = 'vocabulary.yaml'): Vocabulary {
  const problems: PackProblem[] = []
  const vocabulary = collecting(problems, () => readVocabulary(readYaml(file, shownAs), problems))
  if (vocabulary === undefined || problems.length > 0) throw new PackLoadError(problems)
  return vocabulary
}

function readVocabulary(yaml: YamlValue, problems: PackProblem[]): Vocabulary {
  const top = yaml.record(['acts', 'roles', 'facts', 'cures'], ['papers'])
  const roles = new Map(top.roles.entries().map(([id, value]) => [checkedId(id, value), value.text()]))
  const acts = new Map(top.acts.entries().map(([id, value]) => [checkedId(id, value), readAct(id, value)]))
  const cures = new Map(top.cures.entries().map(([id, value]) => [checkedId(id, value), { id, title: value.text() }]))
  const facts = new Map<string, FactDefinition>()
  for (const [name, value] of top.facts.entries()) {
    const fact = collecting(problems, () => readFact(name, value, roles))
    if (fact) facts.set(name, fact)
  }
  for (const [name, value] of top.facts.entries()) {
    const implied = facts.get(name)?.implies
    if (implied !== undefined && facts.get(implied)?.type !== 'bool') {
      problems.push(value.mistake(`“implies”所指的“${implied}”不是是非类事实`, '填写词汇表中一个 bool 事实').problem)
    }
  }
  const papers = new Map<string, PaperKind>()
  for (const [id, value] of top.papers?.entries() ?? []) {
    const paper = collecting(problems, () => readPaperKind(checkedId(id, value), value))
    if (paper) papers.set(id, paper)
  }
  return { facts, acts, roles, cures, papers }
}

function readPaperKind(id: string, value: YamlValue): PaperKind {
  const record = value.record(['title', 'issued', 'words', 'slots'])
  return {
    id,
    title: record.title.text(),
    issued: record.issued.truth(),
    words: new Map(record.words.entries().map(([word, label]) => [checkedId(word, label), label.text()])),
    slots: new Map(record.slots.entries().map(([slot, kind]) => [checkedId(slot, kind), kind.oneOf(PART_KINDS)])),
  }
}

function checkedId(id: string, value: YamlValue): string {
  if (!ID.test(id)) throw value.mistake(`“${id}”不是有效的标识`, '使用英文小写，以点或短横相连')
  return id
}

function readAct(id: string, value: YamlValue): ActDefinition {
  const record = value.record(['title'], ['note'])
  return { id, title: record.title.text(), ...(record.note && { note: record.note.text() }) }
}

function readFact(name: string, value: YamlValue, roles: ReadonlyMap<string, string>): FactDefinition {
  if (!FACT_NAME.test(name)) throw value.mistake(`“${name}”不是有效的事实名`, '使用“命名空间.名称”，两段均以英文小写开头')
  const record = value.record(['type', 'title', 'answeredBy'], ['values', 'note', 'min', 'implies', 'recordedDecision'])
  const type = record.type.oneOf(FACT_TYPES)
  const enumerated = type === 'enum' || type === 'set'
  if (enumerated !== (record.values !== undefined)) {
    throw value.mistake(
      enumerated ? '枚举或集合没有列出可用值' : '只有枚举和集合可以列出可用值',
      enumerated ? '补上 values' : '删去 values',
    )
  }
  if (type !== 'int' && record.min) throw record.min.mistake('只有整数有最小值', '删去 min')
  if (type !== 'bool' && (record.implies ?? record.recordedDecision)) {
    throw value.mistake('implies 与 recordedDecision 只用于是非类事实', '删去该键')
  }
  const values = new Map(record.values?.entries().map(([id, label]) => [checkedId(id, label), label.text()]) ?? [])
  if (enumerated && values.size === 0) throw value.mistake('可用值为空', '至少列出一个值')
  const answeredBy = record.answeredBy.list().map((role) => role.oneOf([...roles.keys()]))
  if (answeredBy.length === 0) throw record.answeredBy.mistake('没有写明由谁负责', '列出负责的职责')
  const [group = '', field = ''] = name.split('.')
  return {
    name,
    group,
    field,
    type,
    title: record.title.text(),
    values,
    answeredBy,
    ...(record.note && { note: record.note.text() }),
    ...(record.min && { min: record.min.integer() }),
    ...(record.implies && { implies: record.implies.text() }),
    ...(record.recordedDecision && { recordedDecision: record.recordedDecision.truth() }),
  }
}
