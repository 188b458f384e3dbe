import { type Choice, choicesOf, type FormField, field, type PlainField } from '@tongchou/ui'
import { gradeWords, maskingWords, openingWords, sensitivityWords, sharingWords, typeWords } from '../words.ts'
import type { Item } from './catalog-api.ts'

type Values = Readonly<Record<string, unknown>>
type Kind = Parameters<typeof field>[2]

const choice = (words: Readonly<Record<string, string>>) => ({ type: 'choice' as const, choices: choicesOf(words) })
const yesNo = choice({ yes: '是', no: '否' })
const line = (maxLength: number) => ({ type: 'text' as const, maxLength })
const prose = (maxLength: number) => ({ type: 'prose' as const, maxLength })

/** A column. What is missing is a matter of the rules: a row that is half typed is kept too. */
const column = (id: string, title: string, kind: Kind): PlainField => field(id, title, { required: false, ...kind })
/** Below the line, where it is opened. */
const aside = (id: string, title: string, kind: Kind): PlainField => field(id, title, { required: false, aside: true, ...kind })

/** Fields of an item (信息项): a table of what every item has, and below each line what some have. */
export function itemFields(laws: readonly Choice[]): readonly FormField[] {
  return [
    column('name', '名称', line(100)),
    column('code', '英文名', line(64)),
    column('type', '数据类型', choice(typeWords)),
    column('length', '长度', { type: 'count', minimum: 1, maximum: 65535 }),
    column('isKey', '主键', yesNo),
    column('sensitivity', '敏感程度', choice(sensitivityWords)),
    column('masking', '脱敏方式', choice(maskingWords)),
    column('sharing', '共享类型（与资源不同的）', choice(sharingWords)),
    aside('precision', '小数位', { type: 'count', minimum: 0, maximum: 38 }),
    aside('isTimestamp', '时间戳', { ...yesNo, help: '记录最后更新时间的信息项，至多一个。' }),
    aside('sharingReason', '与资源共享类型不同的理由', prose(1000)),
    aside('sharingCondition', '共享条件', { ...prose(1000), help: '该项有条件共享的填写。' }),
    aside('basisLaw', '不予共享依据', {
      type: 'choice',
      choices: laws,
      search: true,
      help: '该项不予共享的，从法律、行政法规清单中选择。',
    }),
    aside('basisClause', '依据的条款', line(100)),
    aside('opening', '开放类型（与资源不同的）', choice(openingWords)),
    aside('grade', '数据分级（与资源不同的）', choice(gradeWords)),
    aside('gradeReason', '定级理由', prose(1000)),
    aside('valueRange', '值域', { ...prose(500), help: '取值的范围或代码表。' }),
    aside('codeList', '关联代码集', line(100)),
    aside('element', '关联数据元', line(100)),
    aside('isOwn', '本部门产生', yesNo),
    aside('sourceTable', '所属表', line(100)),
    field('id', '信息项标识', { type: 'text', maxLength: 10, required: false, hidden: true }),
  ]
}

const flags = ['isKey', 'isTimestamp', 'isOwn'] as const

/** An item as a line of the form; one that is copied from elsewhere comes without its id. */
export function toLine({ id, ...item }: Item, keepsId = true): Values {
  return {
    ...item,
    ...(keepsId ? { id } : {}),
    ...Object.fromEntries(flags.map((flag) => [flag, item[flag] === null ? undefined : item[flag] ? 'yes' : 'no'])),
  }
}

/** A line of the form as the API takes it: every field, absent ones as null; its id only where it has one. */
export function toItem(values: Values) {
  const text = (id: string) => (values[id] ?? null) as string | null
  return {
    ...(typeof values.id === 'string' ? { id: values.id } : {}),
    name: String(values.name ?? ''),
    code: String(values.code ?? ''),
    type: text('type') as Item['type'],
    length: numberOf(values.length),
    precision: numberOf(values.precision),
    isKey: values.isKey === 'yes',
    isTimestamp: values.isTimestamp === 'yes',
    valueRange: text('valueRange'),
    codeList: text('codeList'),
    element: text('element'),
    sensitivity: (values.sensitivity ?? 'general') as Item['sensitivity'],
    masking: text('masking') as Item['masking'],
    sharing: text('sharing') as Item['sharing'],
    sharingCondition: text('sharingCondition'),
    sharingReason: text('sharingReason'),
    basisLaw: text('basisLaw'),
    basisClause: text('basisClause'),
    opening: text('opening') as Item['opening'],
    grade: text('grade') as Item['grade'],
    gradeReason: text('gradeReason'),
    isOwn: values.isOwn === undefined || values.isOwn === null ? null : values.isOwn === 'yes',
    sourceTable: text('sourceTable'),
  }
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
