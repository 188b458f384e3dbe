import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
