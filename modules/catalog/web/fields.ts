import type { ListPage } from '@tongchou/api-client'
import { choicesOf, type FormField, field, type PlainField, useApi } from '@tongchou/ui'
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

/** The fields of an entry, in the order of the national guide; what a project declared depends on the project chosen. */
export function useResourceFields(projectId: string | undefined): readonly FormField[] {
  const bases = useApi<ListPage<SharingBasis>>('/api/v1/catalog/sharing-bases')
  const project = useApi<{ dataResources: { id: string; name: string }[] }>(projectId ? `/api/v1/projects/${projectId}` : null)
  const declared = (project.data?.dataResources ?? []).map(({ id, name }) => ({ value: id, title: name }))
  const laws = (bases.data?.items ?? []).map(({ id, title }) => ({ value: id, title }))
  return [
    plain('name', '资源名称', { type: 'text', maxLength: 128 }, true),
    plain('projectId', '所属项目', { type: 'reference', of: 'project' }),
    plain(
      'declaredResourceId',
      '对应申报的数据资源',
      { type: 'choice', choices: declared },
      false,
      '项目验收时，按申报的数据资源逐项查核目录。',
    ),
    plain('systemId', '所属系统', { type: 'reference', of: 'system' }),
    plain('providerCode', '提供方统一社会信用代码', { type: 'text', maxLength: 40 }, false, neededLater),
    plain('abstract', '资源摘要', { type: 'prose', maxLength: 2500 }, false, neededLater),
    plain('class', '资源属性', choice(classWords), false, neededLater),
    plain('format', '资源格式', choice(formatWords), false, neededLater),
    plain('updateCycle', '更新周期', choice(cycleWords), false, neededLater),
    ...dutyNames.flatMap((name) => [
      plain(
        `duties/${name}`,
        `由谁${dutyWords[name]}`,
        { type: 'reference', of: 'organisation' },
        false,
        '第十四条：谁经手、谁使用、谁管理、谁归档、谁负责。提交审核前须填写。',
      ),
      plain(`duties/${name}/post`, `${dutyWords[name]}的岗位`, { type: 'text', maxLength: 100 }),
    ]),
    plain('sharing', '共享类型', choice(sharingWords), false, neededLater),
    plain('sharingCondition', '共享条件', { type: 'prose', maxLength: 1000 }, false, '有条件共享的，写明在什么条件下共享。'),
    plain('basisLaw', '不予共享依据', { type: 'choice', choices: laws }, false, '不予共享的，从法律、行政法规清单中选择。'),
    plain('basisClause', '依据的条款', { type: 'text', maxLength: 100 }, false, '例如：第三十八条。'),
    plain('opening', '开放类型', choice(openingWords), false, neededLater),
    plain('openingCondition', '开放条件', { type: 'prose', maxLength: 1000 }),
    plain('grade', '数据分级', choice(gradeWords), false, neededLater),
    plain('containsPersonal', '含个人信息', yesNo, true),
    plain('containsSensitive', '含敏感数据', yesNo, true),
    plain('maskingRule', '脱敏规则', { type: 'prose', maxLength: 1000 }, false, '含敏感数据的，写明如何脱敏（第十五条）。'),
    {
      id: 'items',
      title: '信息项',
      required: false,
      help: '每个信息项一行，至少一项为主键。',
      type: 'lines',
      maxLines: 1000,
      fields: itemFields,
    },
  ]
}

/** A draft may leave these open; a hand-in may not. */
const neededLater = '提交审核前须填写。'

type Kind = Parameters<typeof field>[2]

/** Most fields of an entry may wait until it is handed in. */
function plain(id: string, title: string, kind: Kind, required = false, help: string | null = null): PlainField {
  return field(id, title, { ...kind, required, help })
}

function choice(words: Readonly<Record<string, string>>) {
  return { type: 'choice' as const, choices: choicesOf(words) }
}

const yesNo = choice({ yes: '是', no: '否' })

const itemFields: readonly PlainField[] = [
  plain('name', '名称', { type: 'text', maxLength: 100 }, true),
  plain('code', '代码', { type: 'text', maxLength: 64 }, true),
  plain('type', '数据类型', choice(typeWords), true),
  { id: 'length', title: '长度', required: false, help: null, type: 'count', minimum: 1, maximum: 65535 },
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
