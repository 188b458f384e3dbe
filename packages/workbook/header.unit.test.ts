import { describe, expect, test } from 'vitest'
import { findHeader, type KnownColumn, type Merge, type Row } from './index.ts'

/** A sheet of these texts; empty ones are no cells. */
function sheetOf(rows: readonly (readonly string[])[], merges: readonly Merge[] = []): { rows: Row[]; merges: readonly Merge[] } {
  return {
    merges,
    rows: rows.flatMap((texts, at) => {
      const row = at + 1
      const cells = texts.flatMap((text, column) =>
        text === '' ? [] : [{ row, column: column + 1, text, type: 'text' as const, flags: [] }],
      )
      return cells.length === 0 ? [] : [{ row, hidden: false, cells }]
    }),
  }
}

const columns: KnownColumn[] = [
  { title: '信息资源名称', aliases: ['资源名称', '挂接资源名称'], required: true },
  { title: '信息资源提供方', required: true },
  { title: '共享类型', aliases: ['共享属性'], required: true },
  { title: '共享条件' },
  { title: '描述(<=255)' },
]

/** `title=column` of what was found, and everything that is in doubt. */
function seen(rows: readonly (readonly string[])[], merges: readonly Merge[] = [], known = columns): unknown {
  const header = findHeader(sheetOf(rows, merges), known)
  if (!header) return undefined
  return {
    rows: [header.firstRow, header.lastRow],
    found: [...header.columns].map(([{ title }, column]) => `${title}=${column}`),
    unknown: header.unknown.map(({ title, column }) => `${title}=${column}`),
    missing: header.missing.map(({ title }) => title),
    ambiguous: header.ambiguous,
  }
}

const whole = ['信息资源名称=1', '信息资源提供方=2', '共享类型=3']

describe('headings are known by their words', () => {
  test('spaces, stars, colons, brackets, full-width forms and line ends do not count', () => {
    const decorated = ['*信息资源 名称：', '（信息资源）提供方\n', '＊共享类型', '共享条件（有条件共享时必填）', '描述']
    expect(seen([decorated])).toEqual({
      rows: [1, 1],
      found: [...whole, '共享条件=4', '描述(<=255)=5'],
      unknown: [],
      missing: [],
      ambiguous: [],
    })
  })

  test('above them may stand a title, a unit and a note, and the columns in any order with others between', () => {
    const rows = [
      ['乌海市信息资源目录清单（信息资源名称）'],
      ['填报单位：民政局', '', '日期'],
      [],
      ['序号', '共享类型', '资源名称', '信息资源提供方', '备注'],
      ['1', '有条件共享', '低保家庭', '民政局', ''],
    ]
    expect(seen(rows)).toMatchObject({
      rows: [4, 4],
      found: ['信息资源名称=3', '信息资源提供方=4', '共享类型=2'],
      unknown: ['序号=1', '备注=5'],
    })
  })

  test('two rows with merged groups; a group’s words may complete a name', () => {
    const rows = [
      ['信息资源名称', '信息资源提供方', '共享', ''],
      ['', '', '类型', '条件'],
      ['低保家庭', '民政局', '有条件共享', '依法'],
    ]
    const merges = [
      { top: 1, left: 1, bottom: 2, right: 1 },
      { top: 1, left: 2, bottom: 2, right: 2 },
      { top: 1, left: 3, bottom: 1, right: 4 },
    ]
    expect(seen(rows, merges)).toEqual({ rows: [1, 2], found: [...whole, '共享条件=4'], unknown: [], missing: [], ambiguous: [] })
  })

  test('a merged title above is no group of names', () => {
    const rows = [
      ['乌海市目录', '', ''],
      ['信息资源名称', '信息资源提供方', '共享类型'],
      ['a', 'b', 'c'],
    ]
    expect(seen(rows, [{ top: 1, left: 1, bottom: 1, right: 3 }])).toMatchObject({ found: whole, unknown: [], missing: [] })
  })

  test('the column that we added in an earlier round is no heading', () => {
    expect(seen([['信息资源名称', '信息资源提供方', '共享类型', '校验意见']])).toMatchObject({ found: whole, unknown: [] })
  })
})

describe('what is in doubt is named and not guessed', () => {
  test('a required column that is not there', () => {
    expect(seen([['信息资源名称', '共享类型']])).toMatchObject({ missing: ['信息资源提供方'], found: ['信息资源名称=1', '共享类型=2'] })
  })

  test('the same heading twice', () => {
    expect(seen([['信息资源名称', '信息资源提供方', '共享类型', '共享类型']])).toMatchObject({
      found: ['信息资源名称=1', '信息资源提供方=2'],
      missing: [],
      ambiguous: [{ titles: ['共享类型'], columns: [3, 4] }],
    })
  })

  test('one heading that is a name of two columns', () => {
    const known = [{ title: '资源名称', aliases: ['名称'] }, { title: '系统名称', aliases: ['名称'] }, { title: '代码' }]
    expect(seen([['名称', '代码']], [], known)).toMatchObject({
      found: ['代码=2'],
      ambiguous: [{ titles: ['资源名称', '系统名称'], columns: [1] }],
    })
  })

  test('the better name wins, and the other stays unknown', () => {
    expect(seen([['信息资源名称', '信息资源提供方', '共享类型', '共享属性']])).toMatchObject({
      found: whole,
      unknown: ['共享属性=4'],
      ambiguous: [],
    })
    expect(seen([['信息资源名称', '信息资源名称（英文）', '信息资源提供方', '共享类型']])).toMatchObject({
      unknown: ['信息资源名称（英文）=2'],
      ambiguous: [],
    })
  })

  test('a sheet that names none of them, or only one among many, has no headings', () => {
    expect(
      seen([
        ['姓名', '性别'],
        ['张三', '男'],
      ]),
    ).toBeUndefined()
    expect(seen([['共享类型'], ['无条件共享']])).toBeUndefined()
    expect(seen([])).toBeUndefined()
  })
})
