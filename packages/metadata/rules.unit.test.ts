// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { cleanEntry, knowing } from './entry.given.ts'
import { type Entry, type EntryItem, findingsOf, findingsOfAll } from './index.ts'
import type { RuleContext } from './rules/context.ts'

/** One way to spoil a clean entry, and what must be found of it: rule and path, or the entry's own context. */
interface Defect {
  kind: string
  rule: string
  path: string
  plant: (entry: Entry) => Entry
  knows?: Partial<RuleContext>
  /** Which clean entries it can be planted in. */
  fits?: (entry: Entry) => boolean
}

const set = (over: Partial<Entry>) => (entry: Entry) => ({ ...entry, ...over })
const item = (index: number, over: Partial<EntryItem>) => (entry: Entry) => ({
  ...entry,
  items: entry.items.map((one, at) => (at === index ? { ...one, ...over } : one)),
})
const extra =
  (...more: Partial<EntryItem>[]) =>
  (entry: Entry) => ({
    ...entry,
    items: [...entry.items, ...more.map((over) => ({ ...(entry.items[1] as EntryItem), ...over }))],
  })
const hasItems = ({ items, format }: Entry) => items.length >= 4 && format === 'database'
const isShared = ({ sharing, sharingChannel, items }: Entry) =>
  sharing === 'conditional' && sharingChannel === 'platform' && items.length >= 4
const unitless = { storedGb: '1', recordsWan: '1', sharedGb: '0', sharedWan: '0', openedGb: '0', openedWan: '0' }

const defects: readonly Defect[] = [
  { kind: '没有资源属性', rule: 'E01', path: 'class', plant: set({ class: null }) },
  { kind: '没有分类', rule: 'E01', path: 'classCode', plant: set({ classCode: null }) },
  { kind: '分类不在目录中', rule: 'E01', path: 'classCode', plant: set({ class: 'department', classCode: '30799901' }) },
  { kind: '分类位数不对', rule: 'E01', path: 'classCode', plant: set({ class: 'department', classCode: '3070' }) },
  { kind: '分类已停用', rule: 'E01', path: 'classCode', plant: set({ class: 'department', classCode: '30700199' }) },
  { kind: '分类没有细目', rule: 'E01', path: 'classCode', plant: set({ class: 'department', classCode: '307001' }) },
  { kind: '分类与属性不符', rule: 'R08', path: 'classCode', plant: set({ class: 'base', classCode: '30700101' }) },
  { kind: '没有名称', rule: 'E02', path: 'name', plant: set({ name: ' ' }) },
  { kind: '名称过长', rule: 'E02', path: 'name', plant: set({ name: '长'.repeat(129) }) },
  { kind: '与本单位另一资源重名', rule: 'E02', path: 'name', plant: (entry) => entry, knows: { namesake: () => '低保家庭基本信息' } },
  { kind: '名称是系统的名称', rule: 'E02', path: 'name', plant: set({ name: '社会救助管理系统 ' }) },
  { kind: '名称有多余空格', rule: 'R10', path: 'name', plant: (entry) => ({ ...entry, name: `${entry.name} ` }) },
  { kind: '自编的代码', rule: 'E03', path: 'code', plant: set({ code: 'MZJ-001' }) },
  { kind: '代码过短', rule: 'E03', path: 'code', plant: set({ class: 'department', classCode: '307001', code: '307001/1' }) },
  { kind: '代码不以分类开头', rule: 'E03', path: 'code', plant: set({ code: '10100101/000001' }) },
  {
    kind: '已登记的代码被改',
    rule: 'E03',
    path: 'code',
    plant: set({ code: '30700101/000002' }),
    knows: { publishedCode: '30700101/000001' },
  },
  { kind: '提供方不是全称', rule: 'E04', path: 'provider', plant: set({ provider: '民政局' }) },
  { kind: '没有提供方', rule: 'E04', path: 'provider', plant: set({ provider: '' }) },
  { kind: '没有提供方代码', rule: 'E05', path: 'providerCode', plant: set({ providerCode: null }) },
  {
    kind: '提供方代码校验位错',
    rule: 'R14',
    path: 'providerCode',
    plant: (entry) => ({ ...entry, providerCode: broken(entry.providerCode) }),
  },
  {
    kind: '提供方已撤销',
    rule: 'R14',
    path: 'providerCode',
    plant: (entry) => entry,
    knows: { provider: { name: '乌海市民政局', alive: false, code: null } },
  },
  { kind: '提供方不在机构名录', rule: 'R14', path: 'provider', plant: set({ provider: '某某局' }), knows: { provider: null } },
  { kind: '没有摘要', rule: 'E06', path: 'abstract', plant: set({ abstract: '' }) },
  { kind: '摘要过短', rule: 'E06', path: 'abstract', plant: set({ abstract: '低保信息' }) },
  { kind: '摘要就是名称', rule: 'E06', path: 'abstract', plant: (entry) => ({ ...entry, abstract: entry.name }) },
  { kind: '没有格式', rule: 'E07', path: 'format', plant: set({ format: null }) },
  { kind: '没有格式类型', rule: 'E07', path: 'formatType', plant: set({ format: 'database', formatType: null, formatNote: null }) },
  {
    kind: '自描述格式没有说明',
    rule: 'E07',
    path: 'formatNote',
    plant: set({ format: 'self-described', formatType: null, formatNote: null }),
  },
  { kind: '格式类型不属于格式', rule: 'R08', path: 'formatType', plant: set({ format: 'database', formatType: 'pdf' }) },
  { kind: '没有信息项', rule: 'E08', path: 'items', plant: set({ format: 'database', formatType: 'mysql', items: [] }) },
  {
    kind: '信息项重名',
    rule: 'E08',
    path: 'items/5/name',
    plant: extra({ name: '姓 名', code: 'XM2' }),
    fits: ({ items }) => items.length === 5,
  },
  {
    kind: '信息项英文名重复',
    rule: 'E08',
    path: 'items/5/code',
    plant: extra({ name: '曾用名', code: 'xm' }),
    fits: ({ items }) => items.length === 5,
  },
  { kind: '信息项没有类型', rule: 'E08', path: 'items/1/type', plant: item(1, { type: null }), fits: hasItems },
  { kind: '字符型没有长度', rule: 'E08', path: 'items/1/length', plant: item(1, { length: null }), fits: hasItems },
  { kind: '字段名有汉字', rule: 'E08', path: 'items/1/code', plant: item(1, { code: '姓名' }), fits: hasItems },
  {
    kind: '信息项名称下拉填充',
    rule: 'R10',
    path: 'items/6/name',
    plant: extra(...[1, 2, 3].map((n) => ({ name: `成员${n}`, code: `CY${n}` }))),
    fits: ({ items }) => items.length === 5,
  },
  { kind: '没有共享类型', rule: 'E09', path: 'sharing', plant: set({ sharing: null }) },
  { kind: '没有共享方式', rule: 'E09', path: 'sharingChannel', plant: set({ sharingChannel: null }), fits: isShared },
  { kind: '没有共享方式类型', rule: 'E09', path: 'sharingForm', plant: set({ sharingForm: null }), fits: isShared },
  { kind: '有条件共享没有条件', rule: 'R01', path: 'sharingCondition', plant: set({ sharing: 'conditional', sharingCondition: '　' }) },
  { kind: '不予共享没有依据', rule: 'R02', path: 'basisLaw', plant: set({ sharing: 'none', basisLaw: null, basisClause: '第三条' }) },
  {
    kind: '不予共享依据是自由文字',
    rule: 'R02',
    path: 'basisLaw',
    plant: set({ sharing: 'none', basisLaw: '本单位规定', basisClause: '第三条' }),
  },
  {
    kind: '不予共享没有条款',
    rule: 'R02',
    path: 'basisClause',
    plant: set({ sharing: 'none', basisLaw: 'statistics-law', basisClause: null }),
  },
  { kind: '信息项共享宽于资源', rule: 'R03', path: 'items/1/sharing', plant: item(1, { sharing: 'unconditional' }), fits: isShared },
  {
    kind: '信息项从严没有理由',
    rule: 'R03',
    path: 'items/1/sharingReason',
    plant: item(1, { sharing: 'none', basisLaw: 'statistics-law', basisClause: '第九条' }),
    fits: isShared,
  },
  {
    kind: '信息项不予共享没有依据',
    rule: 'R02',
    path: 'items/1/basisLaw',
    plant: item(1, { sharing: 'none', sharingReason: '涉及隐私' }),
    fits: isShared,
  },
  {
    kind: '信息项级别高于资源',
    rule: 'R03',
    path: 'items/1/grade',
    plant: item(1, { grade: 'core', gradeReason: '汇聚' }),
    fits: hasItems,
  },
  { kind: '信息项定级没有理由', rule: 'R03', path: 'items/1/gradeReason', plant: item(1, { grade: 'general' }), fits: hasItems },
  {
    kind: '不予共享却开放',
    rule: 'R04',
    path: 'opening',
    plant: set({ sharing: 'none', basisLaw: 'statistics-law', basisClause: '第九条', opening: 'unconditional' }),
  },
  {
    kind: '有条件共享却无条件开放',
    rule: 'R04',
    path: 'opening',
    plant: set({ sharing: 'conditional', sharingCondition: '核对', opening: 'unconditional' }),
  },
  { kind: '有条件开放没有条件', rule: 'R05', path: 'openingCondition', plant: set({ opening: 'conditional', openingCondition: '' }) },
  { kind: '没有开放类型', rule: 'E10', path: 'opening', plant: set({ opening: null }) },
  {
    kind: '基础信息有条件共享',
    rule: 'R06',
    path: 'sharing',
    plant: set({ class: 'base', classCode: '10100101', sharing: 'conditional', sharingCondition: '核对' }),
  },
  {
    kind: '数据库以文件共享',
    rule: 'R07',
    path: 'sharingForm',
    plant: set({
      format: 'database',
      formatType: 'mysql',
      sharing: 'conditional',
      sharingCondition: '核对',
      sharingChannel: 'platform',
      sharingForm: 'file',
    }),
  },
  {
    kind: '电子文件以库表共享',
    rule: 'R07',
    path: 'sharingForm',
    plant: set({
      format: 'file',
      formatType: 'pdf',
      sharing: 'conditional',
      sharingCondition: '核对',
      sharingChannel: 'platform',
      sharingForm: 'database',
    }),
  },
  { kind: '存储量带单位', rule: 'R09', path: 'census/storedGb', plant: set({ census: { ...unitless, storedGb: '30GB' } }) },
  { kind: '小数过长', rule: 'R09', path: 'census/recordsWan', plant: set({ census: { ...unitless, recordsWan: '1.23456' } }) },
  { kind: '只填了一部分', rule: 'R09', path: 'census/openedWan', plant: set({ census: { ...unitless, openedWan: null } }) },
  { kind: '已共享多于总量', rule: 'R09', path: 'census/sharedGb', plant: set({ census: { ...unitless, sharedGb: '2' } }) },
  { kind: '没有更新周期', rule: 'E11', path: 'updateCycle', plant: set({ updateCycle: null }) },
  {
    kind: '实时却以文件共享',
    rule: 'R12',
    path: 'sharingForm',
    plant: set({
      format: 'file',
      formatType: 'pdf',
      sharing: 'conditional',
      sharingCondition: '核对',
      sharingChannel: 'platform',
      sharingForm: 'file',
      updateCycle: 'realtime',
    }),
  },
  {
    kind: '实时却没有挂接',
    rule: 'R12',
    path: 'updateCycle',
    plant: set({
      format: 'database',
      formatType: 'mysql',
      sharing: 'conditional',
      sharingCondition: '核对',
      sharingChannel: 'platform',
      sharingForm: 'interface',
      updateCycle: 'realtime',
    }),
    knows: { channel: null },
  },
  { kind: '发布日期不存在', rule: 'E12', path: 'publishedOn', plant: set({ publishedOn: '2026-02-30' }) },
  { kind: '发布日期在将来', rule: 'E12', path: 'publishedOn', plant: set({ publishedOn: '2027-01-01' }) },
  { kind: '关联代码不存在', rule: 'E13', path: 'relatedCodes/0', plant: set({ relatedCodes: ['30700102/999999'] }) },
  {
    kind: '关联到自身',
    rule: 'E13',
    path: 'relatedCodes/0',
    plant: set({ relatedCodes: ['30700102/000007'], code: '30700102/000007', classCode: '30700102' }),
  },
  { kind: '关联的写法不对', rule: 'E13', path: 'relatedCodes/0', plant: set({ relatedCodes: ['低保家庭'] }) },
  {
    kind: '个人标识标为一般',
    rule: 'R13',
    path: 'items/0/sensitivity',
    plant: item(0, { sensitivity: 'general', masking: null }),
    fits: hasItems,
  },
  { kind: '姓名标为一般', rule: 'R13', path: 'items/1/sensitivity', plant: item(1, { sensitivity: 'general' }), fits: hasItems },
  { kind: '没有主键', rule: 'R15', path: 'items', plant: item(0, { isKey: false }), fits: hasItems },
  {
    kind: '两个时间戳',
    rule: 'R15',
    path: 'items/5/isTimestamp',
    plant: extra({ name: '采集时间', code: 'CJSJ', type: 'T', length: null, sensitivity: 'general', isTimestamp: true }),
    fits: ({ items }) => items.length === 5,
  },
  {
    kind: '时间戳不是时间',
    rule: 'R15',
    path: 'items/1/isTimestamp',
    plant: (entry) => item(1, { isTimestamp: true })(item(3, { isTimestamp: false })(entry)),
    fits: hasItems,
  },
  { kind: '数值长度超限', rule: 'R15', path: 'items/4/length', plant: item(4, { length: 39 }), fits: hasItems },
  { kind: '小数位多于长度', rule: 'R15', path: 'items/2/precision', plant: item(2, { length: 4, precision: 6 }), fits: hasItems },
  {
    kind: '项目申报的资源没有对应',
    rule: 'R16',
    path: 'declaredResourceId',
    plant: set({ projectId: 'p' }),
    knows: { declared: [{ id: 'd', name: '低保家庭' }] },
  },
  {
    kind: '没有填写由谁负责',
    rule: 'W14',
    path: 'duties/answersFor',
    plant: (entry) => ({ ...entry, duties: { ...entry.duties, answersFor: null } }),
  },
  { kind: '没有分级', rule: 'W15', path: 'grade', plant: set({ grade: null }) },
  { kind: '敏感信息项没有脱敏', rule: 'W15', path: 'items/0/masking', plant: item(0, { masking: null }), fits: hasItems },
  { kind: '含敏感数据没有规则', rule: 'W15', path: 'maskingRule', plant: set({ containsSensitive: true, maskingRule: null }) },
  { kind: '没有注明含个人信息', rule: 'W15', path: 'containsPersonal', plant: set({ containsPersonal: false }), fits: hasItems },
  {
    kind: '分级低于影响',
    rule: 'G01',
    path: 'grade',
    plant: set({ grade: 'general', grading: [{ object: 'national-security', degree: 'ordinary', reason: '涉及边防' }] }),
  },
  { kind: '没有定级理由', rule: 'G01', path: 'grading', plant: set({ grading: [] }) },
  { kind: '涉密信息项', rule: 'S01', path: 'items/1/secret', plant: item(1, { secret: true }), fits: hasItems },
]

/** The last character changed to one that its check digit does not allow. */
function broken(code: string | null): string {
  const text = code ?? ''
  return `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`
}

const clean = Array.from({ length: 64 }, (_, number) => cleanEntry(number))
const places = (entry: Entry, context: RuleContext = knowing) =>
  findingsOf(entry, context).findings.map(({ rule, path }) => `${rule} ${path}`)

test('a clean set has no finding, of any rule, in any format and any way of sharing', () => {
  for (const entry of clean) expect([entry.name, places(entry)]).toEqual([entry.name, []])
  expect(findingsOfAll(clean, () => knowing).flatMap(({ findings }) => findings)).toEqual([])
})

test.each(defects.map((defect) => [defect.kind, defect] as const))(
  'is found in every entry it is planted in: %s',
  (_, { rule, path, plant, knows = {}, fits = () => true }) => {
    const soil = clean.filter(fits)
    expect(soil.length).toBeGreaterThan(5)
    for (const entry of soil) expect(places(plant(entry), { ...knowing, ...knows })).toContain(`${rule} ${path}`)
  },
)

test('every finding names its rule, its cure and where the rule comes from', () => {
  for (const { plant, knows = {}, fits = () => true } of defects)
    for (const entry of clean.filter(fits).slice(0, 3))
      for (const finding of findingsOf(plant(entry), { ...knowing, ...knows }).findings) {
        expect(finding.message).toMatch(/[\u4e00-\u9fff]/)
        expect(finding.fix, finding.message).toMatch(/[\u4e00-\u9fff]/)
        expect(finding.basis).not.toBe('')
        expect(finding.message).not.toMatch(/undefined|null|\[object/)
      }
})

test('what a rule cannot decide here it says, and does not pass in silence', () => {
  const [entry = cleanEntry(0)] = clean
  const alone: RuleContext = { classes: knowing.classes, scheme: knowing.scheme, today: knowing.today }
  const open = (of: Entry, context: RuleContext) => findingsOf(of, context).undecided.map(({ rule, path }) => `${rule} ${path}`)
  expect(open(entry, knowing)).toEqual(['R13 items'])
  const asked = { ...entry, updateCycle: 'realtime' as const, relatedCodes: ['30700102/000007'], projectId: 'p' }
  expect(open(asked, alone)).toEqual(['R14 providerCode', 'E13 relatedCodes/0', 'R12 updateCycle', 'R13 items', 'R16 declaredResourceId'])
  expect(open(entry, { ...knowing, isPublished: true })).toContain('R12 updateCycle')
})

test('entries that come together: one name, one code, and no names that a spreadsheet counted on', () => {
  const [one = cleanEntry(0), other = cleanEntry(1)] = clean
  const found = (...entries: Entry[]) =>
    findingsOfAll(entries, () => knowing).map(({ findings }) => findings.map(({ rule, path }) => `${rule} ${path}`))
  expect(found(one, { ...other, name: ` ${one.name}` })[1]).toContain('E02 name')
  expect(found({ ...one, code: '30700101/000001' }, { ...one, code: '30700101/000002' })[1]).toContain('R11 code')
  expect(found({ ...one, code: '30700101/000001' }, { ...other, classCode: '30700101', code: '30700101/000001' })[1]).toContain('R11 code')
  expect(found(...[1, 2, 3].map((n) => ({ ...one, name: `低保名册${n}` })))[2]).toContain('R10 name')
  expect(found(...[1, 2].map((n) => ({ ...one, name: `低保名册${n}` })))).toEqual([[], []])
  // The same name in two units is no duplicate.
  expect(found({ ...one, provider: '乌海市民政局' }, { ...one, provider: '乌海市卫生健康委员会' })[1]).not.toContain('E02 name')
})
