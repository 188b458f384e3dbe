// SPDX-License-Identifier: Apache-2.0
import { codeScheme, type RuleContext, seedTree } from '@tongchou/metadata'
import { readTable, type Table } from '@tongchou/workbook'
import { expect, test } from 'vitest'
import { readCatalog, takeEntry, validateCatalog } from './index.ts'

const context: RuleContext = { classes: seedTree, scheme: codeScheme('national-1272'), today: '2026-11-29' }
const csv = (...lines: string[]): Promise<Table> => readTable(Buffer.from(lines.join('\n')), { name: 'a.csv' })

test('the headings are found wherever they stand, codes are read by label or code, in any width and with spaces', async () => {
  const read = readCatalog(
    await csv(
      '乌海市政务信息资源目录,,,,,,',
      '填报单位：民政局,,,,,,',
      '*信息资源名称,信息资源格式分类,信息项名称（必填）,数据类型,数据长度,共享类型,是否向社会开放,更新周期',
      '低保家庭信息,３,姓名,Ｃ,５０,２ 有条件共享,０,每 月',
      ',,身份证号,字符型,18,,,',
    ),
  )
  expect(read.findings).toEqual([])
  const [said] = read.entries
  const { entry, unread } = takeEntry(read, said as never)
  expect(unread).toEqual([])
  expect(entry).toMatchObject({ format: 'database', sharing: 'conditional', opening: 'none', updateCycle: 'monthly' })
  expect(entry.items).toMatchObject([
    { name: '姓名', type: 'C', length: 50 },
    { name: '身份证号', type: 'C', length: 18 },
  ])
})

test('every finding stands at its cell: what cannot be read, what the rules say, what rows of one resource say differently', async () => {
  const read = readCatalog(
    await csv(
      '信息资源名称,信息资源代码,信息项名称,数据类型,数据长度,共享类型,共享条件',
      '低保家庭信息,30700101/000001,姓名,图片,长,有条件共享,',
      '低保家庭信息,30700101/000002,年龄,N,3,无条件共享,',
      ',,,,,有条件共享,',
    ),
  )
  const { rows, findings } = validateCatalog(read, () => context)
  const at = (rule: string, row: number) =>
    findings.filter((one) => one.rule === rule && one.row === row).map(({ column, title, value }) => ({ column, title, value }))
  expect(rows).toBe(1)
  expect(at('R11', 3)).toEqual([{ column: 2, title: '信息资源代码', value: '30700101/000002' }])
  expect(at('table.uneven_rows', 3)).toEqual([{ column: 6, title: '共享类型', value: '无条件共享' }])
  expect(at('S00', 2)).toEqual([
    { column: 4, title: '数据类型', value: '图片' },
    { column: 5, title: '数据长度', value: '长' },
  ])
  expect(at('R01', 2)).toEqual([{ column: 7, title: '共享条件', value: '' }])
  expect(at('table.required', 4)).toEqual([{ column: 1, title: '信息资源名称', value: '' }])
  // No column for it: the row alone.
  expect(findings.find(({ rule, message }) => rule === 'E06' && message.includes('没有填写'))).toMatchObject({ row: 2, title: '' })
})

test('a template of another system is read without its own columns of ours: 是 with 无条件, a law in the place of a condition, words of types', async () => {
  const read = readCatalog(
    await csv(
      '信息资源名称,信息资源分类,信息项名称,共享类型,共享方式类型,是否向社会开放,开放条件',
      '甲,30700101,姓名,无条件共享,接口,是,无条件',
    ),
  )
  expect(takeEntry(read, read.entries[0] as never).entry).toMatchObject({
    class: 'department',
    sharingChannel: 'platform',
    opening: 'unconditional',
    openingCondition: null,
  })
})

test('a file of no profile says which headings the nearest one misses', async () => {
  const table = await csv('信息资源名称,信息资源摘要,更新周期', '甲,乙,每月')
  expect(() => readCatalog(table)).toThrow(/信息项名称/)
})
