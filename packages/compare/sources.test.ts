import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { testDatabase } from '@tongchou/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { csvOf, givenFolder, namesIn } from './comparison.given.ts'
import { type ComparisonProblem, compareHere, isSame, type Source, sourceOf } from './index.ts'

const { owner, connection } = await testDatabase()
const folder = givenFolder()
afterAll(folder.remove)

const file = (name: string) => sourceOf(folder.path(name))
const table = (name: string, more: object = {}): Source => ({ kind: 'postgres', connection, table: name, ...more })

function given(name: string, content: string | Uint8Array): Source {
  writeFileSync(folder.path(name), content)
  return file(name)
}

function compare(left: Source, right: Source, key = ['id']) {
  return compareHere(left, right, { key, out: folder.path('out'), memoryMib: 256, threads: 2 })
}

async function refusal(asked: Promise<unknown>): Promise<ComparisonProblem> {
  const answer: unknown = await asked.catch((error: unknown) => error)
  expect(answer).toMatchObject({ name: 'ComparisonProblem' })
  return answer as ComparisonProblem
}

/** A Parquet file of a query of the engine. */
async function parquet(name: string, query: string): Promise<Source> {
  const instance = await DuckDBInstance.create(':memory:')
  const engine = await instance.connect()
  await engine.run(`copy (${query}) to '${folder.path(name)}' (format parquet)`)
  engine.closeSync()
  instance.closeSync()
  return file(name)
}

/** What PostgreSQL itself exports, read from its own program of copying to a file. */
async function exported(name: string, query: string, file: string): Promise<Source> {
  await owner.query(`create or replace view public.${name} as ${query}`)
  // Written by the server: where both accounts may.
  const copy = join(tmpdir(), `tongchou-test-${connection.database}-${file}`)
  await owner.query(`copy (select * from public.${name}) to '${copy}' (format csv, header)`)
  const source = given(file, readFileSync(copy))
  rmSync(copy)
  return source
}

describe('a table of PostgreSQL', () => {
  beforeAll(async () => {
    await owner.query(`create schema "Odd.schema"`)
    await owner.query(
      `create table "Odd.schema"."It's a ""table""" ("id" text primary key, "ID" text, "a,b" text, "select" int, "line
end" text)`,
    )
    await owner.query(
      `insert into "Odd.schema"."It's a ""table""" values ('007', null, '', 7, E'x\\ny'), ('1e5', '', 'q"', null, '\\.'), ('X', E'\\\\N', 'NULL', 0, ' ')`,
    )
    await owner.query(`set timezone = 'UTC'`)
  })

  test('and its own export are the same, whatever stands in it', async () => {
    const csv = await exported('odd', `select * from "Odd.schema"."It's a ""table"""`, 'odd.csv')
    const summary = await compare(table(`"Odd.schema"."It's a ""table"""`), csv)
    expect(isSame(summary)).toBe(true)
    expect(summary).toMatchObject({ leftRows: 3, matched: 3, left: { kind: 'postgres' }, right: { kind: 'csv' } })
    expect(Object.keys(summary.byField)).toEqual(['ID', 'a,b', 'select', 'line\nend'])
  })

  test('keeps NULL and the empty string apart', async () => {
    await owner.query(`create table public.gaps (id int primary key, v text); insert into gaps values (1, null), (2, '')`)
    expect(await compare(table('public.gaps'), given('gaps.csv', 'id,v\n1,""\n2,\n'))).toMatchObject({ differing: 2 })
    expect(isSame(await compare(table('gaps'), given('gaps.csv', 'id,v\n1,\n2,""\n')))).toBe(true)
  })

  test('is written as PostgreSQL writes it, the settings of server and account notwithstanding', async () => {
    await owner.query(
      `create table public.kinds (id int primary key, t timestamptz, d date, b bytea, f float8, i interval, y boolean, n numeric)`,
    )
    await owner.query(`insert into kinds values (1, '2026-01-01 08:00+08', '2026-02-01', '\\xab00', 0.1, '1 day 2 hours', true, 1.50)`)
    const name = connection.database
    await owner.query(`alter database ${name} set datestyle = 'German'; alter database ${name} set timezone = 'Asia/Tokyo';
      alter database ${name} set extra_float_digits = -15; alter database ${name} set bytea_output = 'escape'; alter database ${name} set intervalstyle = 'iso_8601'`)
    const csv = 'id,t,d,b,f,i,y,n\n1,2026-01-01 00:00:00+00,2026-02-01,\\xab00,0.1,1 day 02:00:00,t,1.50\n'
    expect(isSame(await compare(table('kinds'), given('kinds.csv', csv)))).toBe(true)
    const local = csv.replace('00:00:00+00', '08:00:00+08')
    expect(isSame(await compare(table('kinds', { timeZone: 'Asia/Shanghai' }), given('kinds.csv', local)))).toBe(true)
    expect(await refusal(compare(table('kinds', { timeZone: 'Nowhere' }), file('kinds.csv')))).toMatchObject({ code: 'compare.database' })
  })

  test('of which some columns are asked for', async () => {
    const some = table('kinds', { columns: ['id', 'd'] })
    expect(isSame(await compare(some, given('some.csv', 'id,d\n1,2026-02-01\n')))).toBe(true)
    expect(await refusal(compare(table('kinds', { columns: ['id', 'D'] }), file('some.csv')))).toMatchObject({
      fault: 'usage',
      code: 'compare.field_absent',
    })
  })

  test('that is not there, may not be read, or whose server is not there, is named without address or password', async () => {
    const csv = given('any.csv', 'id\n1\n')
    expect(await refusal(compare(table('public.Gaps'), csv))).toMatchObject({ fault: 'failure', code: 'compare.no_table' })
    expect(await refusal(compare(table('gaps; drop table gaps'), csv))).toMatchObject({ code: 'compare.no_table' })
    await owner.query(`create role reader_${connection.database} login`)
    const stranger = { ...connection, user: `reader_${connection.database}` }
    expect((await refusal(compare({ kind: 'postgres', connection: stranger, table: 'gaps' }, csv))).message).toContain('没有读取权限')
    await owner.query(`drop role reader_${connection.database}`)
    const nowhere = await refusal(compare(sourceOf(`postgres://somebody:${'secret'}@127.0.0.1:1/db?table=t`), csv))
    expect(nowhere).toMatchObject({ fault: 'failure', code: 'compare.database' })
    expect(`${nowhere.message}${nowhere.cure}`).not.toMatch(/secret|somebody|127/)
    expect(namesIn(folder.path('.')).filter((name) => name.startsWith('.'))).toEqual([])
  })

  test('whose server ends in the middle gives no result', async () => {
    await owner.query(
      `create view public.slow as select n as id, repeat('x', 1000) as v, case when n > 20000 then pg_sleep(60)::text end as w from generate_series(1, 30000) n`,
    )
    const asked = refusal(compare(table('slow'), given('any.csv', 'id\n1\n')))
    const end = async () => {
      const { rowCount } = await owner.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tongchou compare' and datname = current_database() and wait_event = 'PgSleep'`,
      )
      if (rowCount === 0) setTimeout(end, 20)
    }
    await end()
    expect(await asked).toMatchObject({ code: 'compare.database' })
  })
})

describe('a Parquet file', () => {
  test('and the table of PostgreSQL with the same values are the same', async () => {
    const columns = `i.n as id, i.n % 3 = 0 as truth, (i.n * 1.25)::decimal(12, 2) as amount, date '2026-01-31' + i.n::int as day,
      timestamp '2026-01-31 08:00:00.5' + interval '1 second' * i.n as moment, case when i.n = 2 then null when i.n = 3 then '' else 'x' || i.n end as note`
    const source = await parquet(
      'kinds.parquet',
      `select ${columns}, timestamptz '2026-01-31 08:00:00+08' as instant, '\\xAB\\x00'::blob as bytes from range(5) as i(n)`,
    )
    await owner.query(
      `create view public.same_kinds as select ${columns}, timestamptz '2026-01-31 08:00:00+08' as instant, '\\xab00'::bytea as bytes from generate_series(0, 4) as i(n)`,
    )
    const summary = await compare(source, table('same_kinds'))
    expect(summary).toMatchObject({ leftRows: 5, left: { kind: 'parquet' } })
    expect(isSame(summary)).toBe(true)
  })

  test('of floating-point numbers is compared with another one only: PostgreSQL writes other digits now and then', async () => {
    const numbers = 'select range as id, sin(range) * pow(10, range - 20) as d, sin(range)::float as f from range(41)'
    const source = await parquet('floats.parquet', numbers)
    expect(isSame(await compare(source, await parquet('floats2.parquet', numbers)))).toBe(true)
    const other = await parquet('floats3.parquet', numbers.replace('sin(range)::float', '(sin(range) + 0.001)::float'))
    expect(await compare(source, other)).toMatchObject({ byField: { d: 0, f: 41 } })
    const csv = given('floats.csv', 'id,d,f\n1,1,1\n')
    expect(await refusal(compare(csv, source))).toMatchObject({ code: 'compare.type', message: expect.stringContaining('“d”') })
  })

  test('with names that differ in case alone keeps them apart', async () => {
    const source = await parquet('case.parquet', `select 1 as id, 'a' as "x""y", 'b' as "it's"`)
    expect(isSame(await compare(source, given('case.csv', 'id,"x""y",it\'s\n1,a,b\n')))).toBe(true)
  })

  test('of nested values is refused by the column', async () => {
    const source = await parquet('nested.parquet', `select 1 as id, [1, 2] as list`)
    expect(await refusal(compare(source, source))).toMatchObject({ code: 'compare.type', message: expect.stringContaining('“list”') })
    expect(await refusal(compare(await parquet('span.parquet', `select 1 as id, interval '1 day' as span`), source))).toMatchObject({
      code: 'compare.type',
    })
  })

  test('that was cut, damaged or is none is refused', async () => {
    await parquet('cut.parquet', 'select range as id from range(1000)')
    truncateSync(folder.path('cut.parquet'), 300)
    expect(await refusal(compare(file('cut.parquet'), file('cut.parquet')))).toMatchObject({ code: 'compare.parquet' })
    appendFileSync(folder.path('cut.parquet'), 'PAR1')
    expect(await refusal(compare(file('cut.parquet'), file('cut.parquet')))).toMatchObject({ code: 'compare.parquet' })
    const none = given('none.parquet', 'id\n1\n')
    expect(await refusal(compare(none, none))).toMatchObject({ code: 'compare.parquet' })
  })

  test('is told by its content, not by its name', async () => {
    await parquet('named.parquet', 'select 1 as id')
    expect(await compare(given('named.csv', readFileSync(folder.path('named.parquet'))), file('named.parquet'))).toMatchObject({
      left: { kind: 'parquet' },
    })
  })
})

describe('a file that is no table', () => {
  const good = () => given('good.csv', 'id\n1\n')

  test.each([
    ['nothing at all', '', 'compare.csv', '为空，没有表头'],
    ['a workbook', Buffer.from('PK\u0003\u0004xl/workbook.xml'), 'compare.format', 'Excel（xlsx）'],
    ['compressed', Buffer.from([0x1f, 0x8b, 8, 0, 0]), 'compare.format', 'gzip'],
    ['binary', Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 37 + (n >> 3)) % 256)), 'compare.encoding', '编码无法确定'],
    ['text with a NUL', 'id\n\u0000\n', 'compare.csv', '第 2 行中有 NUL 字节'],
    ['a record without end', `id,v\n1,${'x'.repeat(17 * 1024 * 1024)}`, 'compare.csv', '第 2 行过长'],
    ['marks without end', 'id,v\n1,"x\n2,y\n', 'compare.csv', '第 2 行的引号没有结束'],
    ['more fields than names', 'id\n1,2\n', 'compare.csv', '（该行 2 个，表头 1 个）'],
  ])('%s', async (_, content, code, words) => {
    const problem = await refusal(compare(given('bad.csv', content), good()))
    expect(problem).toMatchObject({ fault: 'failure', code })
    expect(problem.message).toContain(words)
    expect(await refusal(compare(good(), file('bad.csv')))).toMatchObject({ code })
  })

  test('absent, a folder, a device', async () => {
    expect((await refusal(compare(file('absent.csv'), good()))).message).toContain('不存在')
    mkdirSync(folder.path('folder.csv'))
    expect(await refusal(compare(file('folder.csv'), good()))).toMatchObject({ code: 'compare.not_a_file' })
    expect(await refusal(compare(sourceOf('/dev/zero'), good()))).toMatchObject({ code: 'compare.not_a_file' })
  })

  test('a long record is read whole', async () => {
    const long = given('long.csv', `id,v\n1,${'长'.repeat(1_500_000)}\n2,"${'a\n'.repeat(1_000_000)}"\n`)
    expect(await compare(long, given('short.csv', 'id,v\n1,x\n'))).toMatchObject({ leftRows: 2, matched: 1, onlyLeft: 1 })
  })

  test('a long one with line ends within quotation marks is read in parts, and no row is lost', async () => {
    const rows = (other: string) =>
      Array.from({ length: 300_000 }, (_, n) => [
        `15030219${n}`,
        `第 ${n} 行\n1,2,"3"\r\n${n}`,
        n % 7 === 0 ? '' : null,
        n % 100_000 === 5 ? other : 'y"',
      ])
    const names = ['id', 'a\nb', 'c', 'd']
    const left = given('left.csv', csvOf({ names, rows: rows('x') }, '\r\n'))
    const summary = await compare(left, given('right.csv', csvOf({ names, rows: rows('z') })))
    expect(summary).toMatchObject({ leftRows: 300_000, matched: 300_000, onlyLeft: 0, onlyRight: 0, byField: { 'a\nb': 0, c: 0, d: 3 } })
  })

  test('that changes while it is compared gives no result', async () => {
    const growing = given('growing.csv', 'id,v\n1,a\n')
    const other = given('other.csv', `id,v\n${Array.from({ length: 200_000 }, (_, n) => `${n},a\n`).join('')}`)
    const asked = refusal(compare(growing, other))
    let ended = false
    void asked.finally(() => {
      ended = true
    })
    while (!ended) {
      appendFileSync(folder.path('growing.csv'), '')
      writeFileSync(folder.path('growing.csv'), 'id,v\n1,a\n')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect((await asked).code).toMatch(/^compare\.(changed|inconsistent)$/)
  })
})
