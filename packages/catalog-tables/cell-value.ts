// SPDX-License-Identifier: Apache-2.0
import { codeLists, type Entry, foldName, readCode, sharingBases, sharingBasis } from '@tongchou/metadata'
import { readGrading } from './grading-text.ts'
import type { TableColumn } from './profile.ts'

/** What registers know of the names that stand in a table; absent where there are none at hand. */
export interface Registers {
  /** The ids that a name or an id stands for: none, one, or several of the same name. */
  idsOf(kind: 'organisation' | 'project' | 'system', text: string): readonly string[]
  declared(projectId: string, text: string): readonly string[]
  /** The class that a code or its words stand for. */
  classOf(text: string): string | undefined
}

/** A value, or why the cell has none. */
export type CellValue = { value: unknown } | { message: string; fix: string }

/** What a cell may look at besides its own text. */
export interface Around {
  entry: Entry
  /** Text of another field of the same row, as it stands in the file. */
  textOf(field: string): string
  registers: Registers | undefined
}

const unread = (message: string, fix: string) => ({ message, fix })

/** What a cell's text means for a field. */
export function valueIn(column: TableColumn, field: string, text: string, around: Around): CellValue {
  switch (column.as) {
    case 'open-or-not':
      return openOrNot(text, around)
    case 'condition-or-basis':
      return conditionOrBasis(field, text, around.entry)
    case 'words':
      return wordsIn(column, text)
    case 'effective':
      return effective(column, text, around.entry)
    default:
      return exact(column, text, around)
  }
}

function exact(column: TableColumn, text: string, around: Around): CellValue {
  const { spec, field } = column
  if (!spec) return { value: null }
  if (field === 'grading') return gradingIn(text)
  if (field === 'basisLaw') return { value: lawIn(text) }
  if (field === 'classCode') return { value: around.registers?.classOf(text) ?? codeOfClass(text) }
  if (field === 'openingCondition' && around.entry.opening === 'unconditional' && isUnconditional(text)) return { value: null }
  switch (spec.kind) {
    case 'choice':
      return choice(column, text)
    case 'yes-no':
      return yesNo(column, text)
    case 'integer':
      return integer(column, text)
    case 'texts':
      return { value: textsOf(text) }
    case 'reference':
      return reference(column, text, around)
    default:
      return { value: text }
  }
}

function choice({ spec, title }: TableColumn, text: string): CellValue {
  const list = spec?.list
  if (!list) return { value: text }
  const read = readCode(list, text) ?? readCode(list, withoutCode(text))
  if (read !== undefined) return { value: read }
  // The tables of format types are open: what is not in them is described in words, and judged with its format.
  if (spec.id === 'formatType') return { value: text }
  return unread(`“${title}”没有“${text}”这一项`, `请填写：${codeLists[list].entries.map(({ label }) => label).join('、')}`)
}

/** 1 无条件共享, 1-无条件共享: lists often show code and label together. */
const withoutCode = (text: string) => text.normalize('NFKC').replace(/^\s*[0-9]{1,3}[\s.、:-]{0,3}/u, '')

function yesNo({ title, field }: TableColumn, text: string): CellValue {
  const plain = text.normalize('NFKC').trim().toLowerCase()
  if (['是', '1', 'y', 'yes', 'true', '√'].includes(plain)) return { value: true }
  if (['否', '0', 'n', 'no', 'false', '×'].includes(plain)) return { value: false }
  return unread(`“${title}”不是“是”或“否”`, field === 'isOwn' ? '填写是或否，不清楚的留空' : '填写是或否')
}

function integer({ title }: TableColumn, text: string): CellValue {
  const plain = text.normalize('NFKC').trim()
  if (/^\d{1,9}(?:\.0+)?$/.test(plain)) return { value: Number.parseInt(plain, 10) }
  return unread(`“${title}”不是整数`, '只填写整数，不带单位和文字')
}

/** One line each where there are lines; otherwise parted as people part them. */
export function textsOf(text: string): string[] {
  const parts = text.includes('\n') ? text.split('\n') : text.split(/[、,，;；\s]+/u)
  return parts.filter((one) => one !== '')
}

function gradingIn(text: string): CellValue {
  const value = readGrading(text)
  return value
    ? { value }
    : unread('资源定级理由不是“影响对象／影响程度／理由”的形式', '每行一条，例如：个人权益／严重危害／含家庭成员信息')
}

/** A law by its title, with or without book marks, or by its id; anything else stays as it is and is judged. */
function lawIn(text: string): string {
  const asked = foldName(text)
  return (
    sharingBases.find(
      ({ id, title }) => id === text.trim() || foldName(title) === asked || foldName(title).replace('中华人民共和国', '') === asked,
    )?.id ?? text
  )
}

/** 30700101 社会救助: the code before its words. */
function codeOfClass(text: string): string {
  const plain = text.normalize('NFKC').trim()
  return /^(\d{1,40})(?=\D|$)/.exec(plain)?.[1] ?? text
}

/** 《数据安全法》第三十八条, where the condition stands for whoever does share. */
function conditionOrBasis(field: string, text: string, { sharing }: Entry): CellValue {
  if (sharing !== 'none') return { value: field === 'sharingCondition' ? text : null }
  if (field === 'sharingCondition') return { value: null }
  const cut = /^\s*(《[^》]+》)(.*)$/su.exec(text)
  const law = cut ? lawIn(cut[1] ?? '') : lawIn(text)
  if (field === 'basisLaw') return { value: law }
  return { value: cut && sharingBasis(law) && cut[2]?.trim() ? cut[2].trim() : null }
}

/** 是 says nothing of conditions: they are where the condition is. */
function openOrNot(text: string, { textOf }: Around): CellValue {
  const read = readCode('openToSociety', text) ?? readCode('opening', text)
  if (read === undefined) return unread('“是否向社会开放”不是“是”或“否”', '填写是或否')
  if (read === 'yes') return { value: isUnconditional(textOf('openingCondition')) ? 'unconditional' : 'conditional' }
  return { value: read === 'no' ? 'none' : read }
}

const isUnconditional = (text: string) => ['无条件', '无', '无条件开放'].includes(foldName(text))

function wordsIn(column: TableColumn, text: string): CellValue {
  const asked = foldName(text)
  const read = Object.entries(column.reads).find(([word]) => foldName(word) === asked)?.[1]
  if (read !== undefined) return { value: read }
  const named = Object.entries(column.words).filter(([, word]) => foldName(word) === asked)
  return named[0] ? { value: named[0][0] } : choice(column, text)
}

/** Of an item that says what its resource says, nothing is its own. */
function effective(column: TableColumn, text: string, entry: Entry): CellValue {
  const read = choice(column, text)
  if (!('value' in read)) return read
  return { value: read.value === (entry as unknown as Record<string, unknown>)[column.field] ? null : read.value }
}

function reference({ field, title, as }: TableColumn, text: string, { entry, registers }: Around): CellValue {
  const asked = text.trim()
  if (!registers) return { value: asked }
  const ids =
    field === 'declaredResourceId'
      ? entry.projectId === null
        ? []
        : registers.declared(entry.projectId, asked)
      : registers.idsOf(field === 'projectId' ? 'project' : field === 'systemId' ? 'system' : 'organisation', asked)
  const [only, ...more] = ids
  if (only !== undefined && more.length === 0) return { value: only }
  if (only !== undefined) return unread(`“${title}”有${ids.length}个都叫“${asked}”`, `在“${title}标识”列填写其标识`)
  return unread(`没有“${asked}”，或不在当前岗位可查看的范围内`, as === 'id' ? '核对标识，或删去后填写名称' : '填写登记的全称')
}
