// SPDX-License-Identifier: Apache-2.0
import { choicesOf, type FormField, type FormValues, field, linesOf, type PlainField } from '@tongchou/ui'
import type { Builder, Deliverable } from './project-api.ts'
import {
  appStageWords,
  budgetCategoryWords,
  builderWords,
  deliverableGroups,
  deploymentWords,
  fundingWords,
  kindWords,
  reachWords,
} from './words.ts'

/** What the items of a proposal follow from besides what is filled in. */
export interface ProposalSetting {
  /** Kind of the proposing organisation: decides who can build. */
  ownerKind: string | undefined
  nameOf: (deliverable: Deliverable) => string
}

const yesNo = { type: 'choice', inSight: true, choices: choicesOf({ yes: '是', no: '否' }) } as const

/** The items of a proposal (项目申报), in the order of the form. What follows from an answer is asked after it. */
export function proposalFields(values: FormValues, setting: ProposalSetting): readonly FormField[] {
  return [...basics, ...building(setting), ...content(values, setting), ...money, ...systemsAndData(values), ...basis, ...urgency(values)]
}

/** One of a few codes, all in sight. */
function oneOf(id: string, title: string, words: Readonly<Record<string, string>>, more: Partial<PlainField> = {}): PlainField {
  return field(id, title, { ...more, type: 'choice', inSight: true, choices: choicesOf(words) })
}

const basics: readonly FormField[] = [
  field('name', '项目名称', { type: 'text', maxLength: 200, group: '基本情况' }),
  oneOf('kind', '项目类型', kindWords),
  field('userUnitOrgId', '用户单位', { type: 'reference', of: 'organisation', help: '建成后使用系统的单位' }),
  field('responsiblePerson', '责任人', { type: 'text', maxLength: 50, help: '对项目建设负责的具体人员' }),
]

function building({ ownerKind }: ProposalSetting): readonly FormField[] {
  const own: Builder[] = ownerKind === 'big-data-center' ? [] : ownerKind === 'district' ? ['district'] : ['department']
  const builders = Object.fromEntries(
    Object.entries(builderWords).filter(([value]) => value === 'big-data-center' || own.some((one) => one === value)),
  )
  return [
    oneOf('builder', '建设主体', builders, { group: '建设方式' }),
    oneOf('reach', '应用范围', reachWords),
    oneOf('plannedDeployment', '部署位置', deploymentWords, { help: '建成后以市大数据中心核实的登记为准' }),
    field('superiorCoordinated', '由国家、自治区统筹建设', { ...yesNo, help: '同时使用上级财政资金的，还须报市大数据中心备案' }),
  ]
}

function content(values: FormValues, { nameOf }: ProposalSetting): readonly FormField[] {
  const { none: _none, ...stages } = appStageWords
  return [
    field('deliverables', '建设内容', {
      type: 'choices',
      group: '建设内容和规模',
      help: '列出项目要建的全部内容，可多选',
      choices: deliverableGroups.flatMap(({ items }) => items.map((value) => ({ value, title: nameOf(value) }))),
      headings: deliverableGroups.map(({ title, articles, items }) => ({ title, articles, values: items })),
    }),
    ...(buildsApp(values)
      ? [
          oneOf('appStage', '线上服务类APP的建设状态', stages),
          field('standardInterface', '已预留或改造为标准化接口', { ...yesNo, required: false }),
        ]
      : []),
    field('summary', '建设内容和规模说明', { type: 'prose', maxLength: 8000, required: false }),
  ]
}

/** Whether a public app is built: then its stage and its interfaces are asked for. */
export function buildsApp(values: FormValues): boolean {
  return Array.isArray(values.deliverables) && values.deliverables.includes('public-app')
}

const money: readonly FormField[] = [
  {
    id: 'budgetLines',
    title: '投资明细',
    type: 'lines',
    required: true,
    help: null,
    group: '投资与经费',
    maxLines: 100,
    fields: [
      field('title', '名称', { type: 'text', maxLength: 100 }),
      field('category', '类别', { type: 'choice', choices: choicesOf(budgetCategoryWords) }),
      field('amountFen', '金额', { type: 'money' }),
    ],
  },
  field('omCostFen', '年运维费', { type: 'money', help: '建成后每年的运行维护费用，没有的填 0' }),
  field('funding', '资金来源', { type: 'choices', choices: choicesOf(fundingWords), help: '可多选' }),
]

function systemsAndData(values: FormValues): readonly FormField[] {
  const hasData = linesOf(values.dataResources).some((line) => line.values.name)
  return [
    {
      id: 'systems',
      title: '拟建信息系统',
      type: 'lines',
      required: false,
      help: null,
      group: '系统与数据资源',
      maxLines: 30,
      fields: [
        field('name', '系统名称', { type: 'text', maxLength: 100 }),
        field('functions', '主要功能', { type: 'prose', maxLength: 1000, required: false }),
      ],
    },
    {
      id: 'dataResources',
      title: '拟形成的数据资源',
      type: 'lines',
      required: false,
      help: null,
      maxLines: 200,
      fields: [field('name', '数据资源名称', { type: 'text', maxLength: 100 })],
    },
    ...(hasData
      ? []
      : [
          field('noDataReason', '不形成数据资源的理由', {
            type: 'prose',
            maxLength: 1000,
            required: false,
            help: '不形成数据资源的项目须说明理由；形成的，验收前须编制资源目录',
          }),
        ]),
  ]
}

const basis: readonly FormField[] = [
  field('planBasis', '规划依据', {
    type: 'prose',
    maxLength: 2000,
    required: false,
    group: '规划依据与必要性',
    help: '所依据的规划、文件及条款',
  }),
  field('necessity', '单独建设的必要性', {
    type: 'prose',
    maxLength: 4000,
    required: false,
    help: '应用范围为单个部门并由本部门建设的，须说明为何不能由市大数据中心统一建设',
  }),
]

function urgency(values: FormValues): readonly FormField[] {
  return [
    field('urgent', '属于紧急项目', {
      ...yesNo,
      required: false,
      group: '紧急情形',
      groupArticle: 'WH23-22',
      help: '因严重自然灾害或者其他不可抗力需要实施的，由市大数据中心认定',
    }),
    ...(values.urgent === 'yes' ? [field('urgencyReason', '紧急情形说明', { type: 'prose', maxLength: 2000 })] : []),
  ]
}
