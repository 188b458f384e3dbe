import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { csvOf, type Folder, givenFolder, namesIn, requireAgreement, twoTables } from './comparison.given.ts'
import { gb18030Of } from './gb18030.given.ts'
import { type ComparisonOptions, type ComparisonProblem, type ComparisonSummary, compareHere, isSame, sourceOf } from './index.ts'

let folder: Folder
beforeEach(() => {
  folder = givenFolder()
  return folder.remove
})

type Options = Partial<Omit<ComparisonOptions, 'out'>> & { out?: string; signal?: AbortSignal }

/** Compares two files of these contents. */
function compare(left: string | Uint8Array, right: string | Uint8Array, { signal, ...options }: Options = {}): Promise<ComparisonSummary> {
  writeFileSync(folder.path('left.csv'), left)
  writeFileSync(folder.path('right.csv'), right)
  const asked = { key: ['id'], out: folder.path('out'), memoryMib: 256, threads: 2, ...options }
  return compareHere(sourceOf(folder.path('left.csv')), sourceOf(folder.path('right.csv')), asked, signal)
}

/** The problem that a comparison ends with. */
async function refusal(asked: Promise<unknown>): Promise<ComparisonProblem> {
  const answer: unknown = await asked.catch((error: unknown) => error)
  expect(answer).toMatchObject({ name: 'ComparisonProblem' })
  return answer as ComparisonProblem
}

const result = (name: string) => readFileSync(folder.path(`out/${name}`), 'utf8')

describe('two tables', () => {
  test('any two: figures and lists are those of two plain maps, and what is no key is refused', async () => {
    let good = 0
    const check = fc.asyncProperty(twoTables, async (tables) => {
      if (await requireAgreement(folder, tables)) good += 1
    })
    await fc.assert(check, { numRuns: 40 })
    // Tables that are only refused would prove little.
    expect(good).toBeGreaterThan(15)
  })

  test('the result is these bytes: sorted by key, NULL is nothing, the empty string is ""', async () => {
    const left = 'id,name,note\n20,b,\n10,a,""\n9,x,"1,2"\n30,c,c\n'
    const right = 'id,name,note\n40,"say ""hi""",\n20,b,""\n9,x,"1\n2"\n10,A,\n'
    const summary = await compare(left, right)
    expect(isSame(summary)).toBe(false)
    expect(result('only-left.csv')).toBe('id,name,note\n30,c,c\n')
    expect(result('only-right.csv')).toBe('id,name,note\n40,"say ""hi""",\n')
    expect(result('differing.csv')).toBe('key,field,left,right\n10,name,a,A\n10,note,"",\n20,note,,""\n9,note,"1,2","1\n2"\n')
    expect(JSON.parse(result('summary.json'))).toEqual(summary)
    expect(summary).toEqual({
      leftRows: 4,
      rightRows: 4,
      matched: 3,
      onlyLeft: 1,
      onlyRight: 1,
      differing: 3,
      byField: { name: 1, note: 3 },
      key: ['id'],
      leftOnlyFields: [],
      rightOnlyFields: [],
      left: { kind: 'csv', encoding: 'utf-8' },
      right: { kind: 'csv', encoding: 'utf-8' },
    })
    expect(namesIn(folder.path('out'))).toEqual(['differing.csv', 'only-left.csv', 'only-right.csv', 'summary.json'])
  })

  test('identifiers stay text: check digits, leading zeros and exponents are not numbers', async () => {
    const rows = ['11010519491231002X', '110105194912310021', '000123', '123', '1e5', '100000', '0x10', '2026-01-01', 'NaN', 'true']
    const csv = (values: string[]) => csvOf({ names: ['id', 'v'], rows: values.map((value) => [value, value]) })
    expect(isSame(await compare(csv(rows), csv(rows.toReversed())))).toBe(true)
    expect(await compare('id,v\n1,007\n2,1e5\n', 'id,v\n1,7\n2,100000\n')).toMatchObject({ differing: 2 })
    expect(await compare('id,v\n007,a\n', 'id,v\n7,a\n')).toMatchObject({ matched: 0, onlyLeft: 1, onlyRight: 1 })
  })

  test('headers alone are equal, and every row against a header is a row of one side', async () => {
    expect(isSame(await compare('id,v\n', 'id,v\n'))).toBe(true)
    expect(await compare('id,v\n1,a\n', 'id,v\n')).toMatchObject({ leftRows: 1, rightRows: 0, onlyLeft: 1 })
    expect(result('only-right.csv')).toBe('id,v\n')
  })

  test('a key of several columns: in the list it is a record of its own', async () => {
    await compare('id,part,v\n1,"a,b",x\n1,c,x\n', 'part,id,v\nc,1,y\n"a,b",1,y\n', { key: ['id', 'part'] })
    expect(result('differing.csv')).toBe('key,field,left,right\n"1,""a,b""",v,x,y\n"1,c",v,x,y\n')
  })
})

describe('columns', () => {
  test('of one side alone are named, are not compared, and the sides are not the same', async () => {
    const summary = await compare('id,a,x\n1,1,2\n', 'b,id,a\n3,1,1\n')
    expect(summary).toMatchObject({ differing: 0, byField: { a: 0 }, leftOnlyFields: ['x'], rightOnlyFields: ['b'] })
    expect(isSame(summary)).toBe(false)
  })

  test('that are asked for are compared alone', async () => {
    const summary = await compare('id,a,x\n1,1,2\n', 'id,a,b\n1,1,3\n', { fields: ['a'] })
    expect(summary).toMatchObject({ byField: { a: 0 }, leftOnlyFields: [], rightOnlyFields: [] })
    expect(isSame(summary)).toBe(true)
  })

  test('that are absent are named, and so is one that is only spelt otherwise', async () => {
    expect(await refusal(compare('id,a\n', 'ID,a\n'))).toMatchObject({
      fault: 'usage',
      code: 'compare.key_absent',
      message: '右侧没有主键列“id”。',
      cure: '有“ID”，大小写或空格不同。',
    })
    expect(await refusal(compare('id,a\n', 'id,b\n', { fields: ['a'] }))).toMatchObject({ fault: 'usage', code: 'compare.field_absent' })
    expect(await refusal(compare('id;a\n', 'id;a\n'))).toMatchObject({
      code: 'compare.key_absent',
      cure: '表头中没有逗号，请以逗号分隔各列。',
    })
    expect(await refusal(compare('id,a\n', 'id,a\n', { key: ['id', 'id'] }))).toMatchObject({ fault: 'usage' })
  })

  test('of names that differ in case alone are different columns, in what is written too', async () => {
    await compare('id,ID,Id\n1,a,b\n2,c,d\n', 'id,ID,Id\n1,a,B\n')
    expect(result('only-left.csv')).toBe('id,ID,Id\n2,c,d\n')
    expect(result('differing.csv')).toBe('key,field,left,right\n1,Id,b,B\n')
  })

  test('of any name are names and never a command', async () => {
    const names = [
      'id',
      '"; drop table difference; --',
      "it's",
      'l0',
      'select',
      'a\nb',
      'a\rb',
      '__proto__',
      'constructor',
      '{x}',
      '\\',
      '*',
    ]
    const table = (value: string) =>
      csvOf(
        {
          names,
          rows: [
            ['1', ...names.slice(1).map(() => value)],
            ['2', ...names.slice(1).map(() => 'z')],
          ],
        },
        '\r\n',
      )
    const summary = await compare(table('x'), table('y').replace(/\r\n2.*\r\n$/, '\r\n'))
    expect(summary).toMatchObject({ differing: 1, onlyLeft: 1 })
    expect(Object.entries(summary.byField)).toEqual(names.slice(1).map((name) => [name, 1]))
    expect(result('only-left.csv')).toBe(csvOf({ names, rows: [['2', ...names.slice(1).map(() => 'z')]] }))
  })

  test('without a name, twice of one name, or too many are refused by name', async () => {
    expect((await refusal(compare('id,a,a\n', 'id\n'))).message).toBe(`左侧“${folder.path('left.csv')}”有多列名为“a”。`)
    expect((await refusal(compare('id,,a\n', 'id\n'))).message).toContain('第 2 列没有列名')
    const many = Array.from({ length: 10_000 }, (_, index) => `c${index}`).join(',')
    expect((await refusal(compare(`id,${many}\n`, 'id\n'))).message).toContain('有 10001 列，超过 2000 列')
  })

  test('two thousand of them, all different', { timeout: 300_000 }, async () => {
    const names = ['id', ...Array.from({ length: 1999 }, (_, index) => `c${index}`)]
    const table = (value: string) =>
      csvOf({ names, rows: Array.from({ length: 3 }, (_, row) => [String(row), ...names.slice(1).map(() => value)]) })
    const summary = await compare(table('x'), table('y'), { memoryMib: 1024 })
    expect(summary).toMatchObject({ differing: 3, byField: { c0: 3, c1998: 3 } })
    expect(result('differing.csv').split('\n')).toHaveLength(3 * 1999 + 2)
  })
})

describe('keys', () => {
  test('that are there twice or empty are counted and named, by side', async () => {
    const problem = await refusal(compare('id,v\n1,a\n1,a\n2,b\n,c\n"",d\n', 'id,v\n1,a\n3,x\n3,y\n3,z\n'))
    expect(problem).toMatchObject({ fault: 'failure', code: 'compare.keys' })
    expect(problem.message).toBe('左侧有 1 个主键重复：“1”（2 行）；左侧有 2 行主键为空；右侧有 1 个主键重复：“3”（3 行）。')
    expect(problem.keys).toEqual({
      left: { duplicateKeys: 1, duplicates: [{ key: ['1'], rows: 2 }], emptyKeyRows: 2 },
      right: { duplicateKeys: 1, duplicates: [{ key: ['3'], rows: 3 }], emptyKeyRows: 0 },
    })
    expect(namesIn(folder.path('.'))).toEqual(['left.csv', 'right.csv'])
  })

  test.each([
    ['twice on one side and not on the other', 'id,v\n1,a\n1,a\n', 'id,v\n2,a\n'],
    ['twice on both sides, all rows equal', 'id,v\n1,a\n1,a\n', 'id,v\n1,a\n1,a\n'],
    ['twice on the right, once on the left', 'id,v\n1,a\n2,b\n', 'id,v\n1,a\n1,a\n'],
    ['empty on both sides', 'id,v\n"",a\n', 'id,v\n"",a\n'],
    ['NULL on both sides', 'id,v\n,a\n', 'id,v\n,a\n'],
    ['NULL here, empty there', 'id,v\n,a\n', 'id,v\n"",a\n'],
    ['twice here and NULL there, which makes up for the pair too many', 'id,v\n1,a\n1,b\n2,c\n', 'id,v\n1,a\n,b\n'],
  ])('%s', async (_, left, right) => {
    expect(await refusal(compare(left, right))).toMatchObject({ code: 'compare.keys' })
    expect(await refusal(compare(right, left))).toMatchObject({ code: 'compare.keys' })
  })

  test('of several columns, one of them empty in a row of one side alone', async () => {
    expect(await refusal(compare('id,k,v\n1,,a\n', 'id,k,v\n2,x,a\n', { key: ['id', 'k'] }))).toMatchObject({ code: 'compare.keys' })
    expect(await refusal(compare('k,id,v\n,1,a\n', 'k,id,v\n"",1,a\n', { key: ['id', 'k'] }))).toMatchObject({ code: 'compare.keys' })
  })

  test('a column that is the same in every row does not multiply the rows of both sides', async () => {
    const csv = csvOf({ names: ['id', 'v'], rows: Array.from({ length: 20_000 }, () => ['same', 'x']) })
    const { keys } = await refusal(compare(csv, csv))
    expect(keys?.left).toEqual({ duplicateKeys: 1, duplicates: [{ key: ['same'], rows: 20_000 }], emptyKeyRows: 0 })
  })
})

describe('encodings', () => {
  const text = '身份证号,姓名\n150302195001010011,王建国\n150302196203120023,李秀英\n'
  const key = ['身份证号']

  test('GB18030 and UTF-16 are read as what they are, and said', async () => {
    const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le')
    const big = Buffer.from(utf16).swap16()
    for (const [bytes, encoding] of [
      [gb18030Of(text), 'gb18030'],
      [utf16, 'utf-16le'],
      [big, 'utf-16be'],
      [Buffer.from(`\ufeff${text}`), 'utf-8'],
    ] as const) {
      const summary = await compare(text, bytes, { key })
      expect(isSame(summary)).toBe(true)
      expect(summary.right).toEqual({ kind: 'csv', encoding })
    }
  })

  test('what may be several or none is refused: a cut or damaged file is not read as another encoding', async () => {
    const whole = Buffer.from(text)
    const damaged = Buffer.from(whole)
    damaged[1] = 0x41
    const utf16 = Buffer.from(text, 'utf16le')
    for (const bytes of [
      whole.subarray(0, whole.length - 3),
      damaged,
      Buffer.from(`\ufeff${text}`, 'utf16le').subarray(0, 31),
      Buffer.from([0xff, 0xfe, 0, 0xd8]),
    ])
      expect(await refusal(compare(text, bytes, { key }))).toMatchObject({ fault: 'failure', code: 'compare.encoding' })
    expect((await refusal(compare(text, utf16, { key }))).message).toMatch(/NUL 字节|编码无法确定/)
  })
})

describe('the place of a result', () => {
  test('an earlier result is replaced, an empty folder used, anything else refused and left alone', async () => {
    mkdirSync(folder.path('out'))
    await compare('id\n1\n', 'id\n1\n')
    await compare('id\n1\n', 'id\n2\n')
    expect(JSON.parse(result('summary.json'))).toMatchObject({ onlyLeft: 1 })
    writeFileSync(folder.path('out/notes.txt'), 'mine')
    expect(await refusal(compare('id\n1\n', 'id\n1\n'))).toMatchObject({
      fault: 'usage',
      code: 'compare.out',
      message: '输出位置“out”中有其他文件“notes.txt”。',
    })
    expect(result('notes.txt')).toBe('mine')
    expect(await refusal(compare('id\n', 'id\n', { out: folder.path('left.csv') }))).toMatchObject({ code: 'compare.out' })
  })

  test('is made with the folders above it, is nobody else’s to read, and nothing else stays', async () => {
    await compare('id\n1\n', 'id\n1\n', { out: folder.path("new/it's [a] *?/out") })
    expect(namesIn(folder.path("new/it's [a] *?"))).toEqual(['out'])
    expect(statSync(folder.path("new/it's [a] *?/out")).mode & 0o077).toBe(0)
  })

  test('behind a symbolic link it is where the link leads', async () => {
    mkdirSync(folder.path('real'))
    symlinkSync(folder.path('real'), folder.path('out'))
    await compare('id\n1\n', 'id\n1\n')
    expect(namesIn(folder.path('real'))).toContain('summary.json')
  })

  test('after a refusal and after a cancel there is none', async () => {
    await refusal(compare('id\n1\n1\n', 'id\n1\n'))
    const cancelled = new AbortController()
    const asked = compare('id\n1\n', 'id\n1\n', { signal: cancelled.signal })
    cancelled.abort()
    expect(await refusal(asked)).toMatchObject({ code: 'compare.cancelled' })
    expect(namesIn(folder.path('.'))).toEqual(['left.csv', 'right.csv'])
  })
})
