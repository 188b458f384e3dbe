import {
  censusNames,
  codesUnder,
  dutyNames,
  extensionNames,
  gradingDegrees,
  gradingObjects,
  labelOf,
  sharingBases,
} from '@tongchou/metadata'
import { type Choice, choicesOf, type FormField, field, type PlainField } from '@tongchou/ui'
import {
  classWords,
  cycleWords,
  dutyWords,
  formatWords,
  gradeWords,
  openingWords,
  openLevelWords,
  scenarioWords,
  sharingChannelWords,
  sharingWords,
  spatialScopeWords,
} from '../words.ts'
import type { ClassLine } from './catalog-api.ts'
import { itemFields } from './item-fields.ts'

type Values = Readonly<Record<string, unknown>>

/** What the fields of an entry choose from: the classes of the city, and what the project declared. */
export interface FieldChoices {
  classes: readonly Pick<ClassLine, 'code' | 'title' | 'active'>[]
  declared: readonly { id: string; name: string }[]
}

const laws: readonly Choice[] = sharingBases.map(({ id, title }) => ({ value: id, title }))

/** The fields of an entry, in the order of the national guide. A field that follows from an answer is asked after that answer. */
export function resourceFields(values: Values, choices: FieldChoices): readonly FormField[] {
  return [
    ...described(values, choices),
    ...responsible(),
    ...shared(values),
    ...protectedBy(values),
    ...extended(),
    {
      id: 'items',
      title: '信息项',
      required: false,
      mark: neededLater,
      help: '每个信息项一行；“详细”中填写小数位、时间戳、值域，以及与资源不同的共享、开放和分级。',
      group: '数据内容',
      type: 'lines',
      maxLines: 1000,
      fields: itemFields(laws),
    },
  ]
}

function described(values: Values, { classes, declared }: FieldChoices): FormField[] {
  return [
    plain('name', '资源名称', { type: 'text', maxLength: 128, required: true, group: '基本信息' }),
    plain('projectId', '所属项目', { type: 'reference', of: 'project', half: true, help: '项目建设中形成的数据资源，选择所属项目。' }),
    plain('systemId', '所属系统', { type: 'reference', of: 'system', half: true, help: '产生该数据的信息系统。' }),
    ...only(
      declared.length > 0 || !isBlank(values.declaredResourceId),
      plain('declaredResourceId', '对应申报的数据资源', { ...named(declared), help: '项目验收时，按申报的数据资源逐项查核目录。' }),
    ),
    later('abstract', '资源摘要', { type: 'prose', maxLength: 2500, help: '写明数据的内容、范围和用途。' }),
    later('providerCode', '提供方统一社会信用代码', { type: 'identifier', of: 'social-credit-code', half: true }),
    plain('internalUnit', '内部部门', { type: 'text', maxLength: 100, half: true }),
    later('class', '资源属性', { ...choice(classWords), half: true }),
    later('updateCycle', '更新周期', { ...choice(cycleWords), half: true }),
    later('classCode', '信息资源分类', {
      type: 'choice',
      choices: classChoices(values, classes),
      search: true,
      help: '按类、项、目、细目选到最细一级；没有合适的，由市大数据中心增设。',
    }),
    later('format', '资源格式', { ...choice(formatWords), half: true }),
    ...only(
      !isBlank(values.format) && values.format !== 'self-described',
      later('formatType', '格式类型', { type: 'choice', choices: typesOf(values), search: true, half: true }),
    ),
    ...only(
      !isBlank(values.format),
      plain('formatNote', '其他格式描述', { type: 'text', maxLength: 500, help: '自描述格式和清单中没有的格式，写明名称和版本。' }),
    ),
  ]
}

/** Classes below the chosen 类, as a path of titles; one that is out of use only where it is already chosen. */
function classChoices(values: Values, classes: FieldChoices['classes']): Choice[] {
  const first = { base: '1', theme: '2', department: '3' }[String(values.class)] ?? ''
  const titles = new Map(classes.map(({ code, title }) => [code, title]))
  const pathOf = (code: string) => {
    const lengths = [3, 6, ...Array.from({ length: Math.max(0, code.length - 6) }, (_, at) => 7 + at)]
    return lengths.flatMap((length) => (length <= code.length ? (titles.get(code.slice(0, length)) ?? []) : [])).join(' / ')
  }
  return classes
    .filter(({ code, active }) => code.length > 3 && code.startsWith(first) && (active || code === values.classCode))
    .map(({ code }) => ({ value: code, title: `${code} ${pathOf(code)}` }))
}

function typesOf({ format }: Values): Choice[] {
  return codesUnder('formatType', String(format)).map(({ value, label }) => ({ value, title: label }))
}

function responsible(): FormField[] {
  return dutyNames.flatMap((name, index) => [
    later(`duties/${name}`, `由谁${dutyWords[name]}`, {
      type: 'reference',
      of: 'organisation',
      half: true,
      ...(index === 0 ? { group: '五项责任（第十四条）' } : {}),
    }),
    plain(`duties/${name}/post`, `${dutyWords[name]}的岗位`, { type: 'text', maxLength: 100, half: true }),
  ])
}

function shared(values: Values): FormField[] {
  const is = (id: string, value: string) => values[id] === value
  const channel = String(values.sharingChannel)
  return [
    later('sharing', '共享类型', { ...choice(sharingWords), half: true, group: '共享和开放（第十五条）' }),
    later('opening', '开放类型', { ...choice(openingWords), half: true }),
    ...only(
      is('sharing', 'conditional'),
      later('sharingCondition', '共享条件', { type: 'prose', maxLength: 1000, help: '写明在什么条件下共享。' }),
    ),
    ...only(
      is('sharing', 'none'),
      later('basisLaw', '不予共享依据', { type: 'choice', choices: laws, search: true, half: true, help: '从法律、行政法规清单中选择。' }),
      later('basisClause', '依据的条款', { type: 'text', maxLength: 100, half: true, help: '例如：第三十八条。' }),
    ),
    ...only(
      !isBlank(values.sharing) && !is('sharing', 'none'),
      later('sharingChannel', '共享方式', { ...choice(sharingChannelWords), half: true }),
    ),
    ...only(
      !isBlank(values.sharing) && !is('sharing', 'none') && (channel === 'platform' || channel === 'media'),
      later('sharingForm', '共享方式类型', {
        type: 'choice',
        choices: codesUnder('sharingForm', channel).map(({ value, label }) => ({ value, title: label })),
        half: true,
      }),
    ),
    ...only(
      is('opening', 'conditional'),
      later('openingCondition', '开放条件', { type: 'prose', maxLength: 1000 }),
      plain('openLevel', '开放方式', choice(openLevelWords)),
    ),
    plain('relatedCodes', '关联资源代码', {
      type: 'text',
      maxLength: 1000,
      help: '关联的其他资源的代码，以顿号分开；指其中一个信息项的，在代码后加“#”和信息项标识。',
    }),
  ]
}

function protectedBy(values: Values): FormField[] {
  return [
    {
      id: 'grading',
      title: '定级理由',
      required: false,
      mark: neededLater,
      help: '数据泄露、篡改或者丢失影响谁、影响到什么程度；级别就高从严。',
      group: '分级和安全（第十五条）',
      type: 'lines',
      maxLines: 20,
      fields: [
        field('object', '影响对象', listed('gradingObject', gradingObjects)),
        field('degree', '影响程度', listed('gradingDegree', gradingDegrees)),
        plain('reason', '理由', { type: 'text', maxLength: 1000 }),
      ],
    },
    later('grade', '数据分级', choice(gradeWords)),
    plain('containsPersonal', '含个人信息', { ...yesNo, required: true, half: true }),
    plain('containsSensitive', '含敏感数据', { ...yesNo, required: true, half: true }),
    ...only(
      values.containsSensitive === 'yes',
      later('maskingRule', '脱敏规则', { type: 'prose', maxLength: 1000, help: '写明敏感数据如何脱敏。' }),
    ),
  ]
}

const censusWords = {
  storedGb: '数据存储总量（GB）',
  recordsWan: '结构化信息记录总数（万条）',
  sharedGb: '已共享的数据存储量（GB）',
  sharedWan: '已共享的结构化记录数（万条）',
  openedGb: '已开放的数据存储量（GB）',
  openedWan: '已开放的结构化记录数（万条）',
} as const
const extensionWords = {
  smallestUnit: '最小分级单元',
  serviceArea: '服务领域',
  servedParties: '服务对象',
  origin: '主要来源',
  carrier: '基本载体',
  contactName: '共享咨询联系人',
  contactPhone: '共享咨询电话',
  storagePlace: '存储位置',
  matter: '数据所属事项',
  coveredPeriod: '数据时间范围',
} as const

function extended(): FormField[] {
  return [
    plain('spatialScope', '空间范围', { ...choice(spatialScopeWords), half: true, group: '扩展信息' }),
    plain('scenario', '应用场景', { ...choice(scenarioWords), half: true }),
    ...extensionNames.map((name) => plain(`ext/${name}`, extensionWords[name], { type: 'text', maxLength: 200, half: true })),
    ...censusNames.map((name, index) =>
      plain(`census/${name}`, censusWords[name], {
        type: 'text',
        maxLength: 40,
        half: true,
        ...(index === 0 ? { group: '数据量（大普查六项）', help: '只写数字；六项都填，不掌握的填0。' } : {}),
      }),
    ),
  ]
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function only(asked: boolean, ...fields: PlainField[]): PlainField[] {
  return asked ? fields : []
}

/** A draft may leave these open; a hand-in may not. */
const neededLater = '提交审核前填写'

type Kind = Parameters<typeof field>[2]

/** A field that an entry may do without. */
function plain(id: string, title: string, kind: Kind): PlainField {
  return field(id, title, { required: false, ...kind })
}

/** A field that a draft may leave open and a hand-in may not. */
function later(id: string, title: string, kind: Kind): PlainField {
  return plain(id, title, { mark: neededLater, ...kind })
}

function named(things: readonly { id: string; name: string }[]) {
  return { type: 'choice' as const, choices: things.map(({ id, name }) => ({ value: id, title: name })) }
}

function choice(words: Readonly<Record<string, string>>) {
  return { type: 'choice' as const, choices: choicesOf(words) }
}

function listed(list: 'gradingObject' | 'gradingDegree', values: readonly string[]) {
  return { type: 'choice' as const, choices: values.map((value) => ({ value, title: labelOf(list, value) })) }
}

const yesNo = choice({ yes: '是', no: '否' })
