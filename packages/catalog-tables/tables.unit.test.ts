// SPDX-License-Identifier: Apache-2.0
import { type Entry, type EntryItem, entryFields, entryOf, itemFields, itemOf } from '@tongchou/metadata'
import { readTable } from '@tongchou/workbook'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { catalogProfiles, readCatalog, type TableEntry, takeEntry, writeCatalog } from './index.ts'

const names: Record<string, string> = {
  'o-1': '乌海市民政局',
  'o-2': '乌海市档案馆',
  'p-1': '社会救助核对项目',
  's-1': '社会救助管理系统',
  'd-1': '低保数据',
}
const registers = {
  idsOf: (_kind: string, text: string) => (names[text] === undefined ? Object.keys(names).filter((id) => names[id] === text) : [text]),
  declared: (_project: string, text: string) => (text === 'd-1' || text === '低保数据' ? ['d-1'] : []),
  classOf: (text: string) => (text === '社会救助' || text.startsWith('30700101') ? '30700101' : undefined),
}
const shown = (entry: Entry, id: string | null = null): TableEntry => ({ id, entry, nameOf: (_field, of) => names[of] })

async function back(profile: (typeof catalogProfiles)[number], entries: readonly TableEntry[], stored: readonly TableEntry[] = []) {
  const bytes = await writeCatalog(profile, entries)
  const read = readCatalog(await readTable(bytes, { name: 'a.xlsx' }))
  return { bytes, read, taken: read.entries.map((said, at) => takeEntry(read, said, registers, stored[at])) }
}

const unit = { orgId: 'o-1', post: '社会救助科' }
const whole: Entry = entryOf({
  name: ' 低保家庭，基本信息 ',
  provider: '乌海市民政局',
  providerCode: '11150300900030002A',
  code: '30700101/000007',
  publishedOn: '2026-03-01',
  class: 'department',
  classCode: '30700101',
  abstract: '第一行\n第二行  末尾两个空格  ',
  format: 'database',
  formatType: 'postgresql',
  sharing: 'conditional',
  sharingCondition: '=1+1 用于核对',
  sharingChannel: 'platform',
  sharingForm: 'interface',
  opening: 'conditional',
  openingCondition: '实名认证',
  openLevel: 'real-name',
  updateCycle: 'half-yearly',
  relatedCodes: ['30700102/000007', '30700102/000007#i1'],
  grade: 'important',
  grading: [
    { object: 'individual', degree: 'serious', reason: '含家庭成员／收入\n第二行' },
    { object: 'social-order', degree: 'ordinary', reason: '' },
  ],
  containsPersonal: true,
  duties: { handledBy: unit, usedBy: { orgId: 'o-2', post: null }, managedBy: null, archivedBy: unit, answersFor: unit },
  census: { storedGb: '12.50', recordsWan: '300', sharedGb: '0', sharedWan: null, openedGb: '0', openedWan: '0' },
  projectId: 'p-1',
  declaredResourceId: 'd-1',
  systemId: 's-1',
  spatialScope: 'districts',
  scenario: 'regulation',
  items: [
    itemOf({
      id: 'i3',
      name: '公民身份号码',
      code: 'GMSFHM',
      type: 'C',
      length: 18,
      isKey: true,
      sensitivity: 'sensitive-personal',
      masking: 'keep-ends',
      isOwn: false,
    }),
    itemOf({
      id: 'i1',
      name: '保障金额',
      code: 'BZJE',
      type: 'Y',
      length: 18,
      precision: 2,
      sharing: 'none',
      sharingReason: '过程',
      basisLaw: 'data-security-law',
      basisClause: '第三十八条',
    }),
    itemOf({ id: 'i7', name: '', code: '' }),
  ],
})

test.each(catalogProfiles)(
  '$title: what is written is what is read, with the ids of the items; written again it is the same bytes',
  async (profile) => {
    const bare = entryOf({ name: '只有名称' })
    const openly = entryOf({
      name: '无条件开放',
      opening: 'unconditional',
      sharing: 'none',
      basisLaw: 'statistics-law',
      basisClause: '第九条',
    })
    const all = [
      whole,
      { ...bare, provider: null, code: null, publishedOn: null },
      { ...openly, provider: null, code: null, publishedOn: null },
    ]
    const { bytes, read, taken } = await back(
      profile,
      all.map((entry) => shown(entry)),
    )
    expect(read.findings).toEqual([])
    expect(read.profile.id).toBe(profile.id)
    expect(taken.map(({ unread }) => unread)).toEqual([[], [], []])
    expect(taken.map(({ entry }) => entry)).toEqual(all)
    expect(
      await writeCatalog(
        profile,
        taken.map(({ entry }) => shown(entry)),
      ),
    ).toEqual(bytes)
  },
)

test.each(catalogProfiles)('$title has an exact column for every field, so that none is lost when one is added', ({ sheets }) => {
  const exact = new Set(
    sheets.flatMap(({ columns }) => columns.filter(({ as }) => as === 'exact' || as === 'id').map(({ of, field }) => `${of} ${field}`)),
  )
  expect(entryFields.filter(({ id }) => !exact.has(`entry ${id}`))).toEqual([])
  expect(itemFields.filter(({ id }) => !exact.has(`item ${id}`))).toEqual([])
})

/** What a draft may hold: also what the rules would not let through. */
const word = fc.oneof(
  fc.constantFrom('无条件', '是', '=cmd', ' 空 格 ', '1', '全角１２', '无', '3', '2026-01-01', "'引号", '、', 'a；b'),
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/[\p{Cc}\ufffe\uffff]/u.test(text)),
)
const maybe = fc.option(
  word.filter((text) => text !== ''),
  { nil: null },
)
const anyItem = fc.record({
  name: word,
  code: word,
  valueRange: maybe,
  sharingReason: maybe,
  basisLaw: maybe,
  sharing: fc.constantFrom(null, 'none' as const, 'conditional' as const),
  opening: fc.constantFrom(null, 'none' as const, 'unconditional' as const),
  type: fc.constantFrom(null, 'C' as const, 'B' as const, 'F' as const, 'Y' as const),
  length: fc.option(fc.integer({ min: 1, max: 65535 }), { nil: null }),
  isOwn: fc.constantFrom(null, true, false),
  sensitivity: fc.constantFrom('personal' as const, 'sensitive' as const),
})
const anyEntry = fc.record({
  name: word.filter((text) => text.trim() !== ''),
  abstract: word,
  internalUnit: maybe,
  formatType: maybe,
  classCode: maybe,
  sharingCondition: maybe,
  openingCondition: maybe,
  basisLaw: maybe,
  basisClause: maybe,
  sharing: fc.constantFrom(null, 'none' as const, 'conditional' as const, 'unconditional' as const),
  opening: fc.constantFrom(null, 'none' as const, 'conditional' as const, 'unconditional' as const),
  relatedCodes: fc.array(
    word.filter((text) => text !== '' && !text.includes('\n')),
    { maxLength: 3 },
  ),
  items: fc.array(anyItem, { maxLength: 3 }),
})

test.each(catalogProfiles)('$title: any draft that comes back as it was given out is unchanged, sign by sign', async (profile) => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(anyEntry, { minLength: 1, maxLength: 16, selector: ({ name }) => name }), async (some) => {
      const stored = some.map(({ items, ...fields }, at) =>
        shown(
          entryOf({
            ...fields,
            provider: '乌海市民政局',
            code: null,
            publishedOn: null,
            items: items.map((one, index): EntryItem => itemOf({ ...one, id: `i${index + 1}` })),
          }),
          `e-${at}`,
        ),
      )
      const { read, taken } = await back(profile, stored, stored)
      expect(read.findings.filter(({ severity }) => severity === 'error')).toEqual([])
      expect(taken.map(({ entry, unread }) => ({ entry, unread }))).toEqual(stored.map(({ entry }) => ({ entry, unread: [] })))
    }),
    { numRuns: 3 },
  )
})
