import { choicesOf, type FormField, field, type PlainField } from '@tongchou/ui'
import {
  classWords,
  cycleWords,
  dutyWords,
  formatWords,
  gradeWords,
  maskingWords,
  openingWords,
  sensitivityWords,
  sharingWords,
  typeWords,
} from '../words.ts'
import type { Content, Item, SharingBasis } from './catalog-api.ts'

type Values = Record<string, unknown>
const dutyNames = Object.keys(dutyWords) as (keyof typeof dutyWords)[]

/** What the fields of an entry choose from: the laws of the city, and what the project declared. */
export interface FieldChoices {
  laws: readonly SharingBasis[]
  declared: readonly { id: string; name: string }[]
}

/** The fields of an entry, in the order of the national guide. A field that follows from an answer is asked after that answer. */
export function resourceFields(values: Values, { laws, declared }: FieldChoices): readonly FormField[] {
  const is = (id: string, value: string) => values[id] === value
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
    later('class', '资源属性', { ...choice(classWords), half: true }),
    later('format', '资源格式', { ...choice(formatWords), half: true }),
    later('updateCycle', '更新周期', { ...choice(cycleWords), half: true }),
    ...dutyNames.flatMap((name, index) => [
      later(`duties/${name}`, `由谁${dutyWords[name]}`, {
        type: 'reference',
        of: 'organisation',
        half: true,
        ...(index === 0 ? { group: '五项责任（第十四条）' } : {}),
      }),
      plain(`duties/${name}/post`, `${dutyWords[name]}的岗位`, { type: 'text', maxLength: 100, half: true }),
    ]),
    later('sharing', '共享类型', { ...choice(sharingWords), half: true, group: '共享、开放和安全（第十五条）' }),
    later('opening', '开放类型', { ...choice(openingWords), half: true }),
    ...only(
      is('sharing', 'conditional'),
      later('sharingCondition', '共享条件', { type: 'prose', maxLength: 1000, help: '写明在什么条件下共享。' }),
    ),
    ...only(
      is('sharing', 'none'),
      later('basisLaw', '不予共享依据', { ...titled(laws), half: true, help: '从法律、行政法规清单中选择。' }),
      later('basisClause', '依据的条款', { type: 'text', maxLength: 100, half: true, help: '例如：第三十八条。' }),
    ),
    ...only(is('opening', 'conditional'), later('openingCondition', '开放条件', { type: 'prose', maxLength: 1000 })),
    later('grade', '数据分级', choice(gradeWords)),
    plain('containsPersonal', '含个人信息', { ...yesNo, required: true, half: true }),
    plain('containsSensitive', '含敏感数据', { ...yesNo, required: true, half: true }),
    ...only(
      is('containsSensitive', 'yes'),
      later('maskingRule', '脱敏规则', { type: 'prose', maxLength: 1000, help: '写明敏感数据如何脱敏。' }),
    ),
    {
      id: 'items',
      title: '信息项',
      required: false,
      mark: neededLater,
      help: '每个信息项一行，至少一项为主键。',
      group: '数据内容',
      type: 'lines',
      maxLines: 1000,
      fields: itemFields,
    },
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

function titled(laws: readonly SharingBasis[]) {
  return { type: 'choice' as const, choices: laws.map(({ id, title }) => ({ value: id, title })) }
}

function choice(words: Readonly<Record<string, string>>) {
  return { type: 'choice' as const, choices: choicesOf(words) }
}

const yesNo = choice({ yes: '是', no: '否' })

const itemFields: readonly PlainField[] = [
  field('name', '名称', { type: 'text', maxLength: 100 }),
  field('code', '代码', { type: 'text', maxLength: 64 }),
  field('type', '数据类型', choice(typeWords)),
  plain('length', '长度', { type: 'count', minimum: 1, maximum: 65535 }),
  plain('isKey', '主键', yesNo),
  plain('sensitivity', '敏感程度', choice(sensitivityWords)),
  plain('masking', '脱敏方式', choice(maskingWords)),
  plain('sharing', '共享类型（与资源不同的）', choice(sharingWords)),
]

/** An entry as the form holds it. */
export function toValues(content: Content): Values {
  const duties = dutyNames.flatMap((name) => {
    const bearer = content.duties[name]
    return bearer
      ? [
          [`duties/${name}`, bearer.orgId],
          [`duties/${name}/post`, bearer.post],
        ]
      : []
  })
  return {
    ...content,
    ...Object.fromEntries(duties),
    containsPersonal: yesOrNo(content.containsPersonal),
    containsSensitive: yesOrNo(content.containsSensitive),
    items: content.items.map((item) => ({ ...item, isKey: yesOrNo(item.isKey) })),
  }
}

/** What the form holds, as the API takes it: every field, absent ones as null. */
export function toContent(data: Values): Content {
  const text = (id: string) => (data[id] ?? null) as string | null
  const duties = dutyNames.map((name) => {
    const orgId = text(`duties/${name}`)
    return [name, orgId === null ? null : { orgId, post: text(`duties/${name}/post`) }]
  })
  return {
    name: String(data.name ?? ''),
    projectId: text('projectId'),
    declaredResourceId: text('declaredResourceId'),
    systemId: text('systemId'),
    providerCode: text('providerCode'),
    abstract: text('abstract') ?? '',
    class: text('class') as Content['class'],
    format: text('format') as Content['format'],
    updateCycle: text('updateCycle') as Content['updateCycle'],
    duties: Object.fromEntries(duties) as Content['duties'],
    sharing: text('sharing') as Content['sharing'],
    sharingCondition: text('sharingCondition'),
    basisLaw: text('basisLaw'),
    basisClause: text('basisClause'),
    opening: text('opening') as Content['opening'],
    openingCondition: text('openingCondition'),
    grade: text('grade') as Content['grade'],
    containsPersonal: data.containsPersonal === 'yes',
    containsSensitive: data.containsSensitive === 'yes',
    maskingRule: text('maskingRule'),
    items: Array.isArray(data.items) ? data.items.map(toItem) : [],
  }
}

function toItem(line: Values): Item {
  return {
    name: String(line.name ?? ''),
    code: String(line.code ?? ''),
    type: line.type as Item['type'],
    length: (line.length ?? null) as number | null,
    isKey: line.isKey === 'yes',
    sensitivity: (line.sensitivity ?? 'general') as Item['sensitivity'],
    masking: (line.masking ?? null) as Item['masking'],
    sharing: (line.sharing ?? null) as Item['sharing'],
  }
}

/** The server names an organisation of a duty at `duties/x/orgId`; the form shows it at the duty. */
export function atField(path: string): string {
  return path.replace(/^(duties\/[A-Za-z]+)\/orgId$/, '$1')
}

function yesOrNo(value: boolean): 'yes' | 'no' {
  return value ? 'yes' : 'no'
}
