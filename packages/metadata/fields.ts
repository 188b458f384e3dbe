// SPDX-License-Identifier: Apache-2.0
import { type CodeListName, labelOf } from './code-list.ts'

/** What a field of an entry holds: a text, a code of a list, 是/否, a number, an organisation, several texts. */
export type FieldKind = 'text' | 'choice' | 'yes-no' | 'integer' | 'reference' | 'texts'

/** One field of an entry or of an item, for readers, difference views and workbooks. */
export interface FieldSpec {
  /** Path in the entry: `sharing`, `duties/handledBy`, `ext/origin`. */
  id: string
  title: string
  kind: FieldKind
  list?: CodeListName
}

const text = (id: string, title: string): FieldSpec => ({ id, title, kind: 'text' })
const choice = (id: string, title: string, list: CodeListName): FieldSpec => ({ id, title, kind: 'choice', list })
const yesNo = (id: string, title: string): FieldSpec => ({ id, title, kind: 'yes-no' })
const reference = (id: string, title: string): FieldSpec => ({ id, title, kind: 'reference' })

/** Fields of an entry in the order of the national guide; lines (`items`, `grading`) are not among them. */
export const entryFields: readonly FieldSpec[] = [
  text('name', '资源名称'),
  choice('class', '资源属性', 'class'),
  text('classCode', '信息资源分类'),
  text('providerCode', '提供方统一社会信用代码'),
  text('internalUnit', '内部部门'),
  reference('projectId', '所属项目'),
  reference('declaredResourceId', '对应申报的数据资源'),
  reference('systemId', '所属系统'),
  text('abstract', '资源摘要'),
  choice('format', '资源格式', 'format'),
  choice('formatType', '格式类型', 'formatType'),
  text('formatNote', '其他格式描述'),
  choice('sharing', '共享类型', 'sharing'),
  text('sharingCondition', '共享条件'),
  text('basisLaw', '不予共享依据'),
  text('basisClause', '依据的条款'),
  choice('sharingChannel', '共享方式分类', 'sharingChannel'),
  choice('sharingForm', '共享方式类型', 'sharingForm'),
  choice('opening', '开放类型', 'opening'),
  text('openingCondition', '开放条件'),
  choice('openLevel', '开放方式', 'openLevel'),
  choice('updateCycle', '更新周期', 'updateCycle'),
  { id: 'relatedCodes', title: '关联资源代码', kind: 'texts' },
  choice('grade', '数据分级', 'grade'),
  yesNo('containsPersonal', '含个人信息'),
  yesNo('containsSensitive', '含敏感数据'),
  text('maskingRule', '脱敏规则'),
  reference('duties/handledBy', '由谁经手'),
  reference('duties/usedBy', '由谁使用'),
  reference('duties/managedBy', '由谁管理'),
  reference('duties/archivedBy', '由谁归档'),
  reference('duties/answersFor', '由谁负责'),
  text('census/storedGb', '数据存储总量（GB）'),
  text('census/recordsWan', '结构化信息记录总数（万条）'),
  text('census/sharedGb', '已共享的数据存储量（GB）'),
  text('census/sharedWan', '已共享的结构化记录数（万条）'),
  text('census/openedGb', '已开放的数据存储量（GB）'),
  text('census/openedWan', '已开放的结构化记录数（万条）'),
  choice('spatialScope', '空间范围', 'spatialScope'),
  choice('scenario', '应用场景', 'scenario'),
  text('ext/coveredPeriod', '数据时间范围'),
  text('ext/smallestUnit', '最小分级单元'),
  text('ext/serviceArea', '服务领域'),
  text('ext/servedParties', '服务对象'),
  text('ext/matter', '数据所属事项'),
  text('ext/origin', '主要来源'),
  text('ext/carrier', '基本载体'),
  text('ext/storagePlace', '存储位置'),
  text('ext/contactName', '共享咨询联系人'),
  text('ext/contactPhone', '共享咨询电话'),
]

/** Fields of an item, in the order in which they are filled in. */
export const itemFields: readonly FieldSpec[] = [
  text('name', '名称'),
  text('code', '英文名'),
  choice('type', '数据类型', 'itemType'),
  { id: 'length', title: '长度', kind: 'integer' },
  { id: 'precision', title: '小数位', kind: 'integer' },
  yesNo('isKey', '主键'),
  yesNo('isTimestamp', '时间戳'),
  choice('sensitivity', '敏感程度', 'sensitivity'),
  choice('masking', '脱敏方式', 'masking'),
  choice('sharing', '共享类型', 'sharing'),
  text('sharingReason', '与资源不同的理由'),
  text('sharingCondition', '共享条件'),
  text('basisLaw', '不予共享依据'),
  text('basisClause', '依据的条款'),
  choice('opening', '开放类型', 'opening'),
  choice('grade', '数据分级', 'grade'),
  text('gradeReason', '定级理由'),
  text('valueRange', '值域'),
  text('codeList', '关联代码集'),
  text('element', '关联数据元'),
  yesNo('isOwn', '本部门产生'),
  text('sourceTable', '所属表'),
]

/** A value as people read it. References are named by whoever knows the registers. */
export function wordOf({ kind, list }: FieldSpec, value: unknown): string {
  if (value === null || value === undefined || value === '') return ''
  if (kind === 'choice' && list) return labelOf(list, String(value))
  if (kind === 'yes-no') return value === true ? '是' : '否'
  return Array.isArray(value) ? value.join('、') : String(value)
}

/** What stands at a path of an object: `duties/handledBy`. */
export function valueAt(thing: object, path: string): unknown {
  return path
    .split('/')
    .reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined), thing)
}
