// SPDX-License-Identifier: Apache-2.0
import { syntheticSocialCreditCode } from '@tongchou/kernel'
import { classTree } from './class-tree.ts'
import { codeScheme } from './code-scheme.ts'
import { type Entry, type EntryItem, entryOf, itemOf } from './entry.ts'
import type { RuleContext } from './rules/context.ts'

/** The classes of a small city: what comes with the product, and one of its own below. */
export const cityClasses = classTree(
  [
    ['1', '基础信息资源'],
    ['101', '人口'],
    ['101001', '户籍人口'],
    ['10100101', '户籍登记'],
    ['2', '主题信息资源'],
    ['203', '社会保障'],
    ['203001', '社会救助'],
    ['20300101', '最低生活保障'],
    ['3', '部门信息资源'],
    ['307', '省（自治区、直辖市）及下级'],
    ['307001', '民政'],
    ['30700101', '社会事务'],
    ['30700102', '社会组织'],
  ]
    .map(([code = '', title = '']) => ({ code, title, active: true }))
    .concat({ code: '30700199', title: '历史分类', active: false }),
)

/** A context in which every rule can decide, but for what only data tell (R13). */
export const knowing: RuleContext = {
  classes: cityClasses,
  scheme: codeScheme('national-1272'),
  today: '2026-11-29',
  provider: { name: '乌海市民政局', alive: true, code: null },
  namesake: () => undefined,
  systemName: '社会救助管理系统',
  publishedCode: null,
  codeExists: (code, item) => code === '30700102/000007' && (item === undefined || item === 'i1'),
  declared: [],
  channel: 'interface',
}

const item = (of: Partial<EntryItem> & Pick<EntryItem, 'name' | 'code'>) => itemOf({ type: 'C', length: 50, ...of })
const unit = { orgId: 'civil-affairs', post: '社会救助科' }

/** A clean entry; each number gives another one, in every format and every way of sharing. */
export function cleanEntry(number: number): Entry {
  const shape = shapes[number % shapes.length] ?? {}
  const themes = ['低保家庭', '特困人员', '临时救助', '社会组织', '婚姻登记', '福利机构', '殡葬服务'] as const
  return entryOf({
    name: `${themes[number % themes.length]}${['基本信息', '登记信息', '核查记录', '变更情况'][number % 4]}（${numerals(number)}）`,
    providerCode: syntheticSocialCreditCode('11', '150300', 1 + (number % 50)),
    class: 'department',
    classCode: number % 2 === 0 ? '30700101' : '30700102',
    abstract: '社会救助业务办理过程中形成的记录，供各部门核对使用。',
    format: 'database',
    formatType: 'postgresql',
    items: [
      item({ name: '公民身份号码', code: 'GMSFHM', length: 18, isKey: true, sensitivity: 'sensitive-personal', masking: 'keep-ends' }),
      item({ name: '姓名', code: 'XM', sensitivity: 'personal' }),
      item({ name: '保障金额', code: 'BZJE', type: 'Y', length: 18, precision: 2 }),
      item({ name: '更新时间', code: 'GXSJ', type: 'T', length: null, isTimestamp: true }),
      item({ name: '保障人数', code: 'BZRS', type: 'N', length: 4 }),
    ],
    sharing: 'conditional',
    sharingCondition: '用于社会救助对象核对',
    sharingChannel: 'platform',
    sharingForm: 'interface',
    opening: 'none',
    updateCycle: (['daily', 'monthly', 'realtime', 'yearly'] as const)[number % 4] ?? 'daily',
    grade: 'general',
    grading: [{ object: 'individual', degree: 'serious', reason: '泄露影响困难群众权益' }],
    containsPersonal: true,
    containsSensitive: true,
    maskingRule: '公民身份号码保留前六位和后四位',
    duties: { handledBy: unit, usedBy: unit, managedBy: unit, archivedBy: { orgId: 'archive', post: null }, answersFor: unit },
    ...shape,
  })
}

const shapes: readonly Partial<Entry>[] = [
  {},
  { sharing: 'unconditional', sharingCondition: null, opening: 'unconditional', sharingForm: 'database' },
  {
    sharing: 'none',
    sharingCondition: null,
    sharingChannel: null,
    sharingForm: null,
    basisLaw: 'data-security-law',
    basisClause: '第三十八条',
  },
  {
    opening: 'conditional',
    openingCondition: '实名认证后提供',
    openLevel: 'real-name',
    census: { storedGb: '12.5', recordsWan: '300', sharedGb: '12', sharedWan: '0', openedGb: '0', openedWan: '0' },
  },
  {
    format: 'spreadsheet',
    formatType: 'xlsx',
    sharingForm: 'file',
    updateCycle: 'monthly',
    relatedCodes: ['30700102/000007', '30700102/000007#i1'],
  },
  {
    format: 'self-described',
    formatType: null,
    formatNote: '设备厂商自有格式，附解析程序',
    items: [],
    containsPersonal: false,
    containsSensitive: false,
  },
  { class: 'theme', classCode: '20300101', sharingChannel: 'mail', sharingForm: null, updateCycle: 'monthly' },
  {
    grade: 'important',
    grading: [{ object: 'social-order', degree: 'serious', reason: '大规模泄露影响社会秩序' }],
    items: [
      item({ name: '公民身份号码', code: 'GMSFHM', length: 18, isKey: true, sensitivity: 'sensitive-personal', masking: 'keep-ends' }),
      item({
        ...{
          name: '核查结论',
          code: 'HCJL',
          sharing: 'none',
          sharingReason: '核查过程信息',
          basisLaw: 'personal-information-protection-law',
        },
        ...{ basisClause: '第二十五条', grade: 'important', gradeReason: '汇聚后影响社会秩序' },
      }),
    ],
  },
]

/** Numerals that no spreadsheet counts on. */
function numerals(number: number): string {
  return [...String(number)].map((digit) => '零一二三四五六七八九'[Number(digit)]).join('')
}
