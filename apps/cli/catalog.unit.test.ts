import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { catalogProfiles, readCatalog, takeEntry, writeCatalog } from '@tongchou/catalog-tables'
import { readEntry } from '@tongchou/metadata'
import { readTable } from '@tongchou/workbook'
import { afterAll, expect, test } from 'vitest'
import { runCatalogValidate } from './catalog.ts'

const folder = mkdtempSync(join(tmpdir(), 'catalog-'))
afterAll(() => rmSync(folder, { recursive: true }))

const unit = { orgId: 'civil-affairs', post: null }
const clean = {
  name: '低保家庭信息',
  providerCode: '11150300900030002A',
  abstract: '享受最低生活保障家庭的基本信息。',
  class: '部门信息资源',
  classCode: '30700101',
  format: '数据库',
  formatType: 'postgresql',
  updateCycle: '每日',
  duties: { handledBy: unit, usedBy: unit, managedBy: unit, archivedBy: unit, answersFor: unit },
  sharing: '2',
  sharingCondition: '用于社会救助对象核对',
  sharingChannel: '共享平台方式',
  sharingForm: '接口',
  opening: 'none',
  grade: 'general',
  grading: [{ object: '个人权益', degree: '一般', reason: '含家庭成员信息' }],
  containsPersonal: true,
  containsSensitive: true,
  maskingRule: '显示前6位和后4位',
  items: [{ name: '公民身份号码', code: 'GMSFHM', type: 'C', length: 18, isKey: true, sensitivity: '敏感个人信息', masking: '保留首尾' }],
}

async function run(content: unknown, ...options: string[]): Promise<{ code: number; output: string }> {
  const file = join(folder, 'resources.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  let output = ''
  const code = await runCatalogValidate([file, ...options], (text) => {
    output += text
  })
  return { code, output }
}

test('a clean file answers 0, and names what only the city’s registers can decide', async () => {
  const { code, output } = await run({ resources: [clean] }, '--json')
  expect(JSON.parse(output)).toMatchObject({ rows: 1, findings: [] })
  expect(JSON.parse(output).undecided.map((one: { rule: string }) => one.rule)).toEqual(['E01', 'R14'])
  expect(code).toBe(0)
  expect((await run([clean])).output).toContain('共1项资源，没有发现问题，2处无法判定。')
})

test('findings answer 1, each with its place, what stands there and what cures it', async () => {
  const resources = [clean, { ...clean, name: '低保金发放', sharing: '不予共享', sharingCondition: null, updateCycle: '两天一次' }]
  const { code, output } = await run({ resources }, '--json')
  expect(code).toBe(1)
  expect(JSON.parse(output).findings).toEqual([
    expect.objectContaining({ rule: 'S00', severity: 'error', sheet: null, row: 2, column: 'updateCycle', value: '两天一次' }),
    expect.objectContaining({ rule: 'R02', row: 2, column: 'basisLaw', value: null, fix: '从依据库中选择法律、行政法规', verified: false }),
    expect.objectContaining({ rule: 'R02', row: 2, column: 'basisClause' }),
  ])
  expect((await run({ resources })).output).toContain('错误  第2项 basisClause R02 不予共享没有写明依据的条款。')
})

test('what is no file of resources cannot be read: 3; a wrong call: 2', async () => {
  expect((await run('{')).code).toBe(3)
  expect((await run({ items: [] })).output).toContain('没有 resources 列表')
  expect((await run({ resources: [] })).code).toBe(3)
  expect((await run([clean], '--fast')).code).toBe(2)
  expect(await runCatalogValidate([], () => undefined)).toBe(2)
  expect(await runCatalogValidate([join(folder, 'none.json')], () => undefined)).toBe(2)
})

/** A workbook of these resources in a profile. */
async function workbook(profile: (typeof catalogProfiles)[number], ...resources: object[]): Promise<string> {
  const file = join(folder, `${profile.id}.xlsx`)
  const entries = resources.map((raw) => ({ id: null, entry: readEntry(raw).entry, nameOf: (_field: string, id: string) => id }))
  writeFileSync(file, await writeCatalog(profile, entries))
  return file
}

test.each(catalogProfiles)(
  'a workbook ($title) says the same as the resources; faults stand at their cells, and the marked copy is read again',
  async (profile) => {
    const faulty = { ...clean, name: '低保金发放', sharing: '不予共享', sharingCondition: null }
    const provider = { provider: '民政局' }
    const file = await workbook(profile, { ...clean, ...provider }, { ...faulty, ...provider })
    const marked = join(folder, 'marked.xlsx')
    let output = ''
    const code = await runCatalogValidate([file, '--json', '--out', marked], (text) => {
      output += text
    })
    expect(code).toBe(1)
    const { rows, findings } = JSON.parse(output) as {
      rows: number
      findings: { rule: string; sheet: string; row: number; column: string }[]
    }
    expect(rows).toBe(2)
    expect(findings.map(({ rule, sheet, row }) => ({ rule, sheet, row }))).toEqual([
      { rule: 'R02', sheet: profile.sheets[0]?.sheet, row: 3 },
      { rule: 'R02', sheet: profile.sheets[0]?.sheet, row: 3 },
    ])
    expect(findings.map(({ column }) => column)).toEqual(
      profile.id === 'national' ? ['不予共享依据', '依据的条款'] : ['共享条件/不予共享依据', '共享条件/不予共享依据'],
    )
    const again = readCatalog(await readTable(readFileSync(marked), { name: 'marked.xlsx' }))
    expect(again.entries.map((said) => takeEntry(again, said).entry.name)).toEqual(['低保家庭信息', '低保金发放'])
  },
)

test('what is no workbook, has nothing in it or fits no layout cannot be read: 3; --out never writes over the file: 2', async () => {
  const broken = join(folder, 'broken.xlsx')
  writeFileSync(broken, 'PK not a workbook')
  const table = join(folder, 'other.csv')
  writeFileSync(table, '甲,乙\n1,2\n')
  const empty = join(folder, 'empty.csv')
  writeFileSync(empty, ' \n')
  const said: string[] = []
  for (const file of [broken, table, empty]) expect(await runCatalogValidate([file], (text) => said.push(text))).toBe(3)
  expect(said[1]).toContain('信息资源名称')
  expect(await runCatalogValidate([table, '--out', table], () => undefined)).toBe(2)
  expect(await runCatalogValidate([table, '--out'], () => undefined)).toBe(2)
})
