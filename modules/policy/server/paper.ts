import { documentNumber, type PaperDefinition, type PaperPartDefinition } from '@tongchou/kernel'
import { nearest } from './expression-tree.ts'
import { BASES, type Basis } from './pack.ts'
import type { PackProblem } from './pack-problem.ts'
import { known } from './rule-reader.ts'
import { PART_KINDS, type PaperKind, type Vocabulary } from './vocabulary.ts'
import type { YamlValue } from './yaml-value.ts'

/** A paper (文书) of a pack, with what its form rests on. */
export interface PackPaper extends PaperDefinition {
  /** The article that asks for it, where one does. */
  article: string | null
  basis: Basis
  note: string
}

/** Reads `papers/<id>.yaml`: what it names must be what the vocabulary gives for this paper, or it would print empty. */
export function readPaper(
  id: string,
  yaml: YamlValue,
  { papers }: Vocabulary,
  articles: readonly string[],
  problems: PackProblem[],
): PackPaper {
  const kind = papers.get(id)
  if (!kind) throw yaml.mistake(`文书“${id}”不在词汇表中`, `文件名用词汇表中的文书。${nearest(id, [...papers.keys()])}`)
  const record = yaml.record(['title', 'basis', 'note', 'parts'], ['article', 'issued'])
  if (kind.issued !== (record.issued !== undefined))
    throw (record.issued ?? yaml).mistake(
      kind.issued ? '对外印发的文书没有写明发文机关' : `“${kind.title}”不对外印发`,
      kind.issued ? '补上 issued：issuer、agencyWord、offices' : '删去 issued',
    )
  const parts = record.parts.list().map((entry) => readPart(entry, kind))
  if (parts.length === 0) throw record.parts.mistake('文书没有内容', '至少写一个部分')
  const slots = parts.flatMap((part) => part.slot ?? [])
  const doubled = slots.find((slot, index) => slots.indexOf(slot) < index)
  if (doubled !== undefined) problems.push(record.parts.mistake(`部分“${doubled}”重复`, '每个部分只列一次').problem)
  return {
    id,
    title: sentence(record.title, kind),
    article: record.article ? known(record.article, articles, '条文') : null,
    basis: record.basis.oneOf(BASES),
    note: record.note.text(),
    issued: record.issued ? readIssue(record.issued) : null,
    parts,
  }
}

function readIssue(yaml: YamlValue): PaperDefinition['issued'] {
  const { issuer, agencyWord, offices } = yaml.record(['issuer', 'agencyWord', 'offices'])
  const checked = documentNumber(agencyWord.text(), 2000, 1)
  if (!checked.ok) throw agencyWord.mistake(checked.problem.message, checked.problem.cure)
  const signing = offices.texts()
  if (signing.length === 0) throw offices.mistake('没有写明落款单位', '列出落款单位')
  return { issuer: issuer.text(), agencyWord: checked.value.agencyWord, offices: signing }
}

/** A part is filled by its subject, or is prose of the paper's own. */
function readPart(yaml: YamlValue, kind: PaperKind): PaperPartDefinition {
  const record = yaml.record(['kind'], ['title', 'slot', 'to', 'paragraphs'])
  const form = record.kind.oneOf(PART_KINDS)
  const title = record.title ? sentence(record.title, kind) : ''
  if ((record.slot === undefined) === (record.paragraphs === undefined))
    throw yaml.mistake('slot 和 paragraphs 须写且只写一项', '写由事项填入的部分，或写文书自己的文字')
  if (record.slot) {
    if (record.to) throw record.to.mistake('由事项填入的部分不写主送单位', '删去 to')
    const slot = known(record.slot, [...kind.slots.keys()], '部分')
    const given = kind.slots.get(slot)
    if (given !== form) throw record.kind.mistake(`部分“${slot}”的形式是 ${given}`, `改为 ${given}`)
    return { kind: form, title, slot, to: null, paragraphs: [] }
  }
  if (form !== 'prose') throw record.kind.mistake('文书自己的文字只能是 prose', '改为 prose')
  const paragraphs = record.paragraphs?.list().map((text) => sentence(text, kind)) ?? []
  return { kind: form, title, slot: null, to: record.to ? sentence(record.to, kind) : null, paragraphs }
}

/** A text in which `{word}` stands for what the subject says. */
function sentence(yaml: YamlValue, { title, words }: PaperKind): string {
  const text = yaml.text()
  const open = text.replaceAll(/\{(\w+)\}/g, (whole, word: string) => (words.has(word) ? '' : whole))
  const unknown = /\{([^}]*)/.exec(open)?.[1]
  if (unknown !== undefined) throw yaml.mistake(`“${title}”没有词“${unknown}”`, `可用的词：${[...words.keys()].join('、')}`)
  return text
}
